import { asciiBytes, callerError, concat, equalBytes, printable, type TlsError } from "@tlskit/wire";
import type { TransportPair, TransportSocket } from "./transport.ts";

/** A transport that does not do what it has to. */
export function failed(message: string): TlsError {
  return callerError("transport_conformance", message);
}

export function expectText(what: string, got: Uint8Array, expected: string): void {
  if (!equalBytes(got, asciiBytes(expected))) throw failed(`${what}: expected ${expected}, got ${printable(got)}`);
}

/** Reads so many bytes, and not one more. */
export async function readExactly(socket: TransportSocket, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let got = 0;
  while (got < length) {
    const chunk = await socket.read();
    if (chunk === undefined) throw failed(`the data ended after ${got} bytes of ${length}`);
    if (chunk.length === 0) throw failed("read gave a chunk without a byte");
    chunks.push(chunk);
    got += chunk.length;
  }
  if (got > length) throw failed(`${got - length} bytes came that nobody sent`);
  return concat(...chunks);
}

/** Reads to the orderly end. */
export async function readToEnd(socket: TransportSocket): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let chunk = await socket.read(); chunk !== undefined; chunk = await socket.read()) chunks.push(chunk);
  return concat(...chunks);
}

/** Expects a promise to fail. */
export async function expectFailure(what: string, promise: Promise<unknown>): Promise<void> {
  let outcome: unknown;
  try {
    outcome = await promise;
  } catch {
    return;
  }
  throw failed(`${what} had to fail, and gave ${outcome instanceof Uint8Array ? printable(outcome) : String(outcome)}`);
}

/** Data of which each byte tells where it belongs. */
export function pattern(length: number, seed: number): Uint8Array {
  const data = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) data[i] = (Math.imul(i + seed, 0x9e3779b1) >>> 24) ^ i;
  return data;
}

/** Where two byte strings begin to differ, in a sentence; nothing if they don't. */
export function expectSame(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (got.length !== expected.length) throw failed(`${what}: ${expected.length} bytes were sent, ${got.length} came`);
  const at = got.findIndex((byte, index) => byte !== expected[index]);
  if (at >= 0) throw failed(`${what}: the byte at ${at} is another one`);
}

/** Some to and fro on another connection: time goes by without a timer, and whatever can go on does. */
export async function roundTrips({ client, server }: TransportPair, count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await client.write(Uint8Array.of(i & 0xff));
    await readExactly(server, 1);
    await server.write(Uint8Array.of(i & 0xff));
    await readExactly(client, 1);
  }
}
