import type { Steps } from "@tlskit/crypto";
import { Alert } from "@tlskit/wire";
import { Certificate } from "@tlskit/x509";
import { type Refusal, refused } from "../refusal.ts";
import { authority, issueLeaf, leafExtensions, type Pki, type TestCertificate } from "./certify.ts";
import {
  basicConstraints,
  type ClaimedAlgorithm,
  extendedKeyUsage,
  keyUsage,
  purposes,
  subjectAlternativeName,
  unknownCritical,
} from "./issue.ts";
import { testKey } from "./keys.ts";

/** Why a chain must not be accepted. */
export type BadChainName =
  | "issued by another leaf"
  | "self-signed"
  | "unknown authority"
  | "intermediate left out"
  | "expired"
  | "not yet valid"
  | "expired intermediate"
  | "for another host"
  | "without a name"
  | "for another purpose"
  | "key not for signing"
  | "unknown critical extension"
  | "wrong signature"
  | "signed with MD5"
  | "signed with SHA-1"
  | "signed with something unknown"
  | "of version 1"
  | "corrupt";

/** A chain that must not be accepted. */
export interface BadChain {
  /** The alert that is due (RFC 9846 §6.2), and what it is for. */
  readonly expected: Refusal;
  /** The clause that says so, if it isn't RFC 9846 §4.5.1.2. */
  readonly clause?: string;
  readonly make: (pki: Pki) => Steps<TestCertificate>;
}

const day = 24 * 60 * 60 * 1000;

