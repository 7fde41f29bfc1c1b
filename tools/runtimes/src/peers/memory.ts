import type { Wire } from "@tlskit/testing";
import type { StreamPair } from "./web.ts";

/** Bytes that a direction holds before who writes has to wait. */
const capacity = 64 * 1024;

/** Streams in memory, of the runtime's own. */
export function memoryPair(wire: Wire | undefined): StreamPair {
  const failing = new AbortController();
  const [toServer, toClient] = [
    direction(failing.signal, (bytes) => wire?.("client", bytes) ?? bytes),
    direction(failing.signal, (bytes) => wire?.("server", bytes) ?? bytes),
  ];
  return {
    client: { readable: toClient.readable, writable: toServer.writable },
    server: { readable: toServer.readable, writable: toClient.writable },
    cut: () => failing.abort(new Error("the stream was cut off")),
  };
}

function direction(
  failing: AbortSignal,
  change: (bytes: Uint8Array) => Uint8Array,
): { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<Uint8Array> } {
  return new TransformStream<Uint8Array, Uint8Array>(
    {
      start: (controller) => failing.addEventListener("abort", () => controller.error(failing.reason)),
      transform: (bytes, controller) => {
        const changed = change(bytes);
        if (changed.length > 0) controller.enqueue(changed);
      },
    },
    { highWaterMark: capacity, size: (bytes) => bytes.byteLength },
    { highWaterMark: capacity, size: (bytes) => bytes.byteLength },
  );
}
