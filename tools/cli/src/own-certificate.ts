import type { CertificateWithKey } from "@tlskit/tls";
import { certificatesFromPem, describePassedOver, privateKeyFromPem, X509Error } from "@tlskit/x509";
import { readBytes } from "./files.ts";
import { UsageError } from "./usage.ts";

/** Where one's own certificate is, and its key. */
export interface OwnCertificateOptions {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** One's own certificate, if the command line names one. */
export function ownCertificate({ cert, key }: OwnCertificateOptions): CertificateWithKey | undefined {
  if ((cert === undefined) !== (key === undefined)) throw new UsageError("--cert and --key go together");
  if (cert === undefined || key === undefined) return undefined;
  try {
    const { certificates: chain, passedOver } = certificatesFromPem(readBytes(cert));
    // of one's own chain nothing can be spared
    for (const one of passedOver) throw new UsageError(`${cert}: ${describePassedOver(one)}`);
    const publicKey = chain[0]?.subjectPublicKeyInfo;
    return { chain, key: privateKeyFromPem(readBytes(key), publicKey === undefined ? {} : { publicKey }) };
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(`${cert}, ${key}: ${error.message}`);
    throw error;
  }
}
