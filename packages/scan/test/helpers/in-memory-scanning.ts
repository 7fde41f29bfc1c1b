import { nodeProvider } from "@tlskit/crypto-node";
import { TlsError } from "@tlskit/tls";
import { TrustAnchors } from "@tlskit/x509";
import type { Evidence, Facts, Outcome, VersionFact } from "../../src/facts.ts";
import { probe } from "../../src/probe/probe.ts";
import type { Check, FoundSoFar, IntrusiveChecks, Scanning } from "../../src/scanning.ts";
import { Skipped } from "../../src/scanning.ts";
import { Sharing } from "../../src/sharing.ts";
import type { ScanTarget } from "../../src/target.ts";
import type { ByteStream } from "../../src/transport.ts";
import { versionNames } from "../../src/version.ts";
import { host, now } from "./in-memory-server.ts";

/** Milliseconds: a server of ours answers at once. */
const patience = { silence: 5_000, answer: 15_000 };

/** What a test tells of a scan. */
export interface ScanningOptions {
  readonly target?: Partial<ScanTarget> | undefined;
  readonly intrusive?: Partial<IntrusiveChecks> | undefined;
  /** What a hello comes to, where that is made up: an exchange with the server unless told otherwise. */
  readonly probe?: Scanning["probe"] | undefined;
  readonly silence?: number | undefined;
}

/** A scan of a server that each connection goes to, as far as checks see it, and what it comes to. */
export class InMemoryScanning implements Scanning {
  readonly target: ScanTarget;
  readonly provider = nodeProvider;
  readonly anchors = TrustAnchors.nobody();
  readonly intrusive: IntrusiveChecks;
  readonly signal = new AbortController().signal;
  readonly evidence: Evidence[] = [];
  readonly probe: Scanning["probe"];
  readonly silence: number | undefined;
  connections = 0;
  readonly #connect: () => ByteStream;
  readonly #sharing = new Sharing();

  constructor(connect: () => ByteStream, { target, intrusive, probe: answer, silence }: ScanningOptions = {}) {
    this.#connect = connect;
    this.silence = silence;
    this.target = { host, port: 443, ...target };
    this.intrusive = { renegotiation: false, earlyDataReplay: false, flaws: false, ...intrusive };
    const probing = { provider: nodeProvider, random: this.random, serverName: host, patience };
    this.probe =
      answer ?? ((offer, until = "hello") => this.withConnection((stream) => probe(stream, offer, until, probing)));
  }

  readonly clock = (): number => now;
  readonly random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

  async withConnection<T>(use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T> {
    this.connections += 1;
    return use(this.#connect(), this.signal);
  }

  inTheClear<T>(use: (stream: ByteStream, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.withConnection(use);
  }

  shared<T>(make: (scanning: Scanning) => Promise<T>): Promise<T> {
    return this.#sharing.get(make, this);
  }

  note(evidence: Evidence): void {
    this.evidence.push(evidence);
  }

  /** What a check comes to. */
  async outcomeOf<Name extends keyof Facts>(check: Check<Name>, found: FoundSoFar = {}): Promise<Outcome<Facts[Name]>> {
    try {
      const value = await check.run(this, found);
      if (value instanceof Skipped) return { state: "skipped", why: value.why, reason: value.reason };
      return { state: "found", value, evidence: this.evidence };
    } catch (error) {
      if (!(error instanceof TlsError)) throw error;
      return { state: "failed", code: error.code, reason: error.message };
    }
  }
}

/** The outcome of the check of versions: that these are spoken. */
export function speaking(...spoken: readonly VersionFact["version"][]): FoundSoFar {
  const value = versionNames.map((version) => ({ version, spoken: spoken.includes(version) }));
  return { versions: { state: "found", value, evidence: [] } };
}
