// @ts-check
import { createChecker } from "@plancheck/engine";

const input = /** @type {HTMLInputElement} */ (document.querySelector("input"));
const output = /** @type {HTMLOutputElement} */ (document.querySelector("output"));
const list = /** @type {HTMLUListElement} */ (document.querySelector("ul"));

const checker = await createChecker({ modules: ["/modules/us-ibc-2024.wasm", "/modules/us-ada-2010.wasm"] });
checker.on("progress", ({ phase, done, total }) => (output.value = `${phase} ${done} of ${total ?? "?"}`));
input.disabled = false;
input.onchange = async () => {
  const [file] = input.files ?? [];
  if (!file) return;
  try {
    await checker.load(file, { name: file.name });
    const { report } = await checker.validate();
    output.value = `${report.summary.fail} fail, ${report.summary.undetermined} undetermined`;
    list.replaceChildren(
      ...report.findings.slice(0, 100).map((finding) => {
        const item = document.createElement("li");
        item.textContent = `${finding.citation}: ${finding.element.name ?? finding.element.global_id}: ${finding.message}`;
        return item;
      }),
    );
  } catch (error) {
    output.value = String(error);
  }
};
