import { defaultTls12CipherSuites } from "@tlskit/ciphersuites";
import type { Version } from "../versions.ts";
import { tls12Protocol } from "./protocol.ts";
import { type Tls12Options, versionOf } from "./version-of.ts";

/**
 * TLS 1.2 (RFC 5246, RFC 9325 §3.1.1#tls12), to be listed among `versions`: handshakes with ECDHE, or what else is given, resumed by tickets.
 * Unless told otherwise it has `defaultTls12CipherSuites`.
 * @throws {TlsError} `invalid_argument`, `unsupported_choice` (the caller's fault)
 */
export function tls12With(options: Tls12Options): Version {
  return versionOf(tls12Protocol, defaultTls12CipherSuites, options);
}

/** TLS 1.2 as it is unless told otherwise. */
export const tls12: Version = /* @__PURE__ */ tls12With({});
