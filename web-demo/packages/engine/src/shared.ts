// What every entry of the package has.

export { PlancheckError } from "./errors.js";
export { connectHost } from "./host.js";
export type * from "./host.js";
export type { Limits } from "./limits.js";
export type * from "./report.js";
export type * from "./types.js";
