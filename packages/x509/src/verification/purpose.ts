import type { KeyUsage } from "../extensions/key-usage.ts";
import { isOid } from "../oid.ts";
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

/** Whether something is a purpose: for JavaScript, where a word that is misspelt would ask for nothing. */
export function isPurpose(value: unknown): value is Purpose {
  if (typeof value === "string") return value === "any" || Object.hasOwn(keyUsages, value);
  return (
    typeof value === "object" && value !== null && "oid" in value && typeof value.oid === "string" && isOid(value.oid)
  );
}

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
