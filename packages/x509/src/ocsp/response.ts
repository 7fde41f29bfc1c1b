import type { AlgorithmIdentifier } from "../algorithm-identifier.ts";
import type { Certificate } from "../certificate.ts";
import { type CertificateCollection, certificatesFromDer } from "../certificate-collection.ts";
import { DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, contextPrimitive, describeTag, Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import { type Extension, readExtensions } from "../extensions/extension.ts";
import { maximumOcspBytes } from "../limits.ts";
import { Name } from "../name.ts";
import { Oid } from "../oids.ts";
import type { PassedOver } from "../passed-over.ts";
import { readable } from "../readable.ts";
import { type RevocationReason, readRevocationReason } from "../revocation/reason.ts";
import { readGeneralizedTime } from "../time.ts";
import { type CertId, readCertId } from "./cert-id.ts";
import { nonceOf } from "./nonce.ts";
import { refuseVersion } from "./request.ts";
import { readOcspSignature } from "./signature.ts";

/** RFC 6960 §4.2.1, by their numbers; 4 is not used. */
export const ocspResponseStatuses = {
  successful: 0,
  malformedRequest: 1,
  internalError: 2,
  tryLater: 3,
  sigRequired: 5,
  unauthorized: 6,
} as const;

/** How a request fared (RFC 6960 §4.2.1). */
export type OcspResponseStatus = keyof typeof ocspResponseStatuses;

/** What a responder says of one certificate (RFC 6960 §4.2.1). */
export type OcspCertificateStatus =
  | { readonly status: "good" }
  | {
      readonly status: "revoked";
      readonly revocationTime: Date;
      /** Why, if it is said so that it can be read. */
      readonly reason: RevocationReason | undefined;
    }
  | { readonly status: "unknown" };

/** An answer about one certificate. */
export interface SingleResponse {
  readonly certId: CertId;
  readonly certStatus: OcspCertificateStatus;
  /** When this was known to be so. */
  readonly thisUpdate: Date;
  /** By when something newer will be known; absent if at any time. */
  readonly nextUpdate: Date | undefined;
  readonly extensions: readonly Extension[];
}

/** Who signed (RFC 6960 §4.2.1): by name, or by the SHA-1 of the public key's octets. */
export type ResponderId =
  | { readonly type: "byName"; readonly name: Name }
  | { readonly type: "byKey"; readonly keyHash: Uint8Array };

/**
 * What a responder signed. One that exists is well-formed; nothing is said about whether to believe it.
 * ```
 * BasicOCSPResponse ::= SEQUENCE {
 *   tbsResponseData ResponseData, signatureAlgorithm AlgorithmIdentifier, signature BIT STRING,
 *   certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
 * ResponseData ::= SEQUENCE {
 *   version [0] EXPLICIT INTEGER DEFAULT v1, responderID ResponderID, producedAt GeneralizedTime,
 *   responses SEQUENCE OF SingleResponse, responseExtensions [1] EXPLICIT Extensions OPTIONAL }
 * ```
 */
export class BasicOcspResponse {
  /** The part that is signed. */
  readonly tbs: Uint8Array;
  readonly responderId: ResponderId;
  /** When it was signed. */
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly #certificates: readonly Uint8Array[];
  #read: CertificateCollection | undefined;

  /** @internal */
  constructor(der: Uint8Array) {
    const what = "the BasicOCSPResponse";
    const outer = decodeDer(der, what, (reader) => reader.sequence(what));
    this.tbs = outer.whole(Tag.sequence, "the ResponseData");
    const { algorithm, signature, certificates } = readOcspSignature(outer);
    this.signatureAlgorithm = algorithm;
    this.signature = signature;
    this.#certificates = certificates;
    outer.finish(what);

    const tbs = new DerReader(this.tbs).sequence("the ResponseData");
    refuseVersion(tbs);
    this.responderId = readResponderId(tbs);
    this.producedAt = new Date(readGeneralizedTime(tbs, "producedAt"));
    const list = tbs.sequence("the responses");
    const responses: SingleResponse[] = [];
    while (!list.done) responses.push(readSingleResponse(list));
    this.responses = responses;
    this.extensions = tbs.explicit(1, "the response's extensions", readExtensions) ?? [];
    tbs.finish("the ResponseData");
  }

  /** What it has of the request (RFC 9654): 1 to 128 bytes. @throws {X509Error} if it is malformed */
  get nonce(): Uint8Array | undefined {
    return nonceOf(this.extensions);
  }

  /** What came along to verify the signature. */
  get certificates(): readonly Certificate[] {
    return this.#collection.certificates;
  }

  /** What came along besides and can't be read. */
  get passedOver(): readonly PassedOver[] {
    return this.#collection.passedOver;
  }

  get #collection(): CertificateCollection {
    this.#read ??= certificatesFromDer(this.#certificates);
    return this.#read;
  }
}

