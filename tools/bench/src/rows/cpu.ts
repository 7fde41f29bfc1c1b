import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { implementations } from "../implementations.ts";
import { startPeer } from "../peer.ts";
import type { Comparison, Row } from "../row.ts";
import { pour } from "../traffic.ts";

const goals = { openssl: { atMost: 1.1 } } as const;

function direction(
  what: string,
  task: "discard" | "pour",
  /** Lets data flow for so long, and gives the bytes. */
  flow: (socket: Duplex, milliseconds: number) => Promise<number>,
): Comparison {
  return {
    what: `CPU time of a process ${what}, node:tls in another`,
    unit: "s/GB",
    contenders: implementations(goals, async (implementation, { milliseconds }, { ca }) => {
      const accepted = Promise.withResolvers<Duplex>();
      const { port } = await implementation.serve(accepted.resolve);
      startPeer(task, { port, ca });
      const socket = await accepted.promise;
      socket.on("error", () => undefined);
      return async () => {
        const before = process.cpuUsage();
        const bytes = await flow(socket, milliseconds);
        const { user, system } = process.cpuUsage(before);
        return ((user + system) * 1000) / bytes;
      };
    }),
  };
}

export const cpu: Row = {
  about: "What a byte costs the process that sends or receives it.",
  comparisons: [
    direction("that sends", "discard", async (socket, milliseconds) => {
      socket.resume();
      const start = performance.now();
      return pour(socket, Buffer.alloc(65_536, 7), () => performance.now() - start < milliseconds);
    }),
    direction("that receives", "pour", async (socket, milliseconds) => {
      let bytes = 0;
      const count = (data: Uint8Array): void => {
        bytes += data.length;
      };
      socket.on("data", count);
      socket.resume();
      await Promise.all([setTimeout(milliseconds), once(socket, "data")]);
      socket.off("data", count);
      socket.pause();
      return bytes;
    }),
  ],
};
