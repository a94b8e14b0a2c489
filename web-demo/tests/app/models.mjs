// Models that tests make of the demo office.
import { readFileSync } from "node:fs";

import { office } from "../support/files.mjs";

const text = readFileSync(office, "utf8");

/** The office with some texts of the file replaced; each has to be there. */
export function officeWith(replaced) {
  let made = text;
  for (const [before, after] of Object.entries(replaced)) {
    if (!made.includes(before)) throw new Error(`the office has no ${before}`);
    made = made.replaceAll(before, after);
  }
  return Buffer.from(made);
}

/** The office whose building does not say its occupancy. */
export const withoutOccupancy = () => officeWith({ "'OccupancyType'": "'OccupancyNote'" });
