// Writes a .br and a .gz beside every file of a folder that gets at least a tenth smaller.
import { readdir, readFile, stat, writeFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const folder = process.argv[1];
const ways = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: bytes.length > 1_000_000 ? 9 : 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_LGWIN]: 22,
      },
    }),
  gz: (bytes) => promisify(gzip)(bytes, { level: 9, memLevel: 9 }),
};

const names = await readdir(folder, { recursive: true });
for (const name of names.sort()) {
  const path = join(folder, name);
  if (/\.(br|gz)$/.test(name) || !(await stat(path)).isFile()) continue;
  const bytes = await readFile(path);
  for (const [ending, pack] of Object.entries(ways)) {
    const packed = await pack(bytes);
    if (packed.length < bytes.length * 0.9) await writeFile(`${path}.${ending}`, packed);
    else await rm(`${path}.${ending}`, { force: true });
  }
}
