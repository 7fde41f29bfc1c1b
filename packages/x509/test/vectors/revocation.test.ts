import { createPublicKey, verify } from "node:crypto";
import { type CryptoProvider, runSync, type Steps } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import {
  Certificate,
  CertificateRevocationList,
  checkRevocation,
  createOcspRequestSync,
  OcspRequest,
  OcspResponse,
  Oid,
  type RevocationPolicy,
  type SignatureVerdict,
  type SignedData,
  TrustAnchor,
  X509Error,
} from "../../src/index.ts";
import { verifySignature } from "../../src/signature.ts";
import { violationsOfAny } from "../../src/verification/certificate-rules.ts";
import { bytes, unlessRefused } from "./support.ts";

/** Nothing here takes SHA-1 for a signature, as all but one of the responses have it; what else they say is to be judged. */
function* verifyAlsoSha1(provider: CryptoProvider, signed: Omit<SignedData, "provider">): Steps<SignatureVerdict> {
  if (signed.algorithm.oid !== Oid.sha1WithRSAEncryption) return yield* verifySignature({ ...signed, provider });
  const key = createPublicKey({ key: Buffer.from(signed.signer.der), format: "der", type: "spki" });
  return { verdict: verify("RSA-SHA1", signed.data, key, signed.signature) ? "good" : "bad" };
}

/** What is found of a leaf. Its chain is as it is: most of these certificates couldn't be in any path. */
function statusOf(
  chain: readonly Certificate[],
  at: Date,
  policy: Omit<RevocationPolicy, "mode" | "certificates">,
  provider = nodeProvider,
): string {
  const last = chain.at(-1);
  if (last === undefined || chain.length < 2) throw new RangeError("a chain has a leaf and an issuer");
  const path = { certificates: chain.slice(0, -1), anchor: TrustAnchor.fromCertificate(last) };
  const rules = { at: at.getTime(), purpose: "any", minimumRsaBits: 1024, handledExtensions: [] } as const;
  const session = checkRevocation({ mode: "required", certificates: "leaf", ...policy }).begin({
    provider,
    at,
    intermediates: chain,
    verifySignature: (signed) => verifyAlsoSha1(provider, signed),
    violationsOf: (certificate) => violationsOfAny(certificate, rules),
    findPath: () => {
      throw new RangeError("all signers are on the path");
    },
  });
  return runSync(session.check(path))[0]?.status.status ?? "nothing";
}

function codeOf(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return error.code;
    throw error;
  }
}

interface Crls {
  readonly time: string;
  readonly maxAgeSeconds: number;
  readonly cases: readonly {
    readonly name: string;
    readonly chain: readonly string[];
    readonly crl: string;
    readonly expected: "good" | "revoked" | "unknown";
    readonly crlWellFormed: boolean;
  }[];
}

/** The bytes with one changed, for every place. */
function* changed(base64: string): Generator<Uint8Array> {
  const original = bytes(base64);
  for (let index = 0; index < original.length; index += 1) {
    const copy = new Uint8Array(original);
    copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
    yield copy;
  }
}

/** Where BoringSSL's verdict isn't ours. */
const crlDifferences: Readonly<Record<string, string>> = {
  // RFC 5280 §6.3.3, at its end: a complete CRL of the certificate's issuer counts, whatever distribution points say
  bad_crldp_has_crlissuer: "good",
  // indirect CRLs, which BoringSSL doesn't have
  bad_idp_indirectcrl: "good",
  // RFC 5280 §6.3.3 (b)(2)(ii): a certificate without basic constraints doesn't say that it is a CA
  invalid_idp_onlycontainsusercerts_v1_leaf: "good",
  // rules for whoever issues, whose breach leaves what is meant plain: RFC 5280 §5.1.2.1, §5.1.2.6, §5.2.5
  invalid_v1_explicit: "good",
  invalid_revoked_empty_sequence: "good",
  invalid_idp_empty_sequence: "good",
};

describeVectors<Crls>("CRLs of BoringSSL", "boringssl-pki/crl.json", ({ time, maxAgeSeconds, cases }) => {
  describe.each([nodeProvider, nobleProvider])("by $name", (provider) => {
    test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
      const found = codeOf(() =>
        statusOf(
          vector.chain.map((der) => Certificate.fromDer(bytes(der))),
          new Date(time),
          { crls: [CertificateRevocationList.fromDer(bytes(vector.crl))], maximumAge: maxAgeSeconds * 1000 },
          provider,
        ),
      );
      const expected = vector.crlWellFormed ? vector.expected : /^(unknown|invalid_(der|crl|certificate))$/;
      expect(found).toMatch(crlDifferences[name] ?? expected);
    });
  });

  test("every CRL with a byte changed is read, with all that is in it, or an X509Error", () => {
    for (const { crl } of cases) {
      for (const der of changed(crl)) {
        const found = unlessRefused(() => CertificateRevocationList.fromDer(der));
        if (found === undefined) continue;
        for (const entry of found.entries) expect(found.find({ ...entry, issuer: found.issuer })).toBeDefined();
      }
    }
  });
});

interface Responses {
  readonly time: string;
  readonly maxAgeSeconds: number;
  readonly cases: readonly {
    readonly name: string;
    readonly response: string;
    readonly issuer: string;
    readonly certificate: string;
    readonly request: string;
    readonly expected: { readonly status: "good" | "revoked" | "unknown"; readonly response: string };
  }[];
}

/** Where BoringSSL's verdict isn't ours. */
const ocspDifferences: Readonly<Record<string, string>> = {
  // a serial number that isn't DER
  good_response_invalid_serial: "invalid_der",
};

describeVectors<Responses>(
  "OCSP responses of BoringSSL",
  "boringssl-pki/ocsp.json",
  ({ time, maxAgeSeconds, cases }) => {
    describe.each([nodeProvider, nobleProvider])("by $name", (provider) => {
      test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
        const found = codeOf(() =>
          statusOf(
            [Certificate.fromDer(bytes(vector.certificate)), Certificate.fromDer(bytes(vector.issuer))],
            new Date(time),
            { ocspResponses: [OcspResponse.fromDer(bytes(vector.response))], maximumAge: maxAgeSeconds * 1000 },
            provider,
          ),
        );
        const expected = vector.expected.response.startsWith("PARSE_")
          ? /^invalid_(der|ocsp)$/
          : vector.expected.status;
        expect(found).toMatch(ocspDifferences[name] ?? expected);
      });
    });

    const readable = cases.filter(({ name }) => name !== "good_response_invalid_serial");
    test.each(readable.map((vector) => [vector.name, vector] as const))("the request for %s", (_, vector) => {
      const request = createOcspRequestSync({
        provider: nodeProvider,
        certificates: [
          {
            certificate: Certificate.fromDer(bytes(vector.certificate)),
            issuer: Certificate.fromDer(bytes(vector.issuer)),
          },
        ],
      });
      expect(Buffer.from(request.der).toString("base64")).toBe(vector.request);
    });

    test("every response and request with a byte changed is read or an X509Error", () => {
      for (const { response, request } of cases) {
        for (const der of changed(response)) unlessRefused(() => OcspResponse.fromDer(der).basic?.certificates);
        for (const der of changed(request)) unlessRefused(() => OcspRequest.fromDer(der).signature);
      }
    });
  },
);
