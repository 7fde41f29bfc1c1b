/** Findings about faults of implementations that are known by name. They are looked for by an option alone. */
import type { FindingRule, KnownFacts, Unknown } from "../finding.ts";
import { startTlsInjectionId } from "../flaws/starttls-injection.ts";
import { allowCurrentSuites } from "./remedies.ts";

export const flawFindings: readonly FindingRule[] = [
  {
    id: "heartbleed",
    severity: "critical",
    title: "Heartbleed",
    why: "Anybody reads the server's memory, 64 kB at a time: keys, passwords, other people's traffic.",
    source: "CVE-2014-0160",
    remedy:
      "Update OpenSSL (1.0.1g or later), then take new keys and certificates, have the old ones revoked, and change what passwords may have been read.",
    remedies: {},
    needs: ["flaws"],
    seen: (facts) => has(facts, "heartbleed"),
    unknown: (facts) => unclear(facts, "heartbleed"),
  },
  {
    id: "ccs-injection",
    severity: "high",
    title: "Early change_cipher_spec is taken",
    why: "Whoever is on the way makes both sides use keys that are known, and reads and changes everything.",
    source: "CVE-2014-0224",
    remedy: "Update OpenSSL (0.9.8za, 1.0.0m, 1.0.1h or later).",
    remedies: {},
    needs: ["flaws"],
    seen: (facts) => has(facts, "ccs-injection"),
    unknown: (facts) => unclear(facts, "ccs-injection"),
  },
  {
    id: "robot",
    severity: "high",
    title: "ROBOT: an oracle for RSA decryption",
    why: "The server's answers tell whether what it decrypted was well formed, which is enough to read recorded connections, or to sign in its name.",
    source: "RFC 5246 §7.4.7.1; CVE-2017-13099",
    remedy: "Allow no suites with RSA key exchange, and update the server or the device before it.",
    remedies: allowCurrentSuites,
    needs: ["flaws"],
    seen: (facts) => has(facts, "robot"),
    unknown: (facts) => unclear(facts, "robot"),
  },
  {
    id: "ticketbleed",
    severity: "high",
    title: "Ticketbleed",
    why: "A short session identifier with a ticket makes the server give away 31 octets of its memory.",
    source: "CVE-2016-9244",
    remedy: "Update the F5 BIG-IP, or turn its session tickets off.",
    remedies: {},
    needs: ["flaws"],
    seen: (facts) => has(facts, "ticketbleed"),
    unknown: (facts) => unclear(facts, "ticketbleed"),
  },
  {
    id: startTlsInjectionId,
    severity: "medium",
    title: "What comes in the clear behind STARTTLS is taken for encrypted",
    why: "Whoever is on the way puts commands before those of a client, which has them carried out with its rights: mail that it sends, its password included, goes where they say.",
    source: "RFC 3207 §4.2; CVE-2011-0411; CVE-2021-33515",
    remedy: "Update the mail server, or the proxy before it.",
    remedies: {},
    needs: ["flaws"],
    seen: (facts) => has(facts, startTlsInjectionId),
    unknown: (facts) => unclear(facts, startTlsInjectionId),
  },
];

function has({ flaws }: KnownFacts, asked: string): readonly string[] {
  return (flaws?.flaws ?? []).filter(({ id, state }) => id === asked && state === "vulnerable").map(({ how }) => how);
}

/** A look that told nothing has cleared nobody. */
function unclear({ flaws }: KnownFacts, asked: string): Unknown | undefined {
  const look = flaws?.flaws.find(({ id, state }) => id === asked && state === "unclear");
  return look && { because: "failed", reason: `flaws: ${look.how}` };
}
