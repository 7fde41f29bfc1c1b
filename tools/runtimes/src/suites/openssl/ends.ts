import type { Attempt, ClientPeer, ClientWishes, ServerPeer, ServerWishes } from "@tlskit/testing";

/** What listens on a port of this machine. */
export interface Listening {
  readonly port: number;
  /** The next connection, when its handshake is done; fails with what ended that. */
  next(): Promise<ServerPeer>;
  close(): void;
}

/** Ends of ours, whose other end is somebody else. */
export interface Ends {
  /** Makes a client, which connects to ports of this machine. */
  client(wishes: ClientWishes): Promise<(port: number, attempt?: Attempt) => Promise<ClientPeer>>;
  /** Makes a server; a sentence if the runtime has none. */
  readonly listen: string | ((wishes: ServerWishes) => Promise<Listening>);
}
