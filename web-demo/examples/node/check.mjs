// Checks a model and lists what fails: node check.mjs MODEL.ifc MODULE.wasm…
// @ts-check
import { createChecker } from "@plancheck/engine";

const [model, ...modules] = process.argv.slice(2);
if (!model || modules.length === 0) throw new Error("usage: node check.mjs MODEL MODULE…");

const checker = await createChecker({ modules });
try {
  await checker.load(model);
  const { report } = await checker.validate();
  for (const { citation, element, message, verdict } of report.findings) {
    if (verdict === "fail") console.log(`${citation}\t${element.name ?? element.global_id}\t${message}`);
  }
  // A report that is not complete says nothing about what is missing in it.
  for (const { id, problem } of report.ruleset.modules) {
    if (problem) console.error(`${id} was not used: ${problem.message} (${problem.code})`);
  }
  process.exitCode = report.summary.fail > 0 || !report.summary.complete ? 1 : 0;
} finally {
  checker.close();
}
