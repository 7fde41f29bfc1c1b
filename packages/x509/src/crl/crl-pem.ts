import { x509Error } from "../error.ts";
import { decodePem, toPem } from "../pem.ts";
import { CertificateRevocationList } from "./crl.ts";

/** RFC 7468 §6. */
const label = "X509 CRL";

/**
 * All CRLs of a PEM text, in their order. Blocks of other kinds are passed over.
 * @throws {X509Error} `invalid_pem` also if there is none
 */
export function crlsFromPem(text: string): readonly CertificateRevocationList[] {
  const crls = decodePem(text)
    .filter((block) => block.label === label)
    .map(({ bytes }) => CertificateRevocationList.fromDer(bytes));
  if (crls.length === 0) throw x509Error("invalid_pem", `the text has no block ${label}`);
  return crls;
}

/** CRLs as a PEM text, in their order. */
export function crlsToPem(...crls: readonly CertificateRevocationList[]): string {
  return crls.map(({ der }) => toPem(label, der)).join("");
}
