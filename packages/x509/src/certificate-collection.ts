import { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import { nothingLeft, type PassedOver, type Readable, readEach } from "./passed-over.ts";
import { decodePem, type PemBlock, toPem } from "./pem.ts";

/** Certificates from outside, and what among them can't be read. */
export interface CertificateCollection {
  /** In their order. */
  readonly certificates: readonly Certificate[];
  readonly passedOver: readonly PassedOver[];
}

/** RFC 7468 §5.1: the first is the one to write. The last is OpenSSL's own, which has more in it than a certificate. */
const labels: ReadonlySet<string> = new Set([
  "CERTIFICATE",
  "X509 CERTIFICATE",
  "X.509 CERTIFICATE",
  "TRUSTED CERTIFICATE",
]);

const missing = "the text has no block CERTIFICATE";

/**
 * All certificates of a PEM text, in their order. Blocks of other kinds mean nothing here; one that can't be read is
 * passed over, and takes nothing from the others.
 * @param contents a text, or a file's bytes, as {@link decodePem} takes them
 * @throws {X509Error} if there is none, or none that can be read: `invalid_pem`, `invalid_der`, `invalid_certificate`, …
 */
export function certificatesFromPem(contents: string | Uint8Array): CertificateCollection {
  const found = readCertificates(contents);
  if (found.read.length === 0) throw nothingLeft(found, missing);
  return { certificates: found.read, passedOver: found.passedOver };
}

/** @internal As {@link certificatesFromPem}, also where there is none. */
export function readCertificates(contents: string | Uint8Array): Readable<Certificate> {
  return readEach(blocksOf(contents), ({ line }) => `line ${line}`, readBlock);
}

/**
 * The first certificate of a PEM text, such as a leaf in front of what certifies it: it alone has to be readable.
 * @throws {X509Error} `invalid_pem`, `invalid_der`, `invalid_certificate`, …
 */
export function certificateFromPem(contents: string | Uint8Array): Certificate {
  const [first] = blocksOf(contents);
  if (first === undefined) throw x509Error("invalid_pem", missing);
  return readBlock(first);
}

/**
 * Certificates of which each is in DER, as peers and responders send them: none has to be readable.
 * @param number what the first is called in {@link CertificateCollection.passedOver}
 */
export function certificatesFromDer(ders: readonly Uint8Array[], number: number = 1): CertificateCollection {
  const { read, passedOver } = readEach(ders, (_, index) => `certificate ${index + number}`, Certificate.fromDer);
  return { certificates: read, passedOver };
}

/** Certificates as a PEM text, in their order. */
export function certificatesToPem(...certificates: readonly Certificate[]): string {
  return certificates.map(({ der }) => toPem("CERTIFICATE", der)).join("");
}

function blocksOf(contents: string | Uint8Array): readonly PemBlock[] {
  return decodePem(contents).filter(({ label }) => labels.has(label));
}

function readBlock(block: PemBlock): Certificate {
  if (block.label === "TRUSTED CERTIFICATE") {
    throw x509Error(
      "invalid_pem",
      "it is in OpenSSL's own form, with settings of trust; `openssl x509 -in old.pem -out new.pem` writes the certificate",
    );
  }
  return Certificate.fromDer(block.bytes);
}
