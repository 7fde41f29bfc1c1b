import { type Protocol, startTlsClient } from "@tlskit/starttls";
import { TlsError } from "@tlskit/wire";
import type { ByteStream } from "./transport.ts";

/**
 * What goes before TLS, in the clear. Afterwards TLS is to begin on the stream, which nobody holds any more.
 * @throws {TlsError} `no_starttls`, `malformed_dialogue`, … as `@tlskit/starttls` has them
 */
export async function startTls(stream: ByteStream, protocol: Protocol, host: string): Promise<void> {
  const reader = stream.readable.getReader();
  const writer = stream.writable.getWriter();
  let outcome: "ready" | TlsError | undefined;
  const dialogue = startTlsClient(
    protocol,
    { host },
    {
      bytes: (bytes) => {
        // If it fails, the end of what is read tells.
        writer.write(bytes).catch(() => {});
      },
      ready: () => {
        outcome = "ready";
      },
      failed: (error) => {
        outcome = error;
      },
    },
  );
  try {
    dialogue.start();
    while (outcome === undefined) {
      const octets = await nextOctets(reader);
      if (octets === undefined) dialogue.receiveEnd();
      else dialogue.receive(octets);
    }
  } finally {
    reader.releaseLock();
    writer.releaseLock();
  }
  if (outcome instanceof TlsError) throw outcome;
}

/** Nothing at the end, of whatever kind it is. */
async function nextOctets(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    const { done, value } = await reader.read();
    return done ? undefined : value;
  } catch {
    return undefined;
  }
}
