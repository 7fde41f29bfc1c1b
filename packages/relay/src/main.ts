#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { TlsError } from "@tlskit/wire";
import { X509Error } from "@tlskit/x509";
import { help, readCommandLine } from "./command-line.ts";
import { Relay } from "./relay.ts";

/** A line for who runs it: nothing of what goes over a connection is in it. */
function log(entry: object): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
}

async function serve(args: readonly string[]): Promise<void> {
  const { port, host, options } = readCommandLine(args);
  const relay = new Relay({ ...options, told: ({ type, ...about }) => log({ event: type, ...about }) });
  const { address, port: listening } = await relay.listen(port, host);
  log({ event: "listening", address, port: listening });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log({ event: "ending", signal });
      void relay.close();
    });
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "?";
}

/** Whether it is for who runs it to mend. */
function isUsage(error: unknown): error is Error {
  if (error instanceof TlsError) return error.kind === "caller";
  if (error instanceof X509Error) return true;
  return error instanceof Error && "code" in error && /^E[A-Z]+$|^ERR_PARSE_ARGS|^ERR_SOCKET/.test(String(error.code));
}

const args = process.argv.slice(2);
try {
  if (args.includes("--help") || args.includes("-h")) process.stdout.write(help);
  else if (args.includes("--version")) process.stdout.write(`${version()}\n`);
  else await serve(args);
} catch (error) {
  if (!isUsage(error)) throw error;
  process.stderr.write(`tlskit-relay: ${error.message}\nTry tlskit-relay --help.\n`);
  process.exitCode = 2;
}
