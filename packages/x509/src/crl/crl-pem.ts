import { nothingLeft, type PassedOver, readEach } from "../passed-over.ts";
import { decodePem, toPem } from "../pem.ts";
import { CertificateRevocationList } from "./crl.ts";

/** The CRLs of a text, and what of it was to be one and can't be read. */
export interface CrlCollection {
  /** In their order. */
  readonly crls: readonly CertificateRevocationList[];
  readonly passedOver: readonly PassedOver[];
}

/** RFC 7468 §6: the first is the one to write. */
const labels = ["X509 CRL", "CRL"] as const;

/**
 * All CRLs of a PEM text, in their order. Blocks of other kinds mean nothing here; one that can't be read is passed over,
 * and takes nothing from the others.
 * @param contents a text, or a file's bytes, as {@link decodePem} takes them
 * @throws {X509Error} if there is none, or none that can be read: `invalid_pem`, `invalid_der`, `invalid_crl`, …
 */
export function crlsFromPem(contents: string | Uint8Array): CrlCollection {
  const blocks = decodePem(contents).filter(({ label }) => labels.some((known) => known === label));
  const found = readEach(
    blocks,
    ({ line }) => `line ${line}`,
    ({ bytes }) => CertificateRevocationList.fromDer(bytes),
  );
  if (found.read.length === 0) throw nothingLeft(found, `the text has no block ${labels[0]}`);
  return { crls: found.read, passedOver: found.passedOver };
}

/** CRLs as a PEM text, in their order. */
export function crlsToPem(...crls: readonly CertificateRevocationList[]): string {
  return crls.map(({ der }) => toPem(labels[0], der)).join("");
}
