import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import { InMemoryNetwork } from "@tlskit/testing";
import { type ConnectionHandlers, TlsClient, TlsServer, type TraceEvent } from "@tlskit/tls";
import { asciiBytes, concat } from "@tlskit/wire";
import { clientContext, host, serverContext } from "./world.ts";

/** What the two sides of a connection sent. */
export interface Recording {
  readonly fromClient: Uint8Array;
  readonly fromServer: Uint8Array;
  /** Handshake messages of both, without protection. */
  readonly messages: readonly Uint8Array[];
  /** Lines of a key log. */
  readonly keyLog: readonly string[];
}

let recordings: readonly Recording[] | undefined;

/** Connections from their first byte to their last: in one round trip, and in two. */
export function recorded(): readonly Recording[] {
  recordings ??= [record([x25519]), record([secp256r1])];
  return recordings;
}

function record(serverGroups: readonly (typeof x25519)[]): Recording {
  const network = new InMemoryNetwork();
  const link = network.link();
  const messages: Uint8Array[] = [];
  const keyLog: string[] = [];
  const handlers = (write: (bytes: Uint8Array) => void): ConnectionHandlers<unknown> => ({
    ciphertext: write,
    plaintext: () => {},
    closed: () => {},
    trace: (event: TraceEvent) => {
      if (event.type === "message" && event.direction === "sent") messages.push(event.bytes);
    },
  });
  const client = new TlsClient(
    clientContext((line) => keyLog.push(line)),
    { host },
    handlers(link.left.write),
  );
  const server = new TlsServer(serverContext(serverGroups), handlers(link.right.write));
  link.left.attach(client);
  link.right.attach(server);
  server.start();
  client.start();
  network.run();
  for (const side of [client, server]) {
    side.send(asciiBytes("first"));
    side.updateKeys(true);
    side.send(asciiBytes("second"));
    network.run();
    side.close();
  }
  network.run();
  return { fromClient: concat(...link.left.written), fromServer: concat(...link.right.written), messages, keyLog };
}
