import { x509Error } from "../error.ts";
import type { GeneralName } from "../general-name.ts";
import { hostNameMatches, normalizeHostName } from "../host-name.ts";
import { parseIpAddress } from "../ip-address.ts";
import { Name } from "../name.ts";
import { type NameParts, nameOfParts } from "../name-of-parts.ts";

/** Whom a certificate is for. */
export interface SubjectNames {
  /** A leaf can do without, a CA or a self-signed certificate can't. */
  readonly subject?: NameParts | Name;
  /** Host names, as A-labels; the left-most label may be `*`. */
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  /** Names of all forms, behind the others. Host names and addresses are held to the same rules. */
  readonly alternativeNames?: readonly GeneralName[];
}

export function subjectOf({ subject = {} }: SubjectNames): Name {
  return subject instanceof Name ? subject : nameOfParts(subject);
}

/** @throws {X509Error} `invalid_argument` for what nobody could be verified by */
export function alternativeNamesOf(names: SubjectNames): readonly GeneralName[] {
  const { dnsNames = [], ipAddresses = [], alternativeNames = [] } = names;
  return [...dnsNames.map(hostName), ...ipAddresses.map(ipAddress), ...alternativeNames.map(checked)];
}

function hostName(name: string): GeneralName {
  const wildcard = name.startsWith("*.");
  const normalized = normalizeHostName(wildcard ? `wildcard.${name.slice(2)}` : name);
  // a name that no host could be verified by isn't worth a certificate
  if (normalized === undefined || !hostNameMatches(name.replace(/\.$/, ""), normalized)) {
    throw x509Error("invalid_argument", `not a host name: ${JSON.stringify(name)}`);
  }
  return { type: "dNSName", value: wildcard ? name.toLowerCase().replace(/\.$/, "") : normalized };
}

function ipAddress(text: string): GeneralName {
  const value = parseIpAddress(text);
  if (value === undefined) throw x509Error("invalid_argument", `not an IP address: ${JSON.stringify(text)}`);
  return { type: "iPAddress", value };
}

/** RFC 5280 §4.2.1.6: what names of each form have to be. */
function checked(name: GeneralName): GeneralName {
  switch (name.type) {
    case "dNSName":
      return hostName(name.value);
    case "iPAddress":
      if (name.value.length !== 4 && name.value.length !== 16) {
        throw x509Error("invalid_argument", `an IP address has 4 or 16 octets, got ${name.value.length}`);
      }
      return name;
    case "rfc822Name":
      // a mailbox without a comment or a display name
      if (!/^[!-?A-~]+@[A-Za-z0-9.-]+$/.test(name.value)) {
        throw x509Error("invalid_argument", `not a mail address in ASCII: ${JSON.stringify(name.value)}`);
      }
      return name;
    case "uniformResourceIdentifier":
      // absolute, and with something behind its scheme
      if (!/^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(name.value)) {
        throw x509Error("invalid_argument", `not an absolute URI in ASCII: ${JSON.stringify(name.value)}`);
      }
      return name;
    default:
      return name;
  }
}
