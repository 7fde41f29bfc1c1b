import {
  byCode,
  type CertificateKeyType,
  type NamedGroup,
  secp256r1,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import {
  type ClientHello,
  certificateAuthorities,
  extensionIn,
  signatureAlgorithms,
  signatureAlgorithmsCert,
  supportedGroups,
} from "@tlskit/messages";
import { askedByClient } from "../attestations.ts";
import { type Credential, checkCredential } from "../credential.ts";
import { handshakeFailure } from "../server-choices.ts";
import { hostNameOf } from "../server-name.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import { certificateKeyOf } from "./certificate-key.ts";
import { groupsOfEcdhe, mayBeInCertificate } from "./groups.ts";
import { chooseScheme, commonSchemes, type SchemeChoice, schemesOfUsableKeys } from "./scheme-choice.ts";

/** What a server goes by in a full handshake with ECDHE. */
export interface ServerChoice extends SchemeChoice {
  readonly cipherSuite: Tls12CipherSuite;
  readonly group: NamedGroup;
  readonly credential: Credential;
  readonly keyType: CertificateKeyType;
}

/** RFC 8422 §4: a client that says nothing of groups takes any; this one everybody has. */
const groupsUnlessTold = [secp256r1.code];

/**
 * RFC 5246 §7.4.1.2#unknown-suites, §7.4.2#key-exchange, §7.4.3#suites-checked, RFC 8422 §2.1#key,
 * RFC 8422 §2.2#key, §4#respected, §5.1#considered: suite, group, certificate and scheme, which depend on each other.
 */
export function* choose(
  context: ServerHandshakeSettings,
  suites: readonly Tls12CipherSuite[],
  hello: ClientHello,
): Steps<ServerChoice> {
  const common = suites.filter(({ code }) => hello.cipherSuites.includes(code));
  if (common.length === 0) {
    throw handshakeFailure("no_common_cipher_suite", "the client offers no cipher suite that is accepted");
  }
  const groups = extensionIn(hello, supportedGroups) ?? groupsUnlessTold;
  const group = groupsOfEcdhe(context.namedGroups).find(({ code }) => groups.includes(code));
  if (group === undefined) throw handshakeFailure("no_common_group", "the client offers no group that is accepted");
  const certified = yield* chooseCertificate(context, common, hello, groups);
  const fitting = common.filter(({ certificateKey }) => certificateKey === certificateKeyOf(certified.keyType));
  return { cipherSuite: chooseCipherSuite(context, fitting, hello), group, ...certified };
}

/** RFC 9325 §4.2.1#preferred: our first choice, unless the client's own is ChaCha20-Poly1305, and it is to have that. */
function chooseCipherSuite(
  context: ServerHandshakeSettings,
  common: readonly Tls12CipherSuite[],
  hello: ClientHello,
): Tls12CipherSuite {
  const theirs = hello.cipherSuites.flatMap((code) => byCode(common, code) ?? [])[0];
  const likesChaCha20 = theirs?.protection.type === "AEAD" && theirs.protection.aead === "CHACHA20-POLY1305";
  const chosen = context.followClientToChaCha20 && likesChaCha20 ? theirs : common[0];
  if (chosen === undefined) {
    throw handshakeFailure(
      "no_common_cipher_suite",
      "the client offers no cipher suite that the certificate goes with",
    );
  }
  return chosen;
}

/**
 * RFC 5246 §7.4.1.4.1#taken, §7.4.2#ecdsa, §7.4.3#algorithm-offered, §7.4.3#algorithm-of-key, RFC 8422 §5.3#curve: a certificate
 * that the client can use, and how its key signs.
 */
function* chooseCertificate(
  context: ServerHandshakeSettings,
  suites: readonly Tls12CipherSuite[],
  hello: ClientHello,
  groups: readonly number[],
): Steps<Omit<ServerChoice, "cipherSuite" | "group">> {
  const listed = extensionIn(hello, signatureAlgorithms);
  // RFC 9155 §2: never SHA-1, which RFC 5246 §7.4.1.4.1 takes for granted where nothing is said.
  if (listed === undefined) {
    throw handshakeFailure("no_signature_algorithms", "the client says nothing of signature algorithms");
  }
  const common = commonSchemes(context.signatureSchemes, listed);
  // A scheme stands for its kind of key, which is what certificates are found by.
  const usable = schemesOfUsableKeys(context.signatureSchemes, common).filter(
    ({ keyType }) =>
      suites.some(({ certificateKey }) => certificateKey === certificateKeyOf(keyType)) &&
      mayBeInCertificate(keyType, groups),
  );
  const credential = yield* wait(
    context.selectCredential({
      serverName: hostNameOf(hello),
      signatureSchemes: usable,
      signatureSchemesInCertificates: extensionIn(hello, signatureAlgorithmsCert) ?? listed,
      certificateAuthorities: extensionIn(hello, certificateAuthorities) ?? [],
      attestations: askedByClient(hello),
    }),
  );
  if (credential === undefined) {
    throw handshakeFailure("no_certificate", "there is no certificate for what the client asks");
  }
  checkCredential(credential);
  const choice = chooseScheme(credential, common);
  const keyType = credential.signatureSchemes[0]?.keyType;
  if (choice === undefined || keyType === undefined || !usable.some((scheme) => scheme.keyType === keyType)) {
    throw handshakeFailure(
      "no_common_signature_scheme",
      "the client offers no signature scheme that the certificate can do",
    );
  }
  return { credential, keyType, ...choice };
}
