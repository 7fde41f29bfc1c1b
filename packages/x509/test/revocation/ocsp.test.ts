import { describe, expect, test } from "vitest";
import { contextConstructed, contextPrimitive } from "../../src/der-tag.ts";
import {
  derBitString,
  derElement,
  derEnumerated,
  derExplicit,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
} from "../../src/der-writer.ts";
import { type Extension, encodeExtensions } from "../../src/extensions/extension.ts";
import {
  createOcspErrorResponse,
  createOcspRequestAsync,
  createOcspRequestSync,
  createOcspResponseAsync,
  decodeSctList,
  OcspRequest,
  type OcspRequestContents,
  OcspResponse,
  type OcspResponseContents,
  Oid,
  sctListOfAnswer,
  X509Error,
} from "../../src/index.ts";
import { maximumOcspBytes, maximumOcspNonceOctets } from "../../src/limits.ts";
import { certIdOf, encodeCertId } from "../../src/ocsp/cert-id.ts";
import { asIssuer } from "../../src/ocsp/create-request.ts";
import { writeGeneralizedTime, writeTime } from "../../src/time.ts";
import {
  extendedKeyUsage,
  intermediate,
  intermediateCertificate,
  issue,
  lateSigner,
  leaf,
  leafCertificate,
  party,
  provider,
  random,
  root,
  rootCertificate,
  signerOf,
} from "../pki.ts";
import { hoursAgo, response } from "./support.ts";

const about = { certificate: leafCertificate, issuer: intermediateCertificate };
const otherAbout = { certificate: intermediateCertificate, issuer: rootCertificate };
const certId = certIdOf(provider, "SHA-1", leafCertificate, asIssuer(intermediateCertificate));
const time = writeGeneralizedTime(hoursAgo(1));
const nonce = Uint8Array.of(1, 2, 3);

function codeOf(make: () => unknown): string {
  try {
    make();
    return "read";
  } catch (error) {
    if (error instanceof X509Error) return error.code;
    throw error;
  }
}

