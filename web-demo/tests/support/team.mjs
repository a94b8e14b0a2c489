// People who look at a building of a real server, and lines that can be cut.

import { connectHost } from "@plancheck/engine";

import { admin, startHost } from "./plancheck.mjs";

/** A model with one door, in the JSON form: verdicts follow its width. */
export const door = (width) =>
  new TextEncoder().encode(
    JSON.stringify({
      building_id: "b",
      building_name: "Small house",
      metadata: { location: { country: "us" }, occupancy: "B" },
      objects: [
        {
          object_id: "d1",
          object_type: "door",
          properties: { name: "Door", clear_width: width, clear_height: 2.1 },
        },
      ],
    }),
  );

export const width = (value) => ({ op: "set_property", element: "d1", set: "", name: "clear_width", value });

/** A WebSocket class of one client: connections can be cut and kept from being made. */
export function lines() {
  const open = new Set();
  return class Line extends WebSocket {
    /** No connection can be made. */
    static off = false;
    /** Cuts the connection when a message that this likes has been sent: it arrives, its answer does not. */
    static cutAfter = undefined;
    static made = 0;
    static said = [];

    constructor(url) {
      super(Line.off ? "ws://127.0.0.1:1" : url);
      Line.made += 1;
      open.add(this);
      this.addEventListener("close", () => open.delete(this));
    }

    send(text) {
      Line.said.push(JSON.parse(text));
      super.send(text);
      if (Line.cutAfter?.(JSON.parse(text))) {
        Line.cutAfter = undefined;
        Line.cut();
      }
    }

    addEventListener(type, listener, ...more) {
      const heard = type === "message" ? (event) => this.deaf || listener(event) : listener;
      super.addEventListener(type, heard, ...more);
    }

    static cut() {
      for (const line of open) {
        line.deaf = true;
        line.close(3000);
      }
    }
  };
}

/** A client that is logged in, with its line. */
export async function member(url, credentials = admin, options = {}) {
  const Line = lines();
  const host = await connectHost(url, { WebSocket: Line, ...options });
  await host.login(credentials);
  return { host, Line };
}

/** Makes an account, as an administrator. */
export async function account(url, name, role, organisation = "main") {
  const token = await fetch(`${url}/api/v1/auth/login`, json(admin)).then((answer) => answer.json());
  const password = `${name} has a long password`;
  const request = json({ name, password, role, organisation });
  request.headers.authorization = `Bearer ${token.access_token}`;
  const made = await fetch(`${url}/api/v1/users`, request);
  if (made.status !== 201) throw new Error(`no account for ${name}: ${made.status} ${await made.text()}`);
  return { name, password };
}

function json(body) {
  return { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

/** What comes over a live connection, in its order; `next` waits for what is liked, and takes it and all before. */
export function listen(live) {
  const heard = [];
  const waiting = new Set();
  const look = () => waiting.forEach((one) => one());
  const events = ["status", "full", "delta", "score", "highlight", "presence", "progress", "error", "closed"];
  for (const event of events) live.on(event, (detail) => (heard.push([event, detail]), look()));
  return {
    heard,
    next(event, like = () => true, time = 15_000) {
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(one);
          reject(new Error(`no ${event} came; heard: ${heard.map(([name]) => name).join(" ") || "nothing"}`));
        }, time);
        const one = () => {
          const at = heard.findIndex(([name, detail]) => name === event && like(detail));
          if (at < 0) return;
          clearTimeout(late);
          waiting.delete(one);
          const [[, detail]] = heard.splice(0, at + 1).slice(-1);
          resolve(detail);
        };
        waiting.add(one);
        one();
      });
    },
  };
}

/** A server with the building `house`, and one who is there. */
export async function house(...given) {
  const server = await startHost(...given);
  const one = await member(server.url);
  await one.host.buildings.upload(door(0.9), { id: "house", jurisdiction: "us" });
  return { server, ...one };
}
