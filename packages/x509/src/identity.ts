import { asciiBytes, equalBytes, printable } from "@tlskit/wire";
import type { Certificate } from "./certificate.ts";
import { x509Error } from "./error.ts";
import { hostNameMatches, normalizeHostName } from "./host-name.ts";
import { formatIpAddress, parseIpAddress } from "./ip-address.ts";
import { maximumIdentitiesShown } from "./limits.ts";

/** Whom the leaf must name (RFC 9525 §6.1), as text: `{ dnsName: "example.org" }`, `{ ipAddress: "2001:db8::1" }`. */
export type ReferenceIdentity = { readonly dnsName: string } | { readonly ipAddress: string };

/**
 * The identity that a host, as a user or a URL gives it, stands for: an IP address, also in brackets, or a name.
 * @throws {X509Error} `invalid_identity` if it is neither; names outside of ASCII are to be given as A-labels
 */
export function referenceIdentity(host: string): ReferenceIdentity {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  if (parseIpAddress(bare) !== undefined) return { ipAddress: bare };
  const dnsName = bare === host ? normalizeHostName(host) : undefined;
  if (dnsName === undefined)
    throw x509Error("invalid_identity", `not a host name or IP address: ${JSON.stringify(host)}`);
  return { dnsName };
}

/**
 * Whether a certificate names an identity: a host by its dNSNames, an address by its iPAddresses, nothing by its
 * subject's common name (RFC 9525 §2, §6.3, §6.5).
 * @throws {X509Error} `invalid_identity`
 */
export function certificateNames(certificate: Certificate, identity: ReferenceIdentity): boolean {
  const names = certificate.subjectAlternativeName;
  if ("ipAddress" in identity) {
    const address = parseIpAddress(identity.ipAddress);
    if (address === undefined) {
      throw x509Error("invalid_identity", `not an IP address: ${JSON.stringify(identity.ipAddress)}`);
    }
    return names?.ipAddresses.some((presented) => equalBytes(presented, address)) ?? false;
  }
  const hostName = normalizeHostName(identity.dnsName);
  if (hostName === undefined) {
    throw x509Error("invalid_identity", `not a host name: ${JSON.stringify(identity.dnsName)}`);
  }
  return names?.dnsNames.some((presented) => hostNameMatches(presented, hostName)) ?? false;
}

/** Whom a certificate names, for a sentence: what it says is shown, not obeyed. */
export function describeIdentities(certificate: Certificate): string {
  const names = certificate.subjectAlternativeName;
  const texts = [
    ...(names?.dnsNames ?? []).map((name) => printable(asciiBytes(name)).slice(0, 256)),
    ...(names?.ipAddresses ?? []).map(formatIpAddress),
  ];
  const shown = texts.slice(0, maximumIdentitiesShown);
  if (texts.length > shown.length) shown.push(`${texts.length - shown.length} more`);
  return shown.length === 0 ? "no host name or IP address" : shown.join(", ");
}
