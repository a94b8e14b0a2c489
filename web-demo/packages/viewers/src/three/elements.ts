import { Wholes, type ElementsLike } from "../core/index.js";

/** Who is who in one model: numbers of elements with geometry, their records and GlobalIds. */
export class Elements {
  readonly records: number[] = [];
  readonly classes: string[] = [];
  readonly globalIds: (string | undefined)[] = [];
  readonly wholes = new Wholes((globalId) => this.numbers.has(globalId));
  /** Several numbers where a file uses a GlobalId twice. */
  private readonly numbers = new Map<string, number[]>();
  private readonly globalIdOfRecord = new Map<number, string>();

  get count(): number {
    return this.records.length;
  }

  add(record: number, globalId: string, className: string): void {
    const number = this.records.push(record) - 1;
    this.classes.push(className);
    this.globalIds.push(undefined);
    this.name(number, this.globalIdOfRecord.get(record) ?? (globalId || undefined));
  }

  set(list: ElementsLike): void {
    this.globalIdOfRecord.clear();
    for (const { record, global_id } of list.elements) {
      if (record !== undefined) this.globalIdOfRecord.set(record, global_id);
    }
    for (const [number, record] of this.records.entries()) {
      const globalId = this.globalIdOfRecord.get(record);
      if (globalId !== undefined) this.name(number, globalId);
    }
    this.wholes.set(list);
  }

  /** The numbers of an element's own geometry. */
  own(globalId: string): readonly number[] {
    return this.numbers.get(globalId) ?? [];
  }

  /** The numbers of what is seen of some elements: of themselves, or of their parts where they have no shape. */
  *visible(globalIds: Iterable<string>): Generator<number> {
    for (const globalId of globalIds) for (const part of this.wholes.visible(globalId)) yield* this.own(part);
  }

  /** The numbers of some elements, of all their parts, and of what stands in them. */
  *all(globalIds: Iterable<string>): Generator<number> {
    for (const globalId of globalIds) for (const part of this.wholes.all(globalId)) yield* this.own(part);
  }

  private name(number: number, globalId: string | undefined): void {
    const before = this.globalIds[number];
    if (before === globalId) return;
    if (before !== undefined) {
      const left = this.own(before).filter((other) => other !== number);
      if (left.length > 0) this.numbers.set(before, left);
      else this.numbers.delete(before);
    }
    this.globalIds[number] = globalId;
    if (globalId === undefined) return;
    const numbers = this.numbers.get(globalId);
    if (numbers) numbers.push(number);
    else this.numbers.set(globalId, [number]);
  }
}
