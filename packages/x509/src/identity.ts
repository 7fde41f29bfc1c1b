import { equalBytes, printable } from "@tlskit/wire";
import type { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import { hostNameMatches, normalizeHostName } from "./host-name.ts";
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

/** Whom a certificate names, for a sentence: what it says is shown, not obeyed. */
export function describeIdentities(certificate: Certificate): string {
  const names = certificate.subjectAlternativeName;
  const texts = [
    ...(names?.dnsNames ?? []).map((name) => printable(encodeUtf8(name)).slice(0, 256)),
    ...(names?.ipAddresses ?? []).map(formatIpAddress),
  ];
  const shown = texts.slice(0, maximumIdentitiesShown);
  if (texts.length > shown.length) shown.push(`${texts.length - shown.length} more`);
  return shown.length === 0 ? "no host name or IP address" : shown.join(", ");
}
