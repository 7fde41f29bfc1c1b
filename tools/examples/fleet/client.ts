/** Says hello to a fleet, again and again, early where it may: `node client.ts HOST PORT CA-FILE`, and a line for each time. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { connect } from "@tlskit/node";
import { MemorySessionStore } from "@tlskit/sessions";

const [host = "", port, ca = ""] = process.argv.slice(2);
const anchors = readFileSync(ca);
const sessions = new MemorySessionStore({ clock: Date.now });
console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  let early = "not sent";
  const socket = connect({
    host,
    port: Number(port),
    ca: anchors,
    sessions,
    earlyData: {
      replayable: Buffer.from("hello"),
      outcome: (outcome, data) => {
        early = outcome;
        if (outcome !== "accepted") socket.write(data); // the handshake is done: now it can't be sent again by others
      },
    },
  });
  const [answer] = await once(socket, "data");
  // The server's tickets come behind its handshake, and in front of the end that it is asked for.
  socket.end();
  socket.resume();
  await once(socket, "close");
  const server = /from (\d+)/.exec(String(answer))?.[1];
  console.log(JSON.stringify({ server: Number(server), resumed: socket.isSessionReused(), early }));
}
