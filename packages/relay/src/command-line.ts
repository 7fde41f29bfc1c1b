import { readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { callerError, TlsError } from "@tlskit/wire";
import { maxFileLength } from "./limits.ts";
import type { RelayOptions } from "./relay.ts";

export const help = `tlskit-relay --target HOST:PORT --origin https://SITE [options]

Connects pages to TCP: a WebSocket to /HOST:PORT becomes a connection to that target, if it is named here, and if the page
is of a site that is named here. Nothing else is allowed. What goes over it is to be TLS between page and target.

  --target HOST:PORT        a target, [ADDRESS]:PORT for IPv6; may be given again
  --origin ORIGIN           a site whose pages may connect, as https://app.example; may be given again
  --allow-without-origin    lets programs connect that name no site, which no browser is
  --port PORT               8080 unless told otherwise; 0 for any that is free
  --host ADDRESS            127.0.0.1 unless told otherwise
  --cert FILE --key FILE    a certificate with its chain and its key, in PEM: for wss
  --max-connections N       256 unless told otherwise
  --idle-timeout MS         milliseconds in which no byte goes either way: 600000 unless told otherwise
  --connect-timeout MS      milliseconds to connect to a target: 10000 unless told otherwise
  --max-message-length N    bytes of one message: 262144 unless told otherwise
  --max-waiting N           bytes from a page that wait for its target: 262144 unless told otherwise
  --help                    this
  --version

What happens is told on standard output, an object in JSON a line; nothing of what goes over a connection is. SIGTERM and
SIGINT end it.
`;

/** What a command line asks for. */
export interface CommandLine {
  readonly port: number;
  readonly host: string;
  readonly options: RelayOptions;
}

/**
 * Reads a command line, and the files that it names.
 * @throws {TlsError} of the kind `caller`, and what `parseArgs` throws
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: "string", multiple: true },
      origin: { type: "string", multiple: true },
      "allow-without-origin": { type: "boolean" },
      port: { type: "string" },
      host: { type: "string" },
      cert: { type: "string" },
      key: { type: "string" },
      "max-connections": { type: "string" },
      "idle-timeout": { type: "string" },
      "connect-timeout": { type: "string" },
      "max-message-length": { type: "string" },
      "max-waiting": { type: "string" },
    },
  });
  const { target: targets = [], origin: origins = [], "allow-without-origin": allowWithoutOrigin, cert, key } = values;
  if (targets.length === 0) throw callerError("no_targets", "no --target is given: nobody could be connected to");
  if (origins.length === 0 && allowWithoutOrigin !== true) {
    throw callerError("no_origins", "no --origin is given: nobody could connect");
  }
  const number = (name: Exclude<keyof typeof values, "target" | "origin" | "allow-without-origin">) =>
    values[name] === undefined ? undefined : wholeNumber(name, values[name]);
  return {
    port: number("port") ?? 8080,
    host: values.host ?? "127.0.0.1",
    options: {
      targets,
      origins,
      allowWithoutOrigin,
      cert: cert === undefined ? undefined : fileText(cert),
      key: key === undefined ? undefined : fileText(key),
      maxConnections: number("max-connections"),
      idleTimeout: number("idle-timeout"),
      connectTimeout: number("connect-timeout"),
      maxMessageLength: number("max-message-length"),
      maxWaiting: number("max-waiting"),
    },
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw callerError("invalid_number", `--${name} is ${text}, not a whole number`);
  return Number(text);
}

function fileText(path: string): string {
  try {
    if (statSync(path).size > maxFileLength) throw callerError("file_too_long", `${path} has more than 1 MiB`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof TlsError || !(error instanceof Error)) throw error;
    throw callerError("unreadable_file", `${path} can't be read: ${error.message}`);
  }
}
