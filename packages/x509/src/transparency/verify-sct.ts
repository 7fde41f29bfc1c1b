import type { CryptoProvider, SignatureAlgorithm, Steps } from "@tlskit/crypto";
import { type Codec, encode, opaque, opaqueVector, struct, toHex, uint8, uint16, uint64 } from "@tlskit/wire";
import {
  type AlgorithmIdentifier,
  encodeSignatureAlgorithm,
  readAlgorithmIdentifier,
} from "../algorithm-identifier.ts";
import { decodeDer } from "../der-reader.ts";
import { type SignatureVerdict, type SignedData, verifySignature } from "../signature.ts";
import { modulusBits } from "../spki.ts";
import type { LogEntry } from "./log-entry.ts";
import type { CertificateTransparencyLog, CertificateTransparencyLogs } from "./logs.ts";
import type { SignedCertificateTimestamp } from "./sct.ts";

/** Why a timestamp doesn't count, as a stable word. */
export type SctRefusalCode =
  /** A list, or one timestamp in it, that can't be read. */
  | "malformed"
  /** A log that isn't among those that count. */
  | "unknown_log"
  /** A timestamp later than the time in question. */
  | "timestamp_in_future"
  /** A log that doesn't take certificates that expire then. */
  | "outside_expiry_range"
  /** A log that was retired when it made the timestamp, or by now if the timestamp isn't embedded. */
  | "log_retired"
  /** Another algorithm than the two that logs may use, or one that isn't the key's. */
  | "unsupported_algorithm"
  | "bad_signature"
  /** More timestamps than are looked at. */
  | "too_many";

/** What came of a timestamp. */
export type SctFinding =
  | {
      readonly counts: true;
      readonly sct: SignedCertificateTimestamp;
      readonly log: CertificateTransparencyLog;
      readonly delivery: SctDelivery;
    }
  | {
      readonly counts: false;
      /** Absent if it couldn't be read. */
      readonly sct: SignedCertificateTimestamp | undefined;
      readonly delivery: SctDelivery;
      readonly code: SctRefusalCode;
      readonly message: string;
    };

/** How timestamps came: in the certificate, or beside it (in a TLS extension or an OCSP response). */
export type SctDelivery = "embedded" | "delivered";

/** Verifies a signature, perhaps out of a budget. */
export type VerifySignature = (signed: Omit<SignedData, "provider">) => Steps<SignatureVerdict>;

/** One timestamp and what it is said to be for. */
export interface SctClaim {
  readonly sct: SignedCertificateTimestamp;
  readonly delivery: SctDelivery;
  readonly entry: LogEntry;
  /** When the certificate expires, since logs take only some. */
  readonly notAfter: Date;
  readonly logs: CertificateTransparencyLogs;
  readonly at: Date;
}

/** A claim, and what verifies its signature. */
export interface SctInputs extends SctClaim {
  readonly provider: CryptoProvider;
}

/** Whether a log that counts promised to publish an entry (RFC 6962 §3.2, §5.2). */
export function* verifySct({ provider, ...claim }: SctInputs): Steps<SctFinding> {
  return yield* judgeSct(claim, (signed) => verifySignature({ ...signed, provider }));
}

/** {@link verifySct}, with signatures verified by who counts them. */
export function* judgeSct(claim: SctClaim, verify: VerifySignature): Steps<SctFinding> {
  const { sct, delivery, logs } = claim;
  const refused = (code: SctRefusalCode, message: string): SctFinding => ({
    counts: false,
    sct,
    delivery,
    code,
    message,
  });
  const log = logs.withId(sct.logId);
  if (log === undefined) return refused("unknown_log", `the log ${toHex(sct.logId)} is not among those that count`);
  const violation = violationOfDates(claim, log);
  if (violation !== undefined) return refused(violation.code, violation.message);
  const algorithm = algorithmOf(log, sct);
  if (algorithm === undefined) {
    return refused(
      "unsupported_algorithm",
      `a timestamp of ${describe(log)} has the hash ${sct.hashAlgorithm} and the algorithm ${sct.signatureAlgorithm}`,
    );
  }
  const data = signedBytes(sct, claim.entry);
  const verdict = yield* verify({ signer: log.key, algorithm, data, signature: sct.signature });
  switch (verdict.verdict) {
    case "good":
      return { counts: true, sct, log, delivery };
    case "bad":
      return refused("bad_signature", `the signature of ${describe(log)} is not of this certificate`);
    case "unsupported":
      return refused("unsupported_algorithm", `the signature of ${describe(log)} can't be checked: ${verdict.message}`);
  }
}

