import type { ByteStream, Endpoint, Transport } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import { OctetQueue } from "../pretended/octet-queue.ts";
import { PretendedServer } from "../pretended/pretended-server.ts";
import { receiveHello } from "../pretended/received-hello.ts";
import type { ScannedServer } from "../scanned-server.ts";
import { node } from "./in-process.ts";
import { sound } from "./pretended.ts";

/**
 * A server with Ticketbleed: Node's, which gives tickets, but for hellos with a session identifier of one octet, which one
 * that pretends to have the flaw answers.
 */
export const ticketbleedServer: ScannedServer = {
  ...node("behind an F5 with Ticketbleed", ["ticketbleed", "tls1.3-not-spoken"], {
    options: { maxVersion: "TLSv1.2" },
  }),
  checks: ["flaws"],
  start: async () => {
    const running = await node("", [], { options: { maxVersion: "TLSv1.2" } }).start();
    return { ...running, transport: frontTransport(running.target.port) };
  },
};

const leaking = new PretendedServer({ ...sound, flaws: { ticketbleed: true } });

function frontTransport(port: number): Transport {
  return {
    connect: (_to, signal) => {
      const fromClient = new TransformStream<Uint8Array, Uint8Array>();
      const toClient = new TransformStream<Uint8Array, Uint8Array>();
      const back = { host: "127.0.0.1", port };
      // Whoever is in front sees what comes of it.
      void passOn({ readable: fromClient.readable, writable: toClient.writable }, back, signal).catch(() => undefined);
      return Promise.resolve({ readable: toClient.readable, writable: fromClient.writable });
    },
  };
}

async function passOn({ readable, writable }: ByteStream, back: Endpoint, signal: AbortSignal): Promise<void> {
  const [peeked, whole] = readable.tee();
  const hello = await receiveHello(new OctetQueue(peeked)).catch(() => undefined);
  if (hello !== undefined && "sessionId" in hello && hello.sessionId.length === 1) {
    await leaking.serve({ readable: whole, writable });
    return;
  }
  const server = await nodeTransport().connect(back, signal);
  await Promise.all([whole.pipeTo(server.writable), server.readable.pipeTo(writable)]);
}
