import { rank, type Level } from "./findings.js";

/** What a viewer is told about elements; `await checker.elements()` of @plancheck/engine fits. */
export interface ElementsLike {
  elements: readonly {
    global_id: string;
    class: string;
    /** Instance number in the file. */
    record?: number;
    /** GlobalId of its storey. */
    storey?: string;
    /** GlobalId of what it is a part of, or stands in. */
    container?: string;
  }[];
  storeys?: readonly { global_id: string; name?: string; elevation?: number }[];
}

/** A finding on one of these says nothing about the look of what stands in it. */
const SPATIAL =
  /^Ifc(Project|Site|Building|BuildingStorey|Space|SpatialZone|Zone|Facility\w*|Bridge\w*|Road\w*|Railway\w*|External\w*)$/;

/** Parts and wholes: a stair has findings, its flights have the shape. */
export class Wholes {
  private readonly known = new Map<string, ElementsLike["elements"][number]>();
  private readonly parts = new Map<string, string[]>();

  constructor(private readonly hasShape: (globalId: string) => boolean) {}

  set({ elements }: ElementsLike): void {
    this.known.clear();
    this.parts.clear();
    const add = (whole: string, part: string) => {
      const parts = this.parts.get(whole);
      if (parts) parts.push(part);
      else this.parts.set(whole, [part]);
    };
    for (const element of elements) {
      const { global_id, container, storey } = element;
      this.known.set(global_id, element);
      if (container !== undefined) add(container, global_id);
      if (storey !== undefined && storey !== container) add(storey, global_id);
    }
  }

  storeyOf(globalId: string): string | undefined {
    return this.known.get(globalId)?.storey;
  }

  /** What is seen of an element: itself, or its parts where it has no shape. */
  visible(globalId: string): string[] {
    return this.hasShape(globalId) ? [globalId] : this.all(globalId);
  }

  /** What may look otherwise when an element's level changes. */
  shows(globalId: string): string[] {
    if (this.hasShape(globalId)) return [globalId];
    return this.isSpatial(globalId) ? [] : this.all(globalId);
  }

  /** Itself, all its parts, and what stands in it, where they have a shape. */
  all(globalId: string): string[] {
    const seen = new Set<string>();
    const open = [globalId];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const part of this.parts.get(next) ?? []) open.push(part);
    }
    return [...seen].filter(this.hasShape);
  }

  /** The worst level of an element and of the wholes without a shape that it is a part of. */
  level(globalId: string, levels: ReadonlyMap<string, Level>): Level | undefined {
    let worst: Level | undefined;
    const seen = new Set<string>();
    for (let next: string | undefined = globalId; next !== undefined && !seen.has(next);) {
      seen.add(next);
      const level = levels.get(next);
      if (rank(level) < rank(worst)) worst = level;
      const container: string | undefined = this.known.get(next)?.container;
      next =
        container === undefined || this.hasShape(container) || this.isSpatial(container)
          ? undefined
          : container;
    }
    return worst;
  }

  private isSpatial(globalId: string): boolean {
    return SPATIAL.test(this.known.get(globalId)?.class ?? "");
  }
}
