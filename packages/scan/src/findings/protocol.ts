/** Findings about the versions that are spoken. */
import type { FindingRule, KnownFacts, Remedies } from "../finding.ts";
import type { Version } from "../version.ts";

/** TLS 1.2 and 1.3 and nothing else, which any current server software speaks. */
const currentVersions: Remedies = {
  nginx: "ssl_protocols TLSv1.2 TLSv1.3;",
  apache: "SSLProtocol -all +TLSv1.2 +TLSv1.3",
  haproxy: "ssl-default-bind-options ssl-min-ver TLSv1.2",
  caddy: "tls {\n\tprotocols tls1.2 tls1.3\n}",
  node: 'minVersion: "TLSv1.2"',
};

export const protocolFindings: readonly FindingRule[] = [
  {
    id: "ssl2.0-spoken",
    severity: "critical",
    title: "SSL 2.0 is spoken",
    why: "SSL 2.0 has no protection of its handshake, and a server that speaks it lets attackers decrypt what other versions protect by the same RSA key (DROWN).",
    source: "RFC 6176 §3; CVE-2016-0800",
    remedy:
      "Allow TLS 1.2 and 1.3 alone, also on every other server that has the same key; software that still has SSL 2.0 wants replacing.",
    remedies: currentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "SSL 2.0"),
  },
  {
    id: "ssl3.0-spoken",
    severity: "high",
    title: "SSL 3.0 is spoken",
    why: "Nothing authenticates the padding of SSL 3.0, so that whoever sits in between reads cookies octet by octet (POODLE); it has neither sound suites nor extensions.",
    source: "RFC 7568 §3; CVE-2014-3566",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: currentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "SSL 3.0"),
  },
  {
    id: "tls1.0-spoken",
    severity: "medium",
    title: "TLS 1.0 is spoken",
    why: "TLS 1.0 rests on MD5 and SHA-1, has no authenticated encryption and predictable initialization vectors (BEAST); it must not be negotiated any more.",
    source: "RFC 8996 §4; RFC 9325 §3.1.1",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: currentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "TLS 1.0"),
  },
  {
    id: "tls1.1-spoken",
    severity: "medium",
    title: "TLS 1.1 is spoken",
    why: "TLS 1.1 rests on MD5 and SHA-1 and has no authenticated encryption; it must not be negotiated any more.",
    source: "RFC 8996 §5; RFC 9325 §3.1.1",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: currentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "TLS 1.1"),
  },
  {
    id: "tls1.3-not-spoken",
    severity: "low",
    title: "TLS 1.3 isn't spoken",
    why: "TLS 1.3 encrypts certificates, takes one round trip less, has no unsafe option left and is the only version that gets post-quantum key exchange.",
    source: "RFC 9325 §3.1.1; RFC 9851",
    remedy: "Allow TLS 1.3; software that hasn't got it wants updating.",
    remedies: currentVersions,
    needs: ["versions"],
    seen: ({ versions = [] }) =>
      versions.some(({ version, spoken }) => version === "TLS 1.3" && !spoken) &&
      versions.some(({ version, spoken }) => version !== "TLS 1.3" && spoken)
        ? ["The newest version that was negotiated is older than TLS 1.3."]
        : [],
  },
];

function spoken({ versions = [] }: KnownFacts, asked: Version): readonly string[] {
  return versions.some(({ version, spoken }) => version === asked && spoken) ? [`${asked} was negotiated.`] : [];
}
