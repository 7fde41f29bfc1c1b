import { type Awaitable, ClientContext, TrustAnchors, type VerifiedChain } from "@tlskit/tls";
import { maxCachedContexts } from "./limits.ts";
import { type CommonOptions, contextOptions } from "./options.ts";
import { defaultTrust } from "./trust.ts";

/** What a client can be told that its connections share. */
export interface ClientContextOptions extends CommonOptions {
  /**
   * Whom to trust, instead of whom the runtime trusts: PEM texts, or anchors made once. An authority's certificate, or
   * a server's own that is self-signed.
   */
  readonly ca?: string | readonly string[] | TrustAnchors | undefined;
  /** Asked about each server whose chain has been verified: for what is wanted besides. Throws a `peerError` to refuse it. */
  readonly checkServer?: ((chain: VerifiedChain) => Awaitable<void>) | undefined;
}

/**
 * What `connect` makes of its options, to be made once and shared.
 * @throws {TlsError} `no_trust_anchors`, `unsupported_choice`, `invalid_alpn_protocol` (the caller's fault)
 * @throws {X509Error} for a `ca` that can't be read
 */
export function createClientContext(options: ClientContextOptions = {}): ClientContext {
  return new ClientContext({
    ...contextOptions(options),
    anchors: anchorsOf(options.ca),
    checkServer: options.checkServer,
  });
}

function anchorsOf(ca: ClientContextOptions["ca"]): TrustAnchors {
  if (ca === undefined) return defaultTrust().anchors;
  if (ca instanceof TrustAnchors) return ca;
  return TrustAnchors.fromPem(typeof ca === "string" ? ca : ca.join("\n"));
}

/** The options' values, to tell whether two contexts would be the same. */
function values(options: ClientContextOptions): readonly unknown[] {
  const { ca, alpnProtocols, cipherSuites, namedGroups, signatureSchemes } = options;
  return [
    ...[ca, alpnProtocols, cipherSuites, namedGroups, signatureSchemes].flatMap(listed),
    options.checkServer,
    options.keyLog,
    options.provider,
    options.handshakeTimeout,
    options.recordSize,
  ];
}

/** A list as its length and its entries, so that one list can't be taken for two. */
function listed(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? [list.length, ...list] : [list];
}

const cache: { readonly values: readonly unknown[]; readonly context: ClientContext }[] = [];

/**
 * The context for some options: the same one for the same values, whether or not the object is the same (an
 * `https.Agent` copies its options for each connection). The latest few are kept.
 */
export function sharedClientContext(options: ClientContextOptions): ClientContext {
  const wanted = values(options);
  const index = cache.findIndex(
    ({ values: known }) => known.length === wanted.length && known.every((value, at) => Object.is(value, wanted[at])),
  );
  const found = cache.splice(index, index < 0 ? 0 : 1)[0];
  const entry = found ?? { values: wanted, context: createClientContext(options) };
  cache.unshift(entry);
  if (cache.length > maxCachedContexts) cache.pop();
  return entry.context;
}
