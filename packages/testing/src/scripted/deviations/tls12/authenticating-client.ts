import { HandshakeType } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { badChains } from "../../../pki/bad-chains.ts";
import { privateUse } from "../../../private-use.ts";
import { type Refusal, refused } from "../../../refusal.ts";
import { type Deviation, inHandshake } from "../../deviation.ts";
import { RecordType } from "../../peer.ts";
import { frame } from "../../raw-messages.ts";
import {
  after,
  alteredBytes,
  before,
  type Edit,
  edits,
  instead,
  leftOut,
  messageStep,
  moved,
  sentTwice,
  step,
} from "../../script.ts";
import { incremented, spoil } from "../../spoil.ts";
import type { ScriptedTls12Client, VerifyOdds } from "../../tls12/client.ts";
import { badChainsOfClients } from "../authenticating-client.ts";
import { flush, unprotected } from "../records.ts";

type Client = ScriptedTls12Client;

const unexpected = refused(Alert.unexpectedMessage, "unexpected_message");
const unexpectedRecord = refused(Alert.unexpectedMessage, "unexpected_record");
const missing = refused(Alert.unexpectedMessage, "missing_change_cipher_spec");
const spansKeys = refused(Alert.unexpectedMessage, "message_spans_key_change");
const badSignature = refused(Alert.decryptError, "bad_signature");
const syntax = refused(Alert.decodeError, "decode_error");

const verifying = (odds: VerifyOdds): Edit<Client> =>
  instead<Client>(
    "CertificateVerify",
    messageStep("CertificateVerify", (client) => client.certificateVerify(odds)),
  );
const showingNone: Edit<Client> = instead<Client>(
  "Certificate",
  messageStep("Certificate", (client) => client.emptyCertificate()),
);

