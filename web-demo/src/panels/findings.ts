// The list of findings: search and filters above, groups by clause below, worst first.

import { html, nothing, render, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";

import { readPlaces } from "../app/owners";
import { showFindings } from "../app/scene";
import { select } from "../app/selection";
import { store, type State } from "../app/store";
import { colourOf } from "../app/team-state";
import type { Severity } from "../app/types";
import {
  arrange,
  groupKeys,
  noFilters,
  ruleKey,
  storeysNamed,
  type Arranged,
  type Filters,
  type Group,
  type ListRow,
} from "../logic/findings";
import { icon } from "../parts/icons";
import { menu, onMenu } from "../parts/menu";
import { skeleton } from "../parts/panel";
import { VirtualList } from "../parts/virtual-list";
import { changeBar } from "./change";
import { findingRow, groupRow, lookersAt } from "./finding-rows";

let list: VirtualList<ListRow> | undefined;
let arranged: Arranged = { groups: [], rows: [], matching: [], total: 0 };
/** Key of the row that arrow keys move from. */
let active: string | undefined;
/** What the colours in 3D show. */
let coloured: Pick<State, "findings" | "filters"> | undefined;

const keyOf = (row: ListRow): string =>
  row.kind === "group"
    ? `g:${row.key}`
    : row.again
      ? `f:${row.finding.id}@${row.group.key}`
      : `f:${row.finding.id}`;

/** Put on the element that the list lives in. */
export const attachFindings = ref((node) => {
  if (!(node instanceof HTMLElement) || list) return;
  build(node);
});

function build(node: HTMLElement): void {
  const head = node.appendChild(document.createElement("div"));
  head.className = "list-head";
  const scroller = node.appendChild(document.createElement("div"));
  scroller.className = "list scroll";
  scroller.id = "finding-list";
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "tree");
  scroller.setAttribute("aria-label", "Findings");
  const empty = node.appendChild(document.createElement("div"));
  empty.className = "list-empty";
  list = new VirtualList<ListRow>({
    scroller,
    key: keyOf,
    height: (row) => (row.kind === "group" ? 52 : 46),
    template: (row) => (row.kind === "group" ? groupRow(row) : findingRow(row.finding)),
    decorate,
  });
  scroller.addEventListener("keydown", keys);
  scroller.addEventListener("click", clicked);
  const drawHead = () => render(listHead(store.state), head);
  store.watch(["filters", "findings", "report", "storeys", "modules", "last", "team"], drawHead);
  onMenu(drawHead);
  store.watch(["findings", "report", "filters", "collapsed", "elements", "places"], (state) => {
    const rules = new Map((state.report?.rules ?? []).map((rule) => [ruleKey(rule), rule]));
    arranged = arrange(state.findings.values(), rules, state.filters, state.collapsed, state.elements);
    void readPlaces().catch(() => undefined);
    list!.set(arranged.rows);
    markActive(active);
    scroller.hidden = arranged.matching.length === 0;
    render(arranged.matching.length === 0 ? nothingShown(state) : nothing, empty);
    drawHead();
    // The colours in 3D follow the filters, not what is folded.
    if (state.findings !== coloured?.findings || state.filters !== coloured.filters)
      showFindings(arranged.matching);
    // What is selected stays in sight when the rows around it are others.
    if (state.filters !== coloured?.filters && state.finding) reveal(state.finding);
    coloured = state;
  });
  store.subscribe((state, before) => {
    if (state.finding !== before.finding) reveal(state.finding);
    if (
      state.last !== before.last ||
      state.finding !== before.finding ||
      state.team.shown !== before.team.shown
    )
      list!.draw();
  });
}

function change(filters: Partial<Filters>): void {
  store.set({ filters: { ...store.state.filters, ...filters } });
}

