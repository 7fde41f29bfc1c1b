import {
  type CheckClient,
  type ClientCertificates,
  callerError,
  ServerContext,
  TrustAnchors,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import { check, instanceOf } from "@tlskit/wire/arguments";
import { defaultRevocation } from "./default-revocation.ts";
import { listed, type Pem, pemText } from "./pem.ts";

/** What a server asks of its clients, as `node:tls` has it, and what it may be told besides. */
export interface ClientAuthenticationOptions {
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
   * Whose clients are trusted: PEM texts, as texts or bytes, or anchors made once. There is nobody whom a server trusts
   * unless told: whoever certifies servers on the web certifies anybody.
   */
  readonly ca?: Pem | readonly Pem[] | TrustAnchors | undefined;
  /**
   * Asked about a client when its chain has been verified, before anything is sent to it, also when a session is resumed:
   * throws a `peerError` to refuse it.
   */
  readonly checkClient?: CheckClient | undefined;
  /** All that there is to say about clients' certificates, instead of these: also that they are asked for later. */
  readonly clientCertificates?: ClientCertificates | undefined;
}

/**
 * Whom clients are asked to be; nothing if they are asked nothing.
 * @throws {TlsError} `conflicting_options`, `no_trust_anchors` (the caller's fault)
 */
export function clientCertificatesOf(options: ClientAuthenticationOptions): ClientCertificates | undefined {
  const { requestCert = false, rejectUnauthorized = true, ca, checkClient, clientCertificates } = options;
  if (clientCertificates !== undefined) {
    const beside = (["requestCert", "rejectUnauthorized", "ca", "checkClient"] as const).find(
      (name) => options[name] !== undefined,
    );
    if (beside === undefined) {
      return { ...clientCertificates, revocation: clientCertificates.revocation ?? defaultRevocation };
    }
    throw callerError("conflicting_options", `${beside} and clientCertificates both say whom clients are asked to be`);
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
    anchors: ca instanceof TrustAnchors ? ca : trustAnchorsFromPem(listed<Pem>(ca).map(pemText).join("\n")),
    checkClient,
    revocation: defaultRevocation,
  };
}

/** What `createServerContext` was told of a context that it made: what that itself doesn't say. */
interface WhomToAsk {
  /** Whether it was said that clients are asked nothing, and not only left out. */
  readonly nobody: boolean;
  readonly acceptUnverified: boolean;
}

const told = new WeakMap<ServerContext, WhomToAsk>();

export function rememberWhomToAsk(
  context: ServerContext,
  { requestCert, rejectUnauthorized }: ClientAuthenticationOptions,
): void {
  told.set(context, {
    nobody: requestCert === false,
    acceptUnverified: requestCert === true && rejectUnauthorized === false,
  });
}

/** Whether clients are let in whose certificates can't be verified. */
export function acceptsUnverified(context: ServerContext): boolean {
  return told.get(context)?.acceptUnverified ?? false;
}

/**
 * What a server asks of clients holds whatever the name, and whatever comes later, as in `node:tls`: another context that
 * left it out would let anybody in. It has to say it: whose clients it trusts, or that it asks nobody.
 * @throws {TlsError} `conflicting_options` (the caller's fault)
 */
export function checkWhomToAsk(server: ServerContext, other: ServerContext): ServerContext {
  const asksNobody = other.clientCertificates === undefined && told.get(other)?.nobody !== true;
  if (server.clientCertificates === undefined || !asksNobody) return other;
  throw callerError(
    "conflicting_options",
    "the server asks clients for certificates, and another context says nothing of them: give it requestCert as well",
  );
}

/**
 * The same of a context that was chosen for a client, which is verified by the rule of the server.
 * @throws {TlsError} `invalid_argument`, `conflicting_options` (the caller's fault)
 */
export function checkChosen(server: ServerContext, chosen: ServerContext): ServerContext {
  check(chosen, "what was chosen", instanceOf(ServerContext, "@tlskit/tls"));
  if (chosen.clientCertificates !== undefined && acceptsUnverified(chosen) !== acceptsUnverified(server)) {
    throw callerError(
      "conflicting_options",
      "rejectUnauthorized: false is for all of a server's contexts, or for none",
    );
  }
  return checkWhomToAsk(server, chosen);
}
