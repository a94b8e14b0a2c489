// What the tests of the three.js adapter do in the page, by name.
import * as THREE from "three";
import * as viewers from "@plancheck/viewers/three";
import wasm from "web-ifc/web-ifc.wasm?url";

const canvas = document.querySelector("canvas");
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));

/** The colour at client coordinates, from a frame that is drawn for the purpose. */
function probe(view, { x, y }) {
  view.drawNow();
  const gl = view.renderer.getContext();
  const ratio = view.renderer.getPixelRatio();
  const pixel = new Uint8Array(4);
  gl.readPixels(Math.floor(x * ratio), Math.floor((300 - y) * ratio), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
  return [...pixel];
}

/** The longest time that nothing else could run in the page while `work` was going on. */
async function longestBlock(work) {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
  return longest;
}

Object.assign(window, { THREE, viewers, wasm, canvas, probe, nextFrame, longestBlock });
