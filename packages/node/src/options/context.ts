import { randomFillSync } from "node:crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { CipherSuite, ContextOptions, CryptoProvider, NamedGroup, SignatureScheme } from "@tlskit/tls";
import { type AlpnProtocols, alpnNames } from "./alpn.ts";
import { suitesNamed } from "./ciphers.ts";
import type { commonOptions } from "./common-options.ts";
import type { NotTaken } from "./table.ts";
import { checkVersions, type VersionOptions } from "./versions.ts";

/** What both roles can be told. */
export interface CommonOptions extends VersionOptions, NotTaken<typeof commonOptions> {
  /** Application protocols (RFC 7301), best first: `["h2", "http/1.1"]`. None unless told otherwise. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** The same under the name that it has in `node:tls`, whose agents give it. */
  readonly ALPNProtocols?: AlpnProtocols | undefined;
  /** Out of `@tlskit/ciphersuites`, best first. What the provider can do unless told otherwise. */
  readonly cipherSuites?: readonly CipherSuite[] | undefined;
  /** A list of names as OpenSSL has it, where there are no `cipherSuites`: those of TLS 1.3 are taken from it. */
  readonly ciphers?: string | undefined;
  /** Out of `@tlskit/ciphersuites`, best first. What the provider can do unless told otherwise. */
  readonly namedGroups?: readonly NamedGroup[] | undefined;
  /** Out of `@tlskit/ciphersuites`, best first. What the provider can do unless told otherwise. */
  readonly signatureSchemes?: readonly SignatureScheme[] | undefined;
  /** Gets the lines of an NSS key log (`SSLKEYLOGFILE`). Whoever reads them reads the traffic: for debugging alone. */
  readonly keyLog?: ((line: string) => void) | undefined;
  /** The cryptography: `node:crypto` unless told otherwise. */
  readonly provider?: CryptoProvider | undefined;
  /** Bytes of content in a record of ours at most: 64 to 2^14, which it is unless told otherwise. */
  readonly recordSize?: number | undefined;
  /** Milliseconds that a handshake may take, from when the raw socket is connected: 30,000 unless told otherwise. */
  readonly handshakeTimeout?: number | undefined;
}

/**
 * The options of a context, with what is Node's.
 * @throws {TlsError} `no_common_version`, `unsupported_choice`, `invalid_alpn_protocol` (the caller's fault)
 */
export function contextOptions(options: CommonOptions): ContextOptions {
  checkVersions(options);
  const { provider = nodeProvider, alpnProtocols, ALPNProtocols, cipherSuites, ciphers } = options;
  return {
    provider,
    random: (length) => randomFillSync(new Uint8Array(length)),
    clock: Date.now,
    alpnProtocols: alpnProtocols ?? (ALPNProtocols && alpnNames(ALPNProtocols)),
    cipherSuites: cipherSuites ?? (ciphers === undefined ? undefined : suitesNamed(ciphers, provider)),
    namedGroups: options.namedGroups,
    signatureSchemes: options.signatureSchemes,
    keyLog: options.keyLog,
    handshakeTimeout: options.handshakeTimeout,
    recordSize: options.recordSize,
  };
}