/**
 * An answer about certificates (RFC 6960 §4.2).
 * ```
 * OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT ResponseBytes OPTIONAL }
 * ResponseBytes ::= SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING }
 * ```
 */
export class OcspResponse {
  /** The whole response. */
  readonly der: Uint8Array;
  readonly status: OcspResponseStatus;
  /** What was signed, if the request fared well. */
  readonly basic: BasicOcspResponse | undefined;

  private constructor(der: Uint8Array) {
    const what = "the OCSP response";
    const parts = decodeDer(der, what, (reader) => reader.sequence(what));
    this.der = der;
    this.status = readStatus(parts);
    this.basic = parts.explicit(0, what, (reader) => {
      const bytes = reader.sequence(what);
      const type = bytes.oid("the response's type");
      const response = bytes.octetString(what);
      bytes.finish(what);
      // RFC 6960 §4.2.1: the only type there is
      if (type !== Oid.ocspBasic) throw x509Error("invalid_ocsp", `the type of the response, ${type}, is not known`);
      return new BasicOcspResponse(response);
    });
    parts.finish(what);
    // RFC 6960 §4.2.1: "If the value of responseStatus is one of the error conditions, the responseBytes field is not set"
    if ((this.status === "successful") !== (this.basic !== undefined)) {
      throw x509Error(
        "invalid_ocsp",
        `a response is ${this.status}, and ${this.basic ? "says" : "doesn't say"} something`,
      );
    }
  }

  /**
   * Reads a response. The bytes are copied.
   * @throws {X509Error} `invalid_der`, `invalid_ocsp`, `invalid_certificate` (of an extension), `too_large`
   */
  static fromDer(der: Uint8Array): OcspResponse {
    if (der.length > maximumOcspBytes) {
      throw x509Error("too_large", `an OCSP response has at most ${maximumOcspBytes} bytes, got ${der.length}`);
    }
    // not slice: a Buffer's slice is a view
    return new OcspResponse(new Uint8Array(der));
  }
}

function readStatus(parts: DerReader): OcspResponseStatus {
  const number = parts.enumerated("the response's status");
  for (const [name, value] of Object.entries(ocspResponseStatuses)) {
    if (value === number) return name as OcspResponseStatus; // its own key
  }
  throw x509Error("invalid_ocsp", `the status of a response is ${number}, which is not defined`);
}

/** `ResponderID ::= CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT KeyHash }` */
function readResponderId(tbs: DerReader): ResponderId {
  const what = "the responder's identifier";
  const name = tbs.explicit(1, what, (reader) => Name.read(reader, what));
  if (name !== undefined) return { type: "byName", name };
  const keyHash = tbs.explicit(2, what, (reader) => reader.octetString(what));
  if (keyHash !== undefined) return { type: "byKey", keyHash };
  throw x509Error("invalid_ocsp", `${what} is ${describeTag(tbs.nextTag)}`);
}

/**
 * ```
 * SingleResponse ::= SEQUENCE {
 *   certID CertID, certStatus CertStatus, thisUpdate GeneralizedTime,
 *   nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL, singleExtensions [1] EXPLICIT Extensions OPTIONAL }
 * ```
 */
function readSingleResponse(list: DerReader): SingleResponse {
  const parts = list.sequence("a response");
  const certId = readCertId(parts);
  const certStatus = readCertificateStatus(parts);
  const thisUpdate = new Date(readGeneralizedTime(parts, "thisUpdate"));
  const nextUpdate = parts.explicit(0, "nextUpdate", (reader) => new Date(readGeneralizedTime(reader, "nextUpdate")));
  const extensions = parts.explicit(1, "a response's extensions", readExtensions) ?? [];
  parts.finish("a response");
  return { certId, certStatus, thisUpdate, nextUpdate, extensions };
}

/** One that isn't defined revokes like any other. */
function decodeReason(code: Uint8Array): RevocationReason {
  const what = "the reason of a revocation";
  return decodeDer(code, what, (reader) => readRevocationReason(reader, what));
}

/**
 * ```
 * CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
 * RevokedInfo ::= SEQUENCE { revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL }
 * ```
 */
function readCertificateStatus(parts: DerReader): OcspCertificateStatus {
  const what = "the status of a certificate";
  if (parts.nextTag === contextConstructed(1)) {
    const info = parts.open(contextConstructed(1), what);
    const revocationTime = new Date(readGeneralizedTime(info, "the time of a revocation"));
    const code = info.explicit(0, what, (reader) => reader.element(what).der);
    info.finish(what);
    return { status: "revoked", revocationTime, reason: code && readable(() => decodeReason(code)) };
  }
  const good = parts.nextTag === contextPrimitive(0);
  if (parts.content(contextPrimitive(good ? 0 : 2), what).length !== 0) {
    throw x509Error("invalid_der", `${what} is a NULL with contents`);
  }
  return { status: good ? "good" : "unknown" };
}
