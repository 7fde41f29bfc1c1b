/**
 * Scans by TCP, in Node, Deno and Bun.
 * @module
 */
import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import { nodeProvider } from "@tlskit/crypto-node";
import { mozillaRoots } from "@tlskit/roots";
import { TlsError } from "@tlskit/wire";
import type { ScanOptions } from "./scan.ts";
import type { ByteStream, Transport } from "./transport.ts";

/** What a scan needs: TCP, the runtime's cryptography, and the roots that browsers trust. */
export function nodeOptions(): Pick<ScanOptions, "transport" | "provider" | "anchors"> {
  return { transport: nodeTransport(), provider: nodeProvider, anchors: mozillaRoots() };
}

/** Connections by TCP, and names by the system's resolver. */
export function nodeTransport(): Transport {
  return {
    connect: async ({ host, port }, signal) => streamOf(await connected(host, port, signal)),
    resolve: async (host) => {
      try {
        return (await lookup(host, { all: true })).map(({ address }) => address);
      } catch (error) {
        throw asTlsError(error);
      }
    },
  };
}

/** A connection, which the signal ends. */
function connected(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    // The bytes are read when somebody wants them.
    socket.pause();
    const end = (): void => void socket.destroy();
    signal.addEventListener("abort", end);
    socket.once("close", () => {
      signal.removeEventListener("abort", end);
      // Nothing happens if it was connected.
      reject(signal.aborted ? signal.reason : asTlsError(undefined));
    });
    socket.once("error", (error) => reject(asTlsError(error)));
    socket.once("connect", () => resolve(socket));
  });
}

/** What the system says, and what it is called here. */
const failures: Readonly<Record<string, readonly [code: string, reason: string]>> = {
  ECONNREFUSED: ["refused", "nobody takes connections there"],
  ECONNRESET: ["reset", "the connection was reset before it was there"],
  ENOTFOUND: ["no_address", "the name has no address"],
  ENODATA: ["no_address", "the name has no address"],
  EAI_AGAIN: ["no_address", "no name server says what the name's address is"],
  EHOSTUNREACH: ["unreachable", "there is no way to the host"],
  ENETUNREACH: ["unreachable", "there is no way to the network"],
  ETIMEDOUT: ["unreachable", "the host doesn't answer"],
};

function asTlsError(cause: unknown): TlsError {
  const own = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const [code, reason] = failures[own] ?? [
    "unreachable",
    own === "" ? "there is no connection" : `there is no connection (${own})`,
  ];
  return new TlsError("truncation", code, reason, { cause });
}

/** A socket as a stream of the web's, which holds no more than it was read of. */
function streamOf(socket: Socket): ByteStream {
  const readable = new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        let over = false;
        socket.on("data", (chunk: Uint8Array) => {
          controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
          if ((controller.desiredSize ?? 0) <= 0) socket.pause();
        });
        socket.once("end", () => {
          if (!over) controller.close();
          over = true;
        });
        socket.on("error", (error) => {
          if (!over) controller.error(asTlsError(error));
          over = true;
        });
        socket.once("close", () => {
          if (!over) controller.error(asTlsError(undefined));
          over = true;
        });
        socket.pause();
      },
      pull: () => void socket.resume(),
      cancel: () => void socket.destroy(),
    },
    { highWaterMark: 0 },
  );
  const writable = new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        socket.write(chunk, (error) => (error ? reject(asTlsError(error)) : resolve()));
      }),
    close: () => new Promise((resolve) => void socket.end(() => resolve())),
    abort: () => void socket.destroy(),
  });
  return { readable, writable };
}
