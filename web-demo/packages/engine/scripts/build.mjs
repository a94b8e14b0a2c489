// Builds dist/ from src/: nothing of an earlier build stays.
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

import "./report-types.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
rmSync(path("../dist"), { recursive: true, force: true });
execFileSync("tsc", ["-p", path("../tsconfig.json")], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
copyFileSync(path("../src/engine-module.d.ts"), path("../dist/engine-module.d.ts"));
