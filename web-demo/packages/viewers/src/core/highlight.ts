import { FindingIndex, LEVELS, type DeltaLike, type FindingLike, type Level } from "./findings.js";
import { paletteOf, type Palette, type Theme } from "./palette.js";
import type { FlyOptions, Hit, MaybePromise, Others, Style, Target } from "./target.js";

export interface HighlightOptions {
  /** Default `light`. */
  theme?: Theme;
  /** Own colours in place of the theme's, as `#rrggbb`. */
  palette?: Partial<Palette>;
  /** Which levels are coloured; all by default. */
  levels?: readonly Level[];
  /** Elements without a coloured finding: as they are (default), greyed, or translucent. */
  others?: Others;
}

export interface Picked<F extends FindingLike = FindingLike> extends Hit {
  level?: Level;
  findings: F[];
}

/**
 * Findings on a viewer. Adapters of viewers that draw in the page do their work before a method returns;
 * the promises are for those that ask a Worker (ThatOpen).
 */
export interface Highlight<F extends FindingLike = FindingLike> {
  /** The viewer has taken over everything of the call that made this handle. */
  readonly ready: Promise<void>;
  /** Worst first. */
  findingsOf(globalId: string): F[];
  levelOf(globalId: string): Level | undefined;
  /** How many elements have each level as their worst. */
  counts(): Record<Level, number>;
  elements(level?: Level): string[];
  /** Takes over an edit and recolours only what it changed; answers with those elements. */
  update(delta: DeltaLike<F>): Promise<string[]>;
  /** Another report, or a filtered one; recolours only the differences and answers with them. */
  replace(findings: Iterable<F>): Promise<string[]>;
  /** What is left out keeps its value. */
  setOptions(options: HighlightOptions): Promise<void>;
  select(globalIds: string | Iterable<string> | null): Promise<void>;
  /** Hides everything else; `null` shows all again. */
  isolate(globalIds: Iterable<string> | null): Promise<void>;
  /** False when none of the elements has a geometry. */
  flyTo(globalIds: string | Iterable<string>, options?: FlyOptions): Promise<boolean>;
  /** What is at these client coordinates (of a `PointerEvent`), with its findings. */
  pick(clientX: number, clientY: number): Promise<Picked<F> | undefined>;
  /** Forgets the findings and gives everything its original look back. The handle can be used further. */
  clear(): Promise<void>;
  /** `clear`, and the end of this handle. The viewer stays. */
  dispose(): void;
}

function list(globalIds: string | Iterable<string> | null): string[] {
  if (globalIds === null) return [];
  return typeof globalIds === "string" ? [globalIds] : [...globalIds];
}

/** The handle for any viewer that offers a `Target`. */
export function createHighlight<F extends FindingLike>(
  target: Target,
  findings: Iterable<F>,
  options: HighlightOptions = {},
): Highlight<F> {
  return new TargetHighlight(target, findings, options);
}

class TargetHighlight<F extends FindingLike> implements Highlight<F> {
  readonly ready: Promise<void>;
  private index: FindingIndex<F>;
  private shown = new Set<Level>(LEVELS);
  private options: HighlightOptions = {};
  private readonly painted = new Map<string, Level>();
  /** The step that a viewer in a Worker is still at. */
  private pending: Promise<void> | undefined;
  private disposed = false;
  private cleared = false;

  constructor(
    private readonly target: Target,
    findings: Iterable<F>,
    options: HighlightOptions,
  ) {
    this.index = new FindingIndex(findings);
    this.take(options);
    const styled = this.run(() => this.target.restyle(this.style()));
    const painted = this.paintDifferences(this.index.levels().keys());
    this.ready = Promise.all([styled, painted]).then(() => undefined);
  }

  findingsOf(globalId: string): F[] {
    return this.index.of(globalId);
  }

  levelOf(globalId: string): Level | undefined {
    return this.index.levelOf(globalId);
  }

  counts(): Record<Level, number> {
    return this.index.counts();
  }

  elements(level?: Level): string[] {
    return this.index.elements(level);
  }

