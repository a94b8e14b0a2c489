/**
 * Findings on a xeokit viewer. xeokit is under the AGPL, so nothing of it is imported here: an object that has
 * these few members, as its `Viewer` does, is enough.
 */
import { createHighlight, rgb, Wholes, paletteOf } from "../core/index.js";
import type { FindingLike, FlyOptions, Highlight, HighlightOptions, Hit } from "../core/index.js";
import type { ElementsLike, Level, Style, Target } from "../core/index.js";

export * from "../core/index.js";

/** An object of a model; its id is the GlobalId, or `model#GlobalId` where ids are made global. */
export interface XeokitEntity {
  id: string | number;
  visible: boolean;
  selected: boolean;
  xrayed: boolean;
  /** Red, green, blue from 0 to 1; null: its own colour. */
  colorize: number[] | null;
}

export interface XeokitViewer {
  scene: {
    /** With the canvas element as its `canvas`, which xeokit's own types leave out. */
    canvas: object;
    objects: Record<string, XeokitEntity>;
    colorizedObjects: Record<string, XeokitEntity>;
    getAABB(ids: string[]): number[];
    pick(what: { canvasPos: number[]; pickSurface: boolean }): {
      entity?: { id: string | number } | null;
      worldPos?: ArrayLike<number> | null;
    } | null;
  };
  cameraFlight: {
    flyTo(to: { aabb: number[]; duration?: number; fitFOV?: number }, done?: () => void): void;
    jumpTo(to: { aabb: number[]; fitFOV?: number }): void;
  };
}

export interface XeokitHighlightOptions extends HighlightOptions {
  /** Parts and wholes: with it a stair's findings are seen on its flights. */
  elements?: ElementsLike;
}

export function highlight<F extends FindingLike>(
  viewer: XeokitViewer,
  findings: Iterable<F>,
  options: XeokitHighlightOptions = {},
): Highlight<F> {
  const { elements, ...rest } = options;
  return createHighlight(new XeokitTarget(viewer, elements), findings, rest);
}

/** How much of the view an object fills at padding 1, in degrees. */
const FIT = 40;

interface Original {
  colorize: number[] | null;
  xrayed: boolean;
}

class XeokitTarget implements Target {
  private readonly levels = new Map<string, Level>();
  private readonly originals = new Map<XeokitEntity, Original>();
  private readonly hidden = new Set<XeokitEntity>();
  private readonly wholes = new Wholes((globalId) => this.entities().has(globalId));
  private known = new Map<string, XeokitEntity[]>();
  private knownFor = -1;
  private selected: XeokitEntity[] = [];
  private style: Style = { palette: paletteOf(), others: "keep" };

  constructor(
    private readonly viewer: XeokitViewer,
    elements: ElementsLike | undefined,
  ) {
    if (elements) this.wholes.set(elements);
  }

  restyle(style: Style): void {
    this.style = style;
    for (const globalId of this.entities().keys()) this.dress(globalId);
  }

  paint(changes: ReadonlyMap<string, Level | undefined>): void {
    for (const [globalId, level] of changes) {
      if (level === undefined) this.levels.delete(globalId);
      else this.levels.set(globalId, level);
      for (const part of this.wholes.shows(globalId)) this.dress(part);
    }
  }

  select(globalIds: readonly string[]): void {
    for (const entity of this.selected) entity.selected = false;
    this.selected = this.of(globalIds.flatMap((globalId) => this.wholes.visible(globalId)));
    for (const entity of this.selected) entity.selected = true;
  }

  isolate(globalIds: ReadonlySet<string> | null): void {
    for (const entity of this.hidden) entity.visible = true;
    this.hidden.clear();
    if (globalIds === null) return;
    const shown = new Set(this.of([...globalIds].flatMap((globalId) => this.wholes.all(globalId))));
    for (const entity of Object.values(this.viewer.scene.objects)) {
      if (shown.has(entity) || !entity.visible) continue;
      entity.visible = false;
      this.hidden.add(entity);
    }
  }

  flyTo(globalIds: readonly string[], { duration, padding = 1.6 }: FlyOptions): Promise<boolean> | boolean {
    const entities = this.of(globalIds.flatMap((globalId) => this.wholes.visible(globalId)));
    if (entities.length === 0) return false;
    const { scene, cameraFlight } = this.viewer;
    const aabb = scene.getAABB(entities.map(({ id }) => String(id)));
    const fitFOV = FIT / padding;
    if (duration === 0 || globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches) {
      cameraFlight.jumpTo({ aabb, fitFOV });
      return true;
    }
    return new Promise((resolve) => {
      // xeokit counts seconds.
      const to = duration === undefined ? { aabb, fitFOV } : { aabb, fitFOV, duration: duration / 1000 };
      cameraFlight.flyTo(to, () => resolve(true));
    });
  }

  pick(clientX: number, clientY: number): Hit | undefined {
    const { scene } = this.viewer;
    const { canvas } = scene.canvas as { canvas: HTMLCanvasElement };
    const area = canvas.getBoundingClientRect();
    const found = scene.pick({ canvasPos: [clientX - area.left, clientY - area.top], pickSurface: true });
    if (!found?.entity) return undefined;
    const hit: Hit = { globalId: globalIdOf(found.entity.id) };
    const [x, y, z] = Array.from(found.worldPos ?? []);
    return x === undefined || y === undefined || z === undefined ? hit : { ...hit, point: [x, y, z] };
  }

  restore(): void {
    this.levels.clear();
    this.select([]);
    this.isolate(null);
    for (const [entity, original] of this.originals) Object.assign(entity, original);
    this.originals.clear();
  }

  private originalOf({ id, colorize, xrayed }: XeokitEntity): Original {
    // xeokit answers with one array for all objects, and with a colour where none was set.
    const colorized = id in this.viewer.scene.colorizedObjects && colorize !== null;
    return { colorize: colorized ? [...colorize] : null, xrayed };
  }

  /** By GlobalId; read again when objects have come or gone. */
  private entities(): Map<string, XeokitEntity[]> {
    const objects = Object.values(this.viewer.scene.objects);
    if (objects.length !== this.knownFor) {
      this.knownFor = objects.length;
      this.known = new Map();
      for (const entity of objects) {
        const globalId = globalIdOf(entity.id);
        const same = this.known.get(globalId);
        if (same) same.push(entity);
        else this.known.set(globalId, [entity]);
      }
    }
    return this.known;
  }

  private of(globalIds: Iterable<string>): XeokitEntity[] {
    return [...globalIds].flatMap((globalId) => this.entities().get(globalId) ?? []);
  }

  private dress(globalId: string): void {
    const level = this.wholes.level(globalId, this.levels);
    const { palette, others } = this.style;
    for (const entity of this.entities().get(globalId) ?? []) {
      const original = this.originals.get(entity) ?? this.originalOf(entity);
      if (level === undefined && others === "keep") {
        Object.assign(entity, original);
        this.originals.delete(entity);
        continue;
      }
      this.originals.set(entity, original);
      const colour = level ?? "neutral";
      entity.colorize = rgb(palette[colour]).map((part) => part / 255);
      entity.xrayed = level === undefined && others === "ghost";
    }
  }
}

function globalIdOf(of: string | number): string {
  const id = String(of);
  return id.slice(id.lastIndexOf("#") + 1);
}
