import type { SignatureAlgorithm } from "@tlskit/crypto";
import { signerFor, wait } from "@tlskit/crypto";
import { HandshakeType, signedCertificateTimestamps } from "@tlskit/messages";
import { Alert, asciiBytes, concat } from "@tlskit/wire";
import { type BadChainName, badChains } from "../../pki/bad-chains.ts";
import { testKey } from "../../pki/keys.ts";
import { refused } from "../../refusal.ts";
import { clientSignedContent, serverSignedContent } from "../certificate-verify.ts";
import type { ScriptedClient } from "../client.ts";
import { afterHandshake, type Deviation, inHandshake } from "../deviation.ts";
import { RecordType, scriptedData } from "../peer.ts";
import { framed, RawCertificate, RawCertificateVerify, RawFinished } from "../raw-messages.ts";
import {
  after,
  altered,
  before,
  type Edit,
  edits,
  instantStep,
  instead,
  leftOut,
  messageStep,
  type Step,
  sentTwice,
  step,
} from "../script.ts";
import { incremented } from "../spoil.ts";
import { keyUpdate } from "./post-handshake.ts";
import { record } from "./records.ts";

type Client = ScriptedClient;

const nothing = new Uint8Array(0);
const unexpected = refused(Alert.unexpectedMessage, "unexpected_message");
const badSignature = refused(Alert.decryptError, "bad_signature");

/** Signs other content, by another key or under another scheme. */
function signing(
  name: string,
  content: (client: Client) => Uint8Array,
  scheme: { readonly algorithm: SignatureAlgorithm; readonly code: number } | undefined = undefined,
): Edit<Client> {
  return instead<Client>(
    name,
    messageStep(name, function* (client) {
      const { algorithm, code } = scheme ?? client.scheme;
      const signer = signerFor(client.provider, client.certificate.key.privateKey, client.random);
      const signature = yield* wait(signer.sign(algorithm, content(client)));
      return framed(HandshakeType.certificateVerify, RawCertificateVerify, { algorithm: code, signature });
    }),
  );
}

/** Signs by a key that isn't the certificate's. */
function byAnotherKey(name: string): Edit<Client> {
  return instead<Client>(
    name,
    messageStep(name, function* (client) {
      const other = yield* testKey(client.provider, client.random, "P-256");
      const signer = signerFor(client.provider, other.privateKey, client.random);
      const content = clientSignedContent(client.transcriptHash);
      const signature = yield* wait(signer.sign("ECDSA/P-256/SHA-256", content));
      return framed(HandshakeType.certificateVerify, RawCertificateVerify, { algorithm: 0x0403, signature });
    }),
  );
}

const certificate = (name: string, change: (message: RawCertificate) => RawCertificate): Edit<Client> =>
  altered<Client, RawCertificate>(name, RawCertificate, change);
const certificateVerify = (change: (message: RawCertificateVerify) => RawCertificateVerify): Edit<Client> =>
  altered<Client, RawCertificateVerify>("CertificateVerify", RawCertificateVerify, change);
const empty = (name: string): Step<Client> => messageStep<Client>(name, (client) => client.emptyCertificate());

/** Shows a chain that must not be accepted. */
const showing = (name: BadChainName): Step<Client> =>
  step("a bad chain", function* (client) {
    client.certificate = yield* client.pki.bad(name);
  });

/** Those that have nothing to do with whom a certificate names. */
export const badChainsOfClients: readonly BadChainName[] = [
  "issued by another leaf",
  "self-signed",
  "unknown authority",
  "intermediate left out",
  "expired",
  "not yet valid",
  "expired intermediate",
  "for another purpose",
  "key not for signing",
  "unknown critical extension",
  "wrong signature",
  "signed with MD5",
  "signed with SHA-1",
  "signed with something unknown",
  "corrupt",
];

