/** Bytes as they come: a STEP file, or an .ifczip with one in it. */

const STEP = "ISO-10303-21";
/** Where a STEP file must have said that it is one; comments may come before. */
const HEAD = 64 * 1024;

/** The STEP file; throws where there is none. web-ifc itself would search other bytes for a minute before it gives up. */
export async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const step = bytes[0] === 0x50 && bytes[1] === 0x4b ? await unzip(bytes) : bytes;
  if (!new TextDecoder("latin1").decode(step.subarray(0, HEAD)).includes(STEP)) {
    throw new Error("this is not an IFC file in STEP format");
  }
  return step;
}

/** The first .ifc of a zip archive (APPNOTE.TXT 4.3; without Zip64: web-ifc could not hold 4 GB). */
async function unzip(zip: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endRecord(view);
  let at = view.getUint32(end + 16, true);
  for (let entry = view.getUint16(end + 10, true); entry > 0; entry--) {
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + length));
    if (/\.ifc$/i.test(name)) {
      const header = view.getUint32(at + 42, true);
      const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
      const packed = zip.subarray(start, start + view.getUint32(at + 20, true));
      return inflate(packed, view.getUint16(at + 10, true));
    }
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  throw new Error("there is no .ifc in this archive");
}

function endRecord(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return at;
  }
  throw new Error("this archive is damaged");
}

async function inflate(packed: Uint8Array<ArrayBuffer>, method: number): Promise<Uint8Array<ArrayBuffer>> {
  if (method === 0) return packed;
  if (method !== 8) throw new Error(`this archive is packed in a way (${method}) that is not known here`);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