function violationOfDates(
  { sct, at, notAfter, delivery }: SctClaim,
  log: CertificateTransparencyLog,
): { readonly code: SctRefusalCode; readonly message: string } | undefined {
  // RFC 6962 §5.2#future
  if (sct.timestamp > BigInt(at.getTime())) {
    return { code: "timestamp_in_future", message: `a timestamp of ${describe(log)} lies in the future` };
  }
  const { expiryRange, retiredSince } = log;
  if (expiryRange !== undefined && (notAfter < expiryRange.start || notAfter >= expiryRange.end)) {
    return {
      code: "outside_expiry_range",
      message: `${describe(log)} takes no certificates that expire at ${notAfter.toISOString()}`,
    };
  }
  if (retiredSince === undefined || retiredSince > at) return undefined;
  if (delivery === "delivered" || sct.timestamp >= BigInt(retiredSince.getTime())) {
    return { code: "log_retired", message: `${describe(log)} is retired since ${retiredSince.toISOString()}` };
  }
  return undefined;
}

const ecdsaWithSha256: AlgorithmIdentifier = identifier("ECDSA/P-256/SHA-256");
const rsaWithSha256: AlgorithmIdentifier = identifier("RSA-PKCS1/SHA-256");

function identifier(algorithm: SignatureAlgorithm): AlgorithmIdentifier {
  return decodeDer(encodeSignatureAlgorithm(algorithm), algorithm, (reader) =>
    readAlgorithmIdentifier(reader, algorithm),
  );
}

/**
 * RFC 6962 §2.1.4: ECDSA on P-256 or RSASSA-PKCS1-v1_5 with a key of at least 2048 bits, either with SHA-256. The
 * numbers are those of RFC 5246 §7.4.1.4.1.
 */
function algorithmOf(
  { key }: CertificateTransparencyLog,
  { hashAlgorithm, signatureAlgorithm }: SignedCertificateTimestamp,
): AlgorithmIdentifier | undefined {
  if (hashAlgorithm !== 4) return undefined;
  if (signatureAlgorithm === 3 && key.publicKey?.type === "P-256") return ecdsaWithSha256;
  if (
    signatureAlgorithm === 1 &&
    key.algorithm === "rsaEncryption" &&
    key.publicKey?.type === "RSA" &&
    modulusBits(key.publicKey.modulus) >= 2048
  ) {
    return rsaWithSha256;
  }
  return undefined;
}

interface SignedHead {
  readonly version: number;
  readonly signatureType: number;
  readonly timestamp: bigint;
  readonly entryType: number;
}

/** `certificate_timestamp(0)`, and `LogEntryType`: `x509_entry(0)`, `precert_entry(1)`. */
const signedHead: Codec<SignedHead> = struct<SignedHead>("CertificateTimestampHead", {
  version: uint8,
  signatureType: uint8,
  timestamp: uint64,
  entryType: uint16,
});

interface Certified<Entry> {
  readonly head: SignedHead;
  readonly entry: Entry;
  readonly extensions: Uint8Array;
}

function signed<Entry>(entry: Codec<Entry>): Codec<Certified<Entry>> {
  return struct<Certified<Entry>>("CertificateTimestamp", {
    head: signedHead,
    entry,
    extensions: opaqueVector(0, 0xffff),
  });
}

interface Precertificate {
  readonly issuerKeyHash: Uint8Array;
  readonly tbsCertificate: Uint8Array;
}

/** `opaque ASN.1Cert<1..2^24-1>` */
const signedCertificate: Codec<Certified<Uint8Array>> = signed(opaqueVector(1, 0xffffff));
/** `struct { opaque issuer_key_hash[32]; TBSCertificate tbs_certificate; } PreCert` */
const signedPrecertificate: Codec<Certified<Precertificate>> = signed(
  struct<Precertificate>("PreCert", { issuerKeyHash: opaque(32), tbsCertificate: opaqueVector(1, 0xffffff) }),
);

/** The bytes that a log signs (RFC 6962 §3.2). */
export function signedBytes(
  { timestamp, extensions }: Pick<SignedCertificateTimestamp, "timestamp" | "extensions">,
  entry: LogEntry,
): Uint8Array {
  const head = (entryType: number): SignedHead => ({ version: 0, signatureType: 0, timestamp, entryType });
  return entry.type === "x509_entry"
    ? encode(signedCertificate, { head: head(0), entry: entry.certificate, extensions })
    : encode(signedPrecertificate, { head: head(1), entry, extensions });
}

function describe({ description, operator }: CertificateTransparencyLog): string {
  return `the log ${JSON.stringify(description ?? `of ${operator}`)}`;
}
