import type { Wire } from "@tlskit/testing";
import { messagePortStream } from "@tlskit/web";
import type { StreamPair } from "./web.ts";

/** Two ends with a port each, whose other ports are joined in the middle: so they are cut off as by a page that goes away. */
export function portPair(wire: Wire | undefined): StreamPair {
  const [atClient, atServer] = [new MessageChannel(), new MessageChannel()];
  join(atClient.port2, atServer.port2, (bytes) => wire?.("client", bytes) ?? bytes);
  join(atServer.port2, atClient.port2, (bytes) => wire?.("server", bytes) ?? bytes);
  return {
    client: messagePortStream(atClient.port1),
    server: messagePortStream(atServer.port1),
    cut: () => {
      atClient.port2.close();
      atServer.port2.close();
    },
  };
}

function join(from: MessagePort, to: MessagePort, change: (bytes: Uint8Array) => Uint8Array): void {
  from.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    to.postMessage(data instanceof Uint8Array ? change(data) : data);
  });
  from.addEventListener("close", () => to.close());
  from.start();
}
