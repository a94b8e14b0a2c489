// The buildings of whoever is logged in.

import type { Bytes, Edit } from "../types.js";
import { ask, json } from "./ask.js";
import type { Session } from "./session.js";

/** A building, as the server lists it. */
export interface Building {
  id: string;
  name: string;
  /** BLAKE3 of its newest model, hex. */
  model: string;
  /** Which codes apply; null: all. */
  jurisdiction: string | null;
  /** RFC 3339. */
  created_at: string;
  updated_at: string;
}

export interface UploadOptions {
  /** Whose model it becomes; the building is made where it is missing. Left out: a new building. */
  id?: string;
  name?: string;
  jurisdiction?: string;
  signal?: AbortSignal;
}

/** Edits that were made live, under one number. */
export interface NumberedEdits {
  seq: number;
  by: string;
  request: string;
  edits: Edit[];
  /** They stopped the server's check and were put aside: they have no effect. */
  skipped: boolean;
}

export interface EditHistory {
  /** Of the model that they are edits of. */
  epoch: string;
  edits: NumberedEdits[];
}

export interface Buildings {
  list(options?: { signal?: AbortSignal }): Promise<Building[]>;
  get(id: string, options?: { signal?: AbortSignal }): Promise<Building>;
  /** Another model for a building begins anew: live edits of the one before are left behind. */
  upload(model: Bytes | Blob, options?: UploadOptions): Promise<Building>;
  /** The newest model's file. */
  model(id: string, options?: { signal?: AbortSignal }): Promise<Blob>;
  /** The live edits of the newest model in their order, from the one after `after` on. */
  edits(id: string, options?: { after?: number; signal?: AbortSignal }): Promise<EditHistory>;
  /** With its reports and edits. */
  remove(id: string, options?: { signal?: AbortSignal }): Promise<void>;
}

interface Page<Item> {
  items: Item[];
  next: string | null;
}

export function buildingsOf(base: string, session: Session): Buildings {
  const all = `${base}/api/v1/buildings`;
  const one = (id: string) => `${all}/${encodeURIComponent(id)}`;
  const page = async (url: string, signal?: AbortSignal): Promise<unknown> =>
    ask(url, signal ? { signal } : {}, session).then(json);
  return {
    async list({ signal } = {}) {
      const found: Building[] = [];
      let after = "";
      do {
        const query = new URLSearchParams({ limit: "1000", ...(after ? { after } : {}) });
        const { items, next } = (await page(`${all}?${query}`, signal)) as Page<Building>;
        found.push(...items);
        after = next ?? "";
      } while (after);
      return found;
    },
    async get(id, { signal } = {}) {
      return (await page(one(id), signal)) as Building;
    },
    async upload(model, { id, name, jurisdiction, signal } = {}) {
      const query = new URLSearchParams();
      if (name) query.set("name", name);
      if (jurisdiction) query.set("jurisdiction", jurisdiction);
      const url = `${id === undefined ? all : one(id)}?${query}`;
      const request = {
        method: id === undefined ? "POST" : "PUT",
        body: model as BodyInit,
        ...(signal ? { signal } : {}),
      };
      return (await ask(url, request, session).then(json)) as Building;
    },
    async model(id, { signal } = {}) {
      return (await ask(`${one(id)}/model`, signal ? { signal } : {}, session)).blob();
    },
    async edits(id, { after = 0, signal } = {}) {
      const edits: NumberedEdits[] = [];
      let next: string | null = String(after);
      let epoch = "";
      while (next !== null) {
        const query = new URLSearchParams({ after: next, limit: "1000" });
        const url = `${one(id)}/edits?${query}`;
        const read = (await page(url, signal)) as Page<NumberedEdits> & { epoch: string };
        // Another model came between two pages: its edits are other ones.
        if (epoch && read.epoch !== epoch) return this.edits(id, signal ? { after, signal } : { after });
        epoch = read.epoch;
        edits.push(...read.items);
        next = read.next;
      }
      return { epoch, edits };
    },
    async remove(id, { signal } = {}) {
      await ask(one(id), { method: "DELETE", ...(signal ? { signal } : {}) }, session);
    },
  };
}
