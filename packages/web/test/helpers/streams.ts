import { TlsError } from "@tlskit/tls";
import { asciiBytes, concat } from "@tlskit/wire";

/** Everything that a stream gives until its end, as a text. */
export async function text(readable: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readable) chunks.push(chunk);
  return new TextDecoder().decode(concat(...chunks));
}

/** Writes a text and ends the stream behind it. */
export async function say(writable: WritableStream<Uint8Array>, message: string): Promise<void> {
  const writer = writable.getWriter();
  await writer.write(asciiBytes(message));
  await writer.close();
}

/** Writes a text, and leaves the stream open. */
export async function write(writable: WritableStream<Uint8Array>, message: string): Promise<void> {
  const writer = writable.getWriter();
  await writer.write(asciiBytes(message));
  writer.releaseLock();
}

/** So many bytes, and the lock is given back. */
export async function read(readable: ReadableStream<Uint8Array>, length: number): Promise<string> {
  const reader = readable.getReader();
  let got = "";
  while (got.length < length) {
    const { done, value } = await reader.read();
    if (done) throw new TypeError(`the data ended behind ${JSON.stringify(got)}`);
    got += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return got;
}

/** The error that a promise fails with. */
export async function failure(promise: Promise<unknown>): Promise<TlsError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof TlsError) return error;
    throw error;
  }
  throw new TypeError("it didn't fail");
}

/** Its code. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await failure(promise)).code;
}

/** Everything that can go on without news from outside goes on. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 1_000; turn += 1) await undefined;
}
