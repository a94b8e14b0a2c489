// Copying to the clipboard, which browsers let some pages do only.

import { notify } from "../app/notices";

export async function copy(text: string, done = `Copied ${text}`): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify("info", done);
  } catch {
    notify("info", `This browser does not let the page copy; select it instead: ${text}`);
  }
}
