import type { KeyUsage } from "../extensions/key-usage.ts";
import { describeOid, Oid } from "../oids.ts";

/** Purposes that have a name (RFC 5280 §4.2.1.12). */
export type NamedPurpose =
  | "serverAuth"
  | "clientAuth"
  | "codeSigning"
  | "timeStamping"
  | "ocspSigning"
  | "emailProtection";

/** What a leaf is to be used for. `any` leaves the extended key usage unread. */
export type Purpose = NamedPurpose | "any" | { readonly oid: string };

/** What the keys of those who serve a purpose are used for: those for mail sign, or encrypt. */
const keyUsages: Readonly<Record<NamedPurpose, KeyUsage | undefined>> = {
  serverAuth: "digitalSignature",
  clientAuth: "digitalSignature",
  codeSigning: "digitalSignature",
  timeStamping: "digitalSignature",
  ocspSigning: "digitalSignature",
  emailProtection: undefined,
};

/** What must be among a certificate's purposes; nothing for `any`. */
export function purposeOid(purpose: Purpose): string | undefined {
  if (purpose === "any") return undefined;
  return typeof purpose === "string" ? Oid[purpose] : purpose.oid;
}

/** What a leaf's key usage, if it has one, must allow unless the caller says otherwise. */
export function purposeKeyUsage(purpose: Purpose): KeyUsage | undefined {
  return typeof purpose === "string" && purpose !== "any" ? keyUsages[purpose] : undefined;
}

/** A purpose for a sentence. */
export function describePurpose(purpose: Purpose): string {
  return typeof purpose === "string" ? purpose : describeOid(purpose.oid);
}
