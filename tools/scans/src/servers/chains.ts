import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { type BadChainName, throwawayPki } from "@tlskit/testing";
import {
  authorityInfoAccessExtension,
  type Certificate,
  keyUsageExtension,
  type OcspAnswer,
  type TrustAnchors,
  tlsFeatureExtension,
  type ValidityChoice,
} from "@tlskit/x509";
import type { Pretence } from "../pretended/pretence.ts";
import {
  type PretendedSuite,
  TLS_DHE_DSS_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
} from "../pretended/suites.ts";
import type { ScannedServer } from "../scanned-server.ts";
import { pretending, sound } from "./pretended.ts";
import {
  host,
  inDays,
  type LeafChanges,
  newKey,
  type OutdatedKey,
  outdatedKey,
  random,
  selfSigned,
  ThrowawayAuthority,
} from "./throwaway.ts";

const authority = new ThrowawayAuthority("Chains");
const stranger = new ThrowawayAuthority("Stranger");
const { root, intermediate, formerIntermediate, anchors } = authority;
/** RFC 7633: a certificate that isn't to be believed without a staple. */
const mustStaple = { extensions: [tlsFeatureExtension([5])] };

const forEncryption = { extensions: [keyUsageExtension(["digitalSignature", "keyEncipherment"])] };
const pki = throwawayPki(nodeProvider, random, host, Date.now());
/** RFC 3279 §2.3 */
const Oid = { rsa: "1.2.840.113549.1.1.1", dsa: "1.2.840.10040.4.1" } as const;

const elsewhere: LeafChanges = { dnsNames: ["other.example"] };
const nameless: LeafChanges = { dnsNames: [], subject: { commonName: host } };
const manyNames: LeafChanges = { dnsNames: [host, ...Array.from({ length: 100 }, (_, at) => `${at}.example`)] };
const countedSerial: LeafChanges = { serialNumber: Uint8Array.of(1, 2, 3) };
const wildcard: LeafChanges = { dnsNames: [host, "*.example.org"] };
const withResponder: LeafChanges = { extensions: [authorityInfoAccessExtension({ ocsp: ["http://ocsp.example/"] })] };

const certify = (changes: LeafChanges = {}): Certificate => authority.certify(newKey(), changes);
const leaf = certify();
const promising = certify(mustStaple);

const revoked: Partial<OcspAnswer> = {
  certStatus: { status: "revoked", revocationTime: inDays(-2), reason: "keyCompromise" },
};

