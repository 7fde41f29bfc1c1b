import { HandshakeType } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { type BadChainName, badChains } from "../../../pki/bad-chains.ts";
import { refused } from "../../../refusal.ts";
import { type Deviation, inHandshake } from "../../deviation.ts";
import { RecordType } from "../../peer.ts";
import { frame } from "../../raw-messages.ts";
import {
  after,
  altered,
  alteredBytes,
  before,
  type Edit,
  edits,
  instantStep,
  instead,
  leftOut,
  messageStep,
  moved,
  sentTwice,
  step,
} from "../../script.ts";
import { spoil } from "../../spoil.ts";
import { RawTls12Certificate, RawTls12CertificateRequest } from "../../tls12/raw-messages.ts";
import type { ScriptedTls12Server } from "../../tls12/server.ts";
import { flush, unprotected } from "../records.ts";

type Server = ScriptedTls12Server;

const nothing = new Uint8Array(0);
const unexpected = refused(Alert.unexpectedMessage, "unexpected_message");
const syntax = refused(Alert.decodeError, "decode_error");
const badStaple = refused(Alert.badCertificateStatusResponse, "certificate_bad_staple");
// The keys of an object are what its type says: it has no others.
const badChainNames = Object.keys(badChains) as BadChainName[];

const certificate = (change: (list: readonly Uint8Array[]) => readonly Uint8Array[]): Edit<Server> =>
  altered<Server, readonly Uint8Array[]>("Certificate", RawTls12Certificate, change);

/** RFC 5246 §7.4.2. */
const certificateDeviations: readonly Deviation<Server>[] = [
  ...badChainNames.map((name) =>
    inHandshake<Server>(
      `certificate_${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}`,
      "RFC 5246 §7.4.2, §7.2.2#alert-sent",
      badChains[name].expected,
      before<Server>(
        "Certificate",
        step("a bad chain", function* (server) {
          server.certificate = yield* server.pki.bad(name);
        }),
      ),
    ),
  ),
  inHandshake(
    "no_certificates",
    "RFC 5246 §7.4.2#sent",
    syntax,
    certificate(() => []),
  ),
  inHandshake(
    "empty_certificate",
    "RFC 5246 §7.4.2",
    syntax,
    certificate((list) => [nothing, ...list]),
  ),
  inHandshake(
    "empty_certificate_behind",
    "RFC 5246 §7.4.2",
    syntax,
    certificate((list) => [...list, nothing]),
  ),
  inHandshake(
    "certificates_that_nobody_needs",
    "RFC 5246 §7.4.2",
    "accepted",
    certificate((list) => [...list, ...list.slice(1), Uint8Array.of(1)]),
  ),
  inHandshake(
    "too_many_certificates",
    "RFC 5246 §7.4.2",
    refused(Alert.badCertificate, "too_many_certificates"),
    certificate((list) => [...list, ...Array.from({ length: 40 }, () => list[1] ?? nothing)]),
  ),
  inHandshake(
    "certificate_as_in_tls_1_3",
    "RFC 5246 §7.4.2",
    syntax,
    alteredBytes("Certificate", (message) =>
      frame(HandshakeType.certificate, concat(Uint8Array.of(0), message.subarray(4))),
    ),
  ),
  ...(
    [
      ["rsaEncryption", "certificate_key_type", "RFC 5246 §7.4.2"],
      ["P-384", "certificate_curve", "RFC 8422 §5.3"],
    ] as const
  ).map(([keyType, code, section]) =>
    inHandshake<Server>(
      `certificate_for_a_key_of_${keyType.toLowerCase().replace("-", "_")}`,
      section,
      refused(Alert.illegalParameter, code),
      before<Server>(
        "Certificate",
        instantStep("another certificate", (server) => {
          server.certificate = server.pki.certificateOf(keyType);
        }),
      ),
    ),
  ),
];

const request = messageStep<Server>("CertificateRequest", (server) => server.certificateRequest());
const asking = (change: (message: RawTls12CertificateRequest) => Partial<RawTls12CertificateRequest>): Edit<Server> =>
  edits(
    before<Server>("ServerHelloDone", request),
    altered<Server, RawTls12CertificateRequest>("CertificateRequest", RawTls12CertificateRequest, (message) => ({
      ...message,
      ...change(message),
    })),
  );
const askingWith = (change: (message: Uint8Array) => Uint8Array): Edit<Server> =>
  edits(before<Server>("ServerHelloDone", request), alteredBytes("CertificateRequest", change));

