import { readCertificates } from "../certificate-collection.ts";
import { nothingLeft } from "../passed-over.ts";
import { TrustAnchors } from "./trust-anchors.ts";

/**
 * Whom to trust by the certificates in a PEM text. One that can't be read is left out, and told in `passedOver`: to trust fewer
 * is never less safe. A text without certificates is nobody, whom no verification trusts.
 * @param contents a text, or a file's bytes, as {@link decodePem} takes them
 * @throws {X509Error} if there are certificates, and none that can be read
 */
export function trustAnchorsFromPem(contents: string | Uint8Array): TrustAnchors {
  const found = readCertificates(contents);
  const { read, passedOver, fault } = found;
  if (read.length === 0 && fault !== undefined) throw nothingLeft(found);
  return TrustAnchors.of(read, passedOver);
}
