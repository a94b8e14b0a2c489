// The words of the report, as docs/report.md defines them, and what the app adds.

import type { Edit, Finding } from "@plancheck/engine";

export type {
  Edit,
  ElementDetails,
  ElementRef,
  Fact,
  Failing,
  Finding,
  Quantity,
  Readiness,
  Report,
  RuleResult,
  Specification,
  Summary,
} from "@plancheck/engine";

export type Verdict = Finding["verdict"];
export type Severity = Finding["severity"];
export type EditValue = string | number | boolean;

/** Where a value of an element is written. An empty set: in every set that has the property. */
export interface Place {
  kind: "property" | "attribute";
  set: string;
  name: string;
}

/** Something that went wrong, with what to do about it. */
export interface Problem {
  code: string;
  title: string;
  message: string;
  advice?: string;
}

/** One edit that was made, with what it did. */
export interface MadeEdit {
  element: { global_id: string; label: string };
  place: Place;
  /** For people. */
  before: string;
  after: string;
  edit: Edit;
  /** What takes it back. */
  inverse: Edit;
  changes: Changes;
  milliseconds: number;
  /** Who made it, where somebody else did. */
  by?: string;
  /** It was made together with many others, before this page came: what it alone changed is not known. */
  earlier?: boolean;
}

/** What an edit changed in the findings. */
export interface Changes {
  added: string[];
  /** As they were. */
  resolved: Finding[];
  /** Findings with another verdict. */
  turned: { id: string; from: Verdict; to: Verdict }[];
  /** Findings with the same verdict and other values or words. */
  reworded: string[];
}
