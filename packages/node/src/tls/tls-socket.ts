import { isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  DangerousTlsClient,
  DangerousTlsServer,
  PskClient,
  PskClientContext,
  TlsServer,
  UnverifiedPeer,
} from "@tlskit/tls";
import { referenceIdentity, X509Error } from "@tlskit/x509";
import type { SharedReading } from "../raw-stream.ts";
import { TlsSocket, type TlsSocketParts } from "../tls-socket.ts";
import { verificationError } from "./error-codes.ts";
import type { TLSSocketOptions } from "./options.ts";
import { createSecureContext, type SecureContext, type ServerRules } from "./secure-context.ts";
import { serverRules } from "./server-rules.ts";
import { type CheckServerIdentity, judging, Verdict } from "./verdict.ts";

/** @internal What `connect` tells a client's socket besides its options. */
export interface Destination {
  readonly hostname: string;
  /** The name that is sent; nothing for an address. */
  readonly servername: string | undefined;
  readonly checkServerIdentity?: CheckServerIdentity | undefined;
  readonly sessionsFor?: string | undefined;
  readonly reading?: SharedReading | undefined;
}

/** @internal What a server tells a socket besides its options. */
export interface Reception {
  readonly rules: ServerRules;
  readonly secureContext: () => SecureContext;
}

/**
 * A TLS connection in the shape of `tls.TLSSocket`: made by `connect`, a server, or over a stream that is there already.
 * A client that is made by the constructor alone verifies the server, too, by its chain and the name `servername`.
 */
export class TLSSocket extends TlsSocket {
  readonly #verdict: Verdict;
  /** Whether it is a server's, which wants to know who its client is. */
  readonly #asksForCertificate: boolean;

  constructor(socket?: Duplex, options: TLSSocketOptions = {}, place?: Destination | Reception) {
    const raw = socket ?? new Socket({ allowHalfOpen: true });
    const verdict = new Verdict(options.isServer === true ? "server" : "client");
    super(
      options.isServer === true
        ? serverParts(raw, options, verdict, place !== undefined && "rules" in place ? place : undefined)
        : clientParts(raw, options, verdict, place !== undefined && "hostname" in place ? place : undefined),
    );
    this.#verdict = verdict;
    this.#asksForCertificate = options.isServer === true && options.requestCert === true;
    // Whose it is, for Node's servers of HTTP: as of node:net, which has it undocumented.
    if (options.server !== undefined) Reflect.set(this, "server", options.server);
  }

  /** Whether the peer was verified; of a server, also that it is the one that was meant. */
  override get authorized(): boolean {
    return super.authorized && this.#verdict.error === undefined;
  }

  /** Why a peer that was let in isn't, as a code of OpenSSL's or Node's. */
  override get authorizationError(): string | null {
    const error = this.#verdict.error ?? unverified(this.info?.peer);
    if (error !== undefined) return "code" in error && typeof error.code === "string" ? error.code : error.message;
    return super.authorizationError === null || !this.#asksForCertificate ? null : noCertificate;
  }
}

/** X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, which node:tls has for a client that was asked and showed none. */
const noCertificate = "UNABLE_TO_GET_ISSUER_CERT";

function unverified(peer: unknown): Error | undefined {
  return peer instanceof UnverifiedPeer ? verificationError(peer.refusal, peer.certificates) : undefined;
}

function common(
  raw: Duplex,
  options: TLSSocketOptions,
  verdict: Verdict,
): Pick<TlsSocketParts, "raw" | "allowHalfOpen" | "highWaterMark" | "errorOf"> {
  const { allowHalfOpen, highWaterMark } = options;
  return { raw, allowHalfOpen, highWaterMark, errorOf: verdict.errorOf };
}

function clientParts(
  raw: Duplex,
  options: TLSSocketOptions,
  verdict: Verdict,
  destination: Destination = { hostname: options.servername ?? "localhost", servername: options.servername },
): TlsSocketParts {
  const { secureContext = createSecureContext(options), ALPNProtocols, rejectUnauthorized = true, session } = options;
  const context = secureContext.clientContext(ALPNProtocols);
  const { hostname, servername, checkServerIdentity, sessionsFor } = destination;
  const host = servername !== undefined && isHost(servername) ? servername : undefined;
  const target = {
    // The judge looks at the name, whatever it is like.
    host: host ?? "localhost",
    nameChecked: false,
    sendServerName: host !== undefined,
    judge: judging(verdict, {
      hostname,
      checkServerIdentity,
      rejectUnauthorized,
      namedAuthorities: secureContext.namesAuthorities,
    }),
    session,
    sessionsFor: sessionsFor ?? hostname,
  };
  return {
    ...common(raw, options, verdict),
    role: "client",
    reading: destination.reading,
    servername: host,
    open: (handlers) => {
      if (!(context instanceof PskClientContext)) return new DangerousTlsClient(context, target, handlers);
      const { judge: _judge, nameChecked: _nameChecked, ...known } = target;
      return new PskClient(context, known, handlers);
    },
  };
}

function isHost(name: string): boolean {
  if (isIP(name) !== 0) return false;
  try {
    return "dnsName" in referenceIdentity(name);
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}

function serverParts(
  raw: Duplex,
  options: TLSSocketOptions,
  verdict: Verdict,
  { rules, secureContext }: Reception = receptionOf(options),
): TlsSocketParts {
  const context = secureContext().serverContext(rules, options.ALPNProtocols);
  const lenient = rules.rejectUnauthorized === false;
  let connection: TlsServer | DangerousTlsServer | undefined;
  return {
    ...common(raw, options, verdict),
    role: "server",
    open: (handlers) => {
      connection = lenient ? new DangerousTlsServer(context, handlers) : new TlsServer(context, handlers);
      return connection;
    },
    askForCertificate: () => connection?.requestClientCertificate() ?? new Uint8Array(0),
  };
}

/** Of a socket that no server has. */
function receptionOf(options: TLSSocketOptions): Reception {
  const { secureContext = createSecureContext(options) } = options;
  return { rules: serverRules(options, () => secureContext), secureContext: () => secureContext };
}
