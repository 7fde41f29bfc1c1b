import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { OcspResponse } from "../ocsp/response.ts";
import { verifySignature } from "../signature.ts";
import type { Issuer } from "../verification/candidate-path.ts";
import { violationsOfAny } from "../verification/certificate-rules.ts";
import type { RevocationStatus } from "../verification/revocation.ts";
import { TrustAnchor } from "../verification/trust-anchor.ts";
import { OcspChecks } from "./ocsp-checks.ts";
import { defaultRevocationLimits } from "./policy.ts";

/** An OCSP response, and the certificate that it is asked about. */
export interface OcspQuestion {
  readonly provider: CryptoProvider;
  readonly response: OcspResponse;
  readonly certificate: Certificate;
  /** Who issued the certificate: a `TrustAnchor`, or what a certificate says of its subject. It is believed to have. */
  readonly issuer: Issuer;
  readonly at: Date;
  /** How many milliseconds old an answer may be, whatever it says of itself; as old as it says unless told. */
  readonly maximumAge?: number | undefined;
}

/**
 * What an OCSP response says of a certificate whose issuer is known (RFC 6960 §3.2), without seeking a path: it tells
 * whether the response is to be believed by who believes the issuer. A responder that the issuer certified isn't looked up
 * in any CRL. Verifications are given responses by {@link checkRevocation}.
 * @returns nothing if it is about other certificates
 */
export function* judgeOcspResponse(question: OcspQuestion): Steps<RevocationStatus | undefined> {
  const { provider, response, certificate, issuer, maximumAge } = question;
  // certificates and what is said of them count in whole seconds
  const at = Math.floor(question.at.getTime() / 1000) * 1000;
  const rules = { at, purpose: "any", minimumRsaBits: 2048, handledExtensions: [] } as const;
  const checks = new OcspChecks({
    means: {
      provider,
      at: question.at,
      intermediates: [],
      verifySignature: (signed) => verifySignature({ ...signed, provider }),
      violationsOf: (responder) => violationsOfAny(responder, rules),
      findPath: nobody,
    },
    at,
    maximumAge,
    limits: defaultRevocationLimits,
    statusOfResponder: nothingKnown,
  });
  const anchor = TrustAnchor.fromParts({
    subject: issuer.name.der,
    subjectPublicKeyInfo: issuer.subjectPublicKeyInfo.der,
  });
  const path = { certificates: [certificate], anchor };
  return yield* checks.judge(response, { certificate, issuer, above: [issuer], path, depth: 0 });
}

// biome-ignore lint/correctness/useYield: nobody is sought
function* nobody(): Steps<undefined> {
  return undefined;
}

// biome-ignore lint/correctness/useYield: there are no CRLs to look at
function* nothingKnown(): Steps<RevocationStatus> {
  return { status: "unknown", tried: [] };
}
