/** What an adapter reads of a finding; every finding of a report or of a delta fits. */
export interface FindingLike {
  /** 16 hex digits of module, rule and element. */
  id: string;
  module?: string;
  rule?: string;
  severity: string;
  verdict: string;
  message?: string;
  element: { global_id: string; record?: number; class?: string; name?: string };
}

/** What changed after an edit: findings that are new, that say something else, and ids of those that are gone. */
export interface DeltaLike<F extends FindingLike = FindingLike> {
  added: readonly F[];
  changed: readonly F[];
  resolved: readonly string[];
}

/** How bad an element is. A failed rule of severity `info` counts as `fail-warning`. */
export type Level = "fail-error" | "fail-warning" | "undetermined" | "pass";

/** Worst first. */
export const LEVELS: readonly Level[] = ["fail-error", "fail-warning", "undetermined", "pass"];

export function levelOf(finding: FindingLike): Level | undefined {
  switch (finding.verdict) {
    case "fail":
      return finding.severity === "error" ? "fail-error" : "fail-warning";
    case "undetermined":
    case "pass":
      return finding.verdict;
    default:
      return undefined;
  }
}

/** 0 is worst; an element without a finding comes after all levels. */
export function rank(level: Level | undefined): number {
  return level === undefined ? LEVELS.length : LEVELS.indexOf(level);
}

/** Findings by id and by element, with the worst level of each element. */
export class FindingIndex<F extends FindingLike> {
  private readonly byId = new Map<string, F>();
  private readonly byElement = new Map<string, Set<F>>();
  private readonly worst = new Map<string, Level>();

  constructor(findings: Iterable<F> = []) {
    for (const finding of findings) this.put(finding);
    for (const globalId of this.byElement.keys()) this.judge(globalId);
  }

  /** Worst first, otherwise in the order they came. */
  of(globalId: string): F[] {
    const findings = [...(this.byElement.get(globalId) ?? [])];
    return findings.sort((a, b) => rank(levelOf(a)) - rank(levelOf(b)));
  }

  levelOf(globalId: string): Level | undefined {
    return this.worst.get(globalId);
  }

  levels(): ReadonlyMap<string, Level> {
    return this.worst;
  }

  counts(): Record<Level, number> {
    const counts: Record<Level, number> = { "fail-error": 0, "fail-warning": 0, undetermined: 0, pass: 0 };
    for (const level of this.worst.values()) counts[level] += 1;
    return counts;
  }

  elements(level?: Level): string[] {
    if (level === undefined) return [...this.worst.keys()];
    return [...this.worst].filter(([, of]) => of === level).map(([globalId]) => globalId);
  }

  /** Takes over what an edit changed; answers with the elements that have another level now. */
  update(delta: DeltaLike<F>): Set<string> {
    const touched = new Set<string>();
    for (const id of delta.resolved) this.take(id, touched);
    for (const finding of [...delta.added, ...delta.changed]) {
      this.take(finding.id, touched);
      this.put(finding);
      touched.add(finding.element.global_id);
    }
    const changed = new Set<string>();
    for (const globalId of touched) if (this.judge(globalId)) changed.add(globalId);
    return changed;
  }

  private put(finding: F): void {
    this.byId.set(finding.id, finding);
    const globalId = finding.element.global_id;
    const findings = this.byElement.get(globalId);
    if (findings) findings.add(finding);
    else this.byElement.set(globalId, new Set([finding]));
  }

  private take(id: string, touched: Set<string>): void {
    const finding = this.byId.get(id);
    if (!finding) return;
    const globalId = finding.element.global_id;
    this.byId.delete(id);
    const findings = this.byElement.get(globalId);
    findings?.delete(finding);
    if (findings?.size === 0) this.byElement.delete(globalId);
    touched.add(globalId);
  }

  private judge(globalId: string): boolean {
    const before = this.worst.get(globalId);
    let worst: Level | undefined;
    for (const finding of this.byElement.get(globalId) ?? []) {
      const level = levelOf(finding);
      if (rank(level) < rank(worst)) worst = level;
    }
    if (worst === undefined) this.worst.delete(globalId);
    else this.worst.set(globalId, worst);
    return worst !== before;
  }
}
