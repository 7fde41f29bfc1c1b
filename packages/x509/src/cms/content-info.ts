import { type AlgorithmIdentifier, readAlgorithmIdentifier } from "../algorithm-identifier.ts";
import type { DerReader } from "../der-reader.ts";
import { contextConstructed, contextPrimitive } from "../der-tag.ts";
import { derElement, derExplicit, derOctetString, derOid, derSequence, derSmallInteger } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { CmsOid } from "./oids.ts";

/** RFC 5652 §3: `ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }` */
export interface ContentInfo {
  readonly type: string;
  readonly content: DerReader;
}

export function readContentInfo(reader: DerReader): ContentInfo {
  const parts = reader.sequence("a ContentInfo");
  const type = parts.oid("the type of contents");
  const content = parts.open(contextConstructed(0), "the contents");
  parts.finish("a ContentInfo");
  return { type, content };
}

/** RFC 5652 §4. */
export function encodeData(contents: Uint8Array): Uint8Array {
  return derSequence(derOid(CmsOid.idData), derExplicit(0, derOctetString(contents)));
}

/**
 * RFC 5652 §8.
 * ```
 * EncryptedData ::= SEQUENCE { version INTEGER, encryptedContentInfo EncryptedContentInfo,
 *   unprotectedAttrs [1] IMPLICIT SET OPTIONAL }
 * EncryptedContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, contentEncryptionAlgorithm AlgorithmIdentifier,
 *   encryptedContent [0] IMPLICIT OCTET STRING OPTIONAL }
 * ```
 */
export function readEncryptedData(content: DerReader): {
  readonly algorithm: AlgorithmIdentifier;
  readonly ciphertext: Uint8Array;
} {
  const what = "the encrypted data";
  const parts = content.sequence(what);
  parts.smallInteger(2, "the version of the encrypted data");
  const info = parts.sequence(what);
  if (info.oid("the type of what is encrypted") !== CmsOid.idData) {
    throw x509Error("invalid_der", "what is encrypted is no data");
  }
  const algorithm = readAlgorithmIdentifier(info, "the encryption");
  const ciphertext = info.content(contextPrimitive(0), "the ciphertext");
  info.finish(what);
  if (parts.nextTag === contextConstructed(1)) parts.content(contextConstructed(1), "the unprotected attributes");
  parts.finish(what);
  return { algorithm, ciphertext };
}

export function encodeEncryptedData(algorithm: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const info = derSequence(derOid(CmsOid.idData), algorithm, derElement(contextPrimitive(0), ciphertext));
  const encrypted = derSequence(derSmallInteger(0), info);
  return derSequence(derOid(CmsOid.idEncryptedData), derExplicit(0, encrypted));
}