/** Servers that show chains, and nothing else of note. Nobody has the keys: it is what is shown that is judged. */
export const chainServers: readonly ScannedServer[] = [
  showing("a certificate that nobody has anything against", [], [leaf, intermediate]),
  showing("one that expired yesterday", ["certificate-expired"], [certify(between(-90, -1)), intermediate]),
  showing("one that is good from tomorrow on", ["certificate-not-yet-valid"], [certify(between(1, 80)), intermediate]),
  showing("one that expires in three days", ["certificate-expires-soon"], [certify(between(-80, 3)), intermediate]),
  showing("one for three years", ["certificate-validity-too-long"], [certify(between(-1, 1095)), intermediate]),
  showing("one that certifies itself", ["certificate-self-signed"], [selfSigned()]),
  showing("one under a strange root", ["certificate-untrusted"], [stranger.certify(newKey()), stranger.intermediate]),
  showing("one without what certifies it", ["chain-incomplete"], [leaf]),
  showing("one for another name", ["certificate-name-mismatch"], [certify(elsewhere), intermediate]),
  showing("one whose common name alone is right", ["certificate-name-mismatch"], [certify(nameless), intermediate]),
  showing("one for all names of a domain", ["certificate-wildcard"], [certify(wildcard), intermediate]),
  showing("one for a hundred and one names", ["certificate-many-names"], [certify(manyNames), intermediate]),
  showing("a chain with its root", ["chain-root-sent"], [leaf, intermediate, root]),
  showing("a chain in the wrong order", ["chain-order-wrong", "chain-root-sent"], [leaf, root, intermediate]),
  showing("a chain with one twice", ["chain-duplicate"], [leaf, intermediate, intermediate]),
  showing("a chain with a stranger in it", ["chain-stranger"], [leaf, intermediate, stranger.intermediate]),
  showing(
    "a chain with something unreadable in it",
    ["chain-unreadable"],
    [leaf, intermediate, Uint8Array.of(0x30, 0)],
  ),
  showing("a chain with an authority of yore", ["expired-authority-sent"], [leaf, intermediate, formerIntermediate]),
  showing("another one to who names nobody", ["certificate-default-differs"], [leaf, intermediate], {
    chainWithoutName: [certify(elsewhere).der, intermediate.der],
  }),
  showing("nothing to who names nobody", ["certificate-needs-name"], [leaf, intermediate], {
    chainWithoutName: "refused",
  }),
  showingKey("RSA 768", ["certificate-key-broken"]),
  showingKey("RSA 1024", ["certificate-key-weak"]),
  showingKey("P-192", ["certificate-key-weak", "certificate-refused"]),
  showingKey("DSA", ["certificate-refused"]),
  showingBad("signed with SHA-1", ["certificate-signature-forgeable"]),
  showingBad("signed with MD5", ["certificate-signature-forgeable"]),
  showingBad("of version 1", ["certificate-name-mismatch"]),
  showingBad("expired intermediate", ["authority-expired"]),
  showingBad("for another purpose", ["certificate-refused"]),
  asPublic(
    showing("one of a public authority, which no log knows", ["certificate-timestamps-missing"], [leaf, intermediate]),
  ),
  asPublic(
    showing(
      "one of a public authority that counts them",
      ["certificate-serial-short", "certificate-timestamps-missing"],
      [certify(countedSerial), intermediate],
    ),
  ),
  showing("one that has a responder, and no staple", ["staple-missing"], [certify(withResponder), intermediate]),
  showing("one that promises a staple, and none", ["staple-promised"], [promising, intermediate]),
  showing("one that promises a staple, and a good one", [], [promising, intermediate], {
    staple: authority.ocspResponse(promising),
  }),
  showing("a staple that says that it was revoked", ["certificate-revoked"], [leaf, intermediate], {
    staple: authority.ocspResponse(leaf, revoked),
  }),
  showing("a staple that is out of date", ["staple-stale"], [leaf, intermediate], {
    staple: authority.ocspResponse(leaf, { thisUpdate: inDays(-9), nextUpdate: inDays(-2) }),
  }),
  showing("a staple about another certificate", ["staple-bad"], [leaf, intermediate], {
    staple: authority.ocspResponse(promising),
  }),
  showing("a staple that nobody can read", ["staple-bad"], [leaf, intermediate], { staple: Uint8Array.of(1, 2, 3) }),
];

/** @param findings what there is besides that it speaks TLS 1.2 alone. */
function showing(
  shown: string,
  findings: readonly string[],
  chain: readonly (Certificate | Uint8Array)[],
  changes: Partial<Pretence> = {},
  trusted: TrustAnchors = anchors,
): ScannedServer {
  const [first] = chain;
  const shownChain = {
    chain: chain.map((certificate) => (certificate instanceof Uint8Array ? certificate : certificate.der)),
    cipherSuites: suitesFor(first instanceof Uint8Array ? undefined : first),
  };
  const server = pretending(
    `a pretended server that shows ${shown}`,
    ["tls1.3-not-spoken", ...findings],
    { ...sound, ...shownChain, ...changes },
    trusted,
  );
  return { ...server, checks: ["certificates"] };
}

/** The same where browsers trust the root. */
function asPublic(server: ScannedServer): ScannedServer {
  return { ...server, start: async () => ({ ...(await server.start()), publicRoots: anchors }) };
}

function showingKey(kind: OutdatedKey, findings: readonly string[]): ScannedServer {
  const changes = kind.startsWith("RSA") ? forEncryption : {};
  return showing(`a key of the kind ${kind}`, findings, [authority.certify(outdatedKey(kind), changes), intermediate]);
}

/** A chain that the throw-away PKI of tests makes, since nobody else does any more. It names no place to ask about it. */
function showingBad(name: BadChainName, findings: readonly string[]): ScannedServer {
  const { chain } = runSync(pki.bad(name));
  return showing(`a chain that is "${name}"`, [...findings, "certificate-without-revocation"], chain, {}, pki.anchors);
}

/** RFC 8422 §2: the suite goes by the key. */
function suitesFor(certificate: Certificate | undefined): readonly PretendedSuite[] {
  const key = certificate?.subjectPublicKeyInfo.algorithmOid;
  if (key === Oid.rsa) return [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256];
  return key === Oid.dsa ? [TLS_DHE_DSS_WITH_AES_128_CBC_SHA] : [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256];
}

/** Good from some days from now to others. */
function between(from: number, to: number): { readonly validity: ValidityChoice } {
  return { validity: { notBefore: inDays(from), notAfter: inDays(to) } };
}
