import { hashOf, type Steps, signerFor, wait } from "@tlskit/crypto";
import { type Codec, encode, opaqueVector, struct, uint8, uint16, uint64 } from "@tlskit/wire";
import {
  type Certificate,
  type CertificateTransparencyLog,
  createOcspResponse,
  type DeclaredPrivateKey,
  type OcspAnswer,
  type SignedCertificateTimestamp,
} from "@tlskit/x509";
import type { Pki, Settings } from "./certify.ts";
import { testKey } from "./keys.ts";

const hour = 60 * 60 * 1000;

/**
 * What the intermediate authority's responder says of a certificate: that it is good, for an hour by now and for another
 * day, unless told otherwise.
 * @param answer what is to be said instead
 * @returns an OCSP response in DER
 */
export function* ocspResponse(
  pki: Pick<Pki, "provider" | "random" | "now" | "intermediate">,
  certificate: Certificate,
  answer: Partial<OcspAnswer> = {},
): Steps<Uint8Array> {
  const { provider, random, now, intermediate } = pki;
  const thisUpdate = new Date(now - hour);
  const { der } = yield* createOcspResponse({
    provider,
    random,
    signer: intermediate.key,
    responder: intermediate.certificate,
    producedAt: answer.thisUpdate ?? thisUpdate,
    answers: [
      {
        about: { certificate, issuer: intermediate.certificate },
        certStatus: { status: "good" },
        thisUpdate,
        nextUpdate: new Date(now + 24 * hour),
        ...answer,
      },
    ],
  });
  return der;
}

/** What an answer is like that says that a certificate was revoked. */
export function revokedSince(revocationTime: Date): Pick<OcspAnswer, "certStatus"> {
  return { certStatus: { status: "revoked", revocationTime, reason: "keyCompromise" } };
}

interface Promised {
  readonly version: number;
  readonly signatureType: number;
  readonly timestamp: bigint;
  readonly entryType: number;
  readonly certificate: Uint8Array;
  readonly extensions: Uint8Array;
}

/** RFC 6962 §3.2: what a log signs for a certificate that isn't a precertificate. */
const promised: Codec<Promised> = struct<Promised>("CertificateTimestamp", {
  version: uint8,
  signatureType: uint8,
  timestamp: uint64,
  entryType: uint16,
  certificate: opaqueVector(1, 0xff_ffff),
  extensions: opaqueVector(0, 0xffff),
});

/** A log of certificates that publishes nothing, and promises to all the same. */
export class ThrowawayLog implements CertificateTransparencyLog {
  readonly key: CertificateTransparencyLog["key"];
  readonly operator: string;
  readonly id: Uint8Array;
  readonly #settings: Settings;
  readonly #privateKey: DeclaredPrivateKey;

  private constructor(settings: Settings, operator: string, privateKey: DeclaredPrivateKey) {
    this.#settings = settings;
    this.#privateKey = privateKey;
    this.operator = operator;
    this.key = privateKey.subjectPublicKeyInfo;
    this.id = hashOf(settings.provider, "SHA-256").digest(this.key.der);
  }

  static *make(settings: Settings, operator: string): Steps<ThrowawayLog> {
    return new ThrowawayLog(settings, operator, yield* testKey(settings.provider, settings.random, "P-256"));
  }

  /** A timestamp of an hour ago unless told otherwise. */
  *promise(certificate: Certificate, at: number = this.#settings.now - hour): Steps<SignedCertificateTimestamp> {
    const { provider, random } = this.#settings;
    const timestamp = BigInt(at);
    const extensions = new Uint8Array(0);
    const entry = { version: 0, signatureType: 0, timestamp, entryType: 0, certificate: certificate.der, extensions };
    const signer = signerFor(provider, this.#privateKey, random);
    const signature = yield* wait(signer.sign("ECDSA/P-256/SHA-256", encode(promised, entry)));
    return { logId: this.id, timestamp, extensions, hashAlgorithm: 4, signatureAlgorithm: 3, signature };
  }
}
