import { Certificate } from "../certificate.ts";
import { decodeSignedData } from "../cms/signed-data.ts";
import { X509Error } from "../error.ts";
import { decodePem } from "../pem.ts";

/**
 * The certificates in what a caIssuers address answers: one in DER, or several in certs-only PKCS#7 (RFC 5280 §4.2.2.1),
 * or either in PEM, as some serve it in spite of that. What can't be read is passed over: it takes nothing from the others.
 */
export function certificatesOfAnswer(
  bytes: Uint8Array,
  limit: number,
  toDer: (encoding: Uint8Array) => Uint8Array = (encoding) => encoding,
): readonly Certificate[] {
  const encodings = blocksOf(bytes).flatMap((block) => unlessMalformed(() => inBlock(toDer(block))) ?? []);
  return encodings.slice(0, limit).flatMap((der) => unlessMalformed(() => [Certificate.fromDer(der)]) ?? []);
}

const textMark = "-----BEGIN ";

function blocksOf(bytes: Uint8Array): readonly Uint8Array[] {
  // a SEQUENCE
  if (bytes[0] === 0x30) return [bytes];
  const text = Array.from(bytes, (octet) => String.fromCharCode(octet)).join("");
  if (!text.includes(textMark)) return [];
  const blocks = unlessMalformed(() => decodePem(text)) ?? [];
  return blocks.filter(({ label }) => labels.has(label)).map((block) => block.bytes);
}

/** RFC 7468 §5.1, §8, §9. */
const labels: ReadonlySet<string> = new Set(["CERTIFICATE", "PKCS7", "CMS"]);

/** A certificate's first part is a SEQUENCE; that of PKCS#7 is an object identifier. */
function inBlock(der: Uint8Array): readonly Uint8Array[] {
  return unlessMalformed(() => decodeSignedData(der).certificates) ?? [der];
}

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) return undefined;
    throw error;
  }
}