/** Chains of which each is wrong in one way. */
export const badChains: Readonly<Record<BadChainName, BadChain>> = {
  // A leaf's key can sign anything; that it is no CA is for the verifier to see (RFC 5280 §4.2.1.9).
  "issued by another leaf": {
    expected: refused(Alert.badCertificate, "certificate_not_a_ca"),
    *make(pki) {
      const attacker = pki.certificate;
      const [attackersLeaf] = attacker.chain;
      if (attackersLeaf === undefined) return attacker;
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const leaf = yield* issueLeaf(pki, key, { certificate: attackersLeaf, key: attacker.key });
      return { chain: [leaf, ...attacker.chain], key };
    },
  },
  "self-signed": {
    expected: refused(Alert.unknownCa, "certificate_self_signed_untrusted"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      return { chain: [yield* issueLeaf(pki, key, undefined)], key };
    },
  },
  "unknown authority": {
    expected: refused(Alert.unknownCa, "certificate_self_signed_untrusted"),
    *make(pki) {
      const authorityKey = yield* testKey(pki.provider, pki.random, "P-256");
      const other = yield* authority(pki, "Another Root", authorityKey, undefined);
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      return { chain: [yield* issueLeaf(pki, key, other), other.certificate], key };
    },
  },
  "intermediate left out": {
    expected: refused(Alert.unknownCa, "certificate_unknown_issuer"),
    // biome-ignore lint/correctness/useYield: nothing has to be made
    *make(pki) {
      const { chain, key } = pki.certificate;
      return { chain: chain.slice(0, 1), key };
    },
  },
  expired: {
    expected: refused(Alert.certificateExpired, "certificate_expired"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const dates = { notBefore: pki.now - 10 * day, notAfter: pki.now - day };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, dates), pki.intermediate.certificate], key };
    },
  },
  "not yet valid": {
    expected: refused(Alert.certificateExpired, "certificate_not_yet_valid"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const dates = { notBefore: pki.now + day, notAfter: pki.now + 10 * day };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, dates), pki.intermediate.certificate], key };
    },
  },
  "expired intermediate": {
    expected: refused(Alert.certificateExpired, "certificate_expired"),
    *make(pki) {
      const authorityKey = yield* testKey(pki.provider, pki.random, "P-256");
      const past = { ...pki, now: pki.now - 100 * day };
      const expired = yield* authority(past, "Expired Intermediate", authorityKey, pki.root);
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      return { chain: [yield* issueLeaf(pki, key, expired), expired.certificate], key };
    },
  },
  "for another host": {
    expected: refused(Alert.badCertificate, "certificate_name_mismatch"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const others = { extensions: leafExtensions(["elsewhere.example"], pki.purpose) };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, others), pki.intermediate.certificate], key };
    },
  },
  // RFC 9525 §2: the common name, which is right here, identifies nobody.
  "without a name": {
    expected: refused(Alert.badCertificate, "certificate_name_mismatch"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const nameless = {
        extensions: [basicConstraints(false), keyUsage(false), extendedKeyUsage(purposes[pki.purpose])],
      };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, nameless), pki.intermediate.certificate], key };
    },
  },
  "for another purpose": {
    expected: refused(Alert.unsupportedCertificate, "certificate_extended_key_usage"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const purpose = {
        extensions: [
          basicConstraints(false),
          keyUsage(false),
          extendedKeyUsage(purposes[pki.purpose === "serverAuth" ? "clientAuth" : "serverAuth"]),
          subjectAlternativeName(pki.hosts),
        ],
      };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, purpose), pki.intermediate.certificate], key };
    },
  },
  "key not for signing": {
    expected: refused(Alert.unsupportedCertificate, "certificate_key_usage"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const usage = {
        extensions: [
          basicConstraints(false),
          keyUsage(true),
          extendedKeyUsage(purposes[pki.purpose]),
          subjectAlternativeName(pki.hosts),
        ],
      };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, usage), pki.intermediate.certificate], key };
    },
  },
  "unknown critical extension": {
    expected: refused(Alert.unsupportedCertificate, "certificate_unsupported_critical_extension"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const critical = { extensions: [...leafExtensions(pki.hosts, pki.purpose), unknownCritical()] };
      return { chain: [yield* issueLeaf(pki, key, pki.intermediate, critical), pki.intermediate.certificate], key };
    },
  },
  "wrong signature": {
    expected: refused(Alert.badCertificate, "certificate_bad_signature"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const impostor = {
        certificate: pki.intermediate.certificate,
        key: yield* testKey(pki.provider, pki.random, "P-256"),
      };
      const leaf = yield* issueLeaf(pki, key, impostor);
      return { chain: [leaf, pki.intermediate.certificate], key };
    },
  },
  "signed with MD5": {
    expected: refused(Alert.badCertificate, "certificate_unsupported_algorithm"),
    clause: "4.5.1.3#md5",
    make: (pki) => signedWith(pki, "md5WithRSAEncryption"),
  },
  // RFC 9846 §4.5.1.3 recommends the alert.
  "signed with SHA-1": {
    expected: refused(Alert.badCertificate, "certificate_unsupported_algorithm"),
    make: (pki) => signedWith(pki, "ecdsa-with-SHA1"),
  },
  "signed with something unknown": {
    expected: refused(Alert.unsupportedCertificate, "certificate_unsupported_algorithm"),
    make: (pki) => signedWith(pki, "unknown"),
  },
  // It has no extensions, so it names no host.
  "of version 1": {
    expected: refused(Alert.badCertificate, "certificate_name_mismatch"),
    *make(pki) {
      const key = yield* testKey(pki.provider, pki.random, "P-256");
      const leaf = yield* issueLeaf(pki, key, pki.intermediate, { version: 1 });
      return { chain: [leaf, pki.intermediate.certificate], key };
    },
  },
  // A field that is well-formed and not what the authority signed.
  corrupt: {
    expected: refused(Alert.badCertificate, "certificate_bad_signature"),
    // biome-ignore lint/correctness/useYield: nothing has to be made
    *make(pki) {
      const { chain, key } = pki.certificate;
      const [leaf, ...others] = chain;
      if (leaf === undefined) return pki.certificate;
      const der = leaf.der.slice();
      // behind two headers of four octets, the version's five, and the serial number's header
      const serialAt = 4 + 4 + 5 + 2 + 1;
      der[serialAt] = (der[serialAt] ?? 0) ^ 0x01;
      return { chain: [Certificate.fromDer(der), ...others], key };
    },
  },
};

function* signedWith(pki: Pki, claimedAlgorithm: ClaimedAlgorithm): Steps<TestCertificate> {
  const key = yield* testKey(pki.provider, pki.random, "P-256");
  const leaf = yield* issueLeaf(pki, key, pki.intermediate, { claimedAlgorithm });
  return { chain: [leaf, pki.intermediate.certificate], key };
}
