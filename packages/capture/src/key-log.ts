import { parseKeyLog, type TrafficSecretKind } from "@tlskit/keyschedule";
import { toHex } from "@tlskit/wire";
import { aString, bytes, checkArguments } from "@tlskit/wire/arguments";
import { maxKeyLogConnections } from "./limits.ts";

/** What a key log knows of a connection. */
interface ConnectionSecrets {
  readonly traffic: Map<TrafficSecretKind, Uint8Array>;
  main: Uint8Array | undefined;
}

/** A line of a key log that wasn't taken. */
export interface KeyLogProblem {
  /** From 1, in the text that it was in. */
  readonly line: number;
  readonly reason: string;
}

/** The secrets of connections, out of key logs (RFC 9850), to be found by the random of the (first) ClientHello. */
export class KeyLog {
  readonly #connections = new Map<string, ConnectionSecrets>();

  /** @throws {TlsError} `invalid_argument` (the caller's fault) */
  constructor(text: string = "") {
    this.add(text);
  }

  /** Connections of which there is a secret. */
  get size(): number {
    return this.#connections.size;
  }

  /**
   * Takes more of a key log: whole lines. Of two secrets for the same the first stays.
   * @returns what was wrong with lines
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  add(text: string): readonly KeyLogProblem[] {
    checkArguments({ text }, { text: aString });
    const problems: KeyLogProblem[] = [];
    for (const entry of parseKeyLog(text)) {
      if (entry.type === "malformed") problems.push({ line: entry.line, reason: entry.reason });
      // A secret for each KeyUpdate follows from the first.
      if (entry.type !== "main" && !(entry.type === "traffic" && entry.generation === 0)) continue;
      const secrets = this.#secretsFor(toHex(entry.clientRandom));
      if (secrets === undefined) {
        problems.push({ line: entry.line, reason: `it is of more than ${maxKeyLogConnections} connections` });
        return problems;
      }
      if (entry.type === "main") secrets.main ??= entry.secret;
      else if (!secrets.traffic.has(entry.kind)) secrets.traffic.set(entry.kind, entry.secret);
    }
    return problems;
  }

  #secretsFor(clientRandom: string): ConnectionSecrets | undefined {
    const known = this.#connections.get(clientRandom);
    if (known !== undefined || this.#connections.size >= maxKeyLogConnections) return known;
    const secrets: ConnectionSecrets = { traffic: new Map(), main: undefined };
    this.#connections.set(clientRandom, secrets);
    return secrets;
  }

  /**
   * A traffic secret of TLS 1.3, before any KeyUpdate.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  trafficSecret(clientRandom: Uint8Array, kind: TrafficSecretKind): Uint8Array | undefined {
    checkArguments({ clientRandom, kind }, { clientRandom: bytes, kind: aString });
    return this.#connections.get(toHex(clientRandom))?.traffic.get(kind);
  }

  /**
   * The main secret of TLS 1.2 or earlier.
   * @throws {TlsError} `invalid_argument` (the caller's fault)
   */
  mainSecret(clientRandom: Uint8Array): Uint8Array | undefined {
    checkArguments({ clientRandom }, { clientRandom: bytes });
    return this.#connections.get(toHex(clientRandom))?.main;
  }
}
