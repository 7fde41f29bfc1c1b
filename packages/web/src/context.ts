import { type Besides, createWebProvider } from "@tlskit/crypto-web";
import {
  ClientContext,
  type ClientOptions,
  type CryptoProvider,
  callerError,
  type Random,
  ServerContext,
  type ServerOptions,
} from "@tlskit/tls";
import { anObject, check } from "@tlskit/wire/arguments";

/** What every page, Worker and other runtime of the web has, and need not be given. */
interface Supplied {
  /** By WebCrypto unless told otherwise. */
  readonly provider?: CryptoProvider | undefined;
  /** What WebCrypto or the runtime lacks, where there is no `provider`: `nobleProvider`, say. */
  readonly besides?: Besides | undefined;
  /** `crypto.getRandomValues` unless told otherwise. */
  readonly random?: Random | undefined;
  /** `Date.now` unless told otherwise. */
  readonly clock?: (() => number) | undefined;
}

/** The options of a `ClientContext` of `@tlskit/tls`, of which three may be left out. Whom to trust has to be said. */
export type ClientContextOptions = Omit<ClientOptions, keyof Supplied> & Supplied;

/** The options of a `ServerContext` of `@tlskit/tls`, of which three may be left out. */
export type ServerContextOptions = Omit<ServerOptions, keyof Supplied> & Supplied;

/**
 * What a client's connections have in common, for {@link connect}. Making it takes no randomness, no timers and no input or
 * output, so that a Worker can make it at the top of a module.
 *
 * A program with a provider of its own that wants nothing of WebCrypto's in its bundle makes a `ClientContext` of
 * `@tlskit/tls`, which is the same.
 * @throws {TlsError} (the promise) `conflicting_options` for a `provider` with something `besides`, and what the
 *   constructor of `ClientContext` throws: `no_trust_anchors` for `anchors` without any, say (the caller's fault)
 */
export async function createClientContext(options: ClientContextOptions): Promise<ClientContext> {
  return new ClientContext(await completed(options));
}

/**
 * What a server's connections have in common, for {@link accept}; as {@link createClientContext}.
 * @throws {TlsError} (the promise) `conflicting_options` for a `provider` with something `besides`, and what the
 *   constructor of `ServerContext` throws (the caller's fault)
 */
export async function createServerContext(options: ServerContextOptions): Promise<ServerContext> {
  return new ServerContext(await completed(options));
}

type Completed<Options> = Omit<Options, keyof Supplied> &
  Required<Pick<ClientOptions, "provider" | "random" | "clock">>;

async function completed<Options extends Supplied>(options: Options): Promise<Completed<Options>> {
  check(options, "options", anObject);
  const { provider, besides, random = webRandom, clock = Date.now, ...others } = options;
  if (provider !== undefined && besides !== undefined) {
    throw callerError("conflicting_options", "besides completes WebCrypto, and has no meaning beside a provider");
  }
  return { ...others, provider: provider ?? (await webProvider(besides)), random, clock };
}

const nothing: Besides = {};
const made = new WeakMap<Besides, CryptoProvider>();

/**
 * One for all contexts that ask for the same: a server's `contextFor` may give a context with its own provider alone. What is
 * kept is the provider and no promise, since one request of a Worker may not wait for another's.
 */
async function webProvider(besides: Besides = nothing): Promise<CryptoProvider> {
  const known = made.get(besides);
  if (known !== undefined) return known;
  const provider = await createWebProvider(crypto.subtle, besides);
  made.set(besides, provider);
  return provider;
}

const webRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
