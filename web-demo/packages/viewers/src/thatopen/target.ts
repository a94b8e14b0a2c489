import { Worlds, type FragmentsManager, type ModelIdMap, type World } from "@thatopen/components";
import { RenderedFaces, type FragmentsModel, type MaterialDefinition } from "@thatopen/fragments";
import { Box3, Color, Sphere, Vector2, type OrthographicCamera, type PerspectiveCamera } from "three";
import { paletteOf, Wholes, type ElementsLike, type FlyOptions, type Hit } from "../core/index.js";
import type { Level, Palette, Style, Target } from "../core/index.js";
import type { ThatOpenViewer } from "./index.js";

type Look = Level | "selection" | "fade" | "ghost";

interface Item {
  modelId: string;
  localId: number;
}

/** Volumes of rooms: opaque, they would hide what is in them. */
const SPACES = [/^IFCSPACE$/i, /^IFCSPATIALZONE$/i];

export class ThatOpenTarget implements Target {
  private readonly items = new Map<string, Item[]>();
  private readonly names = new Map<string, Map<number, string>>();
  private readonly spaces = new Set<string>();
  private readonly wholes = new Wholes((globalId) => this.items.has(globalId));
  private readonly levels = new Map<string, Level>();
  /** What wears a look of ours now. */
  private readonly dressed = new Set<string>();
  private selected = new Set<string>();
  /** What was hidden already when something was isolated. */
  private hiddenBefore: ModelIdMap | undefined;
  private style: Style = { palette: paletteOf(), others: "keep" };
  private readonly loaded = ({ value }: { value: FragmentsModel }) => void this.greet(value);

  constructor(
    private readonly fragments: FragmentsManager,
    private readonly viewer: ThatOpenViewer,
    elements: ElementsLike | undefined,
  ) {
    if (elements) this.wholes.set(elements);
  }

  /** Asks the models who is who. */
  async learn(): Promise<void> {
    for (const model of this.fragments.list.values()) await this.meet(model);
    this.fragments.list.onItemSet.add(this.loaded);
  }

  async restyle(style: Style): Promise<void> {
    this.style = style;
    const all = style.others === "keep" ? [...this.dressed, ...this.coloured()] : this.items.keys();
    await this.dress(new Set([...this.dressed, ...all]));
  }

  async paint(changes: ReadonlyMap<string, Level | undefined>): Promise<void> {
    const changed = new Set<string>();
    for (const [globalId, level] of changes) {
      if (level === undefined) this.levels.delete(globalId);
      else this.levels.set(globalId, level);
      for (const part of this.wholes.shows(globalId)) changed.add(part);
    }
    await this.dress(changed);
  }

  async select(globalIds: readonly string[]): Promise<void> {
    const before = this.selected;
    this.selected = new Set(globalIds.flatMap((globalId) => this.wholes.visible(globalId)));
    await this.dress(new Set([...before, ...this.selected]));
  }

  async isolate(globalIds: ReadonlySet<string> | null): Promise<void> {
    const models = [...this.fragments.list.entries()];
    this.hiddenBefore ??= Object.fromEntries(
      await Promise.all(
        models.map(async ([id, model]) => [id, new Set(await model.getItemsByVisibility(false))]),
      ),
    ) as ModelIdMap;
    const shown = globalIds && this.map([...globalIds].flatMap((globalId) => this.wholes.all(globalId)));
    for (const [id, model] of models) {
      if (shown) {
        await model.setVisible(undefined, false);
        await model.setVisible([...(shown[id] ?? [])], true);
      } else {
        await model.resetVisible();
        const hidden = [...(this.hiddenBefore[id] ?? [])];
        if (hidden.length > 0) await model.setVisible(hidden, false);
      }
    }
    if (!shown) this.hiddenBefore = undefined;
    await this.settle();
  }

  async flyTo(globalIds: readonly string[], { duration, padding = 1.6 }: FlyOptions): Promise<boolean> {
    const visible = this.map(globalIds.flatMap((globalId) => this.wholes.visible(globalId)));
    const box = new Box3();
    for (const [id, localIds] of Object.entries(visible)) {
      const part = await this.fragments.list.get(id)?.getMergedBox([...localIds]);
      if (part) box.union(part);
    }
    const camera = this.world()?.camera;
    if (box.isEmpty() || !camera?.hasCameraControls()) return false;
    const sphere = box.getBoundingSphere(new Sphere());
    sphere.radius = Math.max(sphere.radius, 0.6) * padding;
    const still = duration === 0 || globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
    await camera.controls.fitToSphere(sphere, !still);
    await this.settle();
    return true;
  }

