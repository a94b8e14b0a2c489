/** Which elements are hidden; there may be several reasons at once. */
import type { Elements } from "./elements.js";
import type { Looks } from "./looks.js";

export class Visibility {
  private isolated: ReadonlySet<string> | null = null;
  private storeys: ReadonlySet<string> | null = null;
  private readonly hiddenClasses = new Set<string>();
  private hidden: readonly string[] = [];

  constructor(
    private readonly elements: Elements,
    private readonly looks: Looks,
  ) {}

  isolate(globalIds: ReadonlySet<string> | null): void {
    this.isolated = globalIds;
    this.apply();
  }

  setStoreys(globalIds: Iterable<string> | null): void {
    this.storeys = globalIds === null ? null : new Set(globalIds);
    this.apply();
  }

  setClasses(classes: Iterable<string>, visible: boolean): void {
    for (const name of classes) {
      if (visible) this.hiddenClasses.delete(name);
      else this.hiddenClasses.add(name);
    }
    this.apply();
  }

  setHidden(globalIds: Iterable<string> | null): void {
    this.hidden = globalIds === null ? [] : [...globalIds];
    this.apply();
  }

  /** For all elements, or for those from a number on that have just come. */
  apply(from = 0): void {
    const { elements } = this;
    const shown = this.isolated && new Set(elements.all(this.isolated));
    const named = new Set(this.isolated ? elements.visible(this.isolated) : []);
    const hidden = new Set(elements.all(this.hidden));
    for (let number = from; number < elements.count; number++) {
      const gone =
        (shown !== null && !shown.has(number)) ||
        hidden.has(number) ||
        this.hiddenClasses.has(elements.classes[number]!) ||
        this.isOfOtherStorey(number);
      this.looks.setVisibility(number, gone, named.has(number));
    }
  }

  private isOfOtherStorey(number: number): boolean {
    if (this.storeys === null) return false;
    const storey = this.elements.wholes.storeyOf(this.elements.globalIds[number] ?? "");
    return storey !== undefined && !this.storeys.has(storey);
  }
}
