import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { SecureVersion } from "node:tls";

/** A certificate with its key. */
export interface Shown {
  readonly cert: string;
  readonly key: string;
}

/** What a server is told: its certificate, others that it shouldn't have, and whose clients it knows. */
export interface ServerInput extends Shown {
  readonly expired: Shown;
  readonly misnamed: Shown;
  readonly clients: string;
}

/** Where a server is: by node:https, with HTTP/1.1 alone, and by node:http2. Clients may show certificates. */
export interface ServerPorts {
  readonly https: number;
  readonly http2: number;
}

/** Where `web-server.ts` is besides: all speak HTTP/2 and HTTP/1.1. */
export interface WebPorts extends ServerPorts {
  readonly expired: number;
  readonly misnamed: number;
  /** Demands certificates of clients. */
  readonly demanding: number;
}

/** What a client is told. */
export interface WebClientInput {
  readonly ports: WebPorts;
  /** Where an nginx is that it talks to instead. */
  readonly nginx: number | undefined;
  readonly ca: string;
  /** Of others. */
  readonly otherCa: string;
  readonly alice: Shown;
}

/** What a client says of TLS. */
export interface Trust {
  readonly ca: string;
  readonly minVersion: SecureVersion;
  readonly maxVersion: SecureVersion;
  readonly cert?: string;
  readonly key?: string;
}

/** As many bytes, in pieces, of which each is told of as it is asked for. */
export function bytes(length: number, taken?: (length: number) => void): Readable {
  return Readable.from(
    (function* () {
      for (let left = length; left > 0; left -= piece.length) {
        const next = piece.subarray(0, left);
        taken?.(next.length);
        yield next;
      }
    })(),
    { highWaterMark: 1 },
  );
}

const piece = Buffer.from("0123456789abcdef".repeat(4096));

/** Length and digest of everything that a stream gives. */
export async function digest(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    hash.update(chunk);
  }
  return `${length} ${hash.digest("hex")}`;
}