/** What a client may do wrong that has to show a certificate: {@link authenticatingScript}. */
export const authenticatingClientDeviations: readonly Deviation<Client>[] = [
  inHandshake("certificate_shown", "4.5.2#sent-by-client", "accepted", (script) => script),
  inHandshake(
    "certificate_left_out",
    "4#order-checked",
    unexpected,
    edits<Client>(leftOut("Certificate"), leftOut("CertificateVerify")),
  ),
  inHandshake("certificate_alone_left_out", "4#order-checked", unexpected, leftOut("Certificate")),
  inHandshake("certificate_verify_left_out", "4#order-checked", unexpected, leftOut("CertificateVerify")),
  inHandshake("certificate_twice", "4#order-checked", unexpected, sentTwice("Certificate")),
  inHandshake("certificate_verify_twice", "4#order-checked", unexpected, sentTwice("CertificateVerify")),
  inHandshake(
    "empty_certificate_where_one_is_required",
    "4.5.1.3",
    refused(Alert.certificateRequired, "certificate_required"),
    edits<Client>(instead("Certificate", empty("Certificate")), leftOut("CertificateVerify")),
  ),
  inHandshake(
    "empty_certificate_with_certificate_verify",
    "4.5.1.3",
    refused(Alert.certificateRequired, "certificate_required"),
    instead("Certificate", empty("Certificate")),
  ),
  inHandshake(
    "certificate_with_a_context_in_the_handshake",
    "4.5.1",
    refused(Alert.illegalParameter, "certificate_request_context"),
    certificate("Certificate", (message) => ({ ...message, context: Uint8Array.of(1) })),
  ),
  inHandshake(
    "certificate_with_an_extension_that_was_not_asked_for",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    certificate("Certificate", ({ context, entries }) => ({
      context,
      entries: entries.map((entry) => ({
        ...entry,
        extensions: [{ code: signedCertificateTimestamps.code, data: Uint8Array.of(0, 3, 0, 1, 7) }],
      })),
    })),
  ),
  inHandshake(
    "certificate_of_no_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    certificate("Certificate", ({ context }) => ({ context, entries: [{ certificate: nothing, extensions: [] }] })),
  ),
  inHandshake(
    "client_certificate_that_is_none",
    "6#semantics",
    refused(Alert.badCertificate, "bad_certificate"),
    certificate("Certificate", ({ context }) => ({
      context,
      entries: [{ certificate: Uint8Array.of(0x30, 0), extensions: [] }],
    })),
  ),
  ...badChainsOfClients.map((name) =>
    inHandshake<Client>(
      `client_certificate_${name.replaceAll(/[ -]/g, "_").toLowerCase()}`,
      badChains[name].clause ?? "4.5.1.2#alert",
      badChains[name].expected,
      before("Certificate", showing(name)),
    ),
  ),
  inHandshake(
    "client_certificate_verify_by_another_key",
    "4.5.2#verified",
    badSignature,
    byAnotherKey("CertificateVerify"),
  ),
  inHandshake(
    "client_certificate_verify_with_the_servers_context_string",
    "4.5.2#verified",
    badSignature,
    signing("CertificateVerify", (client) => serverSignedContent(client.transcriptHash)),
  ),
  inHandshake(
    "client_certificate_verify_with_no_context_string",
    "4.5.2#verified",
    badSignature,
    signing("CertificateVerify", (client) => client.transcriptHash),
  ),
  inHandshake(
    "client_certificate_verify_of_another_transcript",
    "4.5.2#verified",
    badSignature,
    signing("CertificateVerify", (client) => clientSignedContent(client.hash.digest(asciiBytes("another")))),
  ),
  inHandshake(
    "client_certificate_verify_with_a_wrong_signature",
    "4.5.2#verified",
    badSignature,
    certificateVerify((message) => ({ ...message, signature: incremented(message.signature, -1) })),
  ),
  inHandshake(
    "client_certificate_verify_with_an_empty_signature",
    "4.5.2#verified",
    badSignature,
    certificateVerify((message) => ({ ...message, signature: nothing })),
  ),
  ...(
    [
      ["ecdsa_sha1", 0x0203, "4.5.2#no-sha1", "signature_scheme_not_offered"],
      ["rsa_pkcs1_sha256", 0x0401, "4.5.2", "signature_scheme_not_offered"],
      ["rsa_pkcs1_sha256_legacy", 0x0420, "RFC 9963 §3#asked-for", "signature_scheme_not_offered"],
      ["ed25519", 0x0807, "4.5.2#scheme-fits-key", "signature_scheme_mismatch"],
      ["ecdsa_secp384r1_sha384", 0x0503, "4.5.2#scheme-fits-key", "signature_scheme_mismatch"],
    ] as const
  ).map(([word, algorithm, section, code]) =>
    inHandshake<Client>(
      `client_certificate_verify_by_${word}`,
      section,
      refused(Alert.illegalParameter, code),
      certificateVerify((message) => ({ ...message, algorithm })),
    ),
  ),
  inHandshake(
    "finished_wrong_behind_certificate_verify",
    "4.5.3#verified",
    refused(Alert.decryptError, "bad_finished"),
    altered<Client, Uint8Array>("Finished", RawFinished, (verifyData) => incremented(verifyData, 0)),
  ),
  inHandshake(
    "data_between_certificate_and_certificate_verify",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "early_application_data"),
    after("Certificate", record(RecordType.applicationData, scriptedData)),
  ),
];