function listHead(state: State): TemplateResult {
  const { filters } = state;
  const set = [filters.severity, filters.module, filters.storey].filter(
    (filter) => filter !== undefined,
  ).length;
  const words = (event: Event) => change({ text: (event.target as HTMLInputElement).value });
  return html`
    <div class="list-tools">
      <label class="search">
        ${icon("search")}
        <span class="visually-hidden">Search the findings</span>
        <input
          id="search"
          type="search"
          placeholder="Search"
          autocomplete="off"
          spellcheck="false"
          aria-keyshortcuts="/"
          .value=${filters.text}
          @input=${words}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      ${menu({
        id: "menu-filter",
        title: "Filters",
        align: "end",
        className: set > 0 ? "active" : "",
        label: html`${icon("filter")}<span>Filter</span>${set > 0 ? html`<span class="count">${set}</span>` : nothing}`,
        content: () => filterMenu(state),
      })}
    </div>
    <div class="list-note">
      <span
        >${arranged.matching.length === arranged.total ? `${arranged.total.toLocaleString("en")} findings` : `${arranged.matching.length.toLocaleString("en")} of ${arranged.total.toLocaleString("en")} findings`}</span
      >
      ${
        set > 0 || filters.text || filters.hidden.size > 0
          ? html`<button type="button" class="link" @click=${clear}>Clear filters</button>`
          : nothing
      }
      <span class="grow"></span>
      <label class="group-by"
        >by
        <select id="grouping" aria-label="Group by" @change=${regroup}>
          ${groupings.map(([key, text]) => html`<option value=${key} ?selected=${filters.grouping === key}>${text}</option>`)}
        </select></label
      >
      <button type="button" class="link" @click=${foldAll}>
        ${state.collapsed.size > 0 ? "Unfold all" : "Fold all"}
      </button>
    </div>
    ${changeBar(state)}
  `;
}

function regroup(event: Event): void {
  const grouping = (event.target as HTMLSelectElement).value as Filters["grouping"];
  store.set({ filters: { ...store.state.filters, grouping }, collapsed: new Set() });
}

function clear(): void {
  change({
    ...noFilters,
    grouping: store.state.filters.grouping,
    severity: undefined,
    module: undefined,
    storey: undefined,
  });
}

function foldAll(): void {
  const folded = store.state.collapsed.size > 0;
  store.set({ collapsed: folded ? new Set() : new Set(arranged.groups.map((group) => group.key)) });
}

const groupings: [Filters["grouping"], string][] = [
  ["clause", "clause"],
  ["missing", "what is missing"],
  ["storey", "storey"],
  ["element", "element"],
];

function filterMenu(state: State): TemplateResult {
  const { filters } = state;
  const storeys = storeysNamed(
    state.findings.values(),
    state.storeys.map((storey) => storey.name),
  );
  const modules = [...new Set((state.report?.rules ?? []).map((rule) => rule.module))];
  const choice = (
    label: string,
    value: string | undefined,
    options: [string, string][],
    set: (value: string | undefined) => void,
  ) =>
    html`<label class="field"
      ><span>${label}</span>
      <select
        @change=${(event: Event) => set((event.target as HTMLSelectElement).value.slice(1) || undefined)}
      >
        <option value="" ?selected=${value === undefined}>All</option>
        ${options.map(([key, text]) => html`<option value="=${key}" ?selected=${value === key}>${text}</option>`)}
      </select></label
    >`;
  const severities: [string, string][] = [
    ["error", "Error"],
    ["warning", "Warning"],
    ["info", "Information"],
  ];
  return html`<div class="fields">
    ${choice("Severity", filters.severity, severities, (severity) => change({ severity: severity as Severity | undefined }))}
    ${choice(
      "Module",
      filters.module,
      modules.map((id) => [id, id]),
      (module) => change({ module }),
    )}
    ${choice(
      "Storey",
      filters.storey,
      storeys.map((name) => [name, name || "None"]),
      (storey) => change({ storey }),
    )}
  </div>`;
}

function nothingShown(state: State): TemplateResult {
  if (!state.report) return skeleton();
  if (state.findings.size === 0) {
    return html`<p class="empty-title">${icon("check")}Nothing fails and nothing is undetermined</p>
      <p>What the rules govern in this model passes or does not apply.</p>`;
  }
  return html`<p class="empty-title">No finding matches</p>
    <p>${state.findings.size.toLocaleString("en")} findings are hidden by the search and the filters.</p>
    <button type="button" class="button" @click=${clear}>Clear filters</button>`;
}

