import { mozillaRoots } from "@tlskit/roots";
import {
  type ChooseCertificate,
  ClientContext,
  type ClientOptions,
  externalPskOffers,
  ownCertificates,
  PskClientContext,
  type PskClientOptions,
  postHandshakeAuthentication,
  resumption,
} from "@tlskit/tls";
import { aBoolean, check, optional } from "@tlskit/wire/arguments";
import { takenOptions } from "./bun-options.ts";
import { anchorsOf, type CommonOptions, commonSettings, revocationOf } from "./context.ts";

/** What is said of a client's own certificates besides which there are. */
interface ShowingOptions {
  /** Chooses one's own certificate for what a server asks, at once or later, instead of the first that does. */
  readonly chooseCertificate?: ChooseCertificate | undefined;
  /** Whether the server may ask for a certificate after the handshake (TLS 1.3). It may not unless told. */
  readonly postHandshakeAuth?: boolean | undefined;
}

/** What a client can be told that its connections share: in Bun's words, and whatever contexts of `@tlskit/tls` have. */
export interface ClientContextOptions
  extends CommonOptions,
    ShowingOptions,
    Partial<Omit<ClientOptions, "anchors" | "certificates" | "postHandshakeAuth">> {
  /** Of no effect at a client: a server shows its certificate, always. */
  readonly requestCert?: boolean | undefined;
}

/** The same of a client that knows its server by a pre-shared key: whom it trusts besides, if anybody. */
export interface PskClientContextOptions
  extends CommonOptions,
    ShowingOptions,
    Partial<Omit<PskClientOptions, "anchors" | "certificates" | "externalPsks" | "postHandshakeAuth">>,
    Pick<PskClientOptions, "externalPsks"> {}

/**
 * What `connect` makes of its option `tls`, to be made once and shared, as `tls: { context }`.
 * @throws {TlsError} `unknown_option`, `refused_option`, `no_trust_anchors`, `unsupported_choice`,
 *   `invalid_alpn_protocol`, `out_of_range`, `no_certificates`, `certificate_key_mismatch`, `unreadable_file`, … (the
 *   caller's fault)
 * @throws {X509Error} for a `ca`, `crl`, `cert` or `key` that can't be read
 */
export function createClientContext(options: ClientContextOptions = {}): ClientContext {
  const taken = takenOptions(options);
  const {
    ca,
    crl,
    cert,
    key,
    passphrase,
    ALPNProtocols,
    requestCert,
    chooseCertificate,
    postHandshakeAuth,
    ...others
  } = taken;
  const { certificates, ...settings } = commonSettings(taken, true);
  return new ClientContext({
    externalPskOffers,
    resumption,
    ...others,
    ...settings,
    certificates: ownCertificates(chooseCertificate ?? certificates),
    postHandshakeAuth: afterwards(postHandshakeAuth),
    anchors: ca === undefined ? mozillaRoots() : anchorsOf(ca),
    revocation: revocationOf(crl, others.revocation),
  });
}

/**
 * The same for clients that know their servers by pre-shared keys: without `ca` no certificate is accepted.
 * @throws {TlsError} `no_external_psks`, `duplicate_external_psk`, and what `createClientContext` throws (the caller's fault)
 */
export function createPskClientContext(options: PskClientContextOptions): PskClientContext {
  const taken = takenOptions(options);
  const { ca, crl, cert, key, passphrase, ALPNProtocols, chooseCertificate, postHandshakeAuth, ...others } = taken;
  const { certificates, ...settings } = commonSettings(taken, ca !== undefined);
  return new PskClientContext({
    resumption,
    ...others,
    ...settings,
    certificates: ownCertificates(chooseCertificate ?? certificates),
    postHandshakeAuth: afterwards(postHandshakeAuth),
    ...(ca === undefined ? {} : { anchors: anchorsOf(ca), revocation: revocationOf(crl, others.revocation) }),
  });
}

function afterwards(allowed: boolean | undefined): ClientOptions["postHandshakeAuth"] {
  check(allowed, "postHandshakeAuth", optional(aBoolean));
  return allowed === true ? postHandshakeAuthentication : undefined;
}
