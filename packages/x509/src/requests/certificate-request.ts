import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import { DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, Tag } from "../der-tag.ts";
import { x509Error } from "../error.ts";
import { type Extension, readExtensions } from "../extensions/extension.ts";
import { decodeGeneralNames, type GeneralNames } from "../general-name.ts";
import { maximumCertificateBytes } from "../limits.ts";
import { Name } from "../name.ts";
import { describeOid, Oid } from "../oids.ts";
import { SubjectPublicKeyInfo } from "../spki.ts";

/** An attribute of a request (RFC 2986 §4.1). */
export interface RequestAttribute {
  readonly oid: string;
  /** The values' whole elements. */
  readonly values: readonly Uint8Array[];
}

/**
 * A request for a certificate (PKCS#10, RFC 2986 §4). One that exists is well-formed, and was signed with the key that it
 * names: {@link verifyCertificateRequest} makes it. Nothing else of it is proved: whom it names and what it asks for are
 * the requester's words.
 * ```
 * CertificationRequest ::= SEQUENCE { certificationRequestInfo CertificationRequestInfo,
 *   signatureAlgorithm AlgorithmIdentifier, signature BIT STRING }
 * CertificationRequestInfo ::= SEQUENCE { version INTEGER { v1(0) }, subject Name,
 *   subjectPKInfo SubjectPublicKeyInfo, attributes [0] SET OF Attribute }
 * ```
 */
export class CertificateRequest {
  /** The whole request. */
  readonly der: Uint8Array;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly attributes: readonly RequestAttribute[];
  /** The extensions that it asks for (RFC 2985 §5.4.2), in their order, undecoded. */
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly #subjectAlternativeName: GeneralNames | undefined;

  private constructor(parts: UnverifiedRequest) {
    this.der = parts.der;
    this.subject = parts.subject;
    this.subjectPublicKeyInfo = parts.subjectPublicKeyInfo;
    this.attributes = parts.attributes;
    this.extensions = parts.extensions;
    this.signatureAlgorithm = parts.signatureAlgorithm;
    const names = this.extension(Oid.subjectAltName);
    this.#subjectAlternativeName =
      names === undefined ? undefined : decodeGeneralNames(names.value, "the subject alternative name");
  }

  /** @internal Whoever calls this has verified the signature. */
  static ofVerified(parts: UnverifiedRequest): CertificateRequest {
    return new CertificateRequest(parts);
  }

  /** The names of other forms that it asks for. */
  get subjectAlternativeName(): GeneralNames | undefined {
    return this.#subjectAlternativeName;
  }

  /** The extension of this kind that it asks for, undecoded. */
  extension(oid: string): Extension | undefined {
    return this.extensions.find((extension) => extension.oid === oid);
  }
}

/** A request that is well-formed, and no more. */
export interface UnverifiedRequest {
  readonly der: Uint8Array;
  /** The part that is signed. */
  readonly info: Uint8Array;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly attributes: readonly RequestAttribute[];
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
}

/** @throws {X509Error} `invalid_der`, `invalid_request`, `too_large` */
export function readRequest(bytes: Uint8Array): UnverifiedRequest {
  if (bytes.length > maximumCertificateBytes) {
    throw x509Error("too_large", `a request has at most ${maximumCertificateBytes} bytes, got ${bytes.length}`);
  }
  const der = new Uint8Array(bytes);
  const outer = decodeDer(der, "the request", (reader) => reader.sequence("the request"));
  const info = outer.whole(Tag.sequence, "the request's information");
  const signatureAlgorithm = readAlgorithmIdentifier(outer, "the signature algorithm");
  const signature = outer.bitStringOctets("the signature");
  outer.finish("the request");

  const parts = new DerReader(info).sequence("the request's information");
  const version = parts.smallInteger(0x7f, "the version");
  // RFC 2986 §4.1
  if (version !== 0) throw x509Error("invalid_request", `a request's version field is 0, got ${version}`);
  const subject = Name.read(parts, "the subject");
  const subjectPublicKeyInfo = SubjectPublicKeyInfo.read(parts);
  // some writers leave the empty set out, which the syntax doesn't allow and nothing hangs on
  const attributes = parts.done ? [] : readAttributes(parts);
  parts.finish("the request's information");
  const extensions = requestedExtensions(attributes);
  return { der, info, subject, subjectPublicKeyInfo, attributes, extensions, signatureAlgorithm, signature };
}

/** `Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE (1..MAX) OF ANY }` */
function readAttributes(reader: DerReader): readonly RequestAttribute[] {
  const list = reader.open(contextConstructed(0), "the attributes");
  const attributes: RequestAttribute[] = [];
  while (!list.done) {
    const parts = list.sequence("an attribute");
    const oid = parts.oid("an attribute's type");
    const set = parts.open(Tag.set, "an attribute's values");
    parts.finish("an attribute");
    const values: Uint8Array[] = [];
    do values.push(set.element("an attribute's value").der);
    while (!set.done);
    // two of a kind, and nobody knows which one counts
    if (attributes.some((other) => other.oid === oid)) {
      throw x509Error("invalid_request", `the attribute ${describeOid(oid)} appears twice`);
    }
    attributes.push({ oid, values });
  }
  return attributes;
}

function requestedExtensions(attributes: readonly RequestAttribute[]): readonly Extension[] {
  const attribute = attributes.find(({ oid }) => oid === Oid.extensionRequest);
  if (attribute === undefined) return [];
  const [value] = attribute.values;
  // RFC 2985 §5.4.2: SINGLE VALUE TRUE
  if (value === undefined || attribute.values.length !== 1) {
    throw x509Error("invalid_request", "the request has extensions in several values");
  }
  return decodeDer(value, "the requested extensions", readExtensions);
}
