import { equalBytes, printable } from "@tlskit/wire";
import type { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import type { GeneralName } from "./general-name.ts";
import { hostNameMatches, isHostName, normalizeHostName } from "./host-name.ts";
import { formatIpAddress, parseIpAddress } from "./ip-address.ts";
import { maximumIdentitiesShown } from "./limits.ts";
import { Oid } from "./oids.ts";
import { encodeUtf8 } from "./unicode.ts";

/** Whom a leaf must name (RFC 9525 §6.1): a host name, normalised, or an IP address as text. */
export type ReferenceIdentity = { readonly dnsName: string } | { readonly ipAddress: string };

/**
 * The identity that a host, as a user or a URL gives it, stands for: an IP address, also in brackets, or a name.
 * @throws {X509Error} `invalid_identity` if it is neither; names outside of ASCII are to be given as A-labels
 */
export function referenceIdentity(hostname: string): ReferenceIdentity {
  // in JavaScript it may be anything
  if (typeof hostname !== "string") throw x509Error("invalid_identity", "a host is named by a text");
  const bare = hostname.startsWith("[") && hostname.endsWith("]") ? hostname.slice(1, -1) : hostname;
  if (parseIpAddress(bare) !== undefined) return { ipAddress: bare };
  const dnsName = bare === hostname ? normalizeHostName(hostname) : undefined;
  if (dnsName === undefined) {
    throw x509Error("invalid_identity", `not a host name or IP address: ${JSON.stringify(hostname)}`);
  }
  return { dnsName };
}

/**
 * Whether a certificate names a host: by its dNSNames, an address by its iPAddresses, nothing by its subject's common
 * name (RFC 9525 §2, §6.3, §6.5). Nothing is said about whether to trust it.
 * @throws {X509Error} `invalid_identity`
 */
export function certificateNames(certificate: Certificate, hostname: string): boolean {
  return namesHost(certificate, referenceIdentity(hostname));
}

/** @internal {@link certificateNames}, of what {@link referenceIdentity} made. */
export function namesHost(certificate: Certificate, identity: ReferenceIdentity): boolean {
  const names = certificate.subjectAlternativeName;
  if (names === undefined) return false;
  if ("dnsName" in identity) return names.dnsNames.some((presented) => hostNameMatches(presented, identity.dnsName));
  const address = parseIpAddress(identity.ipAddress);
  return address !== undefined && names.ipAddresses.some((presented) => equalBytes(presented, address));
}

/** @internal Whether a certificate has any name that a host could have. */
export function hasHosts({ subjectAlternativeName }: Certificate): boolean {
  return (
    subjectAlternativeName?.all.some((name) => {
      const form = name.type === "unreadable" ? name.form : name.type;
      return form === "dNSName" || form === "iPAddress";
    }) === true
  );
}

/** @internal Whether a common name of the subject spells a host's name (RFC 6125 §6.4.4, which RFC 9525 took back). */
export function commonNameIs({ subject }: Certificate, identity: ReferenceIdentity): boolean {
  if (!("dnsName" in identity)) return false;
  return subject.relativeNames
    .flat()
    .some(({ oid, text }) => oid === Oid.commonName && text !== undefined && hostNameMatches(text, identity.dnsName));
}

/**
 * Why a certificate doesn't name a host, as the end of a sentence, for whoever has to mend it: whom it names instead, and
 * what of it is no name of a host although it was meant to be. What it says is shown, not obeyed.
 */
export function describeMismatch(certificate: Certificate, identity: ReferenceIdentity): string {
  const wanted = "dnsName" in identity ? identity.dnsName : identity.ipAddress;
  const texts = (certificate.subjectAlternativeName?.all ?? []).flatMap(describePresented);
  const shown = texts.slice(0, maximumIdentitiesShown);
  if (texts.length > shown.length) shown.push(`${texts.length - shown.length} more`);
  if (shown.length > 0) return `not for ${wanted}, but for ${shown.join(", ")}`;
  const instead = commonNameIs(certificate, identity)
    ? `; its common name doesn't count (RFC 9525 §2), a host is named by a dNSName of the subject alternative name`
    : "";
  return `not for ${wanted}, but for no host name or IP address${instead}`;
}

/** A name that a host could have, or was meant to. */
function describePresented(name: GeneralName): readonly string[] {
  if (name.type === "iPAddress") return [formatIpAddress(name.value)];
  if (name.type === "dNSName") return [describeDnsName(name.value)];
  if (name.type !== "unreadable" || (name.form !== "dNSName" && name.form !== "iPAddress")) return [];
  const beyondAscii = name.form === "dNSName" ? " (a name beyond ASCII is written in A-labels, xn--…)" : "";
  return [`${name.form === "dNSName" ? "a" : "an"} ${name.form} that can't be read${beyondAscii}`];
}

function describeDnsName(value: string): string {
  const text = printable(encodeUtf8(value)).slice(0, 256);
  const quoted = `"${text}"`;
  if (parseIpAddress(value) !== undefined) return `the dNSName ${quoted} (an address is named by an iPAddress)`;
  if (isHostName(value.toLowerCase())) return text;
  if (hostNameMatches(value, value.toLowerCase().replace("*", "a"))) return text;
  if (!value.includes("*")) return `the dNSName ${quoted} (no host's name)`;
  return `the dNSName ${quoted} (a wildcard is the whole first label, with two labels or more behind it)`;
}
