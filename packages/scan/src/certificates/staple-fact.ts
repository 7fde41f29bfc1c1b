import type { CryptoProvider, Steps } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import { type Certificate, type Issuer, judgeOcspResponse, OcspResponse, X509Error } from "@tlskit/x509";
import type { StapleFact } from "../facts.ts";

/** A certificate, and the OCSP response that came along with it. */
export interface Stapled {
  readonly provider: CryptoProvider;
  readonly certificate: Certificate;
  readonly issuer: Issuer | undefined;
  readonly response: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a staple says, if it is to be believed by who believes the certificate's issuer (RFC 6066 §8, RFC 6960 §3.2). */
export function* stapleFact({ provider, certificate, issuer, response: der, at }: Stapled): Steps<StapleFact> {
  if (der === undefined) return { state: "none" };
  let response: OcspResponse;
  try {
    response = OcspResponse.fromDer(der);
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
    return bad("malformed", error.message);
  }
  const { basic, status } = response;
  if (basic === undefined) return bad("no_answer", `the OCSP responder answered ${status}`);
  const answers = basic.responses.filter(({ certId }) => equalBytes(certId.serialNumber, certificate.serialNumber));
  if (answers.length === 0) {
    return bad("another_certificate", "the OCSP response that came along is about another certificate");
  }
  if (issuer === undefined) {
    return bad("no_issuer", "who signed the OCSP response can't be told without the issuer's certificate");
  }
  const question = { provider, response, certificate, issuer };
  const found = yield* judgeOcspResponse({ ...question, at: new Date(at) });
  if (found === undefined) {
    return bad("another_certificate", "the OCSP response that came along is about a certificate of another issuer");
  }
  if (found.status === "revoked") {
    return { state: "revoked", at: found.revokedAt.getTime(), reason: found.reason };
  }
  if (found.status === "good" && found.evidence.source === "ocsp") {
    const { thisUpdate, nextUpdate } = found.evidence.single;
    return { state: "good", thisUpdate: thisUpdate.getTime(), nextUpdate: nextUpdate?.getTime() };
  }
  const reason = found.status === "unknown" ? found.tried.join("; ") : "nothing can be told from the OCSP response";
  if (answers.some(({ certStatus }) => certStatus.status === "unknown")) return bad("unknown", reason);
  // Whether the time alone is wrong shows at the time at which it was signed.
  const then = yield* judgeOcspResponse({ ...question, at: basic.producedAt, maximumAge: Number.POSITIVE_INFINITY });
  if (then?.status !== "good" && then?.status !== "revoked") return bad("untrusted", reason);
  const isEarly = basic.producedAt.getTime() > at || answers.every(({ thisUpdate }) => thisUpdate.getTime() > at);
  return bad(isEarly ? "not_yet_valid" : "stale", reason);
}

function bad(code: string, reason: string): StapleFact {
  return { state: "bad", problem: { code, reason } };
}
