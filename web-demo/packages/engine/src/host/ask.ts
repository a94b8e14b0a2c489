// Requests to a server: with the session's token, and errors as the server says them.

import { PlancheckError } from "../errors.js";
import type { Session } from "./session.js";

/** Fetches; an answer that is an error becomes one, with the server's code. A token that was refused is renewed once. */
export async function ask(url: string, request: RequestInit, session?: Session): Promise<Response> {
  const token = await session?.token();
  let response = await send(url, request, token);
  if (response.status === 401 && token !== undefined && session) {
    const next = await session.renewed(token);
    if (next !== undefined) response = await send(url, request, next);
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as {
    code?: unknown;
    detail?: unknown;
    title?: unknown;
  };
  const code = typeof problem.code === "string" ? problem.code : "unreadable";
  const otherwise = `the server at ${originOf(url)} answers with error ${response.status}`;
  throw new PlancheckError(code, String(problem.detail ?? problem.title ?? otherwise));
}

async function send(url: string, request: RequestInit, token: string | undefined): Promise<Response> {
  const headers = new Headers(request.headers);
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  try {
    return await fetch(url, { ...request, headers });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    // What browsers and Node say of it, “Failed to fetch”, names neither the server nor what is wrong.
    throw new PlancheckError("unreachable", `the server at ${originOf(url)} does not answer`, {
      cause: error,
    });
  }
}

function originOf(url: string): string {
  return new URL(url).origin;
}

/** A request that carries JSON. */
export function posted(body: unknown, signal?: AbortSignal): RequestInit {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  };
}

export async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new PlancheckError("not-a-host", `${response.url}: the answer is not JSON`);
  }
}
