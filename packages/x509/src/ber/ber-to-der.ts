import { equalBytes } from "@tlskit/wire";
import { CmsOid } from "../cms/oids.ts";
import { bitStringContent } from "../der-reader.ts";
import { derElement } from "../der-writer.ts";
import { type X509Error, x509Error } from "../error.ts";
import { encodeOid } from "../oid.ts";
import { type BerElement, Universal } from "./element.ts";
import { readBer } from "./read-ber.ts";

/**
 * What is encoded by the Basic Encoding Rules (X.690 §8), written again as DER: lengths definite and in the fewest
 * octets, strings in one piece, TRUE as 0xff. It is for files of old and of writers that don't know how much is to come
 * (PKCS#12, PKCS#7, keys), to be read by the readers of this package, which take DER alone.
 *
 * What was DER stays as it was, octet for octet. What lies in an OCTET STRING or a BIT STRING isn't looked at. The
 * elements of a SET stay in their order (X.690 §11.6 would have them sorted): for whoever reads them it has no meaning,
 * and an order that was signed must not change.
 *
 * Refused is what has no one meaning or would lose the one that it has: a certificate, CRL, request or response of which
 * the signed part isn't DER (its signature is over octets that would be others), bytes behind the end, strings of
 * characters in pieces, tag numbers above 30.
 * @throws {X509Error} `invalid_ber`, `invalid_der` for a piece of a BIT STRING, `too_large`
 */
export function berToDer(ber: Uint8Array): Uint8Array {
  const { elements, fault } = readBer(new Uint8Array(ber));
  if (fault !== undefined) throw x509Error(fault.code, `at offset ${fault.offset}: ${fault.message}`);
  const [element, next] = elements;
  if (element === undefined) throw x509Error("invalid_ber", "there is nothing to read");
  if (next !== undefined) throw invalid(next, "there is more behind the end");
  return written(element, undefined);
}

/** @param inPieces an element somewhere within that is an OCTET STRING in pieces, though its tag doesn't say so */
function written(element: BerElement, inPieces: BerElement | undefined): Uint8Array {
  const { tagNumber, constructed, content } = element;
  const [identifier = 0] = element.encoding;
  // nothing in X.509 has a longer tag, and the readers refuse it
  if (tagNumber > 30) throw invalid(element, `a tag number is at most 30, got ${tagNumber}`);
  if (element.tagClass === "universal") {
    if (constructed && tagNumber === Universal.octetString) return derElement(primitive(identifier), octetsOf(element));
    if (constructed && tagNumber === Universal.bitString) return derElement(primitive(identifier), bitsOf(element));
    // X.690 §8.23.6 allows it, and nobody writes it
    if (constructed && !compound.has(tagNumber)) {
      throw invalid(element, `only OCTET STRING and BIT STRING are read in pieces, not [UNIVERSAL ${tagNumber}]`);
    }
    if (tagNumber === Universal.boolean) return derElement(identifier, booleanOf(element));
  }
  if (!constructed) return derElement(identifier, content);
  if (element === inPieces) return derElement(primitive(identifier), octetsOf(element));
  const encrypted = encryptedContentOf(element) ?? inPieces;
  const parts = element.elements.map((part) => written(part, encrypted));
  const [first] = element.elements;
  if (isSigned(element) && first !== undefined && !equalBytes(parts[0] ?? new Uint8Array(0), first.encoding)) {
    throw invalid(first, "something is signed as BER: written as DER it would not be what was signed");
  }
  return derElement(identifier, joined(parts));
}

/** The universal types that are constructed in DER too. */
const compound: ReadonlySet<number> = new Set([
  Universal.sequence,
  Universal.set,
  Universal.external,
  Universal.embeddedPdv,
]);

/** X.690 §8.7.3: the octets of the pieces, of any depth, one behind the other. */
function octetsOf(element: BerElement): Uint8Array {
  if (!element.constructed) return element.content;
  return joined(element.elements.map((piece) => octetsOf(expectPiece(piece, Universal.octetString))));
}