/** For a server that requires a certificate of the client's authorities: what a client shows, and how it proves it (RFC 5246 §7.4.6, §7.4.8). */
export const tls12AuthenticatingClientDeviations: readonly Deviation<Client>[] = [
  inHandshake("certificate", "RFC 5246 §7.4.6, §7.4.8", "accepted", (script) => [...script]),
  ...badChainsOfClients.map((name) =>
    inHandshake<Client>(
      `certificate_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`,
      "RFC 5246 §7.4.6, §7.2.2#alert-sent",
      badChains[name].expected,
      before<Client>(
        "Certificate",
        step("a bad chain", function* (client) {
          client.certificate = yield* client.pki.bad(name);
        }),
      ),
    ),
  ),
  inHandshake(
    "no_certificates",
    "RFC 5246 §7.4.6",
    refused(Alert.handshakeFailure, "certificate_required"),
    edits(showingNone, leftOut("CertificateVerify")),
  ),
  inHandshake(
    "no_certificates_and_a_signature",
    "RFC 5246 §7.4.6",
    refused(Alert.handshakeFailure, "certificate_required"),
    showingNone,
  ),
  inHandshake("certificate_left_out", "RFC 5246 §7.3#certificate-sent", unexpected, leftOut("Certificate")),
  inHandshake(
    "certificate_and_signature_left_out",
    "RFC 5246 §7.3#certificate-sent",
    unexpected,
    edits<Client>(leftOut("Certificate"), leftOut("CertificateVerify")),
  ),
  inHandshake("certificate_twice", "RFC 5246 §7.4#order", unexpected, sentTwice("Certificate")),
  inHandshake(
    "certificate_behind_clientkeyexchange",
    "RFC 5246 §7.4#order",
    unexpected,
    moved("Certificate", "ClientKeyExchange"),
  ),
  inHandshake(
    "certificate_with_a_trailing_byte",
    "RFC 5246 §7.2.2",
    syntax,
    alteredBytes("Certificate", spoil.withTrailingByte),
  ),
  inHandshake(
    "certificate_without_its_last_byte",
    "RFC 5246 §7.2.2",
    syntax,
    alteredBytes("Certificate", spoil.withoutLastByte),
  ),
  inHandshake("certificate_without_a_body", "RFC 5246 §7.2.2", syntax, alteredBytes("Certificate", spoil.withoutBody)),
  inHandshake(
    "certificate_as_in_tls_1_3",
    "RFC 5246 §7.4.2",
    syntax,
    alteredBytes("Certificate", (message) =>
      frame(HandshakeType.certificate, concat(Uint8Array.of(0), message.subarray(4))),
    ),
  ),

  inHandshake("certificate_verify_left_out", "RFC 5246 §7.4.8", unexpectedRecord, leftOut("CertificateVerify")),
  inHandshake(
    "certificate_verify_and_the_change_of_keys_left_out",
    "RFC 5246 §7.4.8",
    unexpected,
    edits<Client>(leftOut("CertificateVerify"), leftOut("change_cipher_spec"), leftOut("keys")),
  ),
  inHandshake("certificate_verify_twice", "RFC 5246 §7.4#order", spansKeys, sentTwice("CertificateVerify")),
  inHandshake(
    "certificate_verify_twice_in_two_records",
    "RFC 5246 §7.4#order",
    missing,
    after<Client>(
      "CertificateVerify",
      flush,
      unprotected(RecordType.handshake, frame(HandshakeType.certificateVerify, Uint8Array.of(4, 3, 0, 1, 1))),
    ),
  ),
  inHandshake(
    "certificate_verify_before_clientkeyexchange",
    "RFC 5246 §7.4.8#position",
    unexpected,
    moved("ClientKeyExchange", "CertificateVerify"),
  ),
  inHandshake(
    "certificate_verify_behind_the_change_of_keys",
    "RFC 5246 §7.4.8#position",
    unexpectedRecord,
    moved("CertificateVerify", "keys"),
  ),
  inHandshake(
    "certificate_verify_by_another_key",
    "RFC 5246 §7.4.8",
    badSignature,
    instead<Client>(
      "CertificateVerify",
      messageStep("CertificateVerify", function* (client) {
        return yield* client.certificateVerify({ certificate: yield* client.pki.bad("self-signed") });
      }),
    ),
  ),
  ...(
    [
      ["changed_messages", (content) => incremented(content, -1)],
      ["another_hello", (content) => incremented(content, 6)],
      ["all_but_the_last_byte", (content) => content.subarray(0, -1)],
      ["nothing", () => new Uint8Array(0)],
    ] as readonly (readonly [string, (content: Uint8Array) => Uint8Array])[]
  ).map(([word, signed]) =>
    inHandshake<Client>(`certificate_verify_over_${word}`, "RFC 5246 §7.4.8", badSignature, verifying({ signed })),
  ),
  inHandshake(
    "certificate_verify_over_a_hash_of_the_messages",
    "RFC 5246 §7.4.8",
    badSignature,
    instead<Client>(
      "CertificateVerify",
      messageStep("CertificateVerify", (client) =>
        client.certificateVerify({ signed: (content) => client.hash.digest(content) }),
      ),
    ),
  ),
  inHandshake(
    "certificate_verify_over_messages_without_the_last",
    "RFC 5246 §7.4.8#position",
    badSignature,
    instead<Client>(
      "CertificateVerify",
      messageStep("CertificateVerify", (client) =>
        client.certificateVerify({ signed: () => concat(...client.transcript.slice(0, -1)) }),
      ),
    ),
  ),
  ...(
    [
      ["changed_at_its_end", (signature) => incremented(signature, -1)],
      ["left_empty", () => new Uint8Array(0)],
      ["without_its_last_byte", (signature) => signature.subarray(0, -1)],
      ["with_a_trailing_byte", (signature) => concat(signature, Uint8Array.of(0))],
    ] as readonly (readonly [string, (signature: Uint8Array) => Uint8Array])[]
  ).map(([word, signature]) =>
    inHandshake<Client>(
      `certificate_verify_whose_signature_is_${word}`,
      "RFC 5246 §7.4.8",
      badSignature,
      verifying({ signature }),
    ),
  ),
  ...(
    [
      ["ecdsa_sha1", 0x0203, refused(Alert.illegalParameter, "signature_scheme_not_offered")],
      ["rsa_pkcs1_sha1", 0x0201, refused(Alert.illegalParameter, "signature_scheme_not_offered")],
      [
        "something_unknown",
        privateUse.signatureScheme,
        refused(Alert.illegalParameter, "signature_scheme_not_offered"),
      ],
      ["rsa_pss_rsae_sha256", 0x0804, refused(Alert.illegalParameter, "signature_scheme_mismatch")],
      ["ed25519", 0x0807, refused(Alert.illegalParameter, "signature_scheme_mismatch")],
      ["ecdsa_secp384r1_sha384", 0x0503, badSignature],
    ] as readonly (readonly [string, number, Refusal])[]
  ).map(([word, scheme, expected]) =>
    inHandshake<Client>(
      `certificate_verify_that_says_${word}`,
      "RFC 5246 §7.4.8#algorithm-listed, §7.4.8#algorithm-of-key",
      expected,
      verifying({ scheme }),
    ),
  ),
];

/** For a server that asks, and takes clients without certificates too. */
export const tls12UncertifiedClientDeviations: readonly Deviation<Client>[] = [
  inHandshake("no_certificates", "RFC 5246 §7.4.6#empty", "accepted", edits(showingNone, leftOut("CertificateVerify"))),
  inHandshake("no_certificates_and_a_signature", "RFC 8422 §3#no-verify", spansKeys, showingNone),
  inHandshake(
    "certificate_and_signature_left_out",
    "RFC 5246 §7.3#certificate-sent",
    unexpected,
    edits<Client>(leftOut("Certificate"), leftOut("CertificateVerify")),
  ),
  inHandshake("certificate_verify_left_out", "RFC 5246 §7.4.8", unexpectedRecord, leftOut("CertificateVerify")),
];

/** For a server that doesn't ask. */
export const tls12UnaskedClientDeviations: readonly Deviation<Client>[] = [
  inHandshake("certificate_that_nobody_asked_for", "RFC 5246 §7.4#order", unexpected, (script) => [...script]),
  inHandshake(
    "empty_certificate_that_nobody_asked_for",
    "RFC 5246 §7.4#order",
    unexpected,
    edits(showingNone, leftOut("CertificateVerify")),
  ),
  inHandshake("certificate_verify_that_nobody_asked_for", "RFC 5246 §7.4#order", spansKeys, leftOut("Certificate")),
];
