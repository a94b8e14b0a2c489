// The session of this tab, kept so that it outlives a reload. The refresh token lies in the tab's own storage, which ends
// with the tab and is no other tab's. But a tab that was made from this one, duplicated or opened by it, begins with a
// copy, and a token that is used twice ends the session: so tabs of one session tell each other the newest one, and
// refresh one after the other.

interface Kept {
  /** Names the session; only its tabs know it, and hear what is said under it. */
  session: string;
  token: string;
  /** How often it was refreshed: the higher, the newer. */
  turn: number;
}

/** What tabs of one session say to each other. */
type Said =
  { type: "newest"; token: string; turn: number } | { type: "asked"; turn: number } | { type: "over" };

/** Milliseconds that other tabs have to answer: they are on this machine, and may be busy. */
const ANSWER = 200;

export class KeptSession {
  readonly #key: string;
  readonly #over: () => void;
  #kept: Kept | undefined;
  #channel: BroadcastChannel | undefined;
  #heard: (() => void) | undefined;

  /** `server`: whose session it is; `over`: is told when it ends in another tab. */
  constructor(server: string, over: () => void) {
    this.#key = `plancheck-session ${server}`;
    this.#over = over;
    this.#kept = this.#read();
    this.#listen();
  }

  get token(): string | undefined {
    return this.#kept?.token;
  }

  /** The next refresh token; none: the session is over. */
  keep(token: string | undefined): void {
    if (token === undefined) return this.forget();
    const { session, turn } = this.#kept ?? { session: randomName(), turn: 0 };
    this.#write({ session, token, turn: turn + 1 });
    this.#listen();
    this.#tell();
  }

  forget(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#kept = undefined;
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Nothing is stored where it cannot be.
    }
  }

  /** Somebody signed out here: the other tabs of the session are, too. */
  end(): void {
    this.#say({ type: "over" });
    this.forget();
  }

  /** Refreshes when no other tab does, with the newest token. */
  async inTurn(own: string, refresh: (newest: string) => Promise<void>): Promise<void> {
    const go = async () => {
      await this.#ask();
      await refresh(this.token ?? own);
    };
    const { locks } = navigator as { locks?: LockManager };
    // Pages that are not served securely have no locks: there the server's time of grace has to do.
    if (!locks || !this.#kept) return go();
    await locks.request(`plancheck-session ${this.#kept.session}`, go);
  }

  /** Waits for a newer token than this tab has, a moment. */
  #ask(): Promise<void> {
    if (!this.#kept || !this.#channel) return Promise.resolve();
    const { turn } = this.#kept;
    return new Promise((resolve) => {
      this.#heard = resolve;
      setTimeout(resolve, ANSWER);
      this.#say({ type: "asked", turn });
    });
  }

  #listen(): void {
    if (!this.#kept || this.#channel || !("BroadcastChannel" in globalThis)) return;
    this.#channel = new BroadcastChannel(`plancheck-session ${this.#kept.session}`);
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data as Said));
  }

  #hear(said: Said): void {
    const kept = this.#kept;
    if (!kept) return;
    switch (said.type) {
      case "newest":
        if (said.turn <= kept.turn) return;
        this.#write({ ...kept, token: said.token, turn: said.turn });
        return this.#heard?.();
      case "asked":
        if (said.turn < kept.turn) this.#tell();
        return;
      case "over":
        this.forget();
        return this.#over();
    }
  }

  #tell(): void {
    if (this.#kept) this.#say({ type: "newest", token: this.#kept.token, turn: this.#kept.turn });
  }

  #say(said: Said): void {
    this.#channel?.postMessage(said);
  }

  #read(): Kept | undefined {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key) ?? "null") as Partial<Kept> | null;
      if (typeof kept?.session !== "string" || typeof kept.token !== "string") return undefined;
      return { session: kept.session, token: kept.token, turn: Number(kept.turn) || 0 };
    } catch {
      return undefined;
    }
  }

  #write(kept: Kept): void {
    this.#kept = kept;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(kept));
    } catch {
      // The browser keeps nothing: the session lives as long as the page.
    }
  }
}

/** Also where `crypto.randomUUID` is missing: in pages that are not served securely. */
function randomName(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
