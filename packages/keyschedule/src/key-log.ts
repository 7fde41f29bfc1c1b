import { toHex } from "@tlskit/wire";
import { anyOf, aString, bytes, checkArguments, instanceOf } from "@tlskit/wire/arguments";
import { keyLogLimits } from "./limits.ts";
import { Exporter, type ExporterKind, TrafficSecret, type TrafficSecretKind } from "./traffic-secret.ts";

/** The labels of the NSS key log format (RFC 9850 §2.1); those that end in `_` go on with the generation. */
const labels: Readonly<Record<TrafficSecretKind, string>> = {
  "client early": "CLIENT_EARLY_TRAFFIC_SECRET",
  "client handshake": "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
  "server handshake": "SERVER_HANDSHAKE_TRAFFIC_SECRET",
  "client application": "CLIENT_TRAFFIC_SECRET_",
  "server application": "SERVER_TRAFFIC_SECRET_",
};
const exporterLabels: Readonly<Record<ExporterKind, string>> = {
  exporter: "EXPORTER_SECRET",
  "early exporter": "EARLY_EXPORTER_SECRET",
};

const isSecret = instanceOf(TrafficSecret, "@tlskit/keyschedule");
const isExporter = instanceOf(Exporter, "@tlskit/keyschedule");

/**
 * A line, without its end, of a key log (`SSLKEYLOGFILE`, RFC 9850), with which Wireshark and others read the traffic.
 * @param clientRandom of the (first) ClientHello: 32 bytes.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function keyLogLine(secret: TrafficSecret | Exporter, clientRandom: Uint8Array): string {
  checkArguments(
    { secret, clientRandom },
    { secret: anyOf("a TrafficSecret or an Exporter", isSecret, isExporter), clientRandom: bytes },
  );
  return `${labelOf(secret)} ${toHex(clientRandom)} ${toHex(secret.dangerouslyExpose())}`;
}

function labelOf(secret: TrafficSecret | Exporter): string {
  if (secret instanceof Exporter) return exporterLabels[secret.kind];
  const label = labels[secret.kind];
  return label.endsWith("_") ? `${label}${secret.generation}` : label;
}

/** What a line of a key log says that is neither empty nor a comment. */
export type KeyLogEntry =
  /** A secret that protects traffic: `new TrafficSecret(kind, hash, secret, generation)`, the hash being the cipher suite's. */
  | (KeyLogSecret & {
      readonly type: "traffic";
      readonly kind: TrafficSecretKind;
      /** 0, and one more after each KeyUpdate. */
      readonly generation: number;
    })
  /** The secret of a `new Exporter(hash, secret, kind)`. */
  | (KeyLogSecret & { readonly type: "exporter"; readonly kind: ExporterKind })
  /** The main secret of a connection by TLS 1.2 or earlier (`CLIENT_RANDOM`): that of a `new MainSecret(prf, secret, …)`. */
  | (KeyLogSecret & { readonly type: "main" })
  /** A line of the right form whose label means nothing here. */
  | (KeyLogSecret & { readonly type: "other" })
  /** What is no line of a key log, and why. Such is the last one of a log that is still being written. */
  | { readonly type: "malformed"; readonly line: number; readonly reason: string };

/** A secret in a key log, and whose. */
export interface KeyLogSecret {
  /** The number of the line, from 1. */
  readonly line: number;
  readonly label: string;
  /** Of the (first) ClientHello: 32 bytes. */
  readonly clientRandom: Uint8Array;
  readonly secret: Uint8Array;
}

/**
 * Reads a key log (RFC 9850 §2), line by line as its entries are asked for: a log of any size takes the memory of one
 * line. Empty lines and comments are passed over; a line that makes no sense is told of, and the next one is read.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function* parseKeyLog(text: string): Generator<KeyLogEntry, void, undefined> {
  checkArguments({ text }, { text: aString });
  for (let start = 0, line = 1; start < text.length; line += 1) {
    // RFC 9850 §2: a line ends with LF, CR LF or CR.
    lineEnd.lastIndex = start;
    const end = lineEnd.exec(text);
    const to = end?.index ?? text.length;
    if (to > start && text[start] !== "#") yield parseLine(text, start, to, line);
    start = to + (end?.[0].length ?? 0);
  }
}

const lineEnd = /\r\n|\n|\r/g;
const form = /^([\x21-\x7e]+) ([0-9a-f]{64}) ((?:[0-9a-f]{2})+)$/i;

function parseLine(text: string, start: number, end: number, line: number): KeyLogEntry {
  if (end - start > keyLogLimits.line) {
    return { type: "malformed", line, reason: `it has more than ${keyLogLimits.line} characters` };
  }
  // The text of a malformed line is not told: there may be a secret in it.
  const [, label, random, secret] = form.exec(text.slice(start, end)) ?? [];
  if (label === undefined || random === undefined || secret === undefined) {
    return { type: "malformed", line, reason: "it isn't a label, 32 bytes of client random and a secret" };
  }
  return { line, label, clientRandom: bytesOf(random), secret: bytesOf(secret), ...meaningOf(label) };
}

function meaningOf(
  label: string,
):
  | { readonly type: "traffic"; readonly kind: TrafficSecretKind; readonly generation: number }
  | { readonly type: "exporter"; readonly kind: ExporterKind }
  | { readonly type: "main" | "other" } {
  if (label === "CLIENT_RANDOM") return { type: "main" };
  const exporter = exporterKinds.get(label);
  if (exporter !== undefined) return { type: "exporter", kind: exporter };
  const [, name, digits] = /^(.*?)(0|[1-9]\d{0,14})?$/.exec(label) ?? [];
  const kind = kinds.get(name ?? "");
  if (kind === undefined || name?.endsWith("_") !== (digits !== undefined)) return { type: "other" };
  return { type: "traffic", kind, generation: Number(digits ?? 0) };
}

const kinds: ReadonlyMap<string, TrafficSecretKind> = new Map([
  [labels["client early"], "client early"],
  [labels["client handshake"], "client handshake"],
  [labels["server handshake"], "server handshake"],
  [labels["client application"], "client application"],
  [labels["server application"], "server application"],
]);

const exporterKinds: ReadonlyMap<string, ExporterKind> = new Map([
  [exporterLabels.exporter, "exporter"],
  [exporterLabels["early exporter"], "early exporter"],
]);

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
}
