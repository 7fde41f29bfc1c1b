import { type CryptoProvider, run, runSync, type Steps } from "@tlskit/crypto";
import { X509Error, x509Error } from "../error.ts";
import { splitSctList } from "../extensions/sct-list.ts";
import { maximumSctsChecked } from "../limits.ts";
import { issuerAt } from "../verification/candidate-path.ts";
import { VerifiedChain } from "../verification/verified-chain.ts";
import { certificateEntry, type LogEntry, precertificateEntry } from "./log-entry.ts";
import type { CertificateTransparencyLogs } from "./logs.ts";
import { shortfall, type TransparencyPolicyFor } from "./policy.ts";
import { decodeSct, isOfVersion1 } from "./sct.ts";
import { type SctDelivery, type SctFinding, type SctRefusalCode, verifySct } from "./verify-sct.ts";

/** A chain, and what is to show that its leaf was published. */
export interface TransparencyInputs {
  /** Checks the logs' signatures. */
  readonly provider: CryptoProvider;
  /** What {@link verifyCertificate} found: the issuer in it is the one that the logs were told of. */
  readonly chain: VerifiedChain;
  readonly logs: CertificateTransparencyLogs;
  /** How many timestamps of which logs: `{ logs: 2, operators: 2, logsInService: 1 }`. */
  readonly policy: TransparencyPolicyFor;
  /** Lists that came beside the certificate, in a TLS extension or an OCSP response (RFC 6962 §3.3). */
  readonly delivered?: readonly Uint8Array[];
}

/** Whether a leaf was published, with all timestamps that were looked at. */
export type TransparencyResult =
  | { readonly ok: true; readonly timestamps: readonly SctFinding[] }
  | {
      readonly ok: false;
      /** What is missing, as a sentence. */
      readonly message: string;
      readonly timestamps: readonly SctFinding[];
    };

/**
 * Verifies that logs promised to publish a leaf (RFC 6962 §5.2), by a policy of how many. Timestamps that are embedded
 * and those that came beside the certificate are counted apart: one of the two must be enough. As steps;
 * {@link verifyTransparencySync} and {@link verifyTransparencyAsync} run them.
 * @throws {X509Error} `invalid_argument` for what isn't a verified chain; never for timestamps
 */
export function* verifyTransparency(inputs: TransparencyInputs): Steps<TransparencyResult> {
  const { chain, policy } = inputs;
  if (!VerifiedChain.isGenuine(chain))
    throw x509Error("invalid_argument", "transparency is checked of a verified chain");
  const timestamps: SctFinding[] = [];
  const messages: string[] = [];
  for (const delivery of ["embedded", "delivered"] as const) {
    const found = yield* verifyAll(inputs, delivery);
    timestamps.push(...found);
    if (delivery === "delivered" && found.length === 0) continue;
    const wanted = typeof policy === "function" ? policy(chain.leaf, delivery) : policy;
    const missing = shortfall(wanted, found, chain.at);
    if (missing === undefined) return { ok: true, timestamps };
    messages.push(missing);
  }
  return { ok: false, message: messages.join("; beside the certificate, "), timestamps };
}

/**
 * {@link verifyTransparency}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function verifyTransparencySync(inputs: TransparencyInputs): TransparencyResult {
  return runSync(verifyTransparency(inputs));
}

/** {@link verifyTransparency}, with any provider. */
export async function verifyTransparencyAsync(inputs: TransparencyInputs): Promise<TransparencyResult> {
  return await run(verifyTransparency(inputs));
}

function* verifyAll(inputs: TransparencyInputs, delivery: SctDelivery): Steps<readonly SctFinding[]> {
  const { provider, chain, logs } = inputs;
  const { notAfter } = chain.leaf.validity;
  const findings: SctFinding[] = [];
  const refuse = (code: SctRefusalCode, message: string): void => {
    findings.push({ counts: false, sct: undefined, delivery, code, message });
  };
  const serialized = delivery === "embedded" ? chain.leaf.signedCertificateTimestamps : splitAll(inputs, refuse);
  const known = serialized?.filter(isOfVersion1) ?? [];
  const entry = known.length === 0 ? undefined : entryOf(provider, chain, delivery);
  if (entry === undefined) return findings;
  for (const bytes of known.slice(0, maximumSctsChecked)) {
    const sct = unlessMalformed(() => decodeSct(bytes), refuse);
    if (sct === undefined) continue;
    findings.push(yield* verifySct({ provider, sct, delivery, entry, notAfter, logs, at: chain.at }));
  }
  if (known.length > maximumSctsChecked) {
    refuse("too_many", `at most ${maximumSctsChecked} timestamps are looked at, there are ${known.length}`);
  }
  return findings;
}

function splitAll(
  { delivered = [] }: TransparencyInputs,
  refuse: (code: SctRefusalCode, message: string) => void,
): readonly Uint8Array[] {
  return delivered.flatMap((list) => unlessMalformed(() => splitSctList(list), refuse) ?? []);
}

function unlessMalformed<T>(read: () => T, refuse: (code: SctRefusalCode, message: string) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    refuse("malformed", error.message);
    return undefined;
  }
}

function entryOf(provider: CryptoProvider, chain: VerifiedChain, delivery: SctDelivery): LogEntry {
  return delivery === "embedded"
    ? precertificateEntry(provider, chain.leaf, issuerAt(chain, 0))
    : certificateEntry(chain.leaf);
}
