// Where models come from: dropped, chosen, or a sample.

import { checkIds, openModel } from "./checks";
import { notify } from "./notices";
import { store } from "./store";

export const samples = [
  {
    name: "office",
    title: "Demo office",
    about: "Two storeys in Denver with ten deliberate defects",
    note: "This office does not exist. Ten things in it are wrong on purpose, and four values are missing or contradict each other.",
    file: "samples/office.ifc",
  },
];

const accepted = ".ifc,.ifczip,.json,.ids,.xml";

export function chooseFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accepted;
  input.multiple = true;
  input.addEventListener("change", () => void openFiles([...(input.files ?? [])]));
  input.click();
}

export async function openSample(name: string): Promise<void> {
  const sample = samples.find((candidate) => candidate.name === name);
  if (!sample) {
    notify("error", `There is no sample “${name}”. There is: ${samples.map((s) => s.name).join(", ")}.`);
    return;
  }
  const answer = await fetch(sample.file);
  if (!answer.ok) {
    notify("error", `The sample cannot be loaded: ${answer.status} ${answer.statusText}.`);
    return;
  }
  await openModel(await answer.blob(), sample.file.replace(/^.*\//, ""), name);
}

/** Opens a model, checks IDS documents against it; both may come together. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const documents = files.filter((file) => /\.(ids|xml)$/i.test(file.name));
  const models = files.filter((file) => !documents.includes(file));
  if (models.length > 1) notify("info", `One model at a time: ${models[0]!.name} is opened.`);
  if (models[0]) await openModel(models[0], models[0].name);
  if (documents.length === 0) return;
  if (store.state.stage !== "ready") {
    notify(
      "error",
      "Open a model first, then drop the IDS document on it: IDS documents say what a model has to contain.",
    );
    return;
  }
  const read = documents.map(async (file) => ({
    name: file.name,
    bytes: new Uint8Array(await file.arrayBuffer()),
  }));
  await checkIds(await Promise.all(read));
}

/** Files may be dropped anywhere. */
export function acceptDrops(): void {
  const veil = document.getElementById("drop-veil")!;
  let inside = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const leave = () => {
    inside = 0;
    veil.hidden = true;
  };
  addEventListener("dragenter", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    inside += 1;
    veil.hidden = false;
  });
  addEventListener("dragleave", () => {
    inside -= 1;
    if (inside <= 0) leave();
  });
  addEventListener("dragover", (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    leave();
    void openFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
