import type { PeerCertificate } from "node:tls";
import type { Certificate, TlsError } from "@tlskit/tls";
import { runtimeTls } from "../runtime-tls.ts";
import { alertReasons, firstAlertReason } from "./alert-reasons.ts";
import { certificateRefused, reasonsByAlert, reasonsByCode } from "./failure-reasons.ts";
import { opensslError, type Reason } from "./openssl-error.ts";
import { verifyCode } from "./verify-codes.ts";

/**
 * What `node:tls` ends with where we end with this: with the codes that programs look for, and ours as its `cause`. What
 * a callback of the application's failed with is told as it is. What is the caller's fault is ours.
 *
 * @param resetIsEnd whether whoever reads the socket takes an ECONNRESET for the end of what it reads.
 */
export function nodeError(error: TlsError, role: "client" | "server", resetIsEnd: boolean = false): Error {
  const { kind, code, cause } = error;
  if (code === "closed_during_handshake" || code === "ECONNRESET") return coded("ECONNRESET", error, hangUps[role]);
  if (kind === "alert") return alertError(error);
  // pg ends the process by any other code of a connection that it is closing already.
  if (kind === "truncation" && !resetIsEnd) return coded("ECONNRESET", error, error.message);
  if (kind === "truncation") return opensslError("SSL", cutOff, error);
  if (kind === "timeout") return coded("ERR_TLS_HANDSHAKE_TIMEOUT", error, "TLS handshake timeout");
  if ((kind === "internal" || code === "callback_failed") && cause instanceof Error) return cause;
  if (kind !== "peer") return error;
  const verdict = verifyCode(code, []);
  return verdict === undefined ? opensslError("SSL", reasonOf(error), error) : verificationError(error, []);
}

/** The stream ended before the handshake did. */
const hangUps = {
  client: "Client network socket disconnected before secure TLS connection was established",
  server: "socket hang up",
} as const;

/** Where ECONNRESET, which programs know, would be an end. */
const cutOff: Reason = [294, "unexpected eof while reading"];

function alertError(error: TlsError): Error {
  const { alert = Number.NaN } = error;
  const text = alertReasons[alert];
  if (text === undefined) return coded("EPROTO", error, error.message);
  return opensslError("SSL", [firstAlertReason + alert, text], error, `SSL alert number ${alert}`);
}

function reasonOf({ code, alert = Number.NaN }: TlsError): readonly [number: number, text: string] {
  const known = Object.hasOwn(reasonsByCode, code) ? reasonsByCode[code] : undefined;
  return known ?? reasonsByAlert[alert] ?? certificateRefused;
}

/**
 * Why a chain doesn't count, as `node:tls` has it.
 * @param shown what the peer showed, its own certificate first.
 */
export function verificationError(refusal: TlsError, shown: readonly Certificate[]): Error {
  const [code, text] = verifyCode(refusal.code, shown) ?? ["CERT_REJECTED", "certificate rejected"];
  return coded(code, refusal, `${text} (${refusal.message})`);
}

/** A certificate that is for other names, as `node:tls` says it. */
export function nameError(hostname: string, certificate: PeerCertificate): Error {
  const error = runtimeTls.checkServerIdentity(hostname, certificate);
  if (error !== undefined) return error;
  // It names the host where we don't look: by its common name alone (RFC 9525 §2).
  const reason = `Host: ${hostname}. is not in the cert's altnames: ${certificate.subjectaltname ?? ""}`;
  return Object.assign(new Error(`Hostname/IP does not match certificate's altnames: ${reason}`), {
    code: "ERR_TLS_CERT_ALTNAME_INVALID",
    reason,
    host: hostname,
    cert: certificate,
  });
}

function coded(code: string, cause: TlsError, message: string): Error {
  return Object.assign(new Error(message, { cause }), { code });
}
