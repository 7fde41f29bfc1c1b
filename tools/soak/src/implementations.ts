import type { Server, Socket } from "node:net";
import * as node from "@tlskit/node";
import * as nodeTls from "@tlskit/node/tls";

export type Version = "TLSv1.3" | "TLSv1.2";

/** What is under test, in the words that all of it understands. */
export interface Implementation {
  connect(options: ClientSettings): Socket;
  /** Events besides a `net.Server`'s: `secureConnection` and `tlsClientError`. */
  createServer(options: ServerSettings): Server;
}

export interface ClientSettings {
  readonly host: string;
  readonly port: number;
  readonly servername: string;
  readonly ca: string;
  readonly minVersion: Version;
  readonly maxVersion: Version;
  readonly handshakeTimeout: number;
}

export interface ServerSettings {
  readonly cert: string;
  readonly key: string;
  readonly handshakeTimeout: number;
}

export const implementationNames = ["@tlskit/node", "@tlskit/node/tls"] as const;
export type ImplementationName = (typeof implementationNames)[number];

/** By the names of their modules. */
export const implementations: Readonly<Record<ImplementationName, Implementation>> = {
  "@tlskit/node": node,
  "@tlskit/node/tls": {
    createServer: nodeTls.createServer,
    connect({ handshakeTimeout, ...options }) {
      const socket = nodeTls.connect(options);
      // node:tls knows no time for a client's handshake: its programs have timers of their own.
      const timer = setTimeout(() => {
        socket.destroy(Object.assign(new Error("the program's own time is over"), { code: "handshake_timeout" }));
      }, handshakeTimeout);
      for (const event of ["secureConnect", "close"]) socket.once(event, () => clearTimeout(timer));
      return socket;
    },
  },
};
