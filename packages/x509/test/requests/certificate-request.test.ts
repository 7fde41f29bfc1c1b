import { runSync, signerFor } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";
import { contextConstructed } from "../../src/der-tag.ts";
import { derElement, derNull, derOid, derSequence, derSetOf, derSmallInteger } from "../../src/der-writer.ts";
import {
  certificateRequestToPem,
  createCertificateRequestAsync,
  createCertificateRequestSync,
  createCertificateSync,
  generatePrivateKeySync,
  keyUsageExtension,
  nameOfParts,
  Oid,
  type RequestContents,
  subjectPublicKeyInfoOf,
  toPem,
  verifyCertificateRequestAsync,
  verifyCertificateRequestSync,
} from "../../src/index.ts";
import { encodeSigned, signTbs } from "../../src/sign-tbs.ts";
import { codeOf } from "../keys/samples.ts";
import { countingRandom, now, provider } from "../pki.ts";

const random = countingRandom();
const key = generatePrivateKeySync({ provider, random });
const contents: RequestContents = {
  provider,
  random,
  signer: key,
  publicKey: key,
  subject: { commonName: "example.org" },
  dnsNames: ["example.org", "*.example.org"],
  extensions: [keyUsageExtension(["digitalSignature"])],
};
const request = createCertificateRequestSync(contents);

