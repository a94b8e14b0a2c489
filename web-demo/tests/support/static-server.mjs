// A plain static server: files and their types, nothing else.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** `mounts`: folders by the path that they are served under; files and texts by their whole path. */
export async function serve(mounts, headers = {}) {
  const prefixes = Object.keys(mounts).sort((a, b) => b.length - a.length);
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname).replace(
      /\/$/,
      "/index.html",
    );
    const prefix = prefixes.find(
      (prefix) => path === prefix || (prefix.endsWith("/") && path.startsWith(prefix)),
    );
    const mount = prefix === undefined ? undefined : mounts[prefix];
    const type = (of) => ({ "content-type": types[extname(of)] ?? "application/octet-stream", ...headers });
    if (typeof mount === "object") {
      response.writeHead(200, type(mount.as ?? path)).end(mount.text);
      return;
    }
    try {
      const file =
        mount && (prefix.endsWith("/") ? join(mount, normalize(path.slice(prefix.length))) : mount);
      const { size } = await stat(file);
      response.writeHead(200, { ...type(file), "content-length": size });
      createReadStream(file).pipe(response);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    end: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}
