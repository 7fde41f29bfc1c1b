import { runSync } from "@tlskit/crypto";
import { describe, expect, test } from "vitest";
import {
  type Certificate,
  type Issuer,
  judgeOcspResponse,
  type KeyUsage,
  type OcspQuestion,
  type OcspResponse,
  Oid,
  type RevocationStatus,
  TrustAnchor,
} from "../../src/index.ts";
import {
  extendedKeyUsage,
  intermediate,
  intermediateCertificate,
  issue,
  keyUsage,
  leafCertificate,
  now,
  party,
  provider,
  rootCertificate,
  signerOf,
} from "../pki.ts";
import { hour, hoursAgo, response, revokedAnswer } from "./support.ts";

const issuer: Issuer = TrustAnchor.fromCertificate(intermediateCertificate);

function judged(response: OcspResponse, changes: Partial<OcspQuestion> = {}): RevocationStatus | undefined {
  const question = { provider, response, certificate: leafCertificate, issuer, at: now, ...changes };
  return runSync(judgeOcspResponse(question));
}

const tried = (status: RevocationStatus | undefined): string =>
  status?.status === "unknown" ? status.tried.join("; ") : `${status?.status}`;

describe("a response about a certificate whose issuer is known", () => {
  test("says that it is good", () => {
    const found = judged(response());
    expect(found).toMatchObject({ status: "good", evidence: { source: "ocsp", stapled: false } });
  });

  test("says that it was revoked", () => {
    expect(judged(response(revokedAnswer))).toMatchObject({
      status: "revoked",
      revokedAt: hoursAgo(48),
      reason: "keyCompromise",
    });
  });

  test("may be by a responder that the issuer certified, and by no other", () => {
    const responder = party("Responder");
    const certified = (usage: KeyUsage): Certificate =>
      issue(responder, intermediate, { extensions: [extendedKeyUsage(Oid.ocspSigning), keyUsage(usage)] });
    const by = (...certificates: readonly Certificate[]): OcspResponse =>
      response({}, { responder: certified("digitalSignature"), signer: signerOf(responder), certificates });
    expect(judged(by(certified("digitalSignature")))?.status).toBe("good");
    expect(tried(judged(by(certified("keyAgreement"))))).toMatch(/not for digitalSignature/);
    expect(tried(judged(by()))).toMatch(/by nobody who may answer/);
  });

  test("is held to the time", () => {
    expect(tried(judged(response(), { at: new Date(now.getTime() + 25 * hour) }))).toMatch(/was to be replaced/);
    expect(tried(judged(response(), { at: hoursAgo(3) }))).toMatch(/yet to come/);
    expect(tried(judged(response(), { maximumAge: hour }))).toMatch(/at most 3600 seconds old/);
    expect(tried(judged(response({ nextUpdate: undefined })))).toMatch(/doesn't say when/);
    expect(judged(response({ nextUpdate: undefined }), { maximumAge: 3 * hour })?.status).toBe("good");
  });

  test("says nothing of another certificate, nor of one of another issuer", () => {
    expect(judged(response(), { certificate: intermediateCertificate })).toBeUndefined();
    expect(judged(response(), { issuer: TrustAnchor.fromCertificate(rootCertificate) })).toBeUndefined();
  });
});
