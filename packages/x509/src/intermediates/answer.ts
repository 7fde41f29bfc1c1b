import { Certificate } from "../certificate.ts";
import { decodeSignedData } from "../cms/signed-data.ts";
import { decodePem } from "../pem.ts";
import { readable } from "../readable.ts";

/**
 * The certificates in what a caIssuers address answers: one in DER, or several in certs-only PKCS#7 (RFC 5280 §4.2.2.1),
 * or either in PEM, as some serve it in spite of that. What can't be read is passed over: it takes nothing from the others.
 */
export function certificatesOfAnswer(
  bytes: Uint8Array,
  limit: number,
  toDer: (encoding: Uint8Array) => Uint8Array = (encoding) => encoding,
): readonly Certificate[] {
  const encodings = blocksOf(bytes).flatMap((block) => readable(() => inBlock(toDer(block))) ?? []);
  return encodings.slice(0, limit).flatMap((der) => readable(() => [Certificate.fromDer(der)]) ?? []);
}

function blocksOf(bytes: Uint8Array): readonly Uint8Array[] {
  // a SEQUENCE
  if (bytes[0] === 0x30) return [bytes];
  const blocks = (readable(() => decodePem(bytes)) ?? []).filter(({ label }) => labels.has(label));
  return blocks.flatMap((block) => readable(() => [block.bytes]) ?? []);
}

/** RFC 7468 §5.1, §8, §9. */
const labels: ReadonlySet<string> = new Set(["CERTIFICATE", "PKCS7", "CMS"]);

/** A certificate's first part is a SEQUENCE; that of PKCS#7 is an object identifier. */
function inBlock(der: Uint8Array): readonly Uint8Array[] {
  return readable(() => decodeSignedData(der).certificates) ?? [der];
}
