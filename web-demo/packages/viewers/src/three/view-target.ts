import { Box3 } from "three";
import {
  paletteOf,
  type ElementsLike,
  type FlyOptions,
  type Hit,
  type Level,
  type Style,
  type Target,
} from "../core/index.js";
import type { IfcMeshes, MeshSet } from "./meshes.js";
import type { IfcView } from "./view.js";

/** Highlighting in a view with merged meshes: a texture of looks is written, nothing else. */
export function viewTarget(view: IfcView, elements: ElementsLike | undefined): Target {
  const levels = new Map<string, Level>();
  let style: Style = { palette: paletteOf(), others: "keep" };
  let selected: readonly string[] = [];
  let isolated: ReadonlySet<string> | null = null;

  const sets = () => view.meshes as readonly MeshSet[];
  const greet = (meshes: IfcMeshes) => {
    const set = meshes as MeshSet;
    if (elements) set.setElements(elements);
    set.setStyle(style);
    set.setLevels(levels);
    set.isolate(isolated);
    set.select(selected);
  };
  for (const set of sets()) if (elements) set.setElements(elements);
  const unwatch = view.watch(greet);

  return {
    restyle(next) {
      style = next;
      for (const set of sets()) set.setStyle(style);
    },
    paint(changes) {
      for (const [globalId, level] of changes) {
        if (level === undefined) levels.delete(globalId);
        else levels.set(globalId, level);
      }
      for (const set of sets()) set.setLevels(levels, changes.keys());
    },
    select(globalIds) {
      selected = globalIds;
      for (const set of sets()) set.select(globalIds);
    },
    isolate(globalIds) {
      isolated = globalIds;
      for (const set of sets()) set.isolate(globalIds);
    },
    async flyTo(globalIds, { duration, padding = 1.6, cutaway = true }: FlyOptions) {
      const box = new Box3();
      for (const set of sets()) {
        const part = set.boxOf(globalIds);
        if (part) box.union(part.applyMatrix4(set.object.matrixWorld));
      }
      if (box.isEmpty()) return false;
      await view.frame(box, { padding, cutaway, ...(duration === undefined ? {} : { duration }) });
      return true;
    },
    async pick(clientX, clientY): Promise<Hit | undefined> {
      return view.pick(clientX, clientY);
    },
    restore() {
      levels.clear();
      selected = [];
      isolated = null;
      for (const set of sets()) {
        set.setStyle({ ...style, others: "keep" });
        set.setLevels(levels);
        set.select([]);
        set.isolate(null);
      }
    },
    dispose: unwatch,
  };
}
