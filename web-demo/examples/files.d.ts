// What bundlers make of files that are no scripts.

declare module "*.wasm?url" {
  const url: string;
  export default url;
}
declare module "*.core.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
declare module "*.bin" {
  const bytes: ArrayBuffer;
  export default bytes;
}
