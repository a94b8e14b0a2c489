import type { Report } from "./report.js";
import type { CheckResult } from "./types.js";

/** A report as its bytes. It may be large, so it is only read when somebody asks for it. */
export class Result implements CheckResult {
  readonly bytes: Uint8Array;
  readonly milliseconds: number;
  #report: Report | undefined;

  constructor(bytes: Uint8Array, milliseconds: number) {
    this.bytes = bytes;
    this.milliseconds = milliseconds;
  }

  get report(): Report {
    return (this.#report ??= JSON.parse(new TextDecoder().decode(this.bytes)) as Report);
  }
}
