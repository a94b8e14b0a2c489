/** Another thread, or what stands for one: messages go out, messages and its end come in. */
export interface Port {
  post(message: unknown, transfer?: Transferable[]): void;
  /** Ends it at once. */
  end(): void;
  /** Says whether a program should wait for it; only Node asks. */
  hold?(held: boolean): void;
}

export interface PortEvents {
  message(message: unknown): void;
  /** It broke down, or could not be started; nothing comes any more. */
  broken(why: string): void;
}

export type StartPort = (events: PortEvents) => Port;

/** A port that is still on its way: what it is given waits for it. */
export function latePort(coming: Promise<Port>, events: PortEvents): Port {
  let waiting: ((port: Port) => void)[] = [];
  let port: Port | undefined;
  const soon = (act: (port: Port) => void) => (port ? act(port) : waiting.push(act));
  coming.then(
    (arrived) => {
      port = arrived;
      for (const act of waiting) act(port);
      waiting = [];
    },
    (error: unknown) => events.broken(String(error)),
  );
  return {
    post: (message, transfer) => void soon((port) => port.post(message, transfer)),
    end: () => void soon((port) => port.end()),
  };
}
