// A list that draws only the rows that are to be seen: 50 000 rows cost as much as 30.

import { render, type TemplateResult } from "lit-html";

export interface Options<Row> {
  /** Scrolls; has a position other than static. */
  scroller: HTMLElement;
  key(row: Row): string;
  height(row: Row): number;
  template(row: Row, index: number): TemplateResult;
  /** Sets roles and classes of the row's own node. */
  decorate(row: Row, node: HTMLElement, index: number): void;
}

/** Pixels drawn above and below what is seen. */
const OVERSCAN = 240;

export class VirtualList<Row> {
  #options: Options<Row>;
  #rows: readonly Row[] = [];
  /** Where each row begins; one more than rows. */
  #tops = new Float64Array(1);
  #index = new Map<string, number>();
  #nodes = new Map<string, HTMLElement>();
  #spare: HTMLElement[] = [];
  #spacer = document.createElement("div");
  #asked = false;

  constructor(options: Options<Row>) {
    this.#options = options;
    this.#spacer.className = "virtual-spacer";
    this.#spacer.setAttribute("role", "none");
    options.scroller.append(this.#spacer);
    options.scroller.addEventListener("scroll", () => this.#ask(), { passive: true });
    new ResizeObserver(() => this.#ask()).observe(options.scroller);
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  set(rows: readonly Row[]): void {
    this.#rows = rows;
    const tops = new Float64Array(rows.length + 1);
    this.#index.clear();
    rows.forEach((row, i) => {
      tops[i + 1] = tops[i]! + this.#options.height(row);
      this.#index.set(this.#options.key(row), i);
    });
    this.#tops = tops;
    this.#spacer.style.height = `${tops[rows.length]!}px`;
    this.draw();
  }

  indexOf(key: string): number {
    return this.#index.get(key) ?? -1;
  }

  node(key: string): HTMLElement | undefined {
    return this.#nodes.get(key);
  }

  /** Scrolls as little as is needed to see the row. */
  reveal(index: number): void {
    const { scroller } = this.#options;
    const top = this.#tops[index];
    const bottom = this.#tops[index + 1];
    if (top === undefined || bottom === undefined) return;
    const margin = 8;
    if (top - margin < scroller.scrollTop) scroller.scrollTop = top - margin;
    else if (bottom + margin > scroller.scrollTop + scroller.clientHeight) {
      scroller.scrollTop = bottom + margin - scroller.clientHeight;
    }
    this.draw();
  }

  /** How many rows of this height are seen at once. */
  page(): number {
    return Math.max(1, Math.floor(this.#options.scroller.clientHeight / 44) - 1);
  }

  /** Draws now. */
  draw(): void {
    const { scroller, key, template, decorate } = this.#options;
    const from = this.#at(scroller.scrollTop - OVERSCAN);
    const to = this.#at(scroller.scrollTop + scroller.clientHeight + OVERSCAN);
    const wanted = new Set<string>();
    for (let i = from; i <= to && i < this.#rows.length; i++) wanted.add(key(this.#rows[i]!));
    for (const [old, node] of this.#nodes) {
      if (wanted.has(old)) continue;
      this.#nodes.delete(old);
      node.hidden = true;
      this.#spare.push(node);
    }
    let last: Element | null = null;
    for (let i = from; i <= to && i < this.#rows.length; i++) {
      const row = this.#rows[i]!;
      const name = key(row);
      let node = this.#nodes.get(name);
      if (!node) {
        node = this.#spare.pop() ?? document.createElement("div");
        node.hidden = false;
        this.#nodes.set(name, node);
      }
      // Readers go by the order of the nodes, not by where they are drawn.
      const next: Element | null = last ? last.nextElementSibling : this.#spacer.firstElementChild;
      if (next !== node) this.#spacer.insertBefore(node, next);
      last = node;
      decorate(row, node, i);
      node.style.transform = `translateY(${this.#tops[i]!}px)`;
      node.style.height = `${this.#tops[i + 1]! - this.#tops[i]!}px`;
      render(template(row, i), node);
    }
  }

  /** The row at this height. */
  #at(y: number): number {
    let low = 0;
    let high = this.#rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#tops[middle]! <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.draw();
    });
  }
}