function decorate(row: ListRow, node: HTMLElement): void {
  const key = keyOf(row);
  node.id = `row-${key.replace(/[^\w-]/g, "_")}`;
  node.dataset["key"] = key;
  node.setAttribute("role", "treeitem");
  const { finding, last } = store.state;
  if (row.kind === "group") {
    node.className = "row group";
    node.setAttribute("aria-level", "1");
    node.setAttribute("aria-expanded", String(row.open));
    node.setAttribute("aria-setsize", String(arranged.groups.length));
    node.setAttribute("aria-posinset", String(arranged.groups.indexOf(row) + 1));
    node.removeAttribute("aria-selected");
  } else {
    node.className = "row finding";
    node.setAttribute("aria-level", "2");
    node.removeAttribute("aria-expanded");
    node.setAttribute("aria-setsize", String(row.group.size));
    node.setAttribute("aria-posinset", String(row.position));
    node.setAttribute("aria-selected", String(row.finding.id === finding));
    const [other] = lookersAt(row.finding);
    if (other !== undefined) node.classList.add("looked-at", `person-${colourOf(other)}`);
    if (last?.flashed.has(row.finding.id)) node.classList.add(last.number % 2 ? "flash-odd" : "flash-even");
  }
  node.classList.toggle("active", key === active);
}

function markActive(key: string | undefined): void {
  active = key;
  const scroller = document.getElementById("finding-list");
  if (!scroller || !list) return;
  const index = key === undefined ? -1 : list.indexOf(key);
  if (index < 0) scroller.removeAttribute("aria-activedescendant");
  else scroller.setAttribute("aria-activedescendant", `row-${key!.replace(/[^\w-]/g, "_")}`);
}

/** Shows the finding that was selected elsewhere. */
function reveal(id: string | undefined): void {
  if (id === undefined || !list) return;
  // In which of its groups it was chosen is kept.
  const key = active?.startsWith(`f:${id}@`) ? active : `f:${id}`;
  markActive(key);
  if (list.indexOf(key) < 0) unfold(id);
  const index = list.indexOf(key);
  if (index >= 0) list.reveal(index);
}

/** Opens the group that holds it. */
function unfold(id: string): void {
  const finding = store.state.findings.get(id);
  if (!finding) return;
  const { elements, filters } = store.state;
  const key = groupKeys(finding, filters.grouping, elements)[0]!;
  if (!store.state.collapsed.has(key)) return;
  const collapsed = new Set(store.state.collapsed);
  collapsed.delete(key);
  store.set({ collapsed });
  queueMicrotask(() => {
    const index = list!.indexOf(`f:${id}`);
    if (index >= 0) list!.reveal(index);
  });
}

function toggleGroup(group: Group): void {
  const collapsed = new Set(store.state.collapsed);
  if (group.open) collapsed.add(group.key);
  else collapsed.delete(group.key);
  store.set({ collapsed });
}

function clicked(event: MouseEvent): void {
  const node = (event.target as Element).closest<HTMLElement>("[data-key]");
  const row = node && list!.rows[list!.indexOf(node.dataset["key"]!)];
  if (!row) return;
  markActive(keyOf(row));
  if (row.kind === "group") toggleGroup(row);
  else void select({ finding: row.finding.id });
}

function keys(event: KeyboardEvent): void {
  const rows = list!.rows;
  if (event.ctrlKey || event.metaKey || event.altKey || rows.length === 0) return;
  const at = active === undefined ? -1 : list!.indexOf(active);
  const row = rows[at];
  const move: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: rows.length - 1,
    PageDown: at + list!.page(),
    PageUp: at - list!.page(),
  };
  let to = move[event.key];
  if (event.key === "ArrowLeft" && row?.kind === "finding") to = list!.indexOf(`g:${row.group.key}`);
  else if (event.key === "ArrowLeft" && row?.kind === "group" && row.open) toggleGroup(row);
  else if (event.key === "ArrowRight" && row?.kind === "group") row.open ? (to = at + 1) : toggleGroup(row);
  else if ((event.key === "Enter" || event.key === " ") && row) {
    if (row.kind === "group") toggleGroup(row);
    else
      void select({ finding: row.finding.id }).then(() =>
        document.getElementById("details")?.querySelector<HTMLElement>("h2")?.focus(),
      );
  } else if (to === undefined) return;
  event.preventDefault();
  if (to === undefined) return;
  const next = rows[Math.min(Math.max(to, 0), rows.length - 1)]!;
  markActive(keyOf(next));
  list!.reveal(list!.indexOf(keyOf(next)));
  list!.draw();
  if (next.kind === "finding") void select({ finding: next.finding.id });
}