describe("a request", () => {
  test("comes back as it was made, from DER and from PEM", () => {
    const pem = certificateRequestToPem(request);
    for (const form of [request.der, pem, pem.replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")]) {
      const read = verifyCertificateRequestSync({ provider, request: form });
      expect(read.subject.toString()).toBe("CN=example.org");
      expect(read.subjectAlternativeName?.dnsNames).toEqual(["example.org", "*.example.org"]);
      expect(read.extensions.map(({ oid, critical }) => [oid, critical])).toEqual([
        [Oid.subjectAltName, false],
        [Oid.keyUsage, true],
      ]);
      expect(read.subjectPublicKeyInfo.der).toEqual(key.subjectPublicKeyInfo.der);
      expect(read.attributes.map(({ oid }) => oid)).toEqual([Oid.extensionRequest]);
    }
  });

  test("with nothing but a name has no attributes", () => {
    const { dnsNames: _, extensions: __, ...bare } = contents;
    expect(createCertificateRequestSync(bare)).toMatchObject({ attributes: [], extensions: [] });
  });

  test("without a subject has a critical alternative name", () => {
    const nameless = createCertificateRequestSync({ ...contents, subject: {} });
    expect(nameless.subject.isEmpty).toBe(true);
    expect(nameless.extension(Oid.subjectAltName)?.critical).toBe(true);
    expect(codeOf(() => createCertificateRequestSync({ ...contents, subject: {}, dnsNames: [] }))).toBe(
      "invalid_argument",
    );
  });

  test("is signed and verified by what answers later too", async () => {
    const signer = signerFor(provider, key.privateKey, random);
    const late = {
      algorithms: signer.algorithms,
      sign: async (...all: Parameters<typeof signer.sign>) => await signer.sign(...all),
    };
    const made = await createCertificateRequestAsync({ ...contents, signer: late });
    expect((await verifyCertificateRequestAsync({ provider, request: made.der })).der).toEqual(made.der);
    expect(() => createCertificateRequestSync({ ...contents, signer: late })).toThrow("answers later");
  });

  test("by another key isn't made", () => {
    const other = generatePrivateKeySync({ provider, random });
    expect(codeOf(() => createCertificateRequestSync({ ...contents, signer: other }))).toBe("signer_mismatch");
  });
});

describe("a certificate made from a request", () => {
  const ca = createCertificateSync({
    provider,
    random,
    signer: key,
    publicKey: key,
    subject: { commonName: "CA" },
    ca: {},
    validity: { from: now },
  });
  const greedy = createCertificateRequestSync({
    ...contents,
    subject: { commonName: "bank.example" },
    dnsNames: ["bank.example"],
    extensions: [
      keyUsageExtension(["keyCertSign"]),
      // CA:TRUE
      { oid: Oid.basicConstraints, critical: true, value: Uint8Array.of(0x30, 3, 1, 1, 0xff) },
    ],
  });

  test("takes its public key, and nothing else of what it asks for", () => {
    const common = { provider, random, signer: key, issuer: ca, validity: { from: now } };
    const certificate = createCertificateSync({ ...common, publicKey: greedy, dnsNames: ["example.org"] });
    expect(certificate.subjectPublicKeyInfo.der).toEqual(greedy.subjectPublicKeyInfo.der);
    expect(certificate.subject.isEmpty).toBe(true);
    expect(certificate.basicConstraints?.ca).toBe(false);
    expect([...(certificate.keyUsage ?? [])]).toEqual(["digitalSignature"]);
    expect(certificate.subjectAlternativeName?.dnsNames).toEqual(["example.org"]);
  });

  test("takes what the issuer names", () => {
    const common = { provider, random, signer: key, issuer: ca, validity: { from: now } };
    const alternativeNames = request.subjectAlternativeName?.all ?? [];
    const certificate = createCertificateSync({
      ...common,
      publicKey: request,
      subject: request.subject,
      alternativeNames,
    });
    expect(certificate.subject.equals(request.subject)).toBe(true);
    expect(certificate.subjectAlternativeName?.all).toEqual(alternativeNames);
  });
});

describe("what is no request, or nobody's", () => {
  const read = (bytes: Uint8Array | string): string =>
    codeOf(() => verifyCertificateRequestSync({ provider, request: bytes }));

  test("a changed byte", () => {
    for (let at = 0; at < request.der.length; at += 1) {
      const changed = Uint8Array.from(request.der);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(read(changed)).not.toBe("none");
    }
    const lastOfSubject = Uint8Array.from(request.der);
    const at = Buffer.from(request.der).indexOf("example.org");
    lastOfSubject[at] = 0x45;
    expect(read(lastOfSubject)).toBe("invalid_signature");
  });

  test("cut off, or with something behind it", () => {
    for (let length = 0; length < request.der.length; length += 1)
      expect(read(request.der.subarray(0, length))).toBe("invalid_der");
    expect(read(Uint8Array.of(...request.der, 0))).toBe("invalid_der");
    expect(read(new Uint8Array(65_537))).toBe("too_large");
    expect(read(toPem("CERTIFICATE", request.der))).toBe("invalid_pem");
  });

  const info = (version: number, ...attributes: readonly Uint8Array[]): Uint8Array =>
    derSequence(
      derSmallInteger(version),
      nameOfParts({ commonName: "x" }).der,
      key.subjectPublicKeyInfo.der,
      derElement(contextConstructed(0), ...attributes),
    );
  const signed = (tbs: Uint8Array): Uint8Array => {
    const signer = signerFor(provider, key.privateKey, random);
    return encodeSigned(runSync(signTbs({ provider, signer, key: key.subjectPublicKeyInfo }, () => tbs)));
  };
  const attribute = (oid: string, ...values: readonly Uint8Array[]): Uint8Array =>
    derSequence(derOid(oid), derSetOf(...values));
  const extensions = derSequence(derSequence(derOid(Oid.tlsFeature), derElement(4)));

  test.each<[string, Uint8Array, string]>([
    ["of another version", info(1), "invalid_request"],
    [
      "with an attribute twice",
      info(0, attribute("1.2.3", derNull()), attribute("1.2.3", derNull())),
      "invalid_request",
    ],
    ["with extensions twice", info(0, attribute(Oid.extensionRequest, extensions, extensions)), "invalid_request"],
    ["with an attribute without a value", info(0, attribute("1.2.3")), "invalid_der"],
    [
      "with one extension twice",
      info(
        0,
        attribute(
          Oid.extensionRequest,
          derSequence(...Array.from({ length: 2 }, () => derSequence(derOid("1.2.3"), derElement(4)))),
        ),
      ),
      "invalid_certificate",
    ],
  ])("%s", (_, tbs, code) => {
    expect(read(signed(tbs))).toBe(code);
  });

  test("with attributes that aren't known, it is read", () => {
    const der = signed(info(0, attribute("1.2.3", derNull()), attribute(Oid.extensionRequest, extensions)));
    expect(verifyCertificateRequestSync({ provider, request: der }).attributes).toHaveLength(2);
  });

  test("with a key that signs nothing", () => {
    const agreement = subjectPublicKeyInfoOf({ type: "X25519", agreementKey: new Uint8Array(32) });
    const tbs = derSequence(derSmallInteger(0), nameOfParts({ commonName: "x" }).der, agreement.der, derElement(0xa0));
    expect(read(signed(tbs))).toBe("unsupported_algorithm");
  });
});

test("each provider verifies the other's", () => {
  expect(verifyCertificateRequestSync({ provider: nobleProvider, request: request.der }).der).toEqual(request.der);
});
