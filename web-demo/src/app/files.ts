// Where models come from: dropped, chosen, or a sample.

import { canBeModel } from "../logic/sniff";
import { checkIds } from "./checks";
import { mayLoseEdits } from "./confirm";
import { notify } from "./notices";
import { openModel, type Source } from "./opening";
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

const models = ".ifc,.ifczip,.json";
const accepted = `${models},.ids,.xml`;

export function chooseFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = accepted;
  input.multiple = true;
  input.addEventListener("change", () => void openFiles([...(input.files ?? [])]));
  input.click();
}

/** Lets a model be chosen that is not opened. */
export function chooseModel(then: (file: File) => unknown): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = models;
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void then(file);
  });
  input.click();
}

export async function openSample(name: string): Promise<void> {
  const sample = samples.find((candidate) => candidate.name === name);
  if (!sample) {
    notify("error", `There is no sample “${name}”. There is: ${samples.map((s) => s.name).join(", ")}.`);
    return;
  }
  const file = sample.file.replace(/^.*\//, "");
  if (await mayLoseEdits(`Discard and open ${file}`))
    await openModel(fetched(sample.file), file, { sample: name });
}

/** Fetches a file piece by piece: how far it has come is shown, and it can be stopped. */
function fetched(address: string): Source {
  return async (signal, heard) => {
    const answer = await fetch(address, { signal });
    if (!answer.ok || !answer.body)
      throw new Error(`${address} cannot be loaded: ${answer.status} ${answer.statusText}`);
    // Of a compressed answer only the compressed length is said.
    const length = answer.headers.has("content-encoding") ? 0 : Number(answer.headers.get("content-length"));
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let done = 0;
    const reader = answer.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      done += next.value.length;
      heard(done, length || undefined);
    }
    return new Blob(pieces);
  };
}

/** Opens a model, checks IDS documents against it; both may come together. */
export async function openFiles(files: readonly File[]): Promise<void> {
  const documents = files.filter((file) => /\.(ids|xml)$/i.test(file.name));
  const models = files.filter((file) => !documents.includes(file));
  if (models[0]) await openFile(models[0], models.length - 1);
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

export const noModelIn = (file: File): string => `${file.name} is not a building model`;
export const whatModelsAre =
  "Open an IFC file (STEP, also zipped as .ifczip) or a model in Plancheck’s JSON form.";

/** Opens one; what cannot be a model leaves the open one as it is. */
async function openFile(file: File, others: number): Promise<void> {
  if (store.state.stage === "ready") {
    if (!(await canBeModel(file))) {
      notify(
        "error",
        `${noModelIn(file)}, so ${store.state.model?.name ?? "the open one"} stays open. ${whatModelsAre}`,
      );
      return;
    }
    if (!(await mayLoseEdits(`Discard and open ${file.name}`))) return;
  }
  if (others > 0) notify("info", `One model at a time: ${file.name} is opened.`);
  await openModel(file, file.name);
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
