import { type DerReader, decodeDer } from "../der-reader.ts";
import { x509Error } from "../error.ts";
import { type Extension, readExtensions } from "../extensions/extension.ts";
import { decodeGeneralNames, type GeneralNames } from "../general-name.ts";
import { Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import { type RevocationReason, readRevocationReason } from "../revocation/reason.ts";
import { readEventTime } from "../time.ts";

/**
 * An entry of a CRL (RFC 5280 §5.1.2.6, §5.3).
 * ```
 * SEQUENCE { userCertificate CertificateSerialNumber, revocationDate Time, crlEntryExtensions Extensions OPTIONAL }
 * ```
 */
export interface RevokedCertificate {
  /** Two's complement, as encoded. */
  readonly serialNumber: Uint8Array;
  readonly revocationDate: Date;
  /** Why, if it is said so that it can be read: a reason that isn't defined revokes like any other. */
  readonly reason: RevocationReason | undefined;
  /** Since when the key is known or suspected not to be safe, if it is said so that it can be read. */
  readonly invalidityDate: Date | undefined;
  /**
   * Who issued the certificate, if this entry says so: in an indirect CRL it then holds for the entries behind it too.
   */
  readonly certificateIssuer: GeneralNames | undefined;
  readonly extensions: readonly Extension[];
}

/** Extensions of entries that are acted upon here, so that they may be critical. */
const understood: ReadonlySet<string> = new Set([Oid.reasonCode, Oid.invalidityDate, Oid.certificateIssuer]);

/** What extensions say of an entry. */
export interface EntryExtensions {
  readonly extensions: readonly Extension[];
  readonly reason: RevocationReason | undefined;
  readonly invalidityDate: number | undefined;
  readonly certificateIssuer: GeneralNames | undefined;
  /** One that is critical and isn't understood, or can't be read: the whole CRL then can't be used (RFC 5280 §5.3). */
  readonly unsupported: string | undefined;
}

const none: EntryExtensions = {
  extensions: [],
  reason: undefined,
  invalidityDate: undefined,
  certificateIssuer: undefined,
  unsupported: undefined,
};

/** @param der the extensions' whole element */
export function decodeEntryExtensions(der: Uint8Array): EntryExtensions {
  const extensions = decodeDer(der, "a CRL entry's extensions", readExtensions);
  const decoded = <T>(oid: string, decode: (value: Uint8Array) => T): T | undefined => {
    const extension = extensions.find((candidate) => candidate.oid === oid);
    return extension === undefined ? undefined : decode(extension.value);
  };
  const reason = decoded(Oid.reasonCode, (value) =>
    readable(() => decodeDer(value, "a reason code", (reader) => readRevocationReason(reader, "a reason code"))),
  );
  const invalidityDate = decoded(Oid.invalidityDate, (value) =>
    readable(() => decodeDer(value, "an invalidity date", (reader) => readEventTime(reader, "an invalidity date"))),
  );
  const unreadable = new Set<string>([
    ...(reason === undefined ? [Oid.reasonCode] : []),
    ...(invalidityDate === undefined ? [Oid.invalidityDate] : []),
  ]);
  return {
    extensions,
    reason,
    invalidityDate,
    certificateIssuer: decoded(Oid.certificateIssuer, decodeCertificateIssuer),
    unsupported: extensions.find(({ oid, critical }) => critical && (!understood.has(oid) || unreadable.has(oid)))?.oid,
  };
}

/** RFC 5280 §5.3.3: names, of which one is a directory name. */
function decodeCertificateIssuer(value: Uint8Array): GeneralNames {
  const names = decodeGeneralNames(value, "a certificate issuer");
  if (names.directoryNames.length === 0) throw x509Error("invalid_crl", "a certificate issuer has no directory name");
  return names;
}

/** @param parts the contents of an entry */
export function readRevokedCertificate(parts: DerReader): RevokedCertificate {
  const serialNumber = parts.integer("a CRL entry's serial number");
  const revocationDate = new Date(readEventTime(parts, "a revocation date"));
  const { extensions, reason, invalidityDate, certificateIssuer } = parts.done
    ? none
    : decodeEntryExtensions(parts.element("a CRL entry's extensions").der);
  return {
    serialNumber,
    revocationDate,
    reason,
    invalidityDate: invalidityDate === undefined ? undefined : new Date(invalidityDate),
    certificateIssuer,
    extensions,
  };
}