/** RFC 5246 §7.4.4: of a client that has nothing to show. */
const certificateRequestDeviations: readonly Deviation<Server>[] = [
  inHandshake(
    "certificate_request",
    "RFC 5246 §7.4.6#empty",
    "accepted",
    asking(() => ({})),
  ),
  inHandshake(
    "certificate_request_for_what_nobody_knows",
    "RFC 5246 §7.4.4",
    "accepted",
    asking(() => ({
      certificateTypes: Uint8Array.of(99),
      signatureAlgorithms: [0xfe77],
      authorities: [Uint8Array.of(1)],
    })),
  ),
  inHandshake(
    "certificate_request_for_no_type",
    "RFC 5246 §7.4.4",
    syntax,
    asking(() => ({ certificateTypes: nothing })),
  ),
  inHandshake(
    "certificate_request_without_algorithms",
    "RFC 5246 §7.4.4",
    syntax,
    asking(() => ({ signatureAlgorithms: [] })),
  ),
  inHandshake(
    "certificate_request_with_an_empty_name",
    "RFC 5246 §7.4.4",
    syntax,
    asking(() => ({ authorities: [nothing] })),
  ),
  inHandshake(
    "certificate_request_with_a_trailing_byte",
    "RFC 5246 §7.2.2",
    syntax,
    askingWith(spoil.withTrailingByte),
  ),
  inHandshake(
    "certificate_request_without_its_last_byte",
    "RFC 5246 §7.2.2",
    syntax,
    askingWith(spoil.withoutLastByte),
  ),
  inHandshake(
    "certificate_request_of_tls_1_1",
    "RFC 5246 §7.4.4",
    syntax,
    askingWith(() => frame(HandshakeType.certificateRequest, Uint8Array.of(1, 64, 0, 0))),
  ),
  inHandshake(
    "certificate_request_twice",
    "RFC 5246 §7.4#order",
    unexpected,
    edits<Server>(before("ServerHelloDone", request), sentTwice("CertificateRequest")),
  ),
  ...(["ServerHello", "Certificate", "ServerKeyExchange"] as const).map((name) =>
    inHandshake<Server>(
      `certificate_request_before_${name.toLowerCase()}`,
      "RFC 5246 §7.4#order",
      unexpected,
      before<Server>(name, request),
    ),
  ),
  inHandshake(
    "certificate_request_behind_serverhellodone",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    after<Server>("ServerHelloDone", request),
  ),
];

/** RFC 6066 §8: what a server without a promise shows beside its certificate, to a client that asks. */
const acknowledging: Edit<Server> = before<Server>(
  "ServerHello",
  instantStep("a status is going to come", (server) => {
    server.acknowledgesStatus = true;
  }),
);
const stapling: Edit<Server> = edits(
  acknowledging,
  after<Server>(
    "Certificate",
    messageStep("CertificateStatus", (server) => server.certificateStatus()),
  ),
);
const staplingAs = (...body: readonly number[]): Edit<Server> =>
  edits(
    acknowledging,
    after<Server>(
      "Certificate",
      messageStep("CertificateStatus", () => frame(HandshakeType.certificateStatus, Uint8Array.from(body))),
    ),
  );

const statusDeviations: readonly Deviation<Server>[] = [
  inHandshake("staple", "RFC 6066 §8#announced", "accepted", stapling),
  inHandshake("staple_that_was_announced_and_left_out", "RFC 6066 §8#announced", "accepted", acknowledging),
  inHandshake(
    "staple_that_was_not_announced",
    "RFC 6066 §8#announced",
    unexpected,
    edits(stapling, leftOut("a status is going to come")),
  ),
  inHandshake(
    "staple_that_was_not_asked_for",
    "RFC 5246 §7.4.1.4#extensions-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    stapling,
    { noStatusRequest: true },
  ),
  inHandshake("staple_twice", "RFC 5246 §7.4#order", unexpected, edits(stapling, sentTwice("CertificateStatus"))),
  inHandshake(
    "staple_before_the_certificate",
    "RFC 5246 §7.4#order",
    unexpected,
    edits(stapling, moved("Certificate", "CertificateStatus")),
  ),
  inHandshake(
    "staple_behind_serverkeyexchange",
    "RFC 5246 §7.4#order",
    unexpected,
    edits(stapling, moved("CertificateStatus", "ServerKeyExchange")),
  ),
  inHandshake(
    "staple_behind_serverhellodone",
    "RFC 5246 §7.4#order",
    refused(Alert.unexpectedMessage, "excess_handshake_data"),
    edits(stapling, moved("CertificateStatus", "ServerHelloDone")),
  ),
  inHandshake("staple_that_can_t_be_read", "RFC 6066 §8", badStaple, staplingAs(1, 0, 0, 3, 1, 2, 3)),
  inHandshake("staple_of_no_bytes", "RFC 6066 §8", syntax, staplingAs(1, 0, 0, 0)),
  inHandshake("status_of_no_bytes", "RFC 6066 §8", syntax, staplingAs()),
  inHandshake("staple_with_a_trailing_byte", "RFC 6066 §8", syntax, staplingAs(1, 0, 0, 1, 1, 1)),
];

/** What a server shows, and asks a client to show. */
export const tls12ServerAuthenticationDeviations: readonly Deviation<Server>[] = [
  ...certificateDeviations,
  ...certificateRequestDeviations,
  ...statusDeviations,
  inHandshake(
    "certificate_in_two_records_with_something_else_between",
    "RFC 5246 §6.2.1#order",
    refused(Alert.unexpectedMessage, "interleaved_record"),
    instead<Server>(
      "Certificate",
      step("Certificate in two records", function* (server) {
        const message = server.certificateMessage();
        yield* flush.run(server);
        server.unprotected(RecordType.handshake, message.subarray(0, 100));
        yield* unprotected(RecordType.alert, Uint8Array.of(1, 90)).run(server);
        server.unprotected(RecordType.handshake, message.subarray(100));
      }),
    ),
  ),
];
