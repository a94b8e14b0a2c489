// The report as a file: its exact bytes, a table, or a page to print.

import { csvOf } from "../logic/csv";
import { placeLabel } from "../logic/places";
import { problemOf, wholly } from "../logic/problems";
import { pageOf } from "../logic/report-page";
import { reportNow } from "./checks";
import { notify } from "./notices";
import { store } from "./store";
import type { Report } from "./types";

interface Form {
  extension: string;
  type: string;
  content(report: Report, bytes: Uint8Array): BlobPart;
}

const json: Form = {
  extension: "report.json",
  type: "application/json",
  content: (_, bytes) => bytes as Uint8Array<ArrayBuffer>,
};

const csv: Form = { extension: "findings.csv", type: "text/csv;charset=utf-8", content: csvOf };

const page: Form = {
  extension: "report.html",
  type: "text/html;charset=utf-8",
  content: (report) => {
    const { model, edits, jurisdiction } = store.state;
    const place = placeLabel(jurisdiction);
    return pageOf({ report, file: model!.name, place, edits, made: new Date() });
  },
};

export const exportJson = (): Promise<void> => exportAs(json);
export const exportCsv = (): Promise<void> => exportAs(csv);
export const exportPage = (): Promise<void> => exportAs(page);

async function exportAs({ extension, type, content }: Form): Promise<void> {
  const { model, edits } = store.state;
  if (!model) return;
  try {
    const { report, bytes } = await reportNow();
    const blob = new Blob([content(report, bytes)], { type });
    const name = `${model.name.replace(/\.[^.]*$/, "")}.${extension}`;
    save(blob, name);
    const and = edits.length > 0 ? ", edits included" : "";
    notify("info", `Saved as ${name}: ${blob.size.toLocaleString("en")} bytes${and}.`);
  } catch (error) {
    const problem = problemOf(error, "The report cannot be saved");
    notify("error", wholly(problem), problem.code);
  }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
