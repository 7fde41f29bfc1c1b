import { type CryptoProvider, hashOf } from "@tlskit/crypto";
import { decodeBase64, equalBytes, toHex } from "@tlskit/wire";
import { x509Error } from "../error.ts";
import { SubjectPublicKeyInfo } from "../spki.ts";

/** A log whose timestamps count (RFC 6962 §3). */
export interface CertificateTransparencyLog {
  readonly key: SubjectPublicKeyInfo;
  /** Who runs it: a policy may ask for timestamps of several. */
  readonly operator: string;
  /** For people. */
  readonly description?: string;
  /** If given, it must be the SHA-256 of the key, as RFC 6962 §3.2 has it: 32 bytes. */
  readonly id?: Uint8Array;
  /** When the certificates that it takes expire: from `start` on, before `end`. */
  readonly expiryRange?: { readonly start: Date; readonly end: Date };
  /** Since when it is retired: timestamps from then on don't count, and earlier ones only if they are embedded. */
  readonly retiredSince?: Date;
}

/** The logs whose timestamps count, by their identifiers: built once, shared by any number of checks. */
export class CertificateTransparencyLogs {
  readonly all: readonly CertificateTransparencyLog[];
  readonly #byId: ReadonlyMap<string, CertificateTransparencyLog>;

  private constructor(byId: ReadonlyMap<string, CertificateTransparencyLog>) {
    this.all = [...byId.values()];
    this.#byId = byId;
  }

  /**
   * @param provider has SHA-256, by which logs are identified
   * @throws {X509Error} `invalid_argument` for an identifier that isn't the key's, and for two logs of one key
   */
  static of(provider: CryptoProvider, logs: Iterable<CertificateTransparencyLog>): CertificateTransparencyLogs {
    const sha256 = hashOf(provider, "SHA-256");
    const byId = new Map<string, CertificateTransparencyLog>();
    for (const log of logs) {
      const id = sha256.digest(log.key.der);
      if (log.id !== undefined && !equalBytes(log.id, id)) {
        throw x509Error("invalid_argument", `the identifier of the log ${log.description ?? ""} is not its key's`);
      }
      if (byId.has(toHex(id))) throw x509Error("invalid_argument", `two logs have the key of ${toHex(id)}`);
      byId.set(toHex(id), { ...log, id });
    }
    return new CertificateTransparencyLogs(byId);
  }

  /**
   * Reads a log list as browsers publish it: JSON of version 3, `https://www.gstatic.com/ct/log_list/v3/log_list.json`.
   * Logs that are pending or rejected are left out.
   * @throws {X509Error} `invalid_argument` for a text of another form
   */
  static fromJson(provider: CryptoProvider, json: string): CertificateTransparencyLogs {
    return CertificateTransparencyLogs.of(provider, readLogList(json));
  }

  /** The log of an identifier. */
  withId(id: Uint8Array): CertificateTransparencyLog | undefined {
    return this.#byId.get(toHex(id));
  }
}

/** States of the list in which a log's timestamps count, be it only those from before it was retired. */
const countingStates = ["qualified", "usable", "readonly", "retired"] as const;

function readLogList(json: string): readonly CertificateTransparencyLog[] {
  let list: unknown;
  try {
    list = JSON.parse(json);
  } catch (error) {
    throw x509Error("invalid_argument", "a log list is not JSON", error);
  }
  return arrayAt(list, "operators").flatMap((operator) => {
    const name = textAt(operator, "name");
    const logs = [
      ...arrayAt(operator, "logs"),
      ...(has(operator, "tiled_logs") ? arrayAt(operator, "tiled_logs") : []),
    ];
    return logs.flatMap((log) => readLog(log, name));
  });
}

function readLog(log: unknown, operator: string): readonly CertificateTransparencyLog[] {
  const state = has(log, "state") ? log["state"] : {};
  const counting = countingStates.find((name) => has(state, name));
  if (counting === undefined) return [];
  const interval = has(log, "temporal_interval") ? log["temporal_interval"] : undefined;
  return [
    {
      operator,
      key: SubjectPublicKeyInfo.fromDer(bytesAt(log, "key")),
      id: bytesAt(log, "log_id"),
      ...(has(log, "description") ? { description: textAt(log, "description") } : {}),
      ...(interval === undefined
        ? {}
        : { expiryRange: { start: timeAt(interval, "start_inclusive"), end: timeAt(interval, "end_exclusive") } }),
      ...(counting === "retired" && has(state, counting) ? { retiredSince: timeAt(state[counting], "timestamp") } : {}),
    },
  ];
}

function has<K extends string>(value: unknown, key: K): value is Readonly<Record<K, unknown>> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

function arrayAt(value: unknown, key: string): readonly unknown[] {
  const found = has(value, key) ? value[key] : undefined;
  if (!Array.isArray(found)) throw x509Error("invalid_argument", `a log list has no list of ${key} where one belongs`);
  return found;
}

function textAt(value: unknown, key: string): string {
  const found = has(value, key) ? value[key] : undefined;
  if (typeof found !== "string") throw x509Error("invalid_argument", `a log list has no ${key} where one belongs`);
  return found;
}

function timeAt(value: unknown, key: string): Date {
  const time = new Date(textAt(value, key));
  if (Number.isNaN(time.getTime())) throw x509Error("invalid_argument", `${key} in a log list is not a time`);
  return time;
}

function bytesAt(value: unknown, key: string): Uint8Array {
  const bytes = decodeBase64(textAt(value, key));
  if (bytes === undefined) throw x509Error("invalid_argument", `${key} in a log list is not base64`);
  return bytes;
}
