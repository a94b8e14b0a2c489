import { createChecker } from "@plancheck/engine";
import ibc from "./modules/us-ibc-2024.wasm?url";
import ada from "./modules/us-ada-2010.wasm?url";

const ready = createChecker({ modules: [ibc, ada], jurisdiction: "us" });
const input = document.querySelector("input")!;
const list = document.querySelector("ul")!;

input.addEventListener("change", async () => {
  const file = input.files![0]!;
  const checker = await ready;
  const model = await checker.load(file, { name: file.name });
  const { report, milliseconds } = await checker.validate();
  const { fail, undetermined } = report.summary;
  document.title = `${model.elements} elements: ${fail} fail, ${undetermined} undetermined, ${milliseconds.toFixed()} ms`;
  list.replaceChildren();
  for (const finding of report.findings.filter((finding) => finding.verdict === "fail")) {
    const item = list.appendChild(document.createElement("li"));
    item.textContent = `${finding.element.name} (${finding.citation}): ${finding.message}`;
  }
});
