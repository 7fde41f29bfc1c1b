#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { KeyServerEvent } from "@tlskit/keyless";
import { TlsError } from "@tlskit/wire";
import { type VerifiedChain, X509Error } from "@tlskit/x509";
import { readConfiguration } from "./configuration.ts";
import { KeyListener } from "./key-listener.ts";

const help = `tlskit-keyless CONFIGURATION.json

Serves private keys to TLS servers that haven't got them: signs their handshakes, and nothing else, over mutual TLS.

  --check      reads the configuration and the files that it names, says what is wrong, and ends
  --help       this
  --version

The configuration has port, host, cert, key, ca (files in PEM: the server's own certificate with its chain, its key, the
authorities of clients), and keys: by name, { key, clients, algorithms, forms }, where clients are DNS names or URIs of
certificates, or "sha256:" and the hash of a public key. Also maxConnections, maxConnectionAge, maxRequestsInFlight,
maxSignaturesPending, signatureTimeout; times in milliseconds.

What happens is told on standard output, an object in JSON a line. SIGTERM and SIGINT end it.
`;

/** A line for who runs it: nothing of it is secret. */
function log(entry: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`);
}

function told({ type, client, key, algorithm, form, reason, cause }: KeyServerEvent<VerifiedChain>): void {
  const names = client.leaf.subjectAlternativeName?.dnsNames.join(",");
  const why = cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {};
  log({ event: type, key, client: names || client.leaf.subject.toString(), algorithm, form, reason, ...why });
}

function failed(error: Error, address: string | undefined): void {
  const code = "code" in error ? error.code : undefined;
  log({ event: "connection_failed", address, code, message: error.message });
}

async function serve(path: string, checkOnly: boolean): Promise<void> {
  const { port, host, options } = readConfiguration(path);
  const listener = new KeyListener({ ...options, told, failed });
  if (checkOnly) return;
  const { address, port: listening } = await listener.listen(port, host);
  log({ event: "listening", address, port: listening });
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log({ event: "ending", signal });
      void listener.close();
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

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" }, version: { type: "boolean" } },
  });
  const [path] = positionals;
  if (values.help === true) process.stdout.write(help);
  else if (values.version === true) process.stdout.write(`${version()}\n`);
  else if (path !== undefined && positionals.length === 1) await serve(path, values.check === true);
  else {
    process.stderr.write("tlskit-keyless takes one configuration file.\nTry tlskit-keyless --help.\n");
    process.exitCode = 2;
  }
} catch (error) {
  if (!isUsage(error)) throw error;
  process.stderr.write(`tlskit-keyless: ${error.message}\nTry tlskit-keyless --help.\n`);
  process.exitCode = 2;
}
