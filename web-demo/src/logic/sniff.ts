// Whether a file can be a model at all, by its first bytes: one that cannot is refused before the
// open model is given up for it. What passes here may still be refused by the engine.

/** As far as the engine looks for the first words of a STEP file. */
const LOOK = 4096;
const STEP = /ISO-10303-21|HEADER;|DATA;|FILE_SCHEMA/i;

export async function canBeModel(file: Blob): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, LOOK).arrayBuffer());
  const text = new TextDecoder("latin1").decode(head);
  if (text.startsWith("PK\x03\x04")) return true;
  return STEP.test(text) || /^(?:\xEF\xBB\xBF)?\s*\{/.test(text);
}