describe("a request", () => {
  const request = (contents: Partial<OcspRequestContents> = {}): OcspRequest =>
    createOcspRequestSync({ provider, certificates: [about], ...contents });

  test("asks about certificates by the hashes of their issuers", () => {
    const { requests, nonce: sent, signature, requestorName } = request({ certificates: [about, otherAbout] });
    expect(requests.map(({ certId: asked }) => [asked.hash, asked.issuerKeyHash.length, asked.serialNumber])).toEqual([
      ["SHA-1", 20, leafCertificate.serialNumber],
      ["SHA-1", 20, intermediateCertificate.serialNumber],
    ]);
    expect([sent, signature, requestorName]).toEqual([undefined, undefined, undefined]);
    expect(request({ hash: "SHA-256" }).requests[0]?.certId).toMatchObject({ hash: "SHA-256" });
  });

  test("can have a nonce of 1 to 128 octets (RFC 9654 §2.1)", () => {
    for (const length of [1, maximumOcspNonceOctets]) {
      expect(request({ nonce: new Uint8Array(length) }).nonce).toEqual(new Uint8Array(length));
    }
    for (const length of [0, maximumOcspNonceOctets + 1]) {
      expect(codeOf(() => request({ nonce: new Uint8Array(length) }))).toBe("invalid_argument");
    }
  });

  test("can be signed, at once or later", async () => {
    const signing = {
      random,
      signer: signerOf(leaf),
      certificates: [leafCertificate, intermediateCertificate],
    } as const;
    const signed = request({ requestor: signing, nonce });
    expect(signed.requestorName).toMatchObject({ type: "directoryName" });
    expect(signed.signature?.certificates.map(({ subject }) => subject.toString())).toEqual([
      "CN=Leaf",
      "CN=Intermediate",
    ]);
    const contents = {
      provider,
      certificates: [about],
      nonce,
      requestor: { ...signing, signer: lateSigner(signing.signer) },
    };
    expect((await createOcspRequestAsync(contents)).tbs).toEqual(signed.tbs);
    expect(codeOf(() => request({ requestor: { ...signing, signer: signerOf(root) } }))).toBe("signer_mismatch");
  });

  test("asks about something", () => {
    expect(codeOf(() => request({ certificates: [] }))).toBe("invalid_argument");
  });

  const single = derSequence(encodeCertId(certId));
  const handmade = (...parts: readonly Uint8Array[]): string =>
    codeOf(() => OcspRequest.fromDer(derSequence(derSequence(...parts))));

  test("is read with its version written out, and tells of a nonce that is none when it is asked for it", () => {
    const nonceOf = (value: Uint8Array): Uint8Array =>
      derExplicit(2, encodeExtensions([{ oid: Oid.ocspNonce, critical: false, value }]));
    expect(handmade(derSequence(single))).toBe("read");
    expect(handmade(derExplicit(0, derSmallInteger(0)), derSequence(single))).toBe("read");
    expect(handmade(derExplicit(0, derSmallInteger(1)), derSequence(single))).toBe("invalid_ocsp");
    const codeOfNonce = (value: Uint8Array): string =>
      codeOf(() => OcspRequest.fromDer(derSequence(derSequence(derSequence(single), nonceOf(value)))).nonce);
    expect(codeOfNonce(derOctetString(nonce))).toBe("read");
    expect(codeOfNonce(derOctetString(new Uint8Array(0)))).toBe("invalid_ocsp");
    expect(codeOfNonce(derOctetString(new Uint8Array(129)))).toBe("invalid_ocsp");
    expect(codeOfNonce(nonce)).toBe("invalid_der");
  });

  test("cut off anywhere, longer, or too large is refused", () => {
    const { der } = request({ nonce });
    for (let length = 0; length < der.length; length += 1) {
      expect(codeOf(() => OcspRequest.fromDer(der.subarray(0, length)))).toBe("invalid_der");
    }
    expect(codeOf(() => OcspRequest.fromDer(Uint8Array.of(...der, 0)))).toBe("invalid_der");
    expect(codeOf(() => OcspRequest.fromDer(new Uint8Array(maximumOcspBytes + 1)))).toBe("too_large");
    expect(codeOf(() => OcspRequest.fromDer(new Uint8Array(maximumOcspBytes)))).toBe("invalid_der");
  });
});

