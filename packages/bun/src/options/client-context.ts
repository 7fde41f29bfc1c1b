import { mozillaRoots } from "@tlskit/roots";
import {
  ClientContext,
  type ClientOptions,
  ownCertificates,
  PskClientContext,
  type PskClientOptions,
  resumption,
} from "@tlskit/tls";
import { takenOptions } from "./bun-options.ts";
import { anchorsOf, type CommonOptions, commonSettings, revocationOf } from "./context.ts";

/** What a client can be told that its connections share: in Bun's words, and whatever contexts of `@tlskit/tls` have. */
export interface ClientContextOptions extends CommonOptions, Partial<Omit<ClientOptions, "anchors" | "certificates">> {
  /** Of no effect at a client: a server shows its certificate, always. */
  readonly requestCert?: boolean | undefined;
}

/** The same of a client that knows its server by a pre-shared key: whom it trusts besides, if anybody. */
export interface PskClientContextOptions
  extends CommonOptions,
    Partial<Omit<PskClientOptions, "anchors" | "certificates" | "externalPsks">>,
    Pick<PskClientOptions, "externalPsks"> {}

/**
 * What `connect` makes of its option `tls`, to be made once and shared, as `tls: { context }`.
 * @throws {TlsError} `unknown_option`, `refused_option`, `no_trust_anchors`, `unsupported_choice`,
 *   `invalid_alpn_protocol`, `out_of_range`, `no_certificates`, `certificate_key_mismatch`, `unreadable_file`, … (the
 *   caller's fault)
 * @throws {X509Error} for a `ca`, `crl`, `cert` or `key` that can't be read
 */
export function createClientContext(options: ClientContextOptions = {}): ClientContext {
  const { ca, crl, cert, key, passphrase, ALPNProtocols, requestCert, ...others } = takenOptions(options);
  const { certificates, ...settings } = commonSettings(options, true);
  return new ClientContext({
    resumption,
    ...others,
    ...settings,
    certificates: ownCertificates(certificates),
    anchors: ca === undefined ? mozillaRoots() : anchorsOf(ca),
    revocation: revocationOf(crl, others.revocation),
  });
}

/**
 * The same for clients that know their servers by pre-shared keys: without `ca` no certificate is accepted.
 * @throws {TlsError} `no_external_psks`, `duplicate_external_psk`, and what `createClientContext` throws (the caller's fault)
 */
export function createPskClientContext(options: PskClientContextOptions): PskClientContext {
  const { ca, crl, cert, key, passphrase, ALPNProtocols, ...others } = takenOptions(options);
  const { certificates, ...settings } = commonSettings(options, ca !== undefined);
  return new PskClientContext({
    resumption,
    ...others,
    ...settings,
    certificates: ownCertificates(certificates),
    ...(ca === undefined ? {} : { anchors: anchorsOf(ca), revocation: revocationOf(crl, others.revocation) }),
  });
}
