import type { Certificate } from "../certificate.ts";
import { derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { writeTime } from "../time.ts";

/**
 * When a certificate is good. Both ends belong to it (RFC 5280 §4.1.2.5). Without an end or days it is 90 days, for a CA
 * ten years, and no longer than the issuer's.
 */
export type ValidityChoice =
  | { readonly notBefore: Date; readonly notAfter: Date }
  | { readonly from: Date; readonly days?: number };

const day = 86_400_000;

/** @throws {X509Error} `invalid_argument` */
export function encodeValidity(
  choice: ValidityChoice,
  { ca, issuer }: { readonly ca?: object; readonly issuer?: Certificate },
): Uint8Array {
  if ("notBefore" in choice) return between(choice.notBefore, choice.notAfter);
  const { from, days } = choice;
  if (days !== undefined && !(days > 0)) {
    throw x509Error("invalid_argument", `a certificate is valid for more than ${days} days`);
  }
  const end = from.getTime() + (days ?? (ca === undefined ? 90 : 3650)) * day - 1000;
  // who asks for so many days gets them; a default doesn't outlive what it hangs on
  const last = days === undefined && issuer !== undefined ? issuer.validity.notAfter.getTime() : end;
  return between(from, new Date(Math.min(end, last)));
}

function between(notBefore: Date, notAfter: Date): Uint8Array {
  if (notAfter < notBefore) throw x509Error("invalid_argument", "notAfter lies before notBefore");
  return derSequence(writeTime(notBefore), writeTime(notAfter));
}
