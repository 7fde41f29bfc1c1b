import { byCode, type CertificateKeyType, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import { type Steps, wait } from "@tlskit/crypto";
import {
  type ClientHello,
  certificateAuthorities,
  extensionIn,
  signatureAlgorithms,
  signatureAlgorithmsCert,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import { askedByClient } from "../attestations.ts";
import { type Credential, checkCredential } from "../credential.ts";
import { handshakeFailure } from "../server-choices.ts";
import { hostNameOf } from "../server-name.ts";
import type { ServerHandshakeSettings } from "../settings.ts";
import { certificateKeyOf } from "./certificate-key.ts";
import { groupsUnlessTold } from "./ecdh-shares.ts";
import { mayBeInCertificate } from "./groups.ts";
import type { KeyExchangeMethod, ServerExchange } from "./key-exchange.ts";
import type { EarlierProtocol, SignatureRules } from "./protocol.ts";
import { chooseScheme, commonSchemes, type SchemeChoice, schemesOfUsableKeys } from "./scheme-choice.ts";

/** What a server goes by in a full handshake. */
export interface ServerChoice {
  readonly cipherSuite: Tls12CipherSuite;
  readonly exchange: ServerExchange;
  /** Nothing with a suite that has no certificate. */
  readonly certified: CertifiedChoice | undefined;
}

/** A certificate, and how its key signs. */
export interface CertifiedChoice extends SchemeChoice {
  readonly credential: Credential;
  readonly keyType: CertificateKeyType;
}

/**
 * RFC 5246 §7.4.1.2#unknown-suites, §7.4.2#key-exchange, §7.4.3#suites-checked, RFC 8422 §2.1#key,
 * RFC 8422 §2.2#key: suite, key exchange, certificate and scheme, which depend on each other.
 */
export function* choose(
  { signatures }: EarlierProtocol,
  context: ServerHandshakeSettings,
  suites: readonly Tls12CipherSuite[],
  methods: readonly KeyExchangeMethod[],
  hello: ClientHello,
): Steps<ServerChoice> {
  const offered = suites.filter(({ code }) => hello.cipherSuites.includes(code));
  if (offered.length === 0) {
    throw handshakeFailure("no_common_cipher_suite", "the client offers no cipher suite that is accepted");
  }
  const groups = extensionIn(hello, supportedGroups) ?? groupsUnlessTold;
  const exchanges = new Map(methods.map((method) => [method.name, method.server(context, hello)]));
  const common = offered.filter(({ keyExchange }) => exchanges.get(keyExchange) !== undefined);
  if (common.length === 0) throw noCommonGroup(offered);
  const goWith = (credential: Credential, { certificateKey, keyExchange }: Tls12CipherSuite): boolean => {
    const keyType = credential.signatureSchemes[0]?.keyType;
    return (
      keyType !== undefined &&
      certificateKey === certificateKeyOf(keyType) &&
      exchanges.get(keyExchange)?.fits(credential, keyType) === true
    );
  };
  // RFC 4279 §2: a suite that needs no certificate, where we like one best or there is no certificate.
  const asksNoCertificate = common[0]?.certificateKey === undefined;
  const certified = asksNoCertificate
    ? undefined
    : yield* chooseCertificate(signatures, context, common, hello, groups, (credential) =>
        common.some((suite) => goWith(credential, suite)),
      );
  const isOfCertificate = (suite: Tls12CipherSuite): boolean =>
    certified !== undefined && !(certified instanceof Error) && goWith(certified.credential, suite);
  const fitting = common.filter((suite) => suite.certificateKey === undefined || isOfCertificate(suite));
  if (fitting.length === 0 && certified instanceof Error) throw certified;
  const cipherSuite = chooseCipherSuite(context, fitting, hello);
  const exchange = exchanges.get(cipherSuite.keyExchange);
  if (exchange === undefined) throw noCommonGroup(offered);
  const hasCertificate = cipherSuite.certificateKey !== undefined && !(certified instanceof Error);
  return { cipherSuite, exchange, certified: hasCertificate ? certified : undefined };
}

function noCommonGroup(offered: readonly Tls12CipherSuite[]): Error {
  const sentence = "the client offers no group that is accepted";
  // RFC 7919 §4: nothing but Diffie-Hellman in finite fields, and other groups than ours.
  return offered.every(({ keyExchange }) => keyExchange.startsWith("DH"))
    ? peerError("no_common_group", Alert.insufficientSecurity, sentence)
    : handshakeFailure("no_common_group", sentence);
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
 * that the client can use, and how its key signs; or why there is none.
 */
function* chooseCertificate(
  signatures: SignatureRules,
  context: ServerHandshakeSettings,
  suites: readonly Tls12CipherSuite[],
  hello: ClientHello,
  groups: readonly number[],
  fits: (credential: Credential) => boolean,
): Steps<CertifiedChoice | Error> {
  const taken = signatures.taken(extensionIn(hello, signatureAlgorithms), context.signatureSchemes);
  if (taken === undefined) {
    return handshakeFailure("no_signature_algorithms", "the client says nothing of signature algorithms");
  }
  const common = commonSchemes(signatures.schemes(context.signatureSchemes), taken.inHandshakes);
  // A scheme stands for its kind of key, which is what certificates are found by.
  const usable = schemesOfUsableKeys(signatures, context.signatureSchemes, common).filter(
    ({ keyType }) =>
      suites.some(({ certificateKey }) => certificateKey === certificateKeyOf(keyType)) &&
      mayBeInCertificate(keyType, groups),
  );
  const credential = yield* wait(
    context.selectCredential({
      serverName: hostNameOf(hello),
      signatureSchemes: usable,
      signatureSchemesInCertificates: extensionIn(hello, signatureAlgorithmsCert) ?? taken.inCertificates,
      certificateAuthorities: extensionIn(hello, certificateAuthorities) ?? [],
      attestations: askedByClient(hello),
      fits,
    }),
  );
  if (credential === undefined) {
    return handshakeFailure("no_certificate", "there is no certificate for what the client asks");
  }
  checkCredential(credential);
  const choice = chooseScheme(signatures, credential, common);
  const keyType = credential.signatureSchemes[0]?.keyType;
  if (choice === undefined || keyType === undefined || !usable.some((scheme) => scheme.keyType === keyType)) {
    return handshakeFailure(
      "no_common_signature_scheme",
      "the client offers no signature scheme that the certificate can do",
    );
  }
  return { credential, keyType, ...choice };
}
