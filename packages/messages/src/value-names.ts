import { isGrease } from "@tlskit/ciphersuites";
import { cipherSuiteName, namedGroupName, signatureSchemeName } from "@tlskit/ciphersuites/names";
import type { ValueNames } from "@tlskit/wire";

/** IANA "TLS ExtensionType Values". */
const extensions: Readonly<Record<number, string>> = {
  0: "server_name",
  1: "max_fragment_length",
  2: "client_certificate_url",
  3: "trusted_ca_keys",
  4: "truncated_hmac",
  5: "status_request",
  6: "user_mapping",
  7: "client_authz",
  8: "server_authz",
  9: "cert_type",
  10: "supported_groups",
  11: "ec_point_formats",
  12: "srp",
  13: "signature_algorithms",
  14: "use_srtp",
  15: "heartbeat",
  16: "application_layer_protocol_negotiation",
  17: "status_request_v2",
  18: "signed_certificate_timestamp",
  19: "client_certificate_type",
  20: "server_certificate_type",
  21: "padding",
  22: "encrypt_then_mac",
  23: "extended_main_secret",
  24: "token_binding",
  25: "cached_info",
  27: "compress_certificate",
  28: "record_size_limit",
  33: "tls_cert_with_extern_psk",
  34: "delegated_credential",
  35: "session_ticket",
  39: "supported_ekt_ciphers",
  41: "pre_shared_key",
  42: "early_data",
  43: "supported_versions",
  44: "cookie",
  45: "psk_key_exchange_modes",
  47: "certificate_authorities",
  48: "oid_filters",
  49: "post_handshake_auth",
  50: "signature_algorithms_cert",
  51: "key_share",
  52: "transparency_info",
  54: "connection_id",
  55: "external_id_hash",
  56: "external_session_id",
  57: "quic_transport_parameters",
  58: "ticket_request",
  62: "tls_flags",
  17513: "application_settings_old",
  17613: "application_settings",
  13172: "next_protocol_negotiation",
  64768: "ech_outer_extensions",
  65037: "encrypted_client_hello",
  65281: "renegotiation_info",
};

/** IANA "TLS HandshakeType". */
const handshakeTypes: Readonly<Record<number, string>> = {
  0: "hello_request",
  1: "client_hello",
  2: "server_hello",
  3: "hello_verify_request",
  4: "new_session_ticket",
  5: "end_of_early_data",
  6: "hello_retry_request",
  8: "encrypted_extensions",
  9: "request_connection_id",
  10: "new_connection_id",
  11: "certificate",
  12: "server_key_exchange",
  13: "certificate_request",
  14: "server_hello_done",
  15: "certificate_verify",
  16: "client_key_exchange",
  20: "finished",
  21: "certificate_url",
  22: "certificate_status",
  23: "supplemental_data",
  24: "key_update",
  25: "compressed_certificate",
  254: "message_hash",
};

/** An extension's name as IANA has it, or `extension(N)`: also of one that nothing here describes. */
export function extensionName(code: number): string {
  return registeredName(code) ?? `extension(${code})`;
}

function registeredName(code: number): string | undefined {
  return extensions[code] ?? (isGrease(code) ? "GREASE" : undefined);
}

/** A handshake type's name as the RFC writes it, or `handshake_type(N)`. */
export function handshakeTypeName(code: number): string {
  return handshakeTypes[code] ?? `handshake_type(${code})`;
}

/** What the registries call the values of a message's fields: for people, and bundled with what explains messages alone. */
export const valueNames: ValueNames = {
  CipherSuite: cipherSuiteName,
  ExtensionType: registeredName,
  HandshakeType: (code) => handshakeTypes[code],
  NamedGroup: namedGroupName,
  SignatureScheme: signatureSchemeName,
};