  async pick(clientX: number, clientY: number): Promise<Hit | undefined> {
    const world = this.world();
    const dom = world?.renderer?.three.domElement;
    if (!world || !dom) return undefined;
    const camera = world.camera.three as PerspectiveCamera | OrthographicCamera;
    const found = await this.fragments.raycast({ camera, mouse: new Vector2(clientX, clientY), dom });
    if (!found) return undefined;
    const { localId, fragments, point } = found;
    const globalId = this.names.get(fragments.modelId)?.get(localId);
    const hit: Hit = { record: localId, point: point.toArray() };
    return globalId === undefined ? hit : { ...hit, globalId };
  }

  async restore(): Promise<void> {
    this.levels.clear();
    this.selected.clear();
    this.style = { ...this.style, others: "keep" };
    await this.dress(new Set(this.dressed));
    if (this.hiddenBefore) await this.isolate(null);
  }

  dispose(): void {
    this.fragments.list.onItemSet.remove(this.loaded);
    this.items.clear();
    this.names.clear();
  }

  /** Has the Worker draw what it was told; some of it may come a few frames later. */
  private async settle(): Promise<void> {
    const { core } = this.fragments;
    // An update soon after another is dropped, and with it the change: this one must not be.
    const { maxUpdateRate } = core.settings;
    core.settings.maxUpdateRate = 0;
    const updated = core.update(true);
    core.settings.maxUpdateRate = maxUpdateRate;
    await updated;
  }

  private world(): World | undefined {
    return this.viewer.world ?? [...this.viewer.components.get(Worlds).list.values()][0];
  }

  private async meet(model: FragmentsModel): Promise<void> {
    const localIds = await model.getItemsIdsWithGeometry();
    const globalIds = await model.getGuidsByLocalIds(localIds);
    const spaces = new Set(Object.values(await model.getItemsOfCategories(SPACES)).flat());
    const names = new Map<number, string>();
    localIds.forEach((localId, i) => {
      const globalId = globalIds[i];
      if (globalId === null || globalId === undefined) return;
      names.set(localId, globalId);
      if (spaces.has(localId)) this.spaces.add(globalId);
      const items = this.items.get(globalId);
      const item = { modelId: model.modelId, localId };
      if (items) items.push(item);
      else this.items.set(globalId, [item]);
    });
    this.names.set(model.modelId, names);
  }

  private async greet(model: FragmentsModel): Promise<void> {
    await this.meet(model);
    await this.restyle(this.style);
  }

  private *coloured(): Generator<string> {
    for (const globalId of this.levels.keys()) yield* this.wholes.shows(globalId);
  }

  private map(globalIds: Iterable<string>): ModelIdMap {
    const map: ModelIdMap = {};
    for (const globalId of globalIds) {
      for (const { modelId, localId } of this.items.get(globalId) ?? [])
        (map[modelId] ??= new Set()).add(localId);
    }
    return map;
  }

  /** Gives these the look that they should have. */
  private async dress(globalIds: ReadonlySet<string>): Promise<void> {
    const looks = new Map<string, string[]>();
    const bare: string[] = [];
    for (const globalId of globalIds) {
      const look = this.lookOf(globalId);
      if (look === undefined) {
        if (this.dressed.delete(globalId)) bare.push(globalId);
        continue;
      }
      this.dressed.add(globalId);
      const key = `${look} ${this.spaces.has(globalId)}`;
      const same = looks.get(key);
      if (same) same.push(globalId);
      else looks.set(key, [globalId]);
    }
    if (bare.length > 0) await this.fragments.resetHighlight(this.map(bare));
    for (const [key, same] of looks) {
      const [look, space] = key.split(" ") as [Look, string];
      await this.fragments.highlight(this.material(look, space === "true"), this.map(same));
    }
    await this.settle();
  }

  private lookOf(globalId: string): Look | undefined {
    if (this.selected.has(globalId)) return "selection";
    const { others } = this.style;
    return this.wholes.level(globalId, this.levels) ?? (others === "keep" ? undefined : others);
  }

  private material(look: Look, space: boolean): MaterialDefinition {
    const colour: keyof Palette = look === "fade" || look === "ghost" ? "neutral" : look;
    const opacity = look === "ghost" ? 0.12 : space ? 0.4 : 1;
    const material: MaterialDefinition = {
      color: new Color(this.style.palette[colour]),
      renderedFaces: RenderedFaces.TWO,
      opacity,
      transparent: opacity < 1,
      depthWrite: opacity === 1,
    };
    // What is selected is seen through what is in front of it.
    return look === "selection" ? { ...material, depthTest: false } : material;
  }
}
