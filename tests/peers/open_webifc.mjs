// Opens a model with web-ifc; prints seconds and peak memory in kB. Usage: FILE
import fs from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.cwd() + '/');
const { IfcAPI } = require('web-ifc');
const api = new IfcAPI();
await api.Init();
const bytes = fs.readFileSync(process.argv[2]);
const start = performance.now();
api.OpenModel(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length));
const seconds = (performance.now() - start) / 1000;
console.log(`${seconds.toFixed(4)} ${process.resourceUsage().maxRSS}`);
