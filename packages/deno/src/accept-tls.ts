import {
  type ClientAnswer,
  callerError,
  ServerContext,
  type ServerInfo,
  TlsServer,
  type TraceEvent,
} from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { aBoolean, aFunction, checkOptions, type Expectations, instanceOf, optional } from "@tlskit/wire/arguments";
import { SettledLater } from "./settled-later.ts";
import { checkConn } from "./start-tls.ts";
import { TlsConn, type TlsConnParts } from "./tls-conn.ts";

/** How a server treats its connections. */
export interface ServerConnOptions {
  /**
   * Gets clients' early data, in order, before the handshake is done, as far as the context takes it (`earlyData`). Anybody who
   * has seen it can send it again. Without it no early data is taken.
   */
  readonly earlyPlaintext?: ((bytes: Uint8Array, conn: ServerTlsConn<Deno.Addr>) => void) | undefined;
  /** Takes an end without a close_notify for an orderly one: as that of `startTls`. */
  readonly dangerouslyAcceptTruncation?: boolean | undefined;
  /** Gets each step of each connection. */
  readonly trace?: ((event: TraceEvent, conn: ServerTlsConn<Deno.Addr>) => void) | undefined;
}

/** @internal */
export const serverConnOptions: Expectations<ServerConnOptions> = {
  earlyPlaintext: optional(aFunction),
  dangerouslyAcceptTruncation: optional(aBoolean),
  trace: optional(aFunction),
};

/** Requests for certificates after the handshake, and what clients answer. */
class ClientAnswers {
  readonly #awaited = new Map<string, SettledLater<ClientAnswer<ServerInfo>>>();
  #server: TlsServer | undefined;

  /** The server that asks. */
  of(server: TlsServer): TlsServer {
    this.#server = server;
    return server;
  }

  /** @throws {TlsError} what `requestClientCertificate` of the server throws */
  ask(): Promise<ClientAnswer<ServerInfo>> {
    if (this.#server === undefined) throw callerError("not_established", "the handshake is not done");
    const request = toHex(this.#server.requestClientCertificate());
    const answer = new SettledLater<ClientAnswer<ServerInfo>>();
    this.#awaited.set(request, answer);
    return answer.promise;
  }

  answered(answer: ClientAnswer<ServerInfo>): void {
    const request = toHex(answer.request);
    this.#awaited.get(request)?.resolve(answer);
    this.#awaited.delete(request);
  }

  /** No more come. */
  end(error: Error): void {
    for (const answer of this.#awaited.values()) answer.reject(error);
    this.#awaited.clear();
  }
}

/** A server's end of a connection. */
export class ServerTlsConn<Address extends Deno.Addr = Deno.NetAddr> extends TlsConn<ServerInfo, Address> {
  readonly #answers: ClientAnswers;

  /** @internal */
  constructor(parts: TlsConnParts<ServerInfo, Address>, answers: ClientAnswers) {
    super(parts);
    this.#answers = answers;
  }

  /**
   * RFC 9846 §4.7.2: asks the client for a certificate, after the handshake, by what the context's `clientCertificates` say.
   * The client has to have offered that (`postHandshakeAuth`), and HTTP/2 forbids it (RFC 9113 §9.2.3). One that isn't accepted
   * ends the connection, and so does none where one is `required`.
   * @returns what the client has answered, which may take as long as a person takes; `info` tells it from then on
   * @throws {TlsError} (the promise) `not_established`, `closed`, `client_not_askable`, `too_many_certificate_requests` (the
   *   caller's fault), and what ends the connection before the answer
   */
  async requestClientCertificate(): Promise<ClientAnswer<ServerInfo>> {
    return await this.waitFor(this.#answers.ask());
  }
}

/** A server's certificates, and how it treats a connection. */
export interface AcceptTlsOptions extends ServerConnOptions {
  /** Made once by `createServerContext`. */
  readonly context: ServerContext;
}

/**
 * Begins TLS, as a server, over a connection that is there already: one that was spoken over in the clear before (STARTTLS), or
 * of a Unix socket. It is TLS's from here on. Its handshake begins by itself.
 * @throws {TlsError} `invalid_argument`, `unknown_option` (the caller's fault)
 */
export function acceptTls<Address extends Deno.Addr>(
  conn: Deno.Conn<Address>,
  options: AcceptTlsOptions,
): ServerTlsConn<Address> {
  checkConn(conn);
  checkOptions<AcceptTlsOptions>("acceptTls", options, {
    ...serverConnOptions,
    context: instanceOf(ServerContext, "@tlskit/tls"),
  });
  return accepted(conn, options);
}

/** @internal */
export function accepted<Address extends Deno.Addr>(
  conn: Deno.Conn<Address>,
  { context, earlyPlaintext, dangerouslyAcceptTruncation, trace }: AcceptTlsOptions,
): ServerTlsConn<Address> {
  const answers = new ClientAnswers();
  const parts: TlsConnParts<ServerInfo, Address> = {
    conn,
    open: (handlers) => answers.of(new TlsServer(context, handlers)),
    clock: context.settings.clock,
    options: { dangerouslyAcceptTruncation, trace: trace && ((event) => trace(event, server)) },
    own: {
      clientAnswered: (answer) => answers.answered(answer),
      ...(earlyPlaintext && { earlyPlaintext: (bytes) => earlyPlaintext(bytes, server) }),
    },
    over: (error) => answers.end(error),
  };
  const server: ServerTlsConn<Address> = new ServerTlsConn(parts, answers);
  return server;
}
