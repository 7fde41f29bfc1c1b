import type { DerReader } from "../der-reader.ts";
import { derEnumerated } from "../der-writer.ts";
import { x509Error } from "../error.ts";

/** RFC 5280 §5.3.1, by their numbers; 7 is not used. */
const numbers = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

/** Why a certificate was revoked (RFC 5280 §5.3.1). `removeFromCRL`, in a delta CRL, says that it isn't any longer. */
export type RevocationReason = keyof typeof numbers;

const names = new Map<number, RevocationReason>();
for (const [name, number] of Object.entries(numbers)) names.set(number, name as RevocationReason); // its own key

/** `CRLReason ::= ENUMERATED` */
export function readRevocationReason(reader: DerReader, what: string): RevocationReason {
  const number = reader.enumerated(what);
  const reason = names.get(number);
  if (reason === undefined) throw x509Error("invalid_crl", `${what} is ${number}, which is not defined`);
  return reason;
}

export function encodeRevocationReason(reason: RevocationReason): Uint8Array {
  return derEnumerated(numbers[reason]);
}
