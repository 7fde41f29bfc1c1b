import { RotatingTicketKeys, SealedTickets, type Tickets } from "@tlskit/sessions";
import {
  type Awaitable,
  type CheckClient,
  type ClientCertificates,
  callerError,
  ServerContext,
  type ServerOptions,
} from "@tlskit/tls";
import { aBoolean, aFunction, anObject, anyOf, check, instanceOf, optional } from "@tlskit/wire/arguments";
import { takenOptions } from "./bun-options.ts";
import { anchorsOf, type CommonOptions, commonSettings, revocationOf } from "./context.ts";

/** What a server can be told that its connections share: in Bun's words, and whatever contexts of `@tlskit/tls` have. */
export interface ServerContextOptions extends CommonOptions, Partial<Omit<ServerOptions, "certificates" | "tickets">> {
  /**
   * Whether clients have to show a certificate: one that shows none, or none that is verified to `ca`, is refused with an
   * alert, before it has been sent anything. They are asked for none unless told.
   */
  readonly requestCert?: boolean | undefined;
  /**
   * `false`: with `requestCert` a certificate may be shown, and one that can't be verified is accepted as well. Whoever
   * listens has to ask `authorized`; without that the connection is anybody's.
   */
  readonly rejectUnauthorized?: boolean | undefined;
  /**
   * Asked about a client when its chain has been verified, before anything is sent to it, also when a session is resumed:
   * throws a `peerError` to refuse it.
   */
  readonly checkClient?: CheckClient | undefined;
  /**
   * What tickets are made with: sealed ones unless told otherwise, whose keys change by themselves. `false`: no session is
   * resumed. `new StoredTickets(…)` of `@tlskit/sessions`, or anything like it, keeps sessions elsewhere.
   */
  readonly tickets?: Tickets | boolean | undefined;
}

/**
 * What `listen` makes of its option `tls`, to be made once and shared, as `tls: { context }`.
 * @throws {TlsError} `unknown_option`, `refused_option`, `conflicting_options`, `no_trust_anchors`, `no_certificates`,
 *   `certificate_key_mismatch`, `unsupported_choice`, `unreadable_file`, … (the caller's fault)
 * @throws {X509Error} for a `ca`, `crl`, `cert` or `key` that can't be read
 */
export function createServerContext(options: ServerContextOptions): ServerContext {
  const taken = takenOptions(options);
  refuseServerName(taken);
  const { ca, crl, cert, key, passphrase, ALPNProtocols, requestCert, rejectUnauthorized, checkClient, ...others } =
    taken;
  const settings = commonSettings(taken, cert !== undefined || (taken.certificates ?? []).length > 0);
  const { contextFor } = taken;
  check(contextFor, "contextFor", optional(aFunction));
  const context: ServerContext = new ServerContext({
    ...others,
    ...settings,
    tickets: ticketsOf(taken, settings),
    clientCertificates: clientCertificatesOf(taken),
    contextFor: contextFor && ((offer) => checkedChoice(context, contextFor(offer))),
  });
  told.set(context, {
    nobody: requestCert === false,
    unverified: requestCert === true && rejectUnauthorized === false,
  });
  return context;
}

/** In Bun it says for which name a certificate is; here the certificate does. */
function refuseServerName(options: object): void {
  const name = ["serverName", "servername"].find((known) => known in options);
  if (name === undefined) return;
  throw callerError(
    "refused_option",
    `${name} is not supported at a server: certificates are chosen by the names in them, or by contextFor`,
  );
}

function ticketsOf(
  { tickets = true, sessionLifetime }: Pick<ServerContextOptions, "tickets" | "sessionLifetime">,
  { provider, random, clock }: Pick<ServerOptions, "provider" | "random" | "clock">,
): Tickets | undefined {
  check(tickets, "tickets", anyOf("a boolean or tickets", aBoolean, anObject));
  if (typeof tickets === "object") return tickets;
  if (!tickets) return undefined;
  const keys = new RotatingTicketKeys({ random, clock, lifetime: sessionLifetime });
  return new SealedTickets({ provider, random, keys });
}

function clientCertificatesOf(options: ServerContextOptions): ClientCertificates | undefined {
  const { requestCert = false, rejectUnauthorized = true, ca, crl, checkClient, clientCertificates } = options;
  check(requestCert, "requestCert", aBoolean);
  check(rejectUnauthorized, "rejectUnauthorized", aBoolean);
  if (clientCertificates !== undefined) {
    const beside = (["requestCert", "rejectUnauthorized", "ca", "crl", "checkClient"] as const).find(
      (name) => options[name] !== undefined,
    );
    if (beside !== undefined) {
      throw callerError(
        "conflicting_options",
        `${beside} and clientCertificates both say whom clients are asked to be`,
      );
    }
    check(clientCertificates, "clientCertificates", anObject);
    return { ...clientCertificates, revocation: revocationOf(undefined, clientCertificates.revocation) };
  }
  if (checkClient !== undefined && !(requestCert && rejectUnauthorized)) {
    throw callerError(
      "conflicting_options",
      "checkClient is only asked about clients that are verified: give requestCert: true, and not rejectUnauthorized: false",
    );
  }
  if (!requestCert) return undefined;
  if (ca === undefined) {
    throw callerError("no_trust_anchors", "requestCert takes ca: nobody's clients are trusted unless told");
  }
  return {
    demand: rejectUnauthorized ? "required" : "optional",
    anchors: anchorsOf(ca),
    checkClient,
    revocation: revocationOf(crl, undefined),
  };
}

/** What `createServerContext` was told of a context that it made: what that itself doesn't say. */
interface WhomToAsk {
  /** Whether it was said that clients are asked nothing, and not only left out. */
  readonly nobody: boolean;
  readonly unverified: boolean;
}

const told = new WeakMap<ServerContext, WhomToAsk>();

/** Whether clients are let in whose certificates can't be verified. */
export function acceptsUnverified(context: ServerContext): boolean {
  return told.get(context)?.unverified ?? false;
}

/**
 * What a server asks of clients holds whatever comes later: another context that left it out would let anybody in. It has to
 * say it: whose clients it trusts, or that it asks nobody.
 * @throws {TlsError} `invalid_argument`, `conflicting_options` (the caller's fault)
 */
export function checkWhomToAsk(server: ServerContext, other: ServerContext): ServerContext {
  check(other, "what was chosen", instanceOf(ServerContext, "@tlskit/tls"));
  const asksNobody = other.clientCertificates === undefined && told.get(other)?.nobody !== true;
  if (server.clientCertificates !== undefined && asksNobody) {
    throw callerError(
      "conflicting_options",
      "the server asks clients for certificates, and another context says nothing of them: give it requestCert as well",
    );
  }
  if (other.clientCertificates !== undefined && acceptsUnverified(other) !== acceptsUnverified(server)) {
    throw callerError(
      "conflicting_options",
      "rejectUnauthorized: false is for all of a server's contexts, or for none",
    );
  }
  return other;
}

function checkedChoice(server: ServerContext, chosen: Awaitable<ServerContext>): Awaitable<ServerContext> {
  return chosen instanceof ServerContext
    ? checkWhomToAsk(server, chosen)
    : Promise.resolve(chosen).then((later) => checkWhomToAsk(server, later));
}
