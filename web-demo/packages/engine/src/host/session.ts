// Who is logged in at a server: an access token that is renewed before it expires, and when it is refused.

import { PlancheckError } from "../errors.js";
import { ask, json, posted } from "./ask.js";

/** What somebody may do: the server's words. */
export type Permission =
  | "validation:read"
  | "validation:write"
  | "buildings:read"
  | "buildings:write"
  | "modules:read"
  | "modules:write"
  | "reports:read"
  | "reports:write"
  | "users:manage"
  | "codes:manage"
  | "jurisdictions:manage"
  | "system:admin";

/** Who is logged in. */
export interface Account {
  id: string;
  name: string;
  organisation: string;
  role: string | null;
  permissions: readonly Permission[];
}

/** A session, as an app may keep it. Whoever has the refresh token has the session. */
export interface Tokens {
  accessToken: string;
  /** Good for one refresh; the next tokens have another one. */
  refreshToken: string;
  /** When the access token expires: milliseconds since 1970, by this machine's clock. */
  expires: number;
  account: Account;
}

export interface Credentials {
  name: string;
  password: string;
}

export interface SessionOptions {
  /** A session that was kept: what `onTokens` was given last. */
  tokens?: Tokens;
  /** Is given the tokens at login and at every refresh, and nothing when the session is over. Without it they are
   * kept in memory only. */
  onTokens?: (tokens: Tokens | undefined) => void;
  /** Where several pages share a session: calls `refresh` when it is this one's turn, with the newest refresh token
   * of them. Without it there is nobody else. */
  inTurn?: (own: string, refresh: (newest: string) => Promise<void>) => Promise<void>;
  /** A key of a machine, in place of a login. */
  key?: string;
}

/** As the server gives them. */
interface TokenPair {
  access_token: string;
  expires_in: number;
  refresh_token: string;
  user: Account;
}

/** An access token is renewed when so little of its life is left: a request under way must not outlive it. */
const MARGIN = 30_000;

export class Session {
  readonly #base: string;
  readonly #options: SessionOptions;
  readonly #listeners = new Set<() => void>();
  #tokens: Tokens | undefined;
  /** Life of the access token in milliseconds, as the server said it. */
  #life = Infinity;
  /** The refresh that is under way: a refresh token is good for one. */
  #refreshing: Promise<string> | undefined;

  constructor(base: string, options: SessionOptions) {
    this.#base = base;
    this.#options = options;
    this.#tokens = options.tokens;
  }

  get account(): Account | undefined {
    return this.#tokens?.account;
  }

  /** Milliseconds until the token has to be renewed; undefined where it never has. */
  get renewIn(): number | undefined {
    if (this.#options.key !== undefined || !this.#tokens) return undefined;
    return this.#tokens.expires - Date.now() - Math.min(MARGIN, this.#life / 3);
  }

  /** Is told when the token is another one, or none. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The token as it is now, though it may have expired. */
  get current(): string | undefined {
    return this.#options.key ?? this.#tokens?.accessToken;
  }

  /** A token that is good for a while; undefined where nobody is logged in. */
  async token(): Promise<string | undefined> {
    const tokens = this.#tokens;
    if ((this.renewIn ?? 1) > 0 || !tokens) return this.current;
    try {
      return await this.#refresh(tokens);
    } catch (error) {
      // The server may be away for a moment.
      if (this.#tokens === tokens && tokens.expires > Date.now()) return tokens.accessToken;
      throw error;
    }
  }

  /** The token after one that was refused; undefined where there is none. */
  async renewed(refused: string): Promise<string | undefined> {
    const tokens = this.#tokens;
    if (this.#options.key !== undefined || !tokens) return undefined;
    return tokens.accessToken === refused ? this.#refresh(tokens) : tokens.accessToken;
  }

  async login({ name, password }: Credentials, signal?: AbortSignal): Promise<Account> {
    const request = posted({ name, password }, signal);
    const answer = await ask(`${this.#base}/api/v1/auth/login`, request).then(json);
    return this.#take(answer as TokenPair).account;
  }

  /** Goes on with a session that was kept. */
  async resume(refreshToken: string): Promise<Account> {
    await this.#exchange(refreshToken, this.#tokens);
    return this.#tokens?.account ?? over();
  }

  async logout(): Promise<void> {
    const tokens = this.#tokens;
    if (!tokens) return;
    try {
      await ask(`${this.#base}/api/v1/auth/logout`, { method: "POST" }, this);
    } catch (error) {
      // Whose session is over already is logged out.
      if (!(error instanceof PlancheckError) || error.code !== "unauthorized") throw error;
    } finally {
      // Also where the server does not answer: nothing is kept here.
      if (this.#tokens) this.#set(undefined);
    }
  }

  #refresh(tokens: Tokens): Promise<string> {
    this.#refreshing ??= this.#ask(tokens).finally(() => (this.#refreshing = undefined));
    return this.#refreshing;
  }

  async #ask(tokens: Tokens): Promise<string> {
    try {
      await this.#exchange(tokens.refreshToken, tokens);
      return this.current ?? over();
    } catch (error) {
      const refused = error instanceof PlancheckError && error.code === "unauthorized";
      if (refused && this.#tokens === tokens) this.#set(undefined);
      throw error;
    }
  }

  /** Gets the next tokens in place of `before`. */
  async #exchange(own: string, before: Tokens | undefined): Promise<void> {
    const refresh = async (newest: string) => {
      const request = posted({ refresh_token: newest });
      const answer = await ask(`${this.#base}/api/v1/auth/refresh`, request).then(json);
      // Somebody logged out or in meanwhile: that counts.
      if (this.#tokens === before) this.#take(answer as TokenPair);
    };
    await (this.#options.inTurn ? this.#options.inTurn(own, refresh) : refresh(own));
  }

  #take({ access_token, expires_in, refresh_token, user }: TokenPair): Tokens {
    if (typeof access_token !== "string" || typeof refresh_token !== "string")
      throw new PlancheckError("not-a-host", `${this.#base}: the answer holds no tokens`);
    const { id, name, organisation, role, permissions } = user;
    // The server counts in whole seconds, so a second may have gone already.
    this.#life = Math.max(expires_in - 1, 0.5) * 1_000;
    const tokens: Tokens = {
      accessToken: access_token,
      refreshToken: refresh_token,
      expires: Date.now() + this.#life,
      account: { id, name, organisation, role, permissions },
    };
    this.#set(tokens);
    return tokens;
  }

  #set(tokens: Tokens | undefined): void {
    this.#tokens = tokens;
    this.#options.onTokens?.(tokens);
    for (const listener of [...this.#listeners]) listener();
  }
}

function over(): never {
  throw new PlancheckError("unauthorized", "the session is over; log in again");
}
