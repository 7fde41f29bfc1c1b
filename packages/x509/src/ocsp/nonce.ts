import { decodeDer } from "../der-reader.ts";
import { derOctetString } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import type { Extension } from "../extensions/extension.ts";
import { maximumOcspNonceOctets } from "../limits.ts";
import { Oid } from "../oids.ts";

/** RFC 9654 §2.1: `Nonce ::= OCTET STRING (SIZE (1..128))`, of the request or response that has these extensions. */
export function nonceOf(extensions: readonly Extension[]): Uint8Array | undefined {
  const extension = extensions.find(({ oid }) => oid === Oid.ocspNonce);
  if (extension === undefined) return undefined;
  const nonce = decodeDer(extension.value, "the nonce", (reader) => reader.octetString("the nonce"));
  if (isNonce(nonce)) return nonce;
  throw x509Error("invalid_ocsp", `a nonce has 1 to ${maximumOcspNonceOctets} octets, got ${nonce.length}`);
}

/** @throws {X509Error} `invalid_argument` for a nonce that is empty or too long */
export function nonceExtension(nonce: Uint8Array): Extension {
  if (!isNonce(nonce)) {
    throw x509Error("invalid_argument", `a nonce has 1 to ${maximumOcspNonceOctets} octets, got ${nonce.length}`);
  }
  return { oid: Oid.ocspNonce, critical: false, value: derOctetString(nonce) };
}

function isNonce(nonce: Uint8Array): boolean {
  return nonce.length >= 1 && nonce.length <= maximumOcspNonceOctets;
}