/** X.690 §8.6.4: the bits of the pieces; the last alone may have unused ones. */
function bitsOf(element: BerElement): Uint8Array {
  const pieces = bitPieces(element);
  const last = pieces.at(-1);
  const strings = pieces.map((piece) => {
    const { unusedBits, octets } = bitStringContent(piece.content, "a piece of a BIT STRING");
    if (unusedBits !== 0 && piece !== last) throw invalid(piece, "a BIT STRING has unused bits within it");
    return { unusedBits, octets };
  });
  return joined([Uint8Array.of(strings.at(-1)?.unusedBits ?? 0), ...strings.map(({ octets }) => octets)]);
}

function bitPieces(element: BerElement): readonly BerElement[] {
  if (!element.constructed) return [element];
  return element.elements.flatMap((piece) => bitPieces(expectPiece(piece, Universal.bitString)));
}

function expectPiece(piece: BerElement, tagNumber: number): BerElement {
  if (!piece.is(tagNumber)) throw invalid(piece, "a string in pieces consists of something else than its own type");
  return piece;
}

/** X.690 §8.2.2, §11.1. */
function booleanOf(element: BerElement): Uint8Array {
  const [value] = element.content;
  if (value === undefined || element.content.length !== 1) throw invalid(element, "a BOOLEAN has one octet");
  return Uint8Array.of(value === 0 ? 0 : 0xff);
}

/**
 * The ciphertext in a ContentInfo of EncryptedData or EnvelopedData, if it is in pieces: without knowing the type, an
 * implicit tag can't be told from an explicit one. RFC 5652 §3, §6.1, §8:
 * ```
 * ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
 * EncryptedData ::= SEQUENCE { version INTEGER, encryptedContentInfo EncryptedContentInfo, … }
 * EncryptedContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, contentEncryptionAlgorithm AlgorithmIdentifier,
 *   encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
 * ```
 */
function encryptedContentOf({ elements: [type, content] }: BerElement): BerElement | undefined {
  if (type?.is(Universal.objectIdentifier) !== true) return undefined;
  if (!encryptedTypes.some((known) => equalBytes(known, type.content))) return undefined;
  for (const info of content?.elements[0]?.elements ?? []) {
    const [innerType, algorithm, ciphertext] = info.elements;
    if (info.is(Universal.sequence) && innerType?.is(Universal.objectIdentifier) === true && isAlgorithm(algorithm)) {
      return ciphertext?.constructed === true && ciphertext.tagClass === "context-specific" ? ciphertext : undefined;
    }
  }
  return undefined;
}

const encryptedTypes = [CmsOid.idEnvelopedData, CmsOid.idEncryptedData].map(encodeOid);

/**
 * Whether it has the form of something signed (X.509 §6.2.1): a certificate, a CRL, a request, an OCSP response, whose
 * signature is over the first part.
 * ```
 * SEQUENCE { toBeSigned SEQUENCE, algorithm AlgorithmIdentifier, signature BIT STRING, … }
 * ```
 */
function isSigned(element: BerElement): boolean {
  const [toBeSigned, algorithm, signature] = element.elements;
  return (
    element.is(Universal.sequence) &&
    toBeSigned?.is(Universal.sequence) === true &&
    isAlgorithm(algorithm) &&
    signature?.is(Universal.bitString) === true
  );
}

function isAlgorithm(element: BerElement | undefined): boolean {
  return element?.is(Universal.sequence) === true && element.elements[0]?.is(Universal.objectIdentifier) === true;
}

/** There may be more of them than a call takes arguments. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** An identifier octet without the bit that says constructed. */
function primitive(identifier: number): number {
  return identifier & ~0x20;
}

function invalid({ position }: BerElement, message: string): X509Error {
  return x509Error("invalid_ber", `at offset ${position.offset}: ${message}`);
}