  update(delta: DeltaLike<F>): Promise<string[]> {
    this.alive();
    return this.paintDifferences(this.index.update(delta));
  }

  replace(findings: Iterable<F>): Promise<string[]> {
    this.alive();
    this.index = new FindingIndex(findings);
    return this.paintDifferences(new Set([...this.painted.keys(), ...this.index.levels().keys()]));
  }

  setOptions(options: HighlightOptions): Promise<void> {
    this.alive();
    this.take(options);
    const styled = this.run(() => this.target.restyle(this.style()));
    const all = new Set([...this.painted.keys(), ...this.index.levels().keys()]);
    return Promise.all([styled, this.paintDifferences(all)]).then(() => undefined);
  }

  select(globalIds: string | Iterable<string> | null): Promise<void> {
    this.alive();
    return this.run(() => this.target.select(list(globalIds)));
  }

  isolate(globalIds: Iterable<string> | null): Promise<void> {
    this.alive();
    return this.run(() => this.target.isolate(globalIds === null ? null : new Set(list(globalIds))));
  }

  async flyTo(globalIds: string | Iterable<string>, options: FlyOptions = {}): Promise<boolean> {
    this.alive();
    if (this.pending) await this.pending;
    return this.target.flyTo(list(globalIds), options);
  }

  async pick(clientX: number, clientY: number): Promise<Picked<F> | undefined> {
    this.alive();
    const hit = await this.target.pick(clientX, clientY);
    if (!hit) return undefined;
    const level = hit.globalId === undefined ? undefined : this.index.levelOf(hit.globalId);
    const findings = hit.globalId === undefined ? [] : this.index.of(hit.globalId);
    return level === undefined ? { ...hit, findings } : { ...hit, level, findings };
  }

  clear(): Promise<void> {
    this.alive();
    this.index = new FindingIndex();
    this.painted.clear();
    this.cleared = true;
    return this.run(() => this.target.restore());
  }

  dispose(): void {
    if (this.disposed) return;
    void this.clear().then(
      () => this.target.dispose?.(),
      () => this.target.dispose?.(),
    );
    this.disposed = true;
  }

  private take(options: HighlightOptions): void {
    this.options = { ...this.options, ...options };
    this.shown = new Set(this.options.levels ?? LEVELS);
  }

  private style(): Style {
    const palette = paletteOf(this.options.theme, this.options.palette);
    return { palette, others: this.options.others ?? "keep" };
  }

  /** Paints those of the elements that look otherwise than their level says. */
  private paintDifferences(globalIds: Iterable<string>): Promise<string[]> {
    const changes = new Map<string, Level | undefined>();
    for (const globalId of globalIds) {
      const level = this.index.levelOf(globalId);
      const wanted = level !== undefined && this.shown.has(level) ? level : undefined;
      if (wanted === this.painted.get(globalId)) continue;
      changes.set(globalId, wanted);
      if (wanted === undefined) this.painted.delete(globalId);
      else this.painted.set(globalId, wanted);
    }
    if (changes.size === 0) return Promise.resolve([]);
    const style = this.cleared ? this.style() : undefined;
    this.cleared = false;
    const styled = style ? this.run(() => this.target.restyle(style)) : undefined;
    const painted = this.run(() => this.target.paint(changes));
    return Promise.all([styled, painted]).then(() => [...changes.keys()]);
  }

  /** One step after the other: a viewer that answers later must not see them out of order. */
  private run(step: () => MaybePromise<void>): Promise<void> {
    let result: MaybePromise<void>;
    try {
      result = this.pending ? this.pending.then(step) : step();
    } catch (error) {
      return Promise.reject(error);
    }
    if (!(result instanceof Promise)) return Promise.resolve();
    const settled: Promise<void> = result
      .catch(() => undefined)
      .then(() => {
        if (this.pending === settled) this.pending = undefined;
      });
    this.pending = settled;
    return result;
  }

  private alive(): void {
    if (this.disposed) throw new Error("this highlight was disposed of");
  }
}
