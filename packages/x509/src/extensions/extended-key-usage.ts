import { decodeDer } from "../der-reader.ts";
import { derOid, derSequence } from "../der-writer.ts";

/** RFC 5280 §4.2.1.12: `ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId`, as object identifiers. */
export function decodeExtendedKeyUsage(value: Uint8Array): ReadonlySet<string> {
  const what = "the extended key usage";
  return decodeDer(value, what, (reader) => {
    const list = reader.sequence(what);
    const purposes = new Set<string>();
    // an empty one, which the syntax doesn't allow, is for nothing
    while (!list.done) purposes.add(list.oid(what));
    return purposes;
  });
}

export function encodeExtendedKeyUsage(purposes: Iterable<string>): Uint8Array {
  return derSequence(...Array.from(purposes, derOid));
}
