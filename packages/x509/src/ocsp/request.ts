import type { AlgorithmIdentifier } from "../algorithm-identifier.ts";
import type { Certificate } from "../certificate.ts";
import { certificatesFromDer } from "../certificate-collection.ts";
import { DerReader, decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import { type Extension, readExtensions } from "../extensions/extension.ts";
import { type GeneralName, readGeneralName } from "../general-name.ts";
import { maximumOcspBytes } from "../limits.ts";
import type { PassedOver } from "../passed-over.ts";
import { type CertId, readCertId } from "./cert-id.ts";
import { nonceOf } from "./nonce.ts";
import { readOcspSignature } from "./signature.ts";

/** A question about one certificate. */
export interface SingleRequest {
  readonly certId: CertId;
  readonly extensions: readonly Extension[];
}

/**
 * A question about certificates (RFC 6960 §4.1), for whoever answers it.
 * ```
 * OCSPRequest ::= SEQUENCE { tbsRequest TBSRequest, optionalSignature [0] EXPLICIT Signature OPTIONAL }
 * TBSRequest ::= SEQUENCE {
 *   version [0] EXPLICIT INTEGER DEFAULT v1, requestorName [1] EXPLICIT GeneralName OPTIONAL,
 *   requestList SEQUENCE OF Request, requestExtensions [2] EXPLICIT Extensions OPTIONAL }
 * Request ::= SEQUENCE { reqCert CertID, singleRequestExtensions [0] EXPLICIT Extensions OPTIONAL }
 * ```
 */
export class OcspRequest {
  /** The whole request. */
  readonly der: Uint8Array;
  /** The part that is signed, if the request is. */
  readonly tbs: Uint8Array;
  readonly requestorName: GeneralName | undefined;
  readonly requests: readonly SingleRequest[];
  readonly extensions: readonly Extension[];
  /** If it is signed, which hardly any is: checking it takes knowing who may ask. */
  readonly signature:
    | {
        readonly algorithm: AlgorithmIdentifier;
        readonly signature: Uint8Array;
        readonly certificates: readonly Certificate[];
        /** Those of the certificates that can't be read. */
        readonly passedOver: readonly PassedOver[];
      }
    | undefined;

  private constructor(der: Uint8Array) {
    const what = "the OCSP request";
    const outer = decodeDer(der, what, (reader) => reader.sequence(what));
    this.der = der;
    this.tbs = outer.whole(Tag.sequence, "the TBSRequest");
    this.signature = outer.explicit(0, "the signature", (reader) => {
      const parts = reader.sequence("the signature");
      const read = readOcspSignature(parts);
      parts.finish("the signature");
      return { ...read, ...certificatesFromDer(read.certificates) };
    });
    outer.finish(what);

    const tbs = new DerReader(this.tbs).sequence("the TBSRequest");
    refuseVersion(tbs);
    this.requestorName = tbs.explicit(1, "the requestor's name", (reader) =>
      readGeneralName(reader, "the requestor's name"),
    );
    const list = tbs.sequence("the requests");
    const requests: SingleRequest[] = [];
    while (!list.done) requests.push(readSingleRequest(list));
    this.requests = requests;
    this.extensions = tbs.explicit(2, "the request's extensions", readExtensions) ?? [];
    tbs.finish("the TBSRequest");
  }

  /** What binds a response to this request (RFC 9654): 1 to 128 bytes. @throws {X509Error} if it is malformed */
  get nonce(): Uint8Array | undefined {
    return nonceOf(this.extensions);
  }

  /**
   * Reads a request. The bytes are copied.
   * @throws {X509Error} `invalid_der`, `invalid_ocsp`, `invalid_certificate` (of an extension), `too_large`
   */
  static fromDer(der: Uint8Array): OcspRequest {
    if (der.length > maximumOcspBytes) {
      throw x509Error("too_large", `an OCSP request has at most ${maximumOcspBytes} bytes, got ${der.length}`);
    }
    // not slice: a Buffer's slice is a view
    return new OcspRequest(new Uint8Array(der));
  }
}

/** `version [0] EXPLICIT Version DEFAULT v1`: version 1, the only one, which X.690 §11.5 has whoever writes leave out. */
export function refuseVersion(tbs: DerReader): void {
  const version = tbs.explicit(0, "the version", (reader) => reader.smallInteger(0x7f, "the version")) ?? 0;
  if (version !== 0) throw x509Error("invalid_ocsp", `the version ${version + 1} is not known`);
}

function readSingleRequest(list: DerReader): SingleRequest {
  const parts = list.sequence("a request");
  const certId = readCertId(parts);
  const extensions = parts.explicit(0, "a request's extensions", readExtensions) ?? [];
  parts.finish("a request");
  return { certId, extensions };
}
