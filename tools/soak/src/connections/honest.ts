import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { TlsError } from "@tlskit/tls";
import type { Implementation, Version } from "../implementations.ts";

/** How long things may take, in milliseconds. */
export interface Patience {
  readonly handshakeTimeout: number;
  /** How long a connection may do nothing once it is established. */
  readonly idleTimeout: number;
}

/** What is to be known of a server. */
export interface Target extends Patience {
  readonly port: number;
  readonly ca: string;
}

/** What a socket ended with: the code of its error, `closed` without one, `idle` if nothing had happened for too long. */
export type Ended = string;

/** What becomes of a socket in the end, which is ended if it does nothing once it is established. */
export function ended(socket: Socket, idleTimeout: number, isEstablished: boolean): Promise<Ended> {
  let how: Ended = "closed";
  const watch = (): void => {
    socket.setTimeout(idleTimeout, () => {
      how = "idle";
      socket.destroy();
    });
  };
  if (isEstablished) watch();
  else socket.once("secureConnect", watch);
  socket.on("error", (error) => {
    how = codeOf(error);
  });
  return new Promise((resolve) => void socket.once("close", () => resolve(how)));
}

/** The stable code of an error: ours, also where it is the cause of one with a code that `node:tls` has. */
export function codeOf(error: Error): string {
  const { cause } = error;
  const code = "code" in error ? String(error.code) : `${error.name}: ${error.message}`;
  return cause instanceof TlsError && code !== "ECONNRESET" ? cause.code : code;
}

/** Has a server of ours send back whatever comes; what each of its connections ended with goes to `told`. */
export async function serveEcho(
  server: Server,
  { idleTimeout }: Patience,
  told: (how: Ended, socket: Socket) => void,
): Promise<number> {
  server.on("tlsClientError", (error: Error, socket: Socket) => told(codeOf(error), socket));
  server.on("secureConnection", (socket: Socket) => {
    void ended(socket, idleTimeout, true).then((how) => told(how, socket));
    socket.pipe(socket);
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  return (server.address() as AddressInfo).port; // of a server that listens on a port
}

/** Milliseconds between two questions of whoever only keeps a connection. */
const pause = 500;

const question = Buffer.alloc(2_000, "a question that is to come back as it went; ");

/** What is to be told of a conversation, and how long it is. */
export interface Conversation {
  /** Gets the socket at once. */
  readonly opened?: ((socket: Socket) => void) | undefined;
  /** The handshake is done, or will never be. */
  readonly established?: (() => void) | undefined;
  /** It goes on until this is settled; one question is enough unless it is given. */
  readonly held?: Promise<void> | undefined;
}

/**
 * Asks a server that sends back whatever comes.
 * @param version none: whatever the server likes.
 * @returns what the socket ended with: `closed` if all went well.
 */
export async function converse(
  { connect }: Implementation,
  { port, ca, handshakeTimeout, idleTimeout }: Target,
  version: Version | undefined,
  { opened, established, held }: Conversation = {},
): Promise<Ended> {
  const range = { minVersion: version ?? "TLSv1.2", maxVersion: version ?? "TLSv1.3" } as const;
  const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca, ...range, handshakeTimeout });
  opened?.(socket);
  socket.once("secureConnect", () => established?.());
  let [asked, answered, isRight, isLast] = [0, 0, true, held === undefined];
  const ask = (): void => {
    asked += question.length;
    socket.write(question);
  };
  const endIfAnswered = (): void => {
    if (isLast && asked === answered) socket.end();
  };
  socket.on("data", (data: Buffer) => {
    isRight &&= data.every((byte, index) => byte === question[(answered + index) % question.length]);
    answered += data.length;
    endIfAnswered();
  });
  ask();
  const asking = held === undefined ? undefined : setInterval(ask, pause);
  void held?.then(() => {
    clearInterval(asking);
    isLast = true;
    endIfAnswered();
  });
  const how = await ended(socket, idleTimeout, false);
  clearInterval(asking);
  established?.();
  if (how !== "closed") return how;
  return isRight && asked === answered ? how : "closed without the right answer";
}
