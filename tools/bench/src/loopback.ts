import { once } from "node:events";
import type { Duplex } from "node:stream";
import type { Implementation } from "./implementation.ts";
import { perSecond } from "./stopwatch.ts";

/** Full handshakes a second, one after the other, both ends in this process. */
export async function handshakesPerSecond(implementation: Implementation, milliseconds: number): Promise<number> {
  const server = await implementation.serve((socket) => discard(socket));
  try {
    return await perSecond(async () => {
      const socket = await implementation.connect(server.port);
      socket.on("error", () => undefined);
      socket.destroy();
    }, milliseconds);
  } finally {
    server.close();
  }
}

/** MB/s from the server to the client, both ends in this process. */
export async function megabytesPerSecond(implementation: Implementation, megabytes: number): Promise<number> {
  const chunk = Buffer.alloc(1_000_000, 7);
  const server = await implementation.serve((socket) => void pour(socket, chunk, megabytes));
  try {
    const socket = await implementation.connect(server.port);
    const start = performance.now();
    let received = 0;
    socket.on("data", (data: Uint8Array) => {
      received += data.length;
    });
    await once(socket, "end");
    const seconds = (performance.now() - start) / 1000;
    socket.destroy();
    if (received !== megabytes * chunk.length) throw new Error(`${received} bytes of ${megabytes * chunk.length} came`);
    return megabytes / seconds;
  } finally {
    server.close();
  }
}

async function pour(socket: Duplex, chunk: Buffer, times: number): Promise<void> {
  discard(socket);
  for (let i = 0; i < times; i += 1) if (!socket.write(chunk)) await once(socket, "drain");
  socket.end();
}

/** A peer that goes away in the middle is no news here. */
function discard(socket: Duplex): void {
  socket.on("error", () => undefined);
  socket.resume();
}