describe("a response", () => {
  test("says what it was to say", () => {
    const { status, basic } = response({ nextUpdate: undefined }, { nonce });
    expect(status).toBe("successful");
    expect(basic).toMatchObject({
      producedAt: hoursAgo(1),
      nonce,
      responderId: { type: "byKey" },
      certificates: [],
      responses: [{ certId, certStatus: { status: "good" }, thisUpdate: hoursAgo(2), nextUpdate: undefined }],
    });
  });

  test("tells of revocations with their reasons, and of what isn't known", () => {
    const revocationTime = hoursAgo(48);
    const statusOf = (certStatus: NonNullable<Parameters<typeof response>[0]>["certStatus"] & object): unknown =>
      response({ certStatus }).basic?.responses[0]?.certStatus;
    for (const reason of ["unspecified", "certificateHold", undefined] as const) {
      const revoked = { status: "revoked", revocationTime, reason } as const;
      expect(statusOf(revoked)).toEqual(revoked);
    }
    expect(statusOf({ status: "unknown" })).toEqual({ status: "unknown" });
  });

  test("is by key or by name, with the responder's certificate if it isn't the CA's", () => {
    const responder = party("Responder");
    const certificate = issue(responder, intermediate, { extensions: [extendedKeyUsage(Oid.ocspSigning)] });
    const delegated = { responder: certificate, signer: signerOf(responder) };
    const byName = response({}, { ...delegated, responderId: "byName" }).basic;
    expect(byName?.responderId).toMatchObject({ type: "byName" });
    expect(byName?.certificates.map(({ subject }) => subject.toString())).toEqual(["CN=Responder"]);
    expect(response({}, { ...delegated, certificates: [] }).basic?.certificates).toEqual([]);
  });

  test("answers a request, with its CertIDs and its nonce", () => {
    const request = createOcspRequestSync({ provider, certificates: [about, otherAbout], nonce, hash: "SHA-256" });
    const answers = request.requests.map(({ certId: asked }) => ({
      about: asked,
      certStatus: { status: "good" } as const,
      thisUpdate: hoursAgo(2),
    }));
    const { basic } = response({}, { answers, nonce: request.nonce });
    expect(basic?.nonce).toEqual(nonce);
    expect(basic?.responses.map(({ certId: answered }) => answered)).toEqual(
      request.requests.map(({ certId: asked }) => asked),
    );
  });

  test("can hold timestamps of logs (RFC 6962 §3.3)", () => {
    const sct = {
      logId: new Uint8Array(32),
      timestamp: 1n,
      extensions: new Uint8Array(0),
      hashAlgorithm: 4,
      signatureAlgorithm: 3,
      signature: new Uint8Array(8),
    };
    const listIn = (answer: Parameters<typeof response>[0]): Uint8Array | undefined =>
      response(answer).basic?.responses.map(sctListOfAnswer)[0];
    expect(decodeSctList(listIn({ scts: [sct] }) ?? nonce)).toEqual([sct]);
    expect(listIn({})).toBeUndefined();
  });

  test("is the same from a signer that answers later", async () => {
    const later = await createOcspResponseAsync({
      provider,
      random,
      signer: lateSigner(signerOf(intermediate)),
      responder: intermediateCertificate,
      producedAt: hoursAgo(1),
      answers: [{ about, certStatus: { status: "good" }, thisUpdate: hoursAgo(2), nextUpdate: hoursAgo(-24) }],
    });
    expect(later.basic?.tbs).toEqual(response().basic?.tbs);
  });

  test.each<readonly [string, Partial<OcspResponseContents>]>([
    ["a responder that is neither a CA nor certified for it", { responder: leafCertificate, signer: signerOf(leaf) }],
    [
      "a nextUpdate that isn't later",
      {
        answers: [{ about, certStatus: { status: "good" }, thisUpdate: hoursAgo(2), nextUpdate: hoursAgo(2) }],
      },
    ],
    ["an empty nonce", { nonce: new Uint8Array(0) }],
  ])("with %s isn't made", (_, contents) => {
    expect(codeOf(() => response({}, contents))).toBe("invalid_argument");
  });

  test("isn't made by somebody else's key", () => {
    expect(codeOf(() => response({}, { signer: signerOf(root) }))).toBe("signer_mismatch");
  });

  test.each(["malformedRequest", "internalError", "tryLater", "sigRequired", "unauthorized"] as const)(
    "that is %s says nothing else",
    (status) => {
      expect(createOcspErrorResponse(status)).toMatchObject({ status, basic: undefined });
    },
  );
});

