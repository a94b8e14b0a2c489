// Runs every tests/**/*.test.mjs, or those whose path contains one of the words given: node scripts/test.mjs [WORD…]
// Node finds such files by itself from version 21 on; ours is 20 and newer.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../tests/", import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true })
  .filter((path) => path.endsWith(".test.mjs"))
  .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
  .sort()
  .map((path) => folder + path);
if (files.length === 0) {
  console.error(`no test in ${folder} is called ${words.join(" or ")}`);
  process.exit(1);
}
// Node has a WebSocket from version 22 on, and before behind this flag.
const flags = "WebSocket" in globalThis ? [] : ["--experimental-websocket"];
const { status } = spawnSync(process.execPath, [...flags, "--test", ...files], { stdio: "inherit" });
process.exit(status ?? 1);
