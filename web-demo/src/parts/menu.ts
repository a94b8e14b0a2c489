// A button that opens a small panel below itself: outside clicks and Esc close it, focus returns.

import { html, nothing, type TemplateResult } from "lit-html";

export interface Menu {
  id: string;
  label: TemplateResult | string;
  /** What the panel is called. */
  title: string;
  /** The label is no text. */
  iconOnly?: boolean;
  content: () => TemplateResult;
  align?: "start" | "end";
  disabled?: boolean;
  className?: string;
}

/** The menu that is open; panels render it themselves when told. */
let open: string | undefined;
const listeners = new Set<() => void>();

export function onMenu(listener: () => void): void {
  listeners.add(listener);
}

export function closeMenu(): boolean {
  if (!open) return false;
  const button = document.querySelector<HTMLElement>(`[aria-controls="${open}"]`);
  const inside = document.getElementById(open)?.contains(document.activeElement);
  setOpen(undefined);
  if (inside) button?.focus();
  return true;
}

function setOpen(id: string | undefined): void {
  open = id;
  for (const listener of listeners) listener();
}

document.addEventListener("pointerdown", (event) => {
  if (!open || !(event.target instanceof Element)) return;
  const panel = document.getElementById(open);
  const button = document.querySelector(`[aria-controls="${open}"]`);
  if (!panel?.contains(event.target) && !button?.contains(event.target)) setOpen(undefined);
});
// Focus that leaves by the keyboard closes, too.
document.addEventListener("focusin", (event) => {
  if (!open || !(event.target instanceof Element)) return;
  const panel = document.getElementById(open);
  const button = document.querySelector(`[aria-controls="${open}"]`);
  if (panel && !panel.contains(event.target) && !button?.contains(event.target)) setOpen(undefined);
});

function focusFirst(panel: Element | undefined): void {
  const first = panel?.querySelector<HTMLElement>(
    "[autofocus], [aria-checked=true], button, input, select, a",
  );
  first?.focus();
}

/** Arrow keys walk through what can be focused. */
function walk(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const target = event.target as HTMLElement;
  if (target.matches("select, input[type=range]")) return;
  const panel = event.currentTarget as HTMLElement;
  const items = [...panel.querySelectorAll<HTMLElement>("button:not(:disabled), input, select, a[href]")];
  const at = items.indexOf(target);
  const next = items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length];
  next?.focus();
  event.preventDefault();
}

export function menu({
  id,
  label,
  title,
  iconOnly,
  content,
  align = "start",
  disabled,
  className = "",
}: Menu): TemplateResult {
  const isOpen = open === id;
  const toggle = () => {
    setOpen(isOpen ? undefined : id);
    if (!isOpen) queueMicrotask(() => focusFirst(document.getElementById(id) ?? undefined));
  };
  return html`<div class="menu">
    <button
      type="button"
      class="button ${iconOnly ? "icon-only" : ""} ${className}"
      aria-haspopup="dialog"
      aria-expanded=${isOpen}
      aria-controls=${id}
      aria-label=${iconOnly ? title : nothing}
      title=${title}
      ?disabled=${disabled}
      @click=${toggle}
    >
      ${label}
    </button>
    ${
      isOpen
        ? html`<div
            class="menu-panel align-${align}"
            id=${id}
            role="dialog"
            aria-label=${title}
            @keydown=${walk}
          >
            ${content()}
          </div>`
        : nothing
    }
  </div>`;
}
