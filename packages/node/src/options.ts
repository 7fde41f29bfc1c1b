import { randomFillSync } from "node:crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { CipherSuite, ContextOptions, CryptoProvider, NamedGroup, SignatureScheme } from "@tlskit/tls";

/** What both roles can be told. */
export interface CommonOptions {
  /** Application protocols (RFC 7301), best first: `["h2", "http/1.1"]`. None unless told otherwise. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** Out of `@tlskit/ciphersuites`, best first. What the provider can do unless told otherwise. */
  readonly cipherSuites?: readonly CipherSuite[] | undefined;
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

/** The options of a context, with what is Node's. */
export function contextOptions(options: CommonOptions): ContextOptions {
  return {
    provider: options.provider ?? nodeProvider,
    random: (length) => randomFillSync(new Uint8Array(length)),
    clock: Date.now,
    alpnProtocols: options.alpnProtocols,
    cipherSuites: options.cipherSuites,
    namedGroups: options.namedGroups,
    signatureSchemes: options.signatureSchemes,
    keyLog: options.keyLog,
    handshakeTimeout: options.handshakeTimeout,
    recordSize: options.recordSize,
  };
}
