import type { RequestListener, ServerOptions } from "node:http";
import * as https from "node:https";
import { createHttpsServer, type HttpsServer } from "../../src/index.ts";
import { pem } from "./world.ts";

const identity = { cert: pem.cert, key: pem.key };

/** A server for HTTPS by whomever. */
export type MakeServer = (options: ServerOptions, listener?: RequestListener) => https.Server | HttpsServer;

/** Whose server a scenario runs over: Node's own shows what is usual. */
export const httpsServers: readonly (readonly [string, MakeServer])[] = [
  [
    "node:https",
    (options, listener) => https.createServer({ ...options, ...identity, minVersion: "TLSv1.3" }, listener),
  ],
  ["ours", (options, listener) => createHttpsServer({ ...options, ...identity }, listener)],
];
