import {
  createHighlight,
  type ElementsLike,
  type FindingLike,
  type Highlight,
  type HighlightOptions,
} from "../core/index.js";
import { ownSceneTarget, type OwnScene } from "./own-scene.js";
import { IfcView } from "./view.js";
import { viewTarget } from "./view-target.js";

export interface ThreeHighlightOptions extends HighlightOptions {
  /** Who is who, where the meshes do not know it: GlobalIds of records, parts of wholes. */
  elements?: ElementsLike;
}

/**
 * Findings on a view of `createView`, or on a three.js scene of your own with one mesh (or group) for each element.
 */
export function highlight<F extends FindingLike>(
  viewer: IfcView | OwnScene,
  findings: Iterable<F>,
  options: ThreeHighlightOptions = {},
): Highlight<F> {
  const { elements, ...rest } = options;
  const target = viewer instanceof IfcView ? viewTarget(viewer, elements) : ownSceneTarget(viewer, elements);
  return createHighlight(target, findings, rest);
}
