import { randomFillSync } from "node:crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type {
  CertificateWithKey,
  CipherSuite,
  ClientOptions,
  CryptoProvider,
  Random,
  ServerOptions,
  TlsVersion,
} from "@tlskit/tls";
import { allocate } from "../buffers.ts";
import { type AlpnProtocols, alpnNames } from "./alpn.ts";
import { type CertificateOptions, certificatesOf } from "./certificates.ts";
import { suitesNamed } from "./ciphers.ts";
import type { commonOptions } from "./common-options.ts";
import type { HandedOn, NotTaken } from "./table.ts";
import { type VersionOptions, versionsOf } from "./versions.ts";

/** What both roles can be told. */
export interface CommonOptions
  extends VersionOptions,
    CertificateOptions,
    HandedOn<typeof commonOptions, ClientOptions & ServerOptions>,
    NotTaken<typeof commonOptions> {
  /** The same as `alpnProtocols` under the name that it has in `node:tls`, whose agents give it. */
  readonly ALPNProtocols?: AlpnProtocols | undefined;
  /**
   * A list of names as OpenSSL has it. Those of TLS 1.3 are taken from it where there are no `cipherSuites`; and those of TLS
   * 1.2 with ECDHE and an AEAD, whatever else it names. What has none of TLS 1.2 leaves no TLS 1.2, as in `node:tls`.
   */
  readonly ciphers?: string | undefined;
  /** The same as `sessionLifetime`, in seconds, under the name that it has in `node:tls`. */
  readonly sessionTimeout?: number | undefined;
  /** The cryptography: `node:crypto` unless told otherwise. */
  readonly provider?: CryptoProvider | undefined;
}

/** What contexts of `@tlskit/tls` are told that is Node's. */
interface NodeSettings {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly clock: () => number;
  readonly allocate: typeof allocate;
  readonly alpnProtocols: readonly string[] | undefined;
  readonly versions: readonly TlsVersion[];
  readonly cipherSuites: readonly CipherSuite[] | undefined;
  readonly sessionLifetime: number | undefined;
  readonly certificates: readonly CertificateWithKey[];
}

/**
 * What is Node's of a context, or has to be changed on its way to it.
 * @param serversCertified whether servers show who they are by certificates, or may.
 * @throws {TlsError} `unsupported_choice`, `invalid_alpn_protocol`, and what `versionsOf` and `certificatesOf` throw (the
 *   caller's fault)
 */
export function nodeSettings(options: CommonOptions, serversCertified: boolean): NodeSettings {
  const { provider = nodeProvider, alpnProtocols, ALPNProtocols, cipherSuites, ciphers } = options;
  const { sessionLifetime, sessionTimeout } = options;
  return {
    provider,
    random: (length) => randomFillSync(new Uint8Array(length)),
    clock: Date.now,
    allocate,
    alpnProtocols: alpnProtocols ?? (ALPNProtocols && alpnNames(ALPNProtocols)),
    versions: versionsOf(options, provider, serversCertified),
    cipherSuites: cipherSuites ?? (ciphers === undefined ? undefined : suitesNamed(ciphers, provider)),
    sessionLifetime: sessionLifetime ?? sessionTimeout,
    certificates: certificatesOf(options, provider),
  };
}
