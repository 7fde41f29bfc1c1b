/** Findings about what a server takes of the extensions, and about what it should. */
import type { FindingRule } from "../finding.ts";
import { allowCurrentSuites, allowCurrentVersions } from "./remedies.ts";

export const extensionFindings: readonly FindingRule[] = [
  {
    id: "insecure-renegotiation",
    severity: "high",
    title: "Renegotiation isn't bound to the connection",
    why: "Whoever is on the way puts requests of their own before a client's, which the server takes for the client's.",
    source: "RFC 5746 §1; RFC 9325 §3.5; CVE-2009-3555",
    remedy:
      "Update the server's TLS library: OpenSSL has secure renegotiation since 0.9.8m, and other libraries since 2010.",
    remedies: { apache: "SSLInsecureRenegotiation off" },
    needs: ["extensions"],
    seen: ({ extensions }) =>
      extensions?.secureRenegotiation === false ? ["The server doesn't answer renegotiation_info."] : [],
  },
  {
    id: "compression",
    severity: "high",
    title: "TLS compression",
    why: "The length of what is compressed tells what is in it: whoever makes a client send guesses reads its cookies (CRIME).",
    source: "RFC 9325 §3.3; CVE-2012-4929",
    remedy:
      "Turn compression off; OpenSSL 1.1.0 and what is newer doesn't do it unless told to, and neither do nginx, HAProxy, Caddy and Node.",
    remedies: { apache: "SSLCompression off" },
    needs: ["extensions"],
    seen: ({ extensions }) => (extensions?.compression ?? []).map(({ name }) => `${name} was chosen.`),
  },
  {
    id: "truncated-hmac",
    severity: "medium",
    title: "Truncated HMACs",
    why: "MACs of 80 bits make an attack on CBC suites possible that plain MACs don't allow.",
    source: "RFC 9325 §4.6",
    remedy: "Turn it off, or update the server: neither OpenSSL nor Go has it.",
    remedies: {},
    needs: ["extensions"],
    seen: ({ extensions }) => (extensions?.truncatedHmac === true ? ["The server takes truncated_hmac."] : []),
  },
  {
    id: "no-extended-main-secret",
    severity: "low",
    title: "No extended main secret",
    why: "The main secret isn't bound to the handshake, so that two connections can be given the same one (triple handshake).",
    source: "RFC 7627 §1; RFC 9325 §3.5",
    remedy:
      "Update the server's TLS library: OpenSSL has it since 1.1.0, GnuTLS since 3.4, Go since 1.21, and all without a setting.",
    remedies: {},
    needs: ["extensions"],
    seen: ({ extensions }) =>
      extensions?.extendedMainSecret === false ? ["The server doesn't answer extended_main_secret."] : [],
  },
  {
    id: "no-encrypt-then-mac",
    severity: "info",
    title: "CBC suites without encrypt-then-MAC",
    why: "Of CBC suites those with the MAC outside have no padding oracle; clients that can do that get the other kind.",
    source: "RFC 7366 §3",
    remedy: "Take out CBC suites, or update the server's TLS library: OpenSSL has encrypt-then-MAC since 1.1.0.",
    remedies: allowCurrentSuites,
    needs: ["extensions"],
    seen: ({ extensions }) =>
      extensions?.encryptThenMac === false ? ["The server takes CBC suites and doesn't answer encrypt_then_mac."] : [],
  },
  {
    id: "no-fallback-scsv",
    severity: "low",
    title: "Old versions without protection against downgrades",
    why: "Where a client tries again with an older version after a failure, whoever is on the way can cause the failure: with the fallback SCSV the server tells.",
    source: "RFC 7507 §3",
    remedy: "Allow TLS 1.2 and 1.3 alone, or update the server's TLS library: OpenSSL has it since 1.0.1j.",
    remedies: allowCurrentVersions,
    needs: ["extensions", "versions"],
    // RFC 9325 §3.1.3: between TLS 1.2 and 1.3 nobody needs it.
    seen: ({ extensions, versions = [] }) => {
      const old = versions.filter(({ version, spoken }) => spoken && version !== "TLS 1.3" && version !== "TLS 1.2");
      return extensions?.fallbackScsv === false && old.length > 0
        ? [`TLS_FALLBACK_SCSV is ignored, and ${old.map(({ version }) => version).join(", ")} spoken.`]
        : [];
    },
  },
  {
    id: "heartbeat",
    severity: "info",
    title: "Heartbeats are answered for",
    why: "Nobody needs heartbeats over TCP, and the code for them is where Heartbleed was.",
    source: "RFC 6520; CVE-2014-0160",
    remedy: "Update the server's TLS library: OpenSSL hasn't had heartbeats since 1.1.1.",
    remedies: {},
    needs: ["extensions"],
    seen: ({ extensions }) => (extensions?.heartbeat === true ? ["The server answers heartbeat."] : []),
  },
  {
    id: "alpn-not-enforced",
    severity: "low",
    title: "Clients of another protocol are let in",
    why: "A server that goes on although no application protocol was agreed on can be made to answer in place of another with the same certificate (ALPACA).",
    source: "RFC 7301 §3.2; RFC 9325 §3.8",
    remedy: "Update the server: nginx refuses since 1.21.4, Node since 20, Go since 1.17.",
    remedies: { node: 'ALPNProtocols: ["http/1.1"]' },
    needs: ["alpn"],
    seen: ({ alpn }) => {
      if (alpn === undefined || alpn.unknown === "refused") return [];
      if (alpn.unknown === "accepted") return ["A protocol that nobody has was accepted."];
      // Without any protocol of its own a server has nothing to refuse.
      return alpn.accepted.length === 0
        ? []
        : [`It has ${alpn.accepted.join(", ")}, and goes on with a client that has none of these.`];
    },
  },
  {
    id: "client-certificates-requested",
    severity: "info",
    title: "Clients are asked for a certificate",
    why: "Browsers may put up a question, and the names of the authorities that are trusted are told to anybody.",
    source: "RFC 9846 §4.4.2",
    remedy: "Ask for certificates only where they are used, on a name of its own.",
    remedies: {},
    needs: ["clientCertificates"],
    seen: ({ clientCertificates }) => {
      if (clientCertificates?.requested !== true) return [];
      const { required, authorities } = clientCertificates;
      return [`${required ? "Required" : "Not required"}; authorities that were named: ${authorities.length}.`];
    },
  },
];
