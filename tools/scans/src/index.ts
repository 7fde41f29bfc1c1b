/** Servers made to have each finding of tlskit scan, and what testssl.sh and sslyze say of the same ones. */
export type { RunningServer, ScannedServer } from "./scanned-server.ts";
