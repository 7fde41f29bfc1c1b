/** Prints how many bytes a connection holds for a peer that sends a little, very finely cut. Wants `--expose-gc`. */
import { TlsServer } from "@tlskit/tls";
import { serverContext } from "../src/world.ts";

const context = serverContext();

function server(): TlsServer {
  const made = new TlsServer(context, { ciphertext: () => {}, plaintext: () => {}, closed: () => {} });
  made.start();
  return made;
}

function held(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Of several connections, the bytes that one holds. */
function measure(feed: (connection: TlsServer) => void): number {
  feed(server());
  const before = held();
  const connections = Array.from({ length: 5 }, server);
  for (const connection of connections) feed(connection);
  return (held() - before) / connections.length;
}

const partOfRecord = measure((connection) => {
  connection.receive(Uint8Array.of(22, 3, 1, 0x3f, 0xff));
  for (let i = 0; i < 16_000; i += 1) connection.receive(new Uint8Array(1));
});

const recordsOfOneByte = measure((connection) => {
  const hello = new Uint8Array(60_000);
  hello.set([1, 0, 0xff, 0]);
  for (const byte of hello) connection.receive(Uint8Array.of(22, 3, 1, 0, 1, byte));
});

process.stdout.write(JSON.stringify({ partOfRecord, recordsOfOneByte }));
