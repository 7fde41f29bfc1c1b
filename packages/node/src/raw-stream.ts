import type { OnReadOpts, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { callerError } from "@tlskit/tls";
import { bytesReadAtOnce, lingerTime, maxLingerBytes } from "./limits.ts";

/** What a connection runs over: any Duplex. What else a socket of `node:net` has is used where it is there. */
export type RawStream = Duplex &
  Partial<
    Pick<
      Socket,
      | "address"
      | "connecting"
      | "getTypeOfService"
      | "localAddress"
      | "localFamily"
      | "localPort"
      | "pending"
      | "ref"
      | "remoteAddress"
      | "remoteFamily"
      | "remotePort"
      | "resetAndDestroy"
      | "setKeepAlive"
      | "setNoDelay"
      | "setTypeOfService"
      | "unref"
    >
  >;

/**
 * Has a raw stream give bytes again, one that gives texts because a protocol of lines was spoken before (STARTTLS).
 * Latin-1 has a character for each byte.
 * @throws {TlsError} `raw_encoding` (the caller's fault) if some of what is TLS's has been made text already
 */
export function readBytesOf(raw: Duplex): void {
  if (raw.readableEncoding === null || raw.readableEncoding === "latin1") return;
  if (raw.readableLength > 0) {
    throw callerError(
      "raw_encoding",
      `the raw stream has made texts of bytes that are to be read, since setEncoding(${JSON.stringify(raw.readableEncoding)}) was called`,
    );
  }
  raw.setEncoding("latin1");
}

/** The bytes of a chunk; nothing for a text in another encoding than {@link readBytesOf} set. */
export function rawBytes(raw: Duplex, chunk: unknown): Uint8Array | undefined {
  const bytes = typeof chunk === "string" && raw.readableEncoding === "latin1" ? Buffer.from(chunk, "latin1") : chunk;
  // Not as a Buffer, whose `slice` is not a Uint8Array's.
  return bytes instanceof Uint8Array ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) : undefined;
}

/**
 * Has a raw stream tell that the peer has gone only when what came from it before has been read: a write learns of it
 * first, and a stream that is destroyed for it gives nothing any more, not even the alert that says why.
 */
export function failAfterReading(raw: Duplex): void {
  const { _write, _writev } = raw;
  raw._write = (chunk, encoding, written) => _write.call(raw, chunk, encoding, (error) => failed(raw, written, error));
  if (typeof _writev === "function") {
    raw._writev = (chunks, written) => _writev.call(raw, chunks, (error) => failed(raw, written, error));
  }
}

/** What the system says of a write to a peer that has closed the connection. */
const peerIsGone: ReadonlySet<unknown> = new Set(["ECONNABORTED", "ECONNRESET", "EPIPE"]);

function failed(
  raw: Duplex,
  written: (error?: Error | null) => void,
  error: NodeJS.ErrnoException | null = null,
): void {
  if (!peerIsGone.has(error?.code) || raw.readableEnded || raw.destroyed) {
    written(error);
    return;
  }
  const allRead = (): void => {
    clearTimeout(timer);
    raw.off("end", allRead);
    raw.off("close", allRead);
    written(error);
  };
  const timer = setTimeout(allRead, lingerTime).unref();
  raw.prependListener("end", allRead);
  raw.prependListener("close", allRead);
}

/**
 * How the bytes of a socket of our own come: in memory that the system reads into again and again. A stream has new
 * memory for each read, and collecting that takes as long as TLS.
 */
export class SharedReading {
  /** Gets the bytes, and has done with them when it returns. */
  take: (bytes: Uint8Array) => void = () => {};

  /** What `net.connect` is told. */
  readonly onread: OnReadOpts = {
    buffer: sharedMemory,
    callback: (length) => {
      this.take(new Uint8Array(sharedMemory.buffer, 0, length));
      return true;
    },
  };
}

/** Nothing where a socket is read ahead of its turn (Windows), or that isn't known. */
export function sharedReading(): SharedReading | undefined {
  return sharedMemory.length > 0 ? new SharedReading() : undefined;
}

const { platform, versions } = process;
const isShared = platform !== "win32" && versions["bun"] === undefined && versions["deno"] === undefined;
const sharedMemory = new Uint8Array(isShared ? bytesReadAtOnce : 0);

/**
 * Lets a raw stream, which whoever writes to it last also ends, live until the peer has got that: waits, within limits,
 * for the peer to hang up, and throws away what still comes.
 */
export function linger(raw: Duplex, reading: SharedReading | undefined): void {
  if (raw.destroyed) return;
  let discarded = 0;
  const timer = setTimeout(() => raw.destroy(), lingerTime).unref();
  // What happens to it now is nobody's affair: whoever listens to it still, from before TLS, would take it for news.
  const destroy = raw._destroy;
  raw._destroy = (_error, done) => destroy.call(raw, null, () => done(null));
  const discard = (bytes: Uint8Array): void => {
    discarded += bytes.length;
    if (discarded > maxLingerBytes) raw.destroy();
  };
  if (reading === undefined) raw.on("data", discard);
  else reading.take = discard;
  raw.once("close", () => clearTimeout(timer));
  // A stream that doesn't destroy itself at its end is destroyed here.
  const done = (): void => {
    if (raw.readableEnded && raw.writableFinished) raw.destroy();
  };
  raw.once("end", done);
  raw.once("finish", done);
  raw.resume();
  done();
}
