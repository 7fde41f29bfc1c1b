import { nodeProvider } from "@tlskit/crypto-node";
import { mozillaRoots } from "@tlskit/roots";
import { RotatingTicketKeys, SealedTickets, type Tickets } from "@tlskit/sessions";
import {
  type CertificateWithKey,
  type ChooseCertificate,
  ClientContext,
  type ClientOptions,
  type CryptoProvider,
  callerError,
  certificatesFromPem,
  checkRevocation,
  describePassedOver,
  externalPskOffers,
  ownCertificates,
  postHandshakeAuthentication,
  privateKeyFromPem,
  type Random,
  resumption,
  ServerContext,
  type ServerOptions,
  type TlsVersion,
  TrustAnchors,
  tls12,
  tls13,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import {
  aBoolean,
  aFunction,
  anObject,
  aString,
  check,
  type Expectations,
  expectation,
  instanceOf,
  listOf,
  optional,
} from "@tlskit/wire/arguments";
import { maxSharedContexts } from "./limits.ts";

/** What Deno has, and need not be given. */
interface Supplied {
  /** The cryptography: that of `node:crypto` unless told otherwise. */
  readonly provider?: CryptoProvider | undefined;
  /** `crypto.getRandomValues` unless told otherwise. */
  readonly random?: Random | undefined;
  /** `Date.now` unless told otherwise. */
  readonly clock?: (() => number) | undefined;
  /** `[tls13, tls12]` unless told otherwise. */
  readonly versions?: readonly TlsVersion[] | undefined;
}

/** One's own certificate, as Deno takes it. */
export interface CertifiedKeyOptions {
  /** The private key as a PEM text (PKCS#8, SEC 1 or PKCS#1). */
  readonly key?: string | undefined;
  /** The certificate, and those that certify it, in order, as a PEM text. */
  readonly cert?: string | undefined;
  /** How the two are written: there is no other way. */
  readonly keyFormat?: "pem" | undefined;
  /**
   * Certificates with their keys, or with whatever signs for them, behind that of `cert`. A server's first is for clients that
   * name nobody else; a client shows the first that is what the server asks for.
   */
  readonly certificates?: readonly CertificateWithKey[] | undefined;
}

/** The options of a `ClientContext` of `@tlskit/tls`, and those of Deno's that are about what connections share. */
export interface ClientContextOptions
  extends Omit<ClientOptions, keyof Supplied | "anchors" | "certificates" | "postHandshakeAuth" | "resumption">,
    Supplied,
    CertifiedKeyOptions {
  /** Whom to trust, instead of those whom Mozilla trusts (`mozillaRoots` of `@tlskit/roots`). */
  readonly anchors?: TrustAnchors | undefined;
  /** Certificates of authorities, as PEM texts, that are trusted besides. */
  readonly caCerts?: readonly string[] | undefined;
  /** Chooses what is shown to a server that asks for a certificate, at once or later, instead of what there is to show. */
  readonly chooseCertificate?: ChooseCertificate | undefined;
  /** Whether the server may ask for a certificate after the handshake (RFC 9846 §4.3.6). It may not unless told. */
  readonly postHandshakeAuth?: boolean | undefined;
}

/** The options of a `ServerContext` of `@tlskit/tls`, and those of Deno's that are about what connections share. */
export interface ServerContextOptions
  extends Omit<ServerOptions, keyof Supplied | "certificates" | "tickets">,
    Supplied,
    CertifiedKeyOptions {
  /**
   * What tickets are made with: sealed ones unless told otherwise, whose keys change by themselves. `false`: no session is
   * resumed.
   */
  readonly tickets?: Tickets | boolean | undefined;
}

const certifiedKey: Expectations<Omit<CertifiedKeyOptions, "certificates">> = {
  key: optional(aString),
  cert: optional(aString),
  keyFormat: optional(expectation('"pem"', (value) => value === "pem")),
};

/**
 * What a client's connections have in common, made once and shared: for `connectTls` and `startTls`, which make it of their
 * options otherwise.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `no_certificates`, `unreadable_certificate`, and what the constructor
 *   of `ClientContext` throws (the caller's fault)
 * @throws {X509Error} for a `caCerts`, `cert` or `key` that can't be read
 */
export function createClientContext(options: ClientContextOptions = {}): ClientContext {
  check(options, "options", anObject);
  const { anchors = mozillaRoots(), caCerts = [], chooseCertificate, postHandshakeAuth = false, ...others } = options;
  check(anchors, "anchors", instanceOf(TrustAnchors, "@tlskit/x509"));
  check(caCerts, "caCerts", listOf(aString));
  check(chooseCertificate, "chooseCertificate", optional(aFunction));
  check(postHandshakeAuth, "postHandshakeAuth", aBoolean);
  const { certificates, ...settings } = completed(others);
  return new ClientContext({
    ...settings,
    revocation: settings.revocation ?? whatComesAlong,
    resumption,
    externalPskOffers,
    certificates: ownCertificates(chooseCertificate ?? certificates),
    postHandshakeAuth: postHandshakeAuth ? postHandshakeAuthentication : undefined,
    anchors: withCertificates(anchors, caCerts),
  });
}

/** OCSP responses that peers show are looked at, and asked for, unless told otherwise. */
const whatComesAlong = checkRevocation({ mode: "when_available", certificates: "chain" });

/**
 * What a server's connections have in common, made once and shared: for `listenTls`, which makes it of its options otherwise,
 * and `acceptTls`.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `no_certificates`, `unreadable_certificate`,
 *   `certificate_key_mismatch`, and what the constructor of `ServerContext` throws (the caller's fault)
 * @throws {X509Error} for a `cert` or `key` that can't be read
 */
export function createServerContext(options: ServerContextOptions): ServerContext {
  check(options, "options", anObject);
  const { tickets = true, clientCertificates, ...others } = options;
  const settings = completed(others);
  return new ServerContext({
    ...settings,
    clientCertificates: clientCertificates && {
      ...clientCertificates,
      revocation: clientCertificates.revocation ?? whatComesAlong,
    },
    tickets: typeof tickets === "boolean" ? ticketsOf(settings, tickets) : tickets,
  });
}

type Completed<Options> = Omit<Omit<Options, keyof Supplied>, keyof CertifiedKeyOptions> & {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly clock: () => number;
  readonly versions: readonly TlsVersion[];
  readonly certificates: readonly CertificateWithKey[];
};

function completed<Options extends Supplied & CertifiedKeyOptions>(options: Options): Completed<Options> {
  const { provider = nodeProvider, random = webRandom, clock = Date.now, versions = bothVersions, ...rest } = options;
  const { key, cert, keyFormat, certificates = [], ...others } = rest;
  for (const [name, expected] of Object.entries(certifiedKey)) check({ key, cert, keyFormat }[name], name, expected);
  check(certificates, "certificates", listOf(anObject));
  const own = cert === undefined && key === undefined ? [] : [certificateOf(cert, key, provider)];
  return { ...others, provider, random, clock, versions, certificates: [...own, ...certificates] };
}

const bothVersions: readonly TlsVersion[] = [tls13, tls12];

const webRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

function certificateOf(
  cert: string | undefined,
  key: string | undefined,
  provider: CryptoProvider,
): CertificateWithKey {
  if (cert === undefined || key === undefined) {
    throw callerError("no_certificates", "cert and key go together, and one of them is missing");
  }
  // Of one's own chain nothing can be spared: whoever is to verify it would lack what was passed over.
  const { certificates: chain, passedOver } = certificatesFromPem(cert);
  const [fault] = passedOver;
  if (fault !== undefined) {
    throw callerError("unreadable_certificate", `a certificate in cert can't be read: ${describePassedOver(fault)}`);
  }
  return { chain, key: privateKeyFromPem(key, { provider }) };
}

function withCertificates(anchors: TrustAnchors, caCerts: readonly string[]): TrustAnchors {
  if (caCerts.length === 0) return anchors;
  const besides = caCerts.map((pem, index) => {
    const found = trustAnchorsFromPem(pem);
    if (found.size > 0) return found;
    const why = found.passedOver.map(describePassedOver)[0] ?? "there is none in it";
    throw callerError("no_certificates", `caCerts[${index}] gives no certificate: ${why}`);
  });
  const all = [anchors, ...besides];
  return TrustAnchors.of(
    all.flatMap((some) => [...some.all]),
    all.flatMap(({ passedOver }) => passedOver),
  );
}

function ticketsOf(
  { provider, random, clock, sessionLifetime }: Completed<ServerContextOptions>,
  wanted: boolean,
): Tickets | undefined {
  if (!wanted) return undefined;
  const keys = new RotatingTicketKeys({ random, clock, lifetime: sessionLifetime });
  return new SealedTickets({ provider, random, keys });
}

const shared: { readonly values: readonly unknown[]; readonly context: ClientContext }[] = [];

/**
 * @internal The context for some options: the same one for the same values, so that certificates and keys aren't read for each
 * connection. The latest few are kept.
 */
export function sharedClientContext(options: ClientContextOptions): ClientContext {
  const inOrder = Object.entries(options).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const values = inOrder.flatMap(([name, value]) => [name, ...flat(value)]);
  const index = shared.findIndex(
    ({ values: known }) => known.length === values.length && known.every((value, at) => Object.is(value, values[at])),
  );
  const found = index < 0 ? undefined : shared.splice(index, 1)[0];
  const entry = found ?? { values, context: createClientContext(options) };
  shared.unshift(entry);
  if (shared.length > maxSharedContexts) shared.pop();
  return entry.context;
}

/** A list as its length and its entries, so that one list can't be taken for two. */
function flat(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? [value.length, ...value] : [value];
}
