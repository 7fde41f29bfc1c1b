import type { CertificateKeyType } from "@tlskit/ciphersuites";
import { type SignatureAlgorithm, signerFor, wait } from "@tlskit/crypto";
import {
  applicationLayerProtocolNegotiation,
  certificateStatus,
  clientShares,
  HandshakeType,
  serverNameList,
  signatureAlgorithms,
  signedCertificateTimestamps,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { type BadChainName, badChains } from "../../pki/bad-chains.ts";
import { issueLeaf } from "../../pki/certify.ts";
import { testKey } from "../../pki/keys.ts";
import { privateUse } from "../../private-use.ts";
import { refused } from "../../refusal.ts";
import { serverSignedContent } from "../certificate-verify.ts";
import { type Deviation, type Expectation, inHandshake } from "../deviation.ts";
import {
  framed,
  RawCertificate,
  RawCertificateRequest,
  RawCertificateVerify,
  RawEncryptedExtensions,
  type RawExtended,
  type RawExtension,
  RawFinished,
  rawExtension,
} from "../raw-messages.ts";
import { after, altered, before, type Edit, edits, instead, messageStep, step } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { incremented, withExtension, withExtensionData, withExtensionTwice } from "../spoil.ts";

type Server = ScriptedServer;

const nothing = new Uint8Array(0);

const twice = <T>(value: T): readonly [T, T] => [value, value];

const encryptedExtensions = (change: (message: RawExtended, server: Server) => RawExtended): Edit<Server> =>
  altered<Server, RawExtended>("EncryptedExtensions", RawEncryptedExtensions, change);

const withAnswer = (extension: RawExtension): Edit<Server> =>
  encryptedExtensions((message) => withExtensionData(message, extension));

const alpn = (...protocols: readonly string[]): RawExtension =>
  rawExtension(applicationLayerProtocolNegotiation, protocols.map(asciiBytes));

/** What is wrong in EncryptedExtensions (RFC 9846 §4.4.1). */
const encryptedExtensionsDeviations: readonly Deviation<Server>[] = [
  ...(
    [
      ["an_unknown_extension", privateUse.extension, nothing],
      ["max_fragment_length_not_asked_for", 1, Uint8Array.of(1)],
      ["early_data_not_asked_for", 42, nothing],
      ["quic_transport_parameters_not_asked_for", 57, nothing],
    ] as const
  ).map(([word, code, data]) =>
    inHandshake<Server>(
      `encrypted_extensions_with_${word}`,
      "4.3#responses-checked",
      refused(Alert.unsupportedExtension, "unsolicited_extension"),
      withAnswer({ code, data }),
    ),
  ),
  ...(
    [
      ["key_share", rawExtension(clientShares, [])],
      ["supported_versions", rawExtension(supportedVersions, [0x0304])],
      ["signature_algorithms", rawExtension(signatureAlgorithms, [0x0403])],
    ] as const
  ).map(([word, extension]) =>
    inHandshake<Server>(
      `encrypted_extensions_with_${word}`,
      "4.4.1#forbidden-checked",
      refused(Alert.illegalParameter, "forbidden_extension"),
      withAnswer(extension),
    ),
  ),
  inHandshake(
    "encrypted_extensions_with_supported_groups",
    "4.3.7#hint-not-used",
    "accepted",
    withAnswer(rawExtension(supportedGroups, [0x001d, 0x0017])),
  ),
  inHandshake(
    "encrypted_extensions_with_server_name",
    "RFC 6066 §3",
    "accepted",
    withAnswer({ code: serverNameList.code, data: nothing }),
  ),
  inHandshake(
    "encrypted_extensions_with_server_name_that_says_something",
    "RFC 6066 §3, RFC 9846 §4.3#trailing-data-checked",
    refused(Alert.decodeError, "decode_error"),
    withAnswer({ code: serverNameList.code, data: Uint8Array.of(0) }),
  ),
  inHandshake(
    "alpn_not_offered",
    "RFC 7301 §3.2, RFC 9325 §3.8#not-of-list",
    refused(Alert.illegalParameter, "alpn_not_offered"),
    withAnswer(alpn("not-offered")),
  ),
  inHandshake(
    "alpn_though_none_was_offered",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    withAnswer(alpn("h2")),
    {
      noAlpn: true,
    },
  ),
  inHandshake(
    "no_alpn_though_some_was_offered",
    "RFC 7301 §3.2",
    "accepted",
    encryptedExtensions(() => ({ extensions: [] })),
  ),
  inHandshake(
    "alpn_of_two_protocols",
    "RFC 7301 §3.1",
    refused(Alert.decodeError, "decode_error"),
    withAnswer(alpn("h2", "http/1.1")),
  ),
  inHandshake(
    "alpn_of_no_protocols",
    "RFC 7301 §3.1",
    refused(Alert.decodeError, "decode_error"),
    withAnswer({ code: applicationLayerProtocolNegotiation.code, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "alpn_of_an_empty_protocol",
    "RFC 7301 §3.1",
    refused(Alert.decodeError, "decode_error"),
    withAnswer({ code: applicationLayerProtocolNegotiation.code, data: Uint8Array.of(0, 1, 0) }),
  ),
  inHandshake(
    "encrypted_extensions_with_alpn_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    encryptedExtensions((message) => withExtensionTwice(message, applicationLayerProtocolNegotiation.code)),
  ),
];

const request = messageStep<Server>("CertificateRequest", (server) => server.certificateRequest());

const requested = (change: (message: RawCertificateRequest) => RawCertificateRequest): Edit<Server> =>
  edits(
    before<Server>("Certificate", request),
    altered<Server, RawCertificateRequest>("CertificateRequest", RawCertificateRequest, change),
  );

/** What is wrong in a CertificateRequest (RFC 9846 §4.4.2). */
const certificateRequestDeviations: readonly Deviation<Server>[] = [
  inHandshake("certificate_request", "4.5.1#finished-anyway", "accepted", before("Certificate", request)),
  inHandshake(
    "certificate_request_with_a_context",
    "4.4.2",
    refused(Alert.illegalParameter, "certificate_request_context"),
    requested((message) => ({ ...message, context: Uint8Array.of(1) })),
  ),
  inHandshake(
    "certificate_request_without_signature_algorithms",
    "4.4.2",
    refused(Alert.missingExtension, "missing_extension"),
    requested((message) => ({ ...message, extensions: [] })),
  ),
  inHandshake(
    "certificate_request_with_no_signature_algorithm",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    requested((message) => withExtensionData(message, { code: signatureAlgorithms.code, data: Uint8Array.of(0, 0) })),
  ),
  inHandshake(
    "certificate_request_with_signature_algorithms_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    requested((message) => withExtensionTwice(message, signatureAlgorithms.code)),
  ),
  inHandshake(
    "certificate_request_with_key_share",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    requested((message) => withExtension(message, { code: clientShares.code, data: nothing })),
  ),
  inHandshake(
    "certificate_request_with_an_unknown_extension",
    "4.4.2#unknown-extensions",
    "accepted",
    requested((message) => withExtension(message, { code: privateUse.extension, data: Uint8Array.of(1) })),
  ),
];

const certificate = (change: (message: RawCertificate, server: Server) => RawCertificate): Edit<Server> =>
  altered<Server, RawCertificate>("Certificate", RawCertificate, change);

const entryExtension = (...extensions: readonly RawExtension[]): Edit<Server> =>
  certificate((message) => ({ ...message, entries: message.entries.map((entry) => ({ ...entry, extensions })) }));

/** Shows another chain, whose key signs. */
const showing = (name: BadChainName): Edit<Server> =>
  before<Server>(
    "Certificate",
    step(name, function* (server) {
      server.certificate = yield* server.pki.bad(name);
    }),
  );

// The names of an object literal are its keys, of the very type.
const badChainNames = Object.keys(badChains) as BadChainName[];

/** What is wrong in a Certificate (RFC 9846 §4.5.1). */
const certificateDeviations: readonly Deviation<Server>[] = [
  inHandshake(
    "empty_certificate",
    "4.5.1.3#empty-checked",
    refused(Alert.decodeError, "decode_error"),
    certificate((message) => ({ ...message, entries: [] })),
  ),
  inHandshake(
    "certificate_with_a_context",
    "4.5.1",
    refused(Alert.illegalParameter, "certificate_request_context"),
    certificate((message) => ({ ...message, context: Uint8Array.of(1) })),
  ),
  inHandshake(
    "certificate_of_no_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    certificate(() => ({ context: nothing, entries: [{ certificate: nothing, extensions: [] }] })),
  ),
  inHandshake(
    "certificate_that_is_none",
    "4.5.1.2#alert",
    refused(Alert.badCertificate, "bad_certificate"),
    certificate(() => ({ context: nothing, entries: [{ certificate: asciiBytes("not DER"), extensions: [] }] })),
  ),
  inHandshake(
    "certificate_with_trailing_bytes",
    "4.5.1.2#alert",
    refused(Alert.badCertificate, "bad_certificate"),
    certificate((message) => ({
      ...message,
      entries: message.entries.map((entry) => ({ ...entry, certificate: concat(entry.certificate, Uint8Array.of(0)) })),
    })),
  ),
  inHandshake(
    "certificate_with_an_extension_not_asked_for",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    entryExtension(rawExtension(signedCertificateTimestamps, [Uint8Array.of(1)])),
  ),
  inHandshake(
    "certificate_with_an_unknown_extension",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    entryExtension({ code: privateUse.extension, data: nothing }),
  ),
  inHandshake(
    "certificate_with_key_share",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    entryExtension({ code: clientShares.code, data: nothing }),
  ),
  inHandshake(
    "certificate_with_an_extension_twice",
    "4.3#no-duplicates",
    refused(Alert.decodeError, "duplicate_extension"),
    entryExtension(...twice(rawExtension(certificateStatus, { statusType: 1, response: Uint8Array.of(1) }))),
  ),
  inHandshake(
    "certificates_out_of_order_and_with_the_root",
    "4.5.1",
    "accepted",
    certificate((message, server) => {
      const [leaf, ...others] = message.entries;
      const root = { certificate: server.pki.root.certificate.der, extensions: [] };
      return leaf === undefined ? message : { ...message, entries: [leaf, root, ...others] };
    }),
  ),
  ...badChainNames.map((name) =>
    inHandshake<Server>(
      `certificate_${name.toLowerCase().replaceAll(/[ -]/g, "_")}`,
      badChains[name].clause ?? "4.5.1.2#alert",
      badChains[name].expected,
      showing(name),
    ),
  ),
];

const certificateVerify = (
  change: (message: RawCertificateVerify, server: Server) => RawCertificateVerify,
): Edit<Server> => altered<Server, RawCertificateVerify>("CertificateVerify", RawCertificateVerify, change);

/** Signs something else. */
const signing = (content: (server: Server) => Uint8Array): Edit<Server> =>
  instead<Server>(
    "CertificateVerify",
    messageStep("CertificateVerify", function* (server) {
      const signer = signerFor(server.provider, server.certificate.key.privateKey, server.random);
      const signature = yield* wait(signer.sign(server.scheme.algorithm, content(server)));
      return framed(HandshakeType.certificateVerify, RawCertificateVerify, {
        algorithm: server.scheme.code,
        signature,
      });
    }),
  );

const contextual = (text: string, hash: Uint8Array): Uint8Array =>
  concat(new Uint8Array(64).fill(0x20), asciiBytes(text), Uint8Array.of(0), hash);

/** A scheme that does not go with the certificate's P-256 key, or must not be used here. */
const wrongSchemes: readonly (readonly [word: string, algorithm: number, code: string])[] = [
  ["ecdsa_sha1", 0x0203, "signature_scheme_not_offered"],
  ["ed448", 0x0808, "signature_scheme_mismatch"],
  ["private_use", privateUse.signatureScheme, "signature_scheme_not_offered"],
  ["grease", 0x4a4a, "signature_scheme_not_offered"],
  ["rsa_pkcs1_sha256", 0x0401, "signature_scheme_not_offered"],
  ["rsa_pkcs1_sha1", 0x0201, "signature_scheme_not_offered"],
  ["ecdsa_secp384r1_sha384", 0x0503, "signature_scheme_mismatch"],
  ["ed25519", 0x0807, "signature_scheme_mismatch"],
  ["rsa_pss_rsae_sha256", 0x0804, "signature_scheme_mismatch"],
  ["rsa_pss_pss_sha256", 0x0809, "signature_scheme_mismatch"],
];

/** A right signature of the right content by a good certificate's key, under a scheme that must not be used for it. */
function validSignature(keyType: CertificateKeyType, algorithm: SignatureAlgorithm, code: number): Edit<Server> {
  return edits<Server>(
    before<Server>(
      "Certificate",
      step("another certificate", function* (server) {
        const { pki } = server;
        const key = yield* testKey(pki.provider, pki.random, keyType);
        const leaf = yield* issueLeaf(pki, key, pki.intermediate);
        server.certificate = { chain: [leaf, pki.intermediate.certificate], key };
      }),
    ),
    instead<Server>(
      "CertificateVerify",
      messageStep("CertificateVerify", function* (server) {
        const signer = signerFor(server.provider, server.certificate.key.privateKey, server.random);
        const signature = yield* wait(signer.sign(algorithm, serverSignedContent(server.transcriptHash)));
        return framed(HandshakeType.certificateVerify, RawCertificateVerify, { algorithm: code, signature });
      }),
    ),
  );
}

/** What is wrong in a CertificateVerify (RFC 9846 §4.5.2). */
const certificateVerifyDeviations: readonly Deviation<Server>[] = [
  inHandshake(
    "certificate_verify_with_a_wrong_signature",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    certificateVerify((message) => ({ ...message, signature: incremented(message.signature, -1) })),
  ),
  inHandshake(
    "certificate_verify_with_an_empty_signature",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    certificateVerify((message) => ({ ...message, signature: nothing })),
  ),
  inHandshake(
    "certificate_verify_with_a_trailing_byte_in_the_signature",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    certificateVerify((message) => ({ ...message, signature: concat(message.signature, Uint8Array.of(0)) })),
  ),
  inHandshake(
    "certificate_verify_of_another_transcript",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    signing((server) => contextual("TLS 1.3, server CertificateVerify", server.random(32))),
  ),
  inHandshake(
    "certificate_verify_of_the_transcript_without_certificate",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    signing((server) =>
      contextual("TLS 1.3, server CertificateVerify", server.hash.digest(concat(...server.transcript.slice(0, -1)))),
    ),
  ),
  inHandshake(
    "certificate_verify_of_a_client",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    signing((server) => contextual("TLS 1.3, client CertificateVerify", server.transcriptHash)),
  ),
  inHandshake(
    "certificate_verify_of_the_bare_hash",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    signing((server) => server.transcriptHash),
  ),
  inHandshake(
    "certificate_verify_by_another_key",
    "4.5.2#verified",
    refused(Alert.decryptError, "bad_signature"),
    after<Server>(
      "Certificate",
      step("another key", function* (server) {
        server.certificate = yield* server.pki.bad("self-signed");
      }),
    ),
  ),
  ...wrongSchemes.map(([word, algorithm, code]) =>
    inHandshake<Server>(
      `certificate_verify_by_${word}`,
      word.endsWith("sha1") ? "4.5.2#no-sha1" : "4.5.2#scheme-fits-key",
      refused(Alert.illegalParameter, code),
      certificateVerify((message) => ({ ...message, algorithm })),
    ),
  ),
];

/** Each signature is right; that is not the question. */
const forbiddenSchemes: readonly Deviation<Server>[] = [
  inHandshake(
    "certificate_verify_rightly_signed_by_rsa_pss_rsae",
    "4.5.2",
    "accepted",
    validSignature("rsaEncryption", "RSA-PSS/SHA-256", 0x0804),
  ),
  inHandshake(
    "certificate_verify_rightly_signed_by_rsa_pkcs1",
    "4.3.3",
    refused(Alert.illegalParameter, "signature_scheme_not_offered"),
    validSignature("rsaEncryption", "RSA-PKCS1/SHA-256", 0x0401),
  ),
  inHandshake(
    "certificate_verify_rightly_signed_by_an_rsae_key_as_pss",
    "4.3.3#pss-key, 4.3.3#key-fits",
    refused(Alert.illegalParameter, "signature_scheme_mismatch"),
    validSignature("rsaEncryption", "RSA-PSS/SHA-256", 0x0809),
  ),
  inHandshake(
    "certificate_verify_rightly_signed_by_a_pss_key_as_rsae",
    "4.3.3#rsae-key, 4.3.3#key-fits",
    refused(Alert.illegalParameter, "signature_scheme_mismatch"),
    validSignature("id-RSASSA-PSS", "RSA-PSS/SHA-256", 0x0804),
  ),
  // TLS 1.2 allows it: the scheme names a hash there, and no curve.
  inHandshake(
    "certificate_verify_rightly_signed_by_p384_with_sha256",
    "4.3.3#key-fits, 4.5.2#scheme-fits-key",
    refused(Alert.illegalParameter, "signature_scheme_mismatch"),
    validSignature("P-384", "ECDSA/P-384/SHA-256", 0x0403),
  ),
];

const finished = (change: (verifyData: Uint8Array, server: Server) => Uint8Array): Edit<Server> =>
  altered<Server, Uint8Array>("Finished", RawFinished, change);

const wrongFinished: readonly (readonly [word: string, Expectation, Edit<Server>])[] = [
  ["changed_at_its_start", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, 0))],
  ["changed_at_its_end", refused(Alert.decryptError, "bad_finished"), finished((bytes) => incremented(bytes, -1))],
  ["of_zeros", refused(Alert.decryptError, "bad_finished"), finished((bytes) => new Uint8Array(bytes.length))],
  [
    "of_the_client",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, server) => server.handshakeStage?.client.verifyData(server.transcriptHash) ?? bytes),
  ],
  [
    "of_another_transcript",
    refused(Alert.decryptError, "bad_finished"),
    finished((bytes, server) => server.handshakeStage?.server.verifyData(server.random(bytes.length)) ?? bytes),
  ],
  ["as_in_tls_1_2", refused(Alert.decodeError, "decode_error"), finished((bytes) => bytes.subarray(0, 12))],
  ["twice_as_long", refused(Alert.decodeError, "decode_error"), finished((bytes) => concat(bytes, bytes))],
];

/** What is wrong in the messages that authenticate a server, and in those around them. */
export const serverAuthenticationDeviations: readonly Deviation<Server>[] = [
  ...encryptedExtensionsDeviations,
  ...certificateRequestDeviations,
  ...certificateDeviations,
  ...certificateVerifyDeviations,
  ...forbiddenSchemes,
  ...wrongFinished.map(([word, expected, apply]) =>
    inHandshake<Server>(`finished_${word}`, "4.5.3#verified", expected, apply),
  ),
];
