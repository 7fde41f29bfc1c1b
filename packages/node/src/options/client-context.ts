import {
  type ChooseCertificate,
  ClientContext,
  type ClientOptions,
  type ExternalPsk,
  externalPskOffers,
  ownCertificates,
  PskClientContext,
  postHandshakeAuthentication,
  resumption,
  TrustAnchors,
  trustAnchorsFromPem,
  type VerifiedSignatures,
} from "@tlskit/tls";
import { renegotiation } from "@tlskit/tls/renegotiation";
import { type IntermediateFetching, intermediateSource } from "../intermediate-fetching.ts";
import { maxCachedContexts } from "../limits.ts";
import { defaultTrust } from "../trust.ts";
import { clientOptions } from "./client-options.ts";
import { commonOptions } from "./common-options.ts";
import { type CommonOptions, nodeSettings } from "./context.ts";
import { defaultRevocation } from "./default-revocation.ts";
import { listed, type Pem, pemText } from "./pem.ts";
import { checkedOptions, type HandedOn, handedOn, type NotTaken, type OptionTable, optionsAbout } from "./table.ts";

/** What a client can be told that its connections share. */
export interface ClientContextOptions
  extends CommonOptions,
    HandedOn<typeof clientOptions, ClientOptions>,
    NotTaken<typeof clientOptions> {
  /**
   * Whom to trust, instead of whom the runtime trusts: PEM texts, as texts or bytes, or anchors made once. An
   * authority's certificate, or a server's own that is self-signed.
   */
  readonly ca?: Pem | readonly Pem[] | TrustAnchors | undefined;
  /**
   * Pre-shared keys from outside, known to this client and one server, which show both ends who the other is: no certificate
   * is accepted then, unless `ca` says whom to trust for that. With `certificateWithExternalPsk` there has to be both.
   */
  readonly externalPsks?: readonly ExternalPsk[] | undefined;
  /**
   * Whether intermediates that a server forgot to send are fetched, over HTTP, from where its certificates say that they
   * are (RFC 5280 §4.2.2.1), as browsers do. They aren't unless told. It tells the CA, and everybody on the way, which
   * server is connected to; and whoever runs the server chooses what is asked. Out of an object, made once: how.
   */
  readonly fetchMissingIntermediates?: boolean | IntermediateFetching | undefined;
  /**
   * Signatures in certificates that were found good before and aren't computed again: `new VerifiedSignatures()`, made once.
   * All else about a server's certificates is judged at every handshake. Every one is computed unless given.
   */
  readonly verifiedSignatures?: VerifiedSignatures | undefined;
  /** Chooses what is shown to a server that asks for a certificate, at once or later, instead of what there is to show. */
  readonly chooseCertificate?: ChooseCertificate | undefined;
  /** Whether the server may ask for a certificate after the handshake: never under HTTP/2. It may not unless told otherwise. */
  readonly postHandshakeAuth?: boolean | undefined;
  /**
   * Whether another handshake is made in a connection of TLS 1.2 when the server asks for one, as some do to learn who a
   * client is (RFC 5746): not under HTTP/2, and ten times at most. It isn't unless told: the server is told
   * `no_renegotiation`, and the connection goes on.
   */
  readonly renegotiation?: boolean | undefined;
  /** What sessions belong to besides the server and the certificates that there are to show: see `@tlskit/tls`. */
  readonly sessionContext?: string | undefined;
}

/** Every option of a client. */
export const clientTables: readonly OptionTable[] = [commonOptions, clientOptions];

/**
 * What `connect` makes of its options, to be made once and shared.
 * @throws {TlsError} `unknown_option`, `refused_option`, `no_trust_anchors`, `unsupported_choice`,
 *   `invalid_alpn_protocol`, `no_common_version`, `out_of_range`, `no_certificates`, `certificate_key_mismatch` (the
 *   caller's fault)
 * @throws {X509Error} for a `ca`, `cert`, `key` or `pfx` that can't be read
 */
export function createClientContext(options: ClientContextOptions = {}): ClientContext {
  const checked = checkedOptions("createClientContext", options, clientTables, ["context"]);
  return new ClientContext({ ...settingsOf(checked, true), externalPskOffers, anchors: anchorsOf(checked.ca) });
}

/**
 * What `connect` makes of its options where there are `externalPsks` instead of certificates, to be made once and shared.
 * Without `ca` no certificate is accepted.
 * @throws {TlsError} `no_external_psks`, `duplicate_external_psk`, `external_psk_reused`, and what `createClientContext`
 *   throws (the caller's fault)
 */
export function createPskClientContext(options: ClientContextOptions): PskClientContext {
  const checked = checkedOptions("createPskClientContext", options, clientTables, ["context"]);
  const { externalPsks = [], ca } = checked;
  const anchors = ca === undefined ? undefined : anchorsOf(ca);
  return new PskClientContext({ ...settingsOf(checked, ca !== undefined), externalPsks, anchors });
}

function settingsOf(checked: ClientContextOptions, serversCertified: boolean): Omit<ClientOptions, "anchors"> {
  const { certificates, ...settings } = nodeSettings(checked, serversCertified);
  return {
    ...handedOn(checked, clientTables),
    ...settings,
    revocation: checked.revocation ?? defaultRevocation,
    missingIntermediates: intermediateSource(checked.fetchMissingIntermediates),
    verifiedSignatures: checked.verifiedSignatures,
    certificates: ownCertificates(checked.chooseCertificate ?? certificates),
    resumption,
    postHandshakeAuth: checked.postHandshakeAuth === true ? postHandshakeAuthentication : undefined,
    renegotiation: checked.renegotiation === true ? renegotiation : undefined,
    sessionContext: checked.sessionContext,
  };
}

function anchorsOf(ca: ClientContextOptions["ca"]): TrustAnchors {
  if (ca === undefined) return defaultTrust().anchors;
  if (ca instanceof TrustAnchors) return ca;
  return trustAnchorsFromPem(listed<Pem>(ca).map(pemText).join("\n"));
}

/** A list as its length and its entries, so that one list can't be taken for two. */
function flat(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? [value.length, ...value] : [value];
}

const cache: { readonly values: readonly unknown[]; readonly context: ClientContext | PskClientContext }[] = [];

/**
 * The context for some options: the same one for the same values, whether or not the object is the same (an
 * `https.Agent` copies its options for each connection). The latest few are kept. What counts is whatever the table says
 * that contexts are made of, by name and value.
 */
export function sharedClientContext(options: ClientContextOptions): ClientContext | PskClientContext {
  const about = optionsAbout("context", options, clientTables);
  const values = Object.entries(about).flatMap(([name, value]) => [name, ...flat(value)]);
  const index = cache.findIndex(
    ({ values: known }) => known.length === values.length && known.every((value, at) => Object.is(value, values[at])),
  );
  const found = cache.splice(index, index < 0 ? 0 : 1)[0];
  const entry = found ?? { values, context: contextMadeOf(about) };
  cache.unshift(entry);
  if (cache.length > maxCachedContexts) cache.pop();
  return entry.context;
}

function contextMadeOf(options: ClientContextOptions): ClientContext | PskClientContext {
  const { externalPsks = [], externalPskFor, certificateWithExternalPsk = false } = options;
  const hasPsks = externalPsks.length > 0 || externalPskFor !== undefined;
  const withoutCertificate = hasPsks && !certificateWithExternalPsk;
  return withoutCertificate ? createPskClientContext(options) : createClientContext(options);
}
