import type { Wire } from "@tlskit/testing";
import type { StreamPair } from "./web.ts";

/** Streams with a wire between them that changes what comes. */
export function wired({ client, server, cut }: StreamPair, wire: Wire): StreamPair {
  return {
    client: {
      readable: client.readable.pipeThrough(changing((bytes) => wire("server", bytes))),
      writable: client.writable,
    },
    server: {
      readable: server.readable.pipeThrough(changing((bytes) => wire("client", bytes))),
      writable: server.writable,
    },
    cut,
  };
}

function changing(change: (bytes: Uint8Array) => Uint8Array): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform: (bytes, controller) => {
      const changed = change(bytes);
      if (changed.length > 0) controller.enqueue(changed);
    },
  });
}
