// The built app, served as a host serves it: with the host's policy.
import { fileURLToPath } from "node:url";

import { made } from "../support/files.mjs";
import { serve } from "../support/static-server.mjs";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

export const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  "connect-src 'self' blob: data:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** `base`: the path under which it lies; `more`: what else there is, or instead. */
export async function serveApp(base = "/", more = {}) {
  made(`${dist}index.html`, "run `npm run build` in web-demo");
  const site = await serve(
    { [base]: dist, ...more },
    { "content-security-policy": policy, "x-content-type-options": "nosniff" },
  );
  return { url: site.url + base, end: site.end };
}
