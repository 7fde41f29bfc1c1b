import { secp256r1 } from "@tlskit/ciphersuites";
import { TlsClient, TlsServer } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { Observer } from "../observer.ts";
import { recorded } from "../recorded.ts";
import { leaf, recordsPieces, sequence } from "../structure.ts";
import type { Target } from "../target.ts";
import { clientContext, host, serverContext } from "../world.ts";
import { codePoints } from "./messages.ts";

/** A connection takes nothing amiss: what it refuses, it ends with an alert. */
const isRefusal = (): boolean => false;

/** Gives a connection a stream, in two pieces, and the end of it. */
function feed(connection: TlsClient | TlsServer, observer: Observer, stream: Uint8Array): void {
  observer.watch(connection);
  connection.start();
  const middle = stream.length >> 1;
  connection.receive(stream.subarray(0, middle));
  connection.receive(stream.subarray(middle));
  connection.receiveEnd();
  observer.check(stream.length);
}

const streams = { maxLength: 20_000, isRefusal, dictionary: codePoints } as const;

/** What a network can do to a client. */
export const clientStreamTarget: Target = {
  ...streams,
  name: "client-stream",
  what: "the bytes that come to a client, whose own are the same each time, so that a server's recorded answer fits",
  parse: recordsPieces,
  seeds: () => recorded().map(({ fromServer }) => fromServer),
  run(input) {
    const observer = new Observer(() => {});
    feed(new TlsClient(clientContext(), { host }, observer), observer, input);
  },
};

/** What a network can do to a server. */
export const serverStreamTarget: Target = {
  ...streams,
  name: "server-stream",
  what: "a byte, odd for a server that asks for another group, and the bytes that come to a server",
  parse: (input) => sequence([leaf(input.subarray(0, 1)), recordsPieces(input.subarray(1))]),
  seeds: () => recorded().map(({ fromClient }, retries) => concat(Uint8Array.of(retries), fromClient)),
  run(input) {
    const observer = new Observer(() => {});
    const groups = ((input[0] ?? 0) & 1) === 0 ? undefined : [secp256r1];
    feed(new TlsServer(serverContext(groups), observer), observer, input.subarray(1));
  },
};