const context = refused(Alert.illegalParameter, "certificate_request_context");

/**
 * What a client may do wrong that is asked for a certificate after the handshake, twice, and may show none:
 * {@link laterAuthenticatingScript}.
 */
export const laterAuthenticatingClientDeviations: readonly Deviation<Client>[] = [
  afterHandshake("certificate_shown_later", "4.7.2#answered", "accepted", (script) => script),
  afterHandshake(
    "empty_certificate_later",
    "4.7.2#answered",
    "accepted",
    edits<Client>(instead("later Certificate", empty("later Certificate")), leftOut("later CertificateVerify")),
  ),
  afterHandshake(
    "second_request_answered_first",
    "4.7.2",
    "accepted",
    instead(
      "answer",
      instantStep("answer", (client) => client.answer(1)),
    ),
  ),
  afterHandshake(
    "answer_with_another_context",
    "4.7.2",
    context,
    certificate("later Certificate", (message) => ({ ...message, context: Uint8Array.of(1, 2, 3) })),
  ),
  afterHandshake(
    "answer_with_an_empty_context",
    "4.7.2",
    context,
    certificate("later Certificate", (message) => ({ ...message, context: nothing })),
  ),
  afterHandshake(
    "request_answered_twice",
    "4.7.2",
    context,
    after(
      "later Finished",
      instantStep("answer", (client) => client.answer(0)),
      messageStep("later Certificate again", (client) => client.certificateMessage()),
    ),
  ),
  afterHandshake(
    "certificate_behind_all_answers",
    "4#order-checked",
    unexpected,
    after(
      "later Finished",
      ...[1, 0].flatMap((number): Step<Client>[] => [
        instantStep("answer", (client) => client.answer(number)),
        empty("another Certificate"),
        messageStep("another Finished", (client) => client.finished()),
      ]),
    ),
  ),
  afterHandshake(
    "later_certificate_verify_left_out",
    "4#order-checked",
    unexpected,
    leftOut("later CertificateVerify"),
  ),
  afterHandshake("later_finished_twice", "4#order-checked", unexpected, sentTwice("later Finished")),
  afterHandshake(
    "data_inside_an_answer",
    "4.7.2#answered",
    refused(Alert.unexpectedMessage, "interleaved_record"),
    after("later Certificate", record(RecordType.applicationData, scriptedData)),
  ),
  afterHandshake(
    "later_finished_left_out",
    "4.7.2#answered",
    refused(Alert.unexpectedMessage, "interleaved_record"),
    leftOut("later Finished"),
  ),
  afterHandshake(
    "key_update_inside_an_answer",
    "4.7.2#answered",
    unexpected,
    after("later CertificateVerify", record(RecordType.handshake, keyUpdate(0))),
  ),
  afterHandshake(
    "answers_inside_one_another",
    "4.7.2#answered",
    unexpected,
    after(
      "later Certificate",
      instantStep("answer", (client) => client.answer(1)),
      messageStep("other Certificate", (client) => client.certificateMessage()),
    ),
  ),
  afterHandshake(
    "later_certificate_verify_by_another_key",
    "4.5.2#verified",
    badSignature,
    byAnotherKey("later CertificateVerify"),
  ),
  afterHandshake(
    "later_certificate_verify_with_the_servers_context_string",
    "4.5.2#verified",
    badSignature,
    signing("later CertificateVerify", (client) => serverSignedContent(client.transcriptHash)),
  ),
  afterHandshake(
    "later_certificate_verify_without_the_request",
    "4.5.2#verified",
    badSignature,
    signing("later CertificateVerify", (client) => {
      const [own] = client.transcript.slice(-1);
      const handshake = client.transcript.slice(0, -2);
      return clientSignedContent(client.hash.digest(concat(...handshake, own ?? nothing)));
    }),
  ),
  afterHandshake(
    "later_finished_by_the_handshakes_keys",
    "4.5.3#verified",
    refused(Alert.decryptError, "bad_finished"),
    instead(
      "later Finished",
      messageStep("later Finished", (client) =>
        framed(
          HandshakeType.finished,
          RawFinished,
          client.handshakeStage?.client.verifyData(client.transcriptHash) ?? nothing,
        ),
      ),
    ),
  ),
  afterHandshake(
    "later_certificate_expired",
    "4.5.1.2#alert",
    badChains.expired.expected,
    before("later Certificate", showing("expired")),
  ),
];
