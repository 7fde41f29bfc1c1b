import {
  certificateAuthorities,
  HandshakeType,
  oidFilters,
  signatureAlgorithms,
  signatureAlgorithmsCert,
} from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { refused } from "../../refusal.ts";
import { afterHandshake, type Deviation, inHandshake } from "../deviation.ts";
import { RawCertificateRequest, rawExtension } from "../raw-messages.ts";
import { altered, alteredBytes, type Edit, sentTwice } from "../script.ts";
import type { ScriptedServer } from "../server.ts";
import { spoil, withExtension, withExtensionData, withoutExtension } from "../spoil.ts";

type Server = ScriptedServer;
type Change = (message: RawCertificateRequest) => RawCertificateRequest;

const requested = (name: string, change: Change): Edit<Server> =>
  altered<Server, RawCertificateRequest>(name, RawCertificateRequest, change);

/** Filters for an extension that is known, for one that isn't, and for the known one again. */
const keyUsage = {
  certificateExtensionOid: Uint8Array.of(6, 3, 0x55, 0x1d, 0x0f),
  certificateExtensionValues: Uint8Array.of(3, 2, 7, 0x80),
};
const unknown = {
  certificateExtensionOid: Uint8Array.of(6, 3, 0x55, 0x1d, 0x63),
  certificateExtensionValues: Uint8Array.of(5, 0),
};

/** What a server may do wrong, or oddly, that asks a client for a certificate which it has: {@link askingScript}. */
export const askingServerDeviations: readonly Deviation<Server>[] = [
  inHandshake("certificate_asked_for", "4.4.2", "accepted", (script) => script),
  inHandshake(
    "asked_twice",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    sentTwice("CertificateRequest"),
  ),
  inHandshake(
    "asked_by_schemes_that_nobody_knows",
    "4.5.1#empty-if-none",
    "accepted",
    requested("CertificateRequest", (message) =>
      withExtensionData(message, rawExtension(signatureAlgorithms, [0x0303, 0x4a4a])),
    ),
  ),
  inHandshake(
    "asked_by_schemes_of_certificates_that_nobody_knows",
    "4.5.1.2",
    "accepted",
    requested("CertificateRequest", (message) =>
      withExtension(message, rawExtension(signatureAlgorithmsCert, [0x4a4a])),
    ),
  ),
  inHandshake(
    "asked_by_filters",
    "4.3.5#filters-kept",
    "accepted",
    requested("CertificateRequest", (message) => withExtension(message, rawExtension(oidFilters, [keyUsage, unknown]))),
  ),
  inHandshake(
    "asked_by_a_filter_twice",
    "4.3.5",
    refused(Alert.illegalParameter, "duplicate_oid_filter"),
    requested("CertificateRequest", (message) =>
      withExtension(message, rawExtension(oidFilters, [keyUsage, unknown, keyUsage])),
    ),
  ),
  inHandshake(
    "asked_by_a_name_that_is_none",
    "4.3.4",
    "accepted",
    requested("CertificateRequest", (message) =>
      withExtension(message, rawExtension(certificateAuthorities, [Uint8Array.of(1)])),
    ),
  ),
  inHandshake(
    "asked_by_no_authority",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    requested("CertificateRequest", (message) =>
      withExtension(message, { code: certificateAuthorities.code, data: Uint8Array.of(0, 0) }),
    ),
  ),
  inHandshake(
    "certificate_request_without_its_last_byte",
    "6#syntax",
    refused(Alert.decodeError, "decode_error"),
    alteredBytes<Server>("CertificateRequest", spoil.withoutLastByte),
  ),
];

/** What a server may do wrong that asks after the handshake a client which offered it: {@link laterAskingScript}. */
export const laterAskingServerDeviations: readonly Deviation<Server>[] = [
  afterHandshake("asked_later", "4.7.2#answered", "accepted", (script) => script),
  afterHandshake(
    "asked_later_without_a_context",
    "4.4.2",
    refused(Alert.illegalParameter, "certificate_request_context"),
    requested("later CertificateRequest", (message) => ({ ...message, context: new Uint8Array(0) })),
  ),
  afterHandshake(
    "asked_later_without_signature_algorithms",
    "4.4.2",
    refused(Alert.missingExtension, "missing_extension"),
    requested("later CertificateRequest", (message) => withoutExtension(message, signatureAlgorithms.code)),
  ),
  afterHandshake(
    "asked_later_with_an_extension_that_has_no_place",
    "4.3#places-checked",
    refused(Alert.illegalParameter, "forbidden_extension"),
    requested("later CertificateRequest", (message) => withExtension(message, { code: 51, data: new Uint8Array(0) })),
  ),
  afterHandshake(
    "answered_by_the_server",
    "4#order-checked",
    refused(Alert.unexpectedMessage, "unexpected_message"),
    alteredBytes<Server>("later CertificateRequest", (message) => {
      const changed = message.slice();
      changed[0] = HandshakeType.certificate;
      return changed;
    }),
  ),
];
