// A server that stops in the middle of some files, as a bad line does.
import { createServer } from "node:http";

/**
 * Serves what `site` serves, but of paths that end with one of `stalling` only the first half.
 * `stalled(path)` resolves when that half was sent, `left(path)` when the browser hung up on it.
 */
export async function serveSlowly(site, stalling) {
  const events = new Map(stalling.map((path) => [path, { stalled: deferred(), left: deferred() }]));
  const server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url, site.url));
    const bytes = Buffer.from(await answer.arrayBuffer());
    const headers = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, { ...headers, "content-length": bytes.length });
    const slow = stalling.find((path) => new URL(request.url, site.url).pathname.endsWith(path));
    if (slow === undefined) {
      response.end(bytes);
      return;
    }
    const { stalled, left } = events.get(slow);
    response.on("close", left.resolve);
    response.write(bytes.subarray(0, bytes.length >> 1), stalled.resolve);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stalled: (path) => events.get(path).stalled.promise,
    left: (path) => events.get(path).left.promise,
    end: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
}

function deferred() {
  let resolve;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}