describe("a response by hand", () => {
  interface Parts {
    readonly status?: number;
    readonly type?: string;
    readonly version?: readonly Uint8Array[];
    readonly responderId?: Uint8Array;
    readonly producedAt?: Uint8Array;
    readonly certStatus?: Uint8Array;
    readonly thisUpdate?: Uint8Array;
    readonly extensions?: readonly Extension[];
    readonly certificates?: readonly Uint8Array[];
  }

  function handmade(parts: Parts = {}): Uint8Array {
    const { extensions = [], certificates = [] } = parts;
    const single = derSequence(
      encodeCertId(certId),
      parts.certStatus ?? derElement(contextPrimitive(0)),
      parts.thisUpdate ?? time,
    );
    const data = derSequence(
      ...(parts.version ?? []),
      parts.responderId ?? derExplicit(2, derOctetString(new Uint8Array(20))),
      parts.producedAt ?? time,
      derSequence(single),
      ...(extensions.length === 0 ? [] : [derExplicit(1, encodeExtensions(extensions))]),
    );
    const basic = derSequence(
      data,
      derSequence(derOid(Oid.ecdsaWithSha256)),
      derBitString(new Uint8Array(64)),
      ...(certificates.length === 0 ? [] : [derExplicit(0, derSequence(...certificates))]),
    );
    return derSequence(
      derEnumerated(parts.status ?? 0),
      derExplicit(0, derSequence(derOid(parts.type ?? Oid.ocspBasic), derOctetString(basic))),
    );
  }

  const read = (parts: Parts): string => codeOf(() => OcspResponse.fromDer(handmade(parts)));
  const revoked = (...info: readonly Uint8Array[]): Uint8Array => derElement(contextConstructed(1), ...info);

  test("is read", () => {
    expect(read({})).toBe("read");
    expect(read({ certStatus: revoked(time) })).toBe("read");
    expect(read({ responderId: derExplicit(1, intermediateCertificate.subject.der) })).toBe("read");
  });

  test.each<readonly [string, Parts, string]>([
    ["a status that isn't defined", { status: 4 }, "invalid_ocsp"],
    ["a failure that says something", { status: 1 }, "invalid_ocsp"],
    ["another type", { type: "1.2.3" }, "invalid_ocsp"],
    ["another version", { version: [derExplicit(0, derSmallInteger(1))] }, "invalid_ocsp"],
    ["no responder", { responderId: derOctetString(new Uint8Array(20)) }, "invalid_ocsp"],
    ["a nonce twice", { extensions: [nonceOf(), nonceOf()] }, "invalid_certificate"],
    ["a UTCTime", { producedAt: writeTime(hoursAgo(1)) }, "invalid_der"],
    ["a UTCTime in an answer", { thisUpdate: writeTime(hoursAgo(1)) }, "invalid_der"],
    ["a NULL with contents", { certStatus: derElement(contextPrimitive(0), new Uint8Array(1)) }, "invalid_der"],
    ["a status of another kind", { certStatus: derNull() }, "invalid_der"],
    ["a revocation without a time", { certStatus: revoked() }, "invalid_der"],
    ["a certificate that is no sequence", { certificates: [derNull()] }, "invalid_der"],
  ])("with %s is refused", (_, parts, code) => {
    expect(read(parts)).toBe(code);
  });

  test("with its version written out, or a reason that isn't defined, is read", () => {
    expect(read({ version: [derExplicit(0, derSmallInteger(0))] })).toBe("read");
    expect(read({ certStatus: revoked(time, derExplicit(0, derEnumerated(7))) })).toBe("read");
  });

  function nonceOf(): Extension {
    return { oid: Oid.ocspNonce, critical: false, value: derOctetString(nonce) };
  }

  test("that says nothing although it is successful is refused", () => {
    expect(codeOf(() => OcspResponse.fromDer(derSequence(derEnumerated(0))))).toBe("invalid_ocsp");
  });

  test("may have certificates that can't be read: they are left out", () => {
    const bytes = handmade({ certificates: [derSequence(derNull()), leafCertificate.der] });
    expect(OcspResponse.fromDer(bytes).basic?.certificates.map(({ der }) => der)).toEqual([leafCertificate.der]);
  });

  test("cut off anywhere, longer, or too large is refused", () => {
    const bytes = response({}, { nonce }).der;
    for (let length = 0; length < bytes.length; length += 1) {
      expect(codeOf(() => OcspResponse.fromDer(bytes.subarray(0, length)))).toBe("invalid_der");
    }
    expect(codeOf(() => OcspResponse.fromDer(Uint8Array.of(...bytes, 0)))).toBe("invalid_der");
    expect(codeOf(() => OcspResponse.fromDer(new Uint8Array(maximumOcspBytes + 1)))).toBe("too_large");
    expect(codeOf(() => OcspResponse.fromDer(new Uint8Array(maximumOcspBytes)))).toBe("invalid_der");
  });
});
