import { type ClientAnswer, callerError, ServerContext, type ServerInfo, TlsServer } from "@tlskit/tls";
import { aFunction, check, checkOptions, type Expectations, instanceOf, optional } from "@tlskit/wire/arguments";
import type { RawByteStream } from "./byte-stream.ts";
import { ClientAnswers } from "./client-answers.ts";
import { type SocketOptions, socketOptions, TlsSocket, type TlsSocketParts } from "./tls-socket.ts";

/** What a server's socket can be told. */
export interface AcceptOptions extends SocketOptions {
  /**
   * Gets the client's early data, in order, before the handshake is done, as far as the context takes it (`earlyData`).
   * Anybody who has seen it can send it again. Without it no early data is taken.
   */
  readonly earlyData?: ((bytes: Uint8Array) => void) | undefined;
}

const expected: Expectations<AcceptOptions> = { ...socketOptions, earlyData: optional(aFunction) };

/** A server's end of a connection. */
export class ServerTlsSocket extends TlsSocket<ServerInfo> {
  readonly #answers: ClientAnswers;

  /** @internal */
  constructor(parts: TlsSocketParts<ServerInfo>, answers: ClientAnswers) {
    super(parts);
    this.#answers = answers;
    const end = (error: Error | undefined): void =>
      answers.end(error ?? callerError("closed", "the socket was closed before the client answered"));
    this.closed.then(() => end(undefined), end);
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
    return await this.#answers.ask();
  }
}

/**
 * A server's end of a TLS connection over a stream, which is the socket's from here on.
 * @throws {TlsError} `invalid_argument`, `unknown_option`, `locked_stream` (the caller's fault)
 */
export function accept(stream: RawByteStream, context: ServerContext, options: AcceptOptions = {}): ServerTlsSocket {
  check(context, "context", instanceOf(ServerContext, "@tlskit/tls"));
  checkOptions("accept", options, expected);
  const { earlyData, ...others } = options;
  const answers = new ClientAnswers();
  const parts: TlsSocketParts<ServerInfo> = {
    stream,
    open: (handlers) => answers.of(new TlsServer(context, handlers)),
    clock: context.settings.clock,
    options: others,
    own: {
      clientAnswered: (answer) => answers.answered(answer),
      ...(earlyData && { earlyPlaintext: earlyData }),
    },
  };
  return new ServerTlsSocket(parts, answers);
}
