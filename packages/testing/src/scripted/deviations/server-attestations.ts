import type { Steps } from "@tlskit/crypto";
import { certificateStatus, HandshakeType, signedCertificateTimestamps, statusRequest } from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { type Certificate, Oid } from "@tlskit/x509";
import { ocspResponse, revokedSince } from "../../pki/attest.ts";
import { issueLeaf, leafExtensions, type Pki } from "../../pki/certify.ts";
import { der, Tag } from "../../pki/der.ts";
import { refused } from "../../refusal.ts";
import { type Deviation, inHandshake } from "../deviation.ts";
import {
  bodyOf,
  framed,
  RawCertificate,
  RawEncryptedExtensions,
  type RawExtended,
  type RawExtension,
  rawExtension,
} from "../raw-messages.ts";
import { altered, before, type Edit, edits, instead, messageStep, step } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { withExtension } from "../spoil.ts";

type Server = ScriptedServer;

const hour = 60 * 60 * 1000;

/** What is shown beside the server's own certificate, or the one at this place of its chain. */
const beside = (make: (leaf: Certificate, pki: Pki) => Steps<RawExtension>, place: number = 0): Edit<Server> =>
  instead<Server>(
    "Certificate",
    messageStep("Certificate", function* (server) {
      const message = bodyOf(RawCertificate, server.certificateMessage());
      const [leaf] = server.certificate.chain;
      const shown = leaf === undefined ? [] : [yield* make(leaf, server.pki)];
      const entries = message.entries.map((entry, index) =>
        index === place ? { ...entry, extensions: shown } : entry,
      );
      return framed(HandshakeType.certificate, RawCertificate, { ...message, entries });
    }),
  );

const staple = (response: Uint8Array): RawExtension => rawExtension(certificateStatus, { statusType: 1, response });

/** An OCSP response, which is good unless told otherwise. */
const stapling = (answer: (pki: Pki) => Parameters<typeof ocspResponse>[2] = () => ({})): Edit<Server> =>
  beside(function* (leaf, pki) {
    return staple(yield* ocspResponse(pki, leaf, answer(pki)));
  });

/** Bytes, whatever they are. */
const showing = (extension: RawExtension, place?: number): Edit<Server> =>
  // biome-ignore lint/correctness/useYield: what is made of a certificate may have to be waited for, and this isn't
  beside(function* () {
    return extension;
  }, place);

/** Shows a certificate that promises that an OCSP response comes along (RFC 7633). */
const promising: Edit<Server> = before<Server>(
  "Certificate",
  step("promise a staple", function* (server) {
    const { pki, certificate } = server;
    const feature = {
      oid: Oid.tlsFeature,
      critical: false,
      value: der(Tag.sequence, der(Tag.integer, Uint8Array.of(5))),
    };
    const extensions = [...leafExtensions(pki.hosts, pki.purpose), feature];
    const leaf = yield* issueLeaf(pki, certificate.key, pki.intermediate, { extensions });
    server.certificate = { chain: [leaf, pki.intermediate.certificate], key: certificate.key };
  }),
);

const badStaple = refused(Alert.badCertificateStatusResponse, "certificate_bad_staple");

/** What is shown beside certificates: OCSP responses and certificate timestamps (RFC 9846 §4.5.1.1). */
export const serverAttestationDeviations: readonly Deviation<Server>[] = [
  inHandshake("staple", "4.5.1.1", "accepted", stapling()),
  inHandshake("staple_of_a_certificate_that_promises_one", "RFC 7633 §4", "accepted", edits(promising, stapling())),
  inHandshake(
    "no_staple_of_a_certificate_that_promises_one",
    "RFC 7633 §4",
    refused(Alert.badCertificateStatusResponse, "certificate_missing_staple"),
    promising,
  ),
  inHandshake(
    "staple_not_asked_for",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    stapling(),
    { noStatusRequest: true },
  ),
  inHandshake(
    "staple_that_says_revoked",
    "RFC 6066 §8#checked",
    refused(Alert.certificateRevoked, "certificate_revoked"),
    stapling(({ now }) => revokedSince(new Date(now - 2 * hour))),
  ),
  inHandshake(
    "staple_of_another_certificate",
    "RFC 6066 §8#checked",
    badStaple,
    beside(function* (_, pki) {
      return staple(yield* ocspResponse(pki, yield* issueLeaf(pki, pki.certificate.key, pki.intermediate)));
    }),
  ),
  inHandshake(
    "staple_by_another_authority",
    "RFC 6066 §8#checked",
    badStaple,
    beside(function* (leaf, pki) {
      return staple(yield* ocspResponse({ ...pki, intermediate: pki.root }, leaf));
    }),
  ),
  inHandshake(
    "staple_that_is_stale",
    "RFC 6066 §8#checked",
    badStaple,
    stapling(({ now }) => ({ thisUpdate: new Date(now - 3 * hour), nextUpdate: new Date(now - hour) })),
  ),
  inHandshake(
    "staple_that_knows_nothing",
    "RFC 6066 §8#checked",
    badStaple,
    stapling(() => ({ certStatus: { status: "unknown" } })),
  ),
  inHandshake(
    "staple_that_is_malformed",
    "RFC 6066 §8#checked",
    badStaple,
    showing(staple(Uint8Array.of(0x30, 0x03, 0x0a, 0x01))),
  ),
  inHandshake(
    "staple_that_is_malformed_beside_the_intermediate",
    "RFC 6066 §8#checked",
    badStaple,
    showing(staple(Uint8Array.of(0x30, 0x03, 0x0a, 0x01)), 1),
  ),
  inHandshake(
    "staple_of_no_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    showing({ code: certificateStatus.code, data: Uint8Array.of(1, 0, 0, 0) }),
  ),
  inHandshake(
    "certificate_with_an_empty_status",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    showing({ code: certificateStatus.code, data: new Uint8Array(0) }),
  ),
  inHandshake(
    "certificate_with_a_status_of_another_type",
    "4.5.1.1",
    refused(Alert.illegalParameter, "certificate_status_type"),
    showing(rawExtension(certificateStatus, { statusType: 2, response: new Uint8Array(4) })),
  ),
  inHandshake(
    "encrypted_extensions_with_status_request",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    altered<Server, RawExtended>("EncryptedExtensions", RawEncryptedExtensions, (message) =>
      withExtension(message, { code: statusRequest.code, data: new Uint8Array(0) }),
    ),
  ),
  inHandshake(
    "timestamps_not_asked_for",
    "4.3#responses-checked",
    refused(Alert.unsupportedExtension, "unsolicited_extension"),
    showing(rawExtension(signedCertificateTimestamps, [Uint8Array.of(0)])),
  ),
  inHandshake(
    "list_without_timestamps",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    showing({ code: signedCertificateTimestamps.code, data: Uint8Array.of(0, 0) }),
  ),
  inHandshake(
    "timestamp_of_no_bytes",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    showing({ code: signedCertificateTimestamps.code, data: Uint8Array.of(0, 2, 0, 0) }),
  ),
];
