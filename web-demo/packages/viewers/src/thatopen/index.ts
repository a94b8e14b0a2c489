/** Findings on models that ThatOpen components show (`@thatopen/components`, `@thatopen/fragments`). */
import { FragmentsManager, type Components, type World } from "@thatopen/components";
import { createHighlight, type FindingLike, type Highlight, type HighlightOptions } from "../core/index.js";
import type { ElementsLike } from "../core/index.js";
import { ThatOpenTarget } from "./target.js";

export * from "../core/index.js";

export interface ThatOpenViewer {
  components: Components;
  /** Whose camera flies and picks; the first world by default. */
  world?: World;
}

export interface ThatOpenHighlightOptions extends HighlightOptions {
  /** Parts and wholes: with it a stair's findings are seen on its flights. */
  elements?: ElementsLike;
}

/**
 * Colours all loaded fragments models, and those that are loaded later. Fragments draws in a Worker: promises
 * resolve when it has taken a change over, which is on the screen a few frames later.
 */
export async function highlight<F extends FindingLike>(
  viewer: ThatOpenViewer,
  findings: Iterable<F>,
  options: ThatOpenHighlightOptions = {},
): Promise<Highlight<F>> {
  const { elements, ...rest } = options;
  const fragments = viewer.components.get(FragmentsManager);
  const target = new ThatOpenTarget(fragments, viewer, elements);
  await target.learn();
  const handle = createHighlight(target, findings, rest);
  await handle.ready;
  return handle;
}
