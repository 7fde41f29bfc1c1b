import { callerError, peerError, TlsError } from "@tlskit/tls";
import { Alert, alertReceived } from "@tlskit/wire";
import type { Certificate, RefusalCode } from "@tlskit/x509";
import { expect, test } from "vitest";
import { nodeError, verificationError } from "../../src/tls/error-codes.ts";
import { pki } from "../helpers/world.ts";

const truncated = new TlsError("truncation", "ECONNRESET", "the stream ended in the handshake");

test("an alert is called as OpenSSL calls it, and ours is the cause", () => {
  const ours = alertReceived(Alert.protocolVersion);
  const error = nodeError(ours, "client");
  expect(error).toMatchObject({
    code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
    library: "SSL routines",
    reason: "tlsv1 alert protocol version",
    cause: ours,
  });
  expect(error.message).toMatch(/^error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70/);
});

test("an alert that OpenSSL has no word for is a failure of the protocol", () => {
  expect(nodeError(alertReceived(Alert.echRequired), "client")).toMatchObject({ code: "EPROTO" });
});

test("what a peer does wrong is called by our code, and by the alert for it where that has no word", () => {
  const codes = (
    [
      ["no_common_cipher_suite", Alert.handshakeFailure],
      ["protocol_version", Alert.protocolVersion],
      ["http_request", Alert.unexpectedMessage],
      ["a word of tomorrow", Alert.decodeError],
      ["bad_certificate", Alert.badCertificate],
    ] as const
  ).map(([code, alert]) => Reflect.get(nodeError(peerError(code, alert, "it did"), "server"), "code"));
  expect(codes).toEqual([
    "ERR_SSL_NO_SHARED_CIPHER",
    "ERR_SSL_UNSUPPORTED_PROTOCOL",
    "ERR_SSL_HTTP_REQUEST",
    "ERR_SSL_LENGTH_MISMATCH",
    "ERR_SSL_CERTIFICATE_VERIFY_FAILED",
  ]);
});

test("its message tells what ours tells", () => {
  const error = nodeError(peerError("bad_finished", Alert.decryptError, "the MAC is another"), "server");
  expect(error.message).toBe("error:0A000095:SSL routines::digest check failed (the MAC is another)");
});

test("a stream that ends in the handshake is what retries look for", () => {
  expect(nodeError(truncated, "client")).toMatchObject({
    code: "ECONNRESET",
    message: "Client network socket disconnected before secure TLS connection was established",
    cause: truncated,
  });
  expect(nodeError(truncated, "server")).toMatchObject({ code: "ECONNRESET", message: "socket hang up" });
});

// pg, for one, ends the process by what it doesn't know of connections that it is closing.
test("a stream that is cut off later is what programs know of connections that are lost", () => {
  const later = new TlsError("truncation", "truncated", "the stream was cut off");
  expect(nodeError(later, "client")).toMatchObject({ code: "ECONNRESET", message: later.message, cause: later });
});

// undici, for one, takes a response that ends with ECONNRESET for whole.
test("where that would be an end it has OpenSSL's code", () => {
  const later = new TlsError("truncation", "truncated", "the stream was cut off");
  expect(nodeError(later, "client", true)).toMatchObject({
    code: "ERR_SSL_UNEXPECTED_EOF_WHILE_READING",
    message: "error:0A000126:SSL routines::unexpected eof while reading (the stream was cut off)",
    cause: later,
  });
});

test("a handshake that takes too long has a code of its own", () => {
  const timeout = new TlsError("timeout", "handshake_timeout", "it took 10 milliseconds");
  expect(nodeError(timeout, "server")).toMatchObject({
    code: "ERR_TLS_HANDSHAKE_TIMEOUT",
    message: "TLS handshake timeout",
  });
});

test("what a callback of the application's failed with is told as it is, and what the caller did wrong is ours", () => {
  const thrown = new RangeError("no such name");
  expect(nodeError(new TlsError("internal", "internal_error", "it failed", { cause: thrown }), "server")).toBe(thrown);
  const ours = callerError("aborted", "the caller destroyed it");
  expect(nodeError(ours, "client")).toBe(ours);
});

test("a chain that leads to nobody is called by what was shown of it", () => {
  const { root } = pki;
  const [leaf, intermediate] = pki.certificate.chain;
  if (leaf === undefined || intermediate === undefined) throw new TypeError("there are a leaf and an intermediate");
  const shown: readonly (readonly [string, readonly Certificate[]])[] = [
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", []],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", [leaf]],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", [leaf, root.certificate]],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", [leaf, intermediate]],
    ["SELF_SIGNED_CERT_IN_CHAIN", [leaf, root.certificate, intermediate]],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", [root.certificate]],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", [root.certificate, leaf]],
  ];
  for (const [code, certificates] of shown) {
    const error = verificationError(refused("unknown_issuer"), certificates);
    expect(error, certificates.map(({ subject }) => String(subject)).join()).toMatchObject({ code });
  }
});

test("a refusal has a code of OpenSSL's, whatever was shown", () => {
  for (const [ours, code] of [
    ["expired", "CERT_HAS_EXPIRED"],
    ["not_yet_valid", "CERT_NOT_YET_VALID"],
    ["revoked", "CERT_REVOKED"],
    ["extended_key_usage", "INVALID_PURPOSE"],
    ["weak_key", "UNSPECIFIED"],
  ] as const) {
    expect(verificationError(refused(ours), pki.certificate.chain)).toMatchObject({
      code,
      cause: { code: `certificate_${ours}` },
    });
  }
});

test("a refusal for a reason that OpenSSL doesn't know is one nevertheless", () => {
  const other = peerError("certificate_not_wanted", Alert.unsupportedCertificate, "it isn't for that");
  expect(verificationError(other, [])).toMatchObject({ code: "CERT_REJECTED" });
});

function refused(code: RefusalCode): TlsError {
  return peerError(`certificate_${code}`, Alert.badCertificate, "it doesn't do");
}
