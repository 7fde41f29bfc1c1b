import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { ScanTarget } from "@tlskit/scan";
import { type Protocol, protocols } from "@tlskit/starttls";
import { referenceIdentity, X509Error } from "@tlskit/x509";
import { defaultPort, splitEndpoint } from "../endpoint.ts";
import { UsageError } from "../usage.ts";

/** Where the command line has its targets. */
export interface TargetOptions {
  readonly targets: readonly string[];
  readonly file?: readonly string[] | undefined;
  readonly starttls?: string | undefined;
  readonly address?: string | undefined;
  readonly all?: boolean | undefined;
}

/**
 * What is to be scanned, each target once, in the order of the command line, those of files behind the others.
 * @throws {UsageError}
 */
export function targetsOf({ targets, file = [], starttls, address, all }: TargetOptions): readonly ScanTarget[] {
  if (address !== undefined && isIP(address) === 0) {
    throw new UsageError(`--address takes an IP address: ${JSON.stringify(address)}`);
  }
  if (address !== undefined && all === true) throw new UsageError("--address says which, and --all says all of them");
  const rest = { address, startTls: starttls === undefined ? undefined : protocolNamed(starttls) };
  const found = [...targets.map((text) => targetIn(text, rest)), ...file.flatMap((path) => targetsInFile(path, rest))];
  if (found.length === 0) throw new UsageError("scan takes HOST[:PORT], one or more, or --file");
  const once = new Map<string, ScanTarget>();
  for (const target of found) {
    const key = `${target.host.toLowerCase()} ${target.port} ${target.startTls?.name}`;
    if (!once.has(key)) once.set(key, target);
  }
  return [...once.values()];
}

type Rest = Pick<ScanTarget, "address" | "startTls">;

function targetIn(text: string, rest: Rest): ScanTarget {
  const { host, port } = splitEndpoint(text);
  const name = asciiName(host);
  try {
    referenceIdentity(name);
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(`not a host: ${JSON.stringify(host)}`);
    throw error;
  }
  if (port === 0) throw new UsageError(`nothing listens on port 0: ${JSON.stringify(text)}`);
  return { host: name, port: port ?? rest.startTls?.port ?? defaultPort, ...rest };
}

/** Names in other scripts than Latin are written in ASCII where they are asked for (RFC 5891). */
function asciiName(host: string): string {
  const isAscii = [...host].every((character) => character <= "\x7f");
  return isAscii ? host : domainToASCII(host);
}

/** A line each: `HOST[:PORT] [PROTOCOL]`; what is behind `#` is for people. */
function targetsInFile(path: string, rest: Rest): readonly ScanTarget[] {
  const place = path === "-" ? "standard input" : path;
  return textOf(path)
    .split("\n")
    .flatMap((line, at) => {
      const [endpoint, protocol, ...others] = line.replace(/#.*/, "").trim().split(/\s+/);
      if (endpoint === undefined || endpoint === "") return [];
      try {
        if (others.length > 0) throw new UsageError(`too much in a line: ${JSON.stringify(others.join(" "))}`);
        return [targetIn(endpoint, protocol === undefined ? rest : { ...rest, startTls: protocolNamed(protocol) })];
      } catch (error) {
        if (error instanceof UsageError) throw new UsageError(`${place}, line ${at + 1}: ${error.message}`);
        throw error;
      }
    });
}

function textOf(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

function protocolNamed(name: string): Protocol {
  const found = protocols.find((protocol) => protocol.name === name);
  if (found !== undefined) return found;
  const names = protocols.map((protocol) => protocol.name).join(", ");
  throw new UsageError(`no protocol ${JSON.stringify(name)}; there are ${names}`);
}
