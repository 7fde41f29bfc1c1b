import type { CryptoProvider } from "@tlskit/crypto";
import type { AttestationRequest } from "@tlskit/handshake";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  anyOf,
  type Expectations,
  expectation,
  instanceOf,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import {
  type IntermediateSource,
  isVerifiedSignatures,
  type NotChecked,
  notChecked,
  type RevocationChecks,
  type TransparencyChecks,
  TrustAnchors,
  type VerifiedSignatures,
} from "@tlskit/x509";
import { defaultMaxCertificates, defaultMaxChainLength } from "./limits.ts";

/** Whom to trust, and how strictly: what a context is told of the verification of peers. */
export interface TrustOptions {
  /** The authorities that peers' certificates must lead to. There is no default: whom to trust is the caller's to say. */
  readonly anchors: TrustAnchors;
  /**
   * Who gets the intermediates that a peer forgot to send (RFC 5280 §4.2.2.1): `fetchCaIssuers` of `@tlskit/x509`, which
   * tells what that tells whom. It has the time that the handshake has. Nobody unless told.
   */
  readonly missingIntermediates?: IntermediateSource | undefined;
  /**
   * Signatures in certificates that were found good before, which aren't computed again for the same octets under the same
   * key; all else about a peer's certificates is judged at every handshake. Every one is computed unless given.
   */
  readonly verifiedSignatures?: VerifiedSignatures | undefined;
  /**
   * How revocation is checked: `checkRevocation({ mode: "when_available", certificates: "chain" })` of `@tlskit/x509`, for
   * one. Then the peer is asked for OCSP responses (status_request), and refused if one that it sends says that a
   * certificate was revoked, or doesn't count; as it is for a certificate that promises that one comes along ("must
   * staple", RFC 7633) if none does. Further CRLs and responses, and who fetches them, can be given there: all of it is
   * looked at in each handshake, so that a getter may give newer ones. With `mode` "required" a certificate of which
   * nothing is known is refused. Nothing is asked for and looked at unless told.
   */
  readonly revocation?: RevocationChecks | NotChecked | undefined;
  /**
   * Whether the peer is asked for an OCSP response where revocation isn't checked, too: then nobody here looks at it, and
   * `serverAttestations` of what was negotiated has it as it came, for whoever does. It isn't unless told.
   */
  readonly requestOcspResponse?: boolean | undefined;
  /**
   * Which logs have to have promised to publish the leaf, and how many: `checkTransparency({ logs, policy })` of
   * `@tlskit/x509`. The peer is asked for such promises (signed_certificate_timestamp); those in its certificate and in its OCSP response
   * count too. None are asked for unless told.
   */
  readonly transparency?: TransparencyChecks | undefined;
  /** Certificates of a path, from the leaf to the anchor, both of them counted: 10 unless told otherwise. */
  readonly maxChainLength?: number | undefined;
  /** Certificates that a peer may show, needed or not: 32 unless told otherwise. */
  readonly maxCertificates?: number | undefined;
}

/** What a peer's certificates are verified by, whichever of the two it is. */
export interface CertificateTrust extends TrustOptions {
  readonly provider: CryptoProvider;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export const trustOptionsExpected: Expectations<TrustOptions> = {
  anchors: instanceOf(TrustAnchors, "@tlskit/x509"),
  missingIntermediates: optional(objectWith("a source of intermediates", { begin: aFunction })),
  verifiedSignatures: optional(expectation("a VerifiedSignatures of @tlskit/x509", isVerifiedSignatures)),
  revocation: optional(
    anyOf(
      "what checkRevocation of @tlskit/x509 gives, or notChecked of it",
      expectation("notChecked", (value) => value === notChecked),
      objectWith("what checkRevocation of @tlskit/x509 gives", { begin: aFunction, withStapled: aFunction }),
    ),
  ),
  requestOcspResponse: optional(aBoolean),
  transparency: optional(
    objectWith("what checkTransparency of @tlskit/x509 gives", { check: aFunction, withDelivered: aFunction }),
  ),
  maxChainLength: optional(aNumber),
  maxCertificates: optional(aNumber),
};

export const trustExpected: Expectations<CertificateTrust> = {
  ...trustOptionsExpected,
  provider: anObject,
  clock: aFunction,
};

/**
 * What a context verifies its peers by.
 * @throws {TlsError} `no_trust_anchors`, `out_of_range` (the caller's fault)
 */
export function certificateTrust(
  { provider, clock }: Pick<CertificateTrust, "provider" | "clock">,
  options: TrustOptions,
): CertificateTrust {
  const { anchors, missingIntermediates, verifiedSignatures, revocation, requestOcspResponse = false } = options;
  if (anchors.size === 0 && !anchors.isNobody) {
    throw callerError("no_trust_anchors", "there are no trust anchors, so no certificate could be verified");
  }
  return {
    provider,
    clock,
    anchors,
    missingIntermediates,
    verifiedSignatures,
    revocation,
    requestOcspResponse,
    transparency: options.transparency,
    maxChainLength: checkedCount("maxChainLength", options.maxChainLength ?? defaultMaxChainLength),
    maxCertificates: checkedCount("maxCertificates", options.maxCertificates ?? defaultMaxCertificates),
  };
}

function checkedCount(option: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw callerError("out_of_range", `${option} is ${count}, and is to be a number from 1 on`);
}

/** What peers are asked to show beside their certificates. */
export function attestationsWanted({
  revocation,
  requestOcspResponse = false,
  transparency,
}: CertificateTrust): AttestationRequest {
  return {
    ocspResponses: requestOcspResponse || (revocation !== undefined && revocation !== notChecked),
    signedCertificateTimestamps: transparency !== undefined,
  };
}
