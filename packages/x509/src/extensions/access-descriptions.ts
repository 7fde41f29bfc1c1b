import { decodeDer } from "../der-reader.ts";
import { derOid, derSequence } from "../der-writer.ts";
import { encodeGeneralName, type GeneralName, readGeneralName } from "../general-name.ts";

/** RFC 5280 §4.2.2: how to get something about a certificate's issuer or subject, and where. */
export interface AccessDescription {
  /** `Oid.ocsp`, `Oid.caIssuers` and the like. */
  readonly accessMethod: string;
  readonly accessLocation: GeneralName;
}

/** The value of authorityInfoAccess and subjectInfoAccess: `SEQUENCE SIZE (1..MAX) OF AccessDescription` */
export function decodeAccessDescriptions(value: Uint8Array, what: string): readonly AccessDescription[] {
  return decodeDer(value, what, (reader) => {
    const list = reader.sequence(what);
    const descriptions: AccessDescription[] = [];
    while (!list.done) {
      const parts = list.sequence(what);
      const accessMethod = parts.oid(what);
      const accessLocation = readGeneralName(parts, what);
      parts.finish(what);
      descriptions.push({ accessMethod, accessLocation });
    }
    return descriptions;
  });
}

export function encodeAccessDescriptions(descriptions: Iterable<AccessDescription>): Uint8Array {
  return derSequence(
    ...Array.from(descriptions, ({ accessMethod, accessLocation }) =>
      derSequence(derOid(accessMethod), encodeGeneralName(accessLocation)),
    ),
  );
}
