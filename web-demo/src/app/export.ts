// The report as a file: the exact bytes, never written anew.

import { problemOf } from "../logic/problems";
import { reportBytes } from "./checks";
import { notify } from "./notices";
import { store } from "./store";

export async function exportReport(): Promise<void> {
  const { model, edits } = store.state;
  if (!model) return;
  try {
    const bytes = await reportBytes();
    const name = model.name.replace(/\.[^.]*$/, "");
    save(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/json" }), `${name}.report.json`);
    const with_ = edits.length > 0 ? ", edits included" : "";
    notify("info", `Report saved: ${bytes.length.toLocaleString("en")} bytes${with_}.`);
  } catch (error) {
    const problem = problemOf(error, "The report cannot be saved");
    notify("error", `${problem.title}. ${problem.message}`, problem.code);
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
