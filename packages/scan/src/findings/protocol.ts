/** Findings about the versions that are spoken, and about what becomes of hellos of a newer one. */
import type { FindingRule, KnownFacts } from "../finding.ts";
import type { Version } from "../version.ts";
import { allowCurrentVersions } from "./remedies.ts";

export const protocolFindings: readonly FindingRule[] = [
  {
    id: "ssl2.0-spoken",
    severity: "critical",
    title: "SSL 2.0 is spoken",
    why: "Nothing protects SSL 2.0's handshake, and a server that speaks it lets attackers decrypt connections of any version that rest on the same RSA key (DROWN).",
    source: "RFC 6176 §3; CVE-2016-0800",
    remedy:
      "Allow TLS 1.2 and 1.3 alone, also on every other server that has the same key; software that still has SSL 2.0 wants replacing.",
    remedies: allowCurrentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "SSL 2.0"),
  },
  {
    id: "ssl3.0-spoken",
    severity: "high",
    title: "SSL 3.0 is spoken",
    why: "SSL 3.0 leaves padding unauthenticated, has no sound cipher suite and none of the extensions that later attacks made necessary.",
    source: "RFC 7568 §3",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: allowCurrentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "SSL 3.0"),
  },
  {
    id: "tls1.0-spoken",
    severity: "medium",
    title: "TLS 1.0 is spoken",
    why: "TLS 1.0 rests on MD5 and SHA-1, has predictable initialization vectors and no authenticated encryption; it must not be negotiated any more.",
    source: "RFC 8996 §4; RFC 9325 §3.1.1",
    remedy: "Allow TLS 1.2 and 1.3 alone.",
    remedies: allowCurrentVersions,
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
    remedies: allowCurrentVersions,
    needs: ["versions"],
    seen: (facts) => spoken(facts, "TLS 1.1"),
  },
  {
    id: "only-deprecated-versions",
    severity: "high",
    title: "Neither TLS 1.2 nor TLS 1.3 is spoken",
    why: "Current clients have given up what is older, so that they can't connect, and those that can get no version that is still considered safe.",
    source: "RFC 9325 §3.1.1; RFC 8996",
    remedy: "Allow TLS 1.2 and 1.3; software that has neither wants replacing.",
    remedies: allowCurrentVersions,
    needs: ["versions"],
    seen: ({ versions = [] }) => {
      const old = versions.filter(({ spoken }) => spoken).map(({ version }) => version);
      return old.length === 0 || old.includes("TLS 1.2") || old.includes("TLS 1.3")
        ? []
        : [`Spoken: ${old.join(", ")}.`];
    },
  },
  {
    id: "tls1.3-not-spoken",
    severity: "low",
    title: "TLS 1.3 isn't spoken",
    why: "TLS 1.3 encrypts certificates, saves a round trip, has no unsafe option left, and alone gets post-quantum key exchange: TLS 1.2 gets nothing new.",
    source: "RFC 9325 §3.1.1; RFC 9851",
    remedy: "Allow TLS 1.3; software that hasn't got it wants updating.",
    remedies: allowCurrentVersions,
    needs: ["versions"],
    seen: ({ versions = [] }) => {
      const newest = versions.find(({ spoken }) => spoken)?.version;
      return newest === undefined || newest === "TLS 1.3"
        ? []
        : [`The newest version that was negotiated is ${newest}.`];
    },
  },
  {
    id: "hello-intolerance",
    severity: "low",
    title: "Hellos that a server has to take are refused",
    why: "A server that trips over what it doesn't know, or over a hello's size, can't be reached by newer clients, and holds everybody's protocol back.",
    source: "RFC 9846 §4.2.2; RFC 8701",
    remedy:
      "Update the server, or what stands before it and looks into hellos: load balancers and firewalls are mostly at fault.",
    remedies: {},
    needs: ["tolerance"],
    seen: ({ tolerance = [] }) =>
      tolerance
        .filter(({ tolerated }) => !tolerated)
        .map(({ id, about, how }) => `${id} (${about}): ${how ?? "not tolerated"}.`),
  },
];

function spoken({ versions = [] }: KnownFacts, asked: Version): readonly string[] {
  return versions.some(({ version, spoken }) => version === asked && spoken) ? [`${asked} was negotiated.`] : [];
}
