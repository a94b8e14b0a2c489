// The left side: tabs over findings, readiness, edits, and codes.

import { html, nothing, type TemplateResult } from "lit-html";

import { isOpen, store, type State } from "../app/store";
import { panel } from "../parts/panel";
import { editsPanel } from "./edits";
import { attachFindings } from "./findings";
import { modulesPanel } from "./modules";
import { readinessPanel, readinessCount } from "./readiness";

export function mountSide(): void {
  panel(
    "side",
    [
      "stage",
      "tab",
      "report",
      "ids",
      "edits",
      "undone",
      "modules",
      "busy",
      "element",
      "jurisdiction",
      "team",
    ],
    side,
    isOpen,
  );
}

const tabs = [
  { id: "findings", title: "Findings" },
  { id: "readiness", title: "Readiness" },
  { id: "edits", title: "Edits" },
  { id: "modules", title: "Codes" },
] as const;

function side(state: State): TemplateResult {
  const counts: Record<(typeof tabs)[number]["id"], number | undefined> = {
    findings: undefined,
    readiness: readinessCount(state),
    edits: state.edits.length || undefined,
    modules: undefined,
  };
  return html`
    <div class="tabs" role="tablist" aria-label="Lists" @keydown=${walk}>
      ${tabs.map(
        ({ id, title }) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${id}"
            aria-selected=${state.tab === id}
            aria-controls="pane-${id}"
            tabindex=${state.tab === id ? 0 : -1}
            @click=${() => store.set({ tab: id })}
          >
            ${title}${counts[id] === undefined ? nothing : html`<span class="count">${counts[id]}</span>`}
          </button>`,
      )}
    </div>
    ${pane("findings", state, html`<div class="findings" id="findings" ${attachFindings}></div>`)}
    ${pane("readiness", state, readinessPanel(state))} ${pane("edits", state, editsPanel(state))}
    ${pane("modules", state, modulesPanel(state))}
  `;
}

function pane(id: State["tab"], state: State, content: TemplateResult): TemplateResult {
  const scrolls = id !== "findings";
  return html`<div
    class="pane ${scrolls ? "scroll" : ""}"
    id="pane-${id}"
    role="tabpanel"
    aria-labelledby="tab-${id}"
    tabindex=${scrolls ? 0 : -1}
    ?hidden=${state.tab !== id}
  >
    ${content}
  </div>`;
}

function walk(event: KeyboardEvent): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = tabs.findIndex((tab) => tab.id === store.state.tab);
  const next = tabs[(at + step + tabs.length) % tabs.length]!;
  store.set({ tab: next.id });
  queueMicrotask(() => document.getElementById(`tab-${next.id}`)?.focus());
  event.preventDefault();
}
