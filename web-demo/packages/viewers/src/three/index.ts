/** Plain three.js with web-ifc: loading, a view, and findings on it or on a scene of your own. */
export * from "../core/index.js";
export { highlight } from "./highlight.js";
export type { ThreeHighlightOptions } from "./highlight.js";
export { GeometryError, loadIfcMeshes } from "./load.js";
export type { LoadOptions, LoadProgress } from "./load.js";
export type { Spaces } from "./looks.js";
export type { IfcMeshes, MeshStatistics } from "./meshes.js";
export type { OwnScene } from "./own-scene.js";
export type { MeshHit } from "./pick.js";
export { createView, IfcView } from "./view.js";
export type { FrameOptions, Section, Side, ViewOptions } from "./view.js";
