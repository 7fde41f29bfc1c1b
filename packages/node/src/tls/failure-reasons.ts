import { Alert } from "@tlskit/wire";
import type { Reason } from "./openssl-error.ts";

/** What OpenSSL says where we say something: by our code. */
export const reasonsByCode: Readonly<Record<string, Reason>> = {
  // What is no TLS.
  http_request: [156, "http request"],
  http_proxy_request: [155, "https proxy request"],
  http_response: [267, "wrong version number"],
  ssh_identification: [267, "wrong version number"],
  smtp_greeting: [267, "wrong version number"],
  imap_greeting: [267, "wrong version number"],
  pop3_greeting: [267, "wrong version number"],
  ssl_2_client_hello: [258, "unsupported protocol"],
  ssl_2_server_hello: [267, "wrong version number"],
  unknown_record_type: [267, "wrong version number"],
  record_version: [267, "wrong version number"],
  legacy_version: [292, "bad legacy version"],
  // Nothing in common.
  protocol_version: [258, "unsupported protocol"],
  no_common_cipher_suite: [193, "no shared cipher"],
  no_common_group: [101, "no suitable key share"],
  no_common_signature_scheme: [118, "no suitable signature algorithm"],
  no_shared_signature_scheme: [376, "no shared signature algorithms"],
  no_certificate: [118, "no suitable signature algorithm"],
  no_common_psk_mode: [310, "missing psk kex modes extension"],
  no_signature_algorithms: [112, "missing sigalgs extension"],
  no_application_protocol: [235, "no application protocol"],
  no_certificates: [193, "no shared cipher"],
  inappropriate_fallback: [373, "inappropriate fallback"],
  unsafe_group: [394, "dh key too small"],
  // Who the peer is.
  certificate_required: [199, "peer did not return a certificate"],
  unsupported_key: [247, "unknown certificate type"],
  unknown_psk_identity: [223, "psk identity not found"],
  bad_binder: [253, "binder does not verify"],
  bad_signature: [123, "bad signature"],
  bad_finished: [149, "digest check failed"],
  wrong_psk: [281, "decryption failed or bad record mac"],
  signature_scheme_not_offered: [370, "wrong signature type"],
  signature_scheme_mismatch: [370, "wrong signature type"],
  // What it sends.
  bad_record_mac: [281, "decryption failed or bad record mac"],
  record_overflow: [146, "data length too long"],
  message_too_long: [152, "excessive message size"],
  unexpected_record: [244, "unexpected message"],
  interleaved_record: [293, "mixed handshake and non handshake data"],
  missing_change_cipher_spec: [154, "got a fin before a ccs"],
  too_much_early_data: [164, "too much early data"],
  too_many_key_updates: [132, "too many key updates"],
  too_many_useless_records: [298, "record too small"],
  too_many_alerts: [409, "too many warn alerts"],
  duplicate_extension: [110, "bad extension"],
  forbidden_extension: [110, "bad extension"],
  unsolicited_extension: [217, "unsolicited extension"],
  no_secure_renegotiation: [338, "unsafe legacy renegotiation disabled"],
  renegotiation_info: [337, "renegotiation mismatch"],
  extended_main_secret_changed: [104, "inconsistent extms"],
  resumption_with_extended_main_secret: [104, "inconsistent extms"],
  resumption_without_extended_main_secret: [104, "inconsistent extms"],
};

/** What it says of all else that a peer does wrong: by the alert for it. */
export const reasonsByAlert: Readonly<Record<number, Reason>> = {
  [Alert.unexpectedMessage]: [244, "unexpected message"],
  [Alert.badRecordMac]: [281, "decryption failed or bad record mac"],
  [Alert.recordOverflow]: [146, "data length too long"],
  [Alert.handshakeFailure]: [229, "ssl handshake failure"],
  [Alert.illegalParameter]: [384, "bad value"],
  [Alert.decodeError]: [159, "length mismatch"],
  [Alert.decryptError]: [149, "digest check failed"],
  [Alert.protocolVersion]: [258, "unsupported protocol"],
  [Alert.insufficientSecurity]: [241, "insufficient security"],
  [Alert.missingExtension]: [279, "extension not received"],
  [Alert.unsupportedExtension]: [217, "unsolicited extension"],
  [Alert.badCertificateStatusResponse]: [328, "invalid status response"],
};

/** What it says of everything about a certificate, where nobody asks it which. */
export const certificateRefused: Reason = [134, "certificate verify failed"];
