import {
  type CertificateRevocationList,
  checkRevocation,
  crlsFromPem,
  describePassedOver,
  type RevocationChecks,
  X509Error,
} from "@tlskit/x509";
import { argumentError } from "./argument-errors.ts";
import type { SecureContextOptions } from "./options.ts";
import { given, textOf } from "./pem-texts.ts";

/**
 * How revocation is checked where there is a `crl`: as in `node:tls`, every certificate of a chain needs a list that is in date.
 * Nothing where there is none.
 * @throws {Error} `ERR_CRYPTO_OPERATION_FAILED`, as of `node:tls`, for a list that can't be read
 */
export function revocationBy(crl: SecureContextOptions["crl"]): RevocationChecks | undefined {
  const texts = given(crl);
  if (texts.length === 0) return undefined;
  return checkRevocation({ mode: "required", certificates: "chain", crls: texts.flatMap(listsIn) });
}

function listsIn(pem: string | Uint8Array): readonly CertificateRevocationList[] {
  try {
    const { crls, passedOver } = crlsFromPem(textOf(pem));
    const [fault] = passedOver;
    // What is left out would leave what it revokes in.
    if (fault !== undefined) throw unreadable(describePassedOver(fault));
    return crls;
  } catch (error) {
    throw error instanceof X509Error ? unreadable(error.message, error) : error;
  }
}

function unreadable(reason: string, cause?: unknown): Error {
  return argumentError(Error, "ERR_CRYPTO_OPERATION_FAILED", `Failed to parse CRL (${reason})`, cause);
}
