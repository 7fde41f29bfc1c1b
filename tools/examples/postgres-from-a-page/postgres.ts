/**
 * As much of PostgreSQL's protocol (https://www.postgresql.org/docs/current/protocol.html) as a page needs to ask something:
 * TLS begun, the user named, queries in SQL, answers in text.
 */
import type { ByteStream } from "@tlskit/web";

const [encoder, decoder] = [new TextEncoder(), new TextDecoder()];

/** Asks for TLS. What the server answers in the clear is one letter, and anything behind it was put there by somebody else. */
export async function requestTls({ readable, writable }: ByteStream): Promise<void> {
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  await writer.write(Uint8Array.of(0, 0, 0, 8, 4, 210, 22, 47));
  const { value: answer } = await reader.read();
  if (answer?.length !== 1 || answer[0] !== "S".charCodeAt(0)) throw new Error("the server doesn't go over to TLS");
  reader.releaseLock();
  writer.releaseLock();
}

/** A message of the server's: its type and its contents. */
interface Message {
  readonly type: string;
  readonly body: DataView;
}

/** Longer messages than the page has use for are refused. */
const maxMessageLength = 1024 * 1024;

/** A connection that the server has let in. */
export class Postgres {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #received = new Uint8Array(0);

  private constructor({ readable, writable }: ByteStream) {
    this.#reader = readable.getReader();
    this.#writer = writable.getWriter();
  }

  /** @param stream over which TLS is. */
  static async start(stream: ByteStream, user: string, database: string): Promise<Postgres> {
    const postgres = new Postgres(stream);
    const parameters = ["user", user, "database", database, "client_encoding", "UTF8", ""];
    await postgres.#send("", Uint8Array.of(0, 3, 0, 0), ...parameters.map(text));
    await postgres.#untilReady();
    return postgres;
  }

  /** The rows that are answered, each value as text or nothing. */
  async query(sql: string): Promise<readonly (readonly (string | null)[])[]> {
    await this.#send("Q", text(sql));
    return await this.#untilReady();
  }

  async end(): Promise<void> {
    await this.#send("X");
    await this.#writer.close();
    await this.#reader.cancel();
  }

  async #untilReady(): Promise<(string | null)[][]> {
    const rows: (string | null)[][] = [];
    for (;;) {
      const { type, body } = await this.#next();
      if (type === "Z") return rows;
      if (type === "D") rows.push(row(body));
      if (type === "E") throw new Error(reason(body));
      // AuthenticationOk is zero: the certificate is who the user is, and no password is asked for.
      if (type === "R" && body.getInt32(0) !== 0) throw new Error("the server asks for a password");
    }
  }

  async #next(): Promise<Message> {
    const head = await this.#take(5);
    const length = new DataView(head.buffer).getInt32(1) - 4;
    if (length < 0 || length > maxMessageLength) throw new Error(`a message of ${length} bytes`);
    const body = await this.#take(length);
    return { type: String.fromCharCode(head[0] ?? 0), body: new DataView(body.buffer) };
  }

  async #take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const pieces = [this.#received];
    let there = this.#received.length;
    while (there < length) {
      const { value } = await this.#reader.read();
      if (value === undefined) throw new Error("the server has ended the connection");
      pieces.push(Uint8Array.from(value));
      there += value.length;
    }
    const all = joined(pieces);
    this.#received = all.slice(length);
    return all.slice(0, length);
  }

  async #send(type: string, ...parts: readonly Uint8Array[]): Promise<void> {
    const body = joined(parts);
    const head = new Uint8Array(4);
    new DataView(head.buffer).setInt32(0, body.length + 4);
    await this.#writer.write(joined([encoder.encode(type), head, body]));
  }
}

function text(string: string): Uint8Array {
  return encoder.encode(`${string}\0`);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function row(body: DataView): (string | null)[] {
  let at = 2;
  return Array.from({ length: body.getInt16(0) }, () => {
    const length = body.getInt32(at);
    at += 4 + Math.max(length, 0);
    return length < 0 ? null : decoder.decode(new Uint8Array(body.buffer, at - length, length));
  });
}

/** What the server says of a failure: a field for each letter, of which M is the sentence. */
function reason(body: DataView): string {
  const fields = decoder.decode(body).split("\0");
  return fields.find((field) => field.startsWith("M"))?.slice(1) ?? "an error without a sentence";
}
