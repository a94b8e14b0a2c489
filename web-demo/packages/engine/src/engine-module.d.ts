/** The engine's code, where the bundler compiles `.wasm` files: wrangler, workerd. */
declare const engine: WebAssembly.Module;
export default engine;
