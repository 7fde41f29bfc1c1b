/**
 * The other end of a connection, by `node:tls`, in a process of its own: `peer-process.ts TASK`. Gets a port to connect
 * to, with the CA; then does its task until the connection ends.
 */
import { connect, type TLSSocket } from "node:tls";
import { discard, pour } from "./traffic.ts";

const request = Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

/** What a peer does on each of its connections. */
interface PeerTask {
  readonly connections: number;
  run(socket: TLSSocket): void;
}

export type PeerTaskName = "discard" | "pour" | "ask";

const tasks: Readonly<Record<PeerTaskName, PeerTask>> = {
  /** Reads all that comes. */
  discard: { connections: 1, run: discard },
  /** Writes as much as is taken. */
  pour: {
    connections: 1,
    run(socket) {
      discard(socket);
      void pour(socket, Buffer.alloc(65_536, 7), () => !socket.destroyed);
    },
  },
  /** Asks again as soon as an answer is there. It looks at its end alone, so that the server is what is measured. */
  ask: {
    connections: 8,
    run(socket) {
      socket.on("error", () => undefined);
      let tail = "";
      socket.on("data", (data: Buffer) => {
        tail = (tail + data.toString("latin1")).slice(-answerEnd.length);
        if (tail === answerEnd) socket.write(request);
      });
      socket.write(request);
    },
  },
};

/** How every answer that `ask` gets ends. */
export const answerEnd = "\n.\n";

/** @internal What a peer is told. */
export interface PeerTarget {
  readonly port: number;
  readonly ca: string;
}

// Whoever asks for an answer's end imports this too.
if (process.argv[1] === import.meta.filename) {
  // What starts it gives one of these names.
  const { connections, run } = tasks[process.argv[2] as PeerTaskName];
  process.once("message", ({ port, ca }: PeerTarget) => {
    for (let i = 0; i < connections; i += 1) {
      const socket = connect({ host: "127.0.0.1", port, servername: "localhost", ca, minVersion: "TLSv1.3" }, () =>
        run(socket),
      );
    }
  });
  process.once("disconnect", () => process.exit());
}
