import { ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { TlsError } from "@tlskit/tls";

/**
 * What the protocol over a socket knows, and TLS doesn't: where its messages end. RFC 9846 §6.1: a stream without
 * close_notify may have been cut off by anybody; RFC 9112 §9.8: a message that says how long it is can still be told to
 * be whole.
 */
export interface Framing {
  /** Whether nothing that the peer began is missing, or its lack will be noticed by whoever reads it. */
  receivesWhole(): boolean;
  /** Whether nothing that we began is missing, so that a close_notify would tell no lie. */
  sendsWhole(): boolean;
}

const framings = new WeakMap<Duplex, Framing>();

/** Says what runs over a socket, where that can't be seen from the socket itself; `undefined` takes it back. */
export function setFraming(socket: Duplex, framing: Framing | undefined): void {
  if (framing === undefined) framings.delete(socket);
  else framings.set(socket, framing);
}

/** Between messages, for whoever knows that there is none under way. */
export const betweenMessages: Framing = { receivesWhole: () => true, sendsWhole: () => true };

/** What runs over a socket, if anybody knows. */
export function framingOf(socket: Duplex): Framing | undefined {
  return framings.get(socket) ?? http1Framing(socket);
}

/**
 * What `node:http` leaves on a socket that it runs over. None of it is documented, so nothing of it is taken for
 * granted: where it is absent nobody knows where a message ends.
 */
interface Http1Socket {
  readonly parser?: { readonly socket?: unknown; readonly incoming?: { readonly upgrade?: unknown } | null } | null;
  readonly _httpMessage?: ClientRequest | ServerResponse | null;
}

/** A request's response, once its header has come. */
interface WithResponse {
  readonly res?: IncomingMessage | null;
}

function http1Framing(socket: Duplex): Framing | undefined {
  // Both are optional, so any socket may be looked at as one that has them.
  const { parser, _httpMessage: message } = socket as Duplex & Http1Socket;
  const parsing = parser?.socket === socket;
  if (message instanceof ClientRequest) return message.socket === socket ? clientFraming(message, parsing) : undefined;
  // After an upgrade, or a CONNECT, what comes is no HTTP any more; node:http takes its parser away then.
  return parsing && parser.incoming?.upgrade !== true ? serverFraming(message) : undefined;
}

/** RFC 9112 §6.3: no request ends with its stream, and one that isn't complete is found so by Node's parser. */
function serverFraming(response: ServerResponse | null | undefined): Framing {
  return {
    receivesWhole: () => true,
    // What has been ended was handed to the socket wholly.
    sendsWhole: () => response === null || response === undefined || !response.headersSent || response.writableEnded,
  };
}

function clientFraming(request: ClientRequest & WithResponse, parsing: boolean): Framing {
  const { res: response } = request;
  return {
    // Without a response node:http tells the request of a connection that was lost.
    receivesWhole: () =>
      response === null || response === undefined ? parsing : response.complete || delimitsItself(request, response),
    sendsWhole: () => request.writableFinished && response?.complete === true,
  };
}

/**
 * RFC 9112 §6.3: whether a response says where it ends, so that Node's parser finds out that it is incomplete. All
 * others end with the stream, and a stream that is cut off looks like their end.
 */
function delimitsItself({ method }: ClientRequest, { statusCode = 0, headers }: IncomingMessage): boolean {
  if (method === "HEAD" || statusCode < 200 || statusCode === 204 || statusCode === 304) return true;
  const { "transfer-encoding": encoding, "content-length": length } = headers;
  if (encoding !== undefined) return /(?:^|,)[\t ]*chunked[\t ]*$/i.test(encoding);
  return length !== undefined;
}

/**
 * Fails the response that a cut off stream leaves incomplete. Otherwise node:http would end it as if it were complete,
 * and tell of the failure to the request alone, which hardly anybody listens to any more.
 */
export function failResponse(socket: Duplex, error: TlsError): void {
  const { _httpMessage: message } = socket as Duplex & Http1Socket;
  if (!(message instanceof ClientRequest)) return;
  const { res: response }: WithResponse = message as ClientRequest & WithResponse;
  if (response?.complete === false) response.destroy(error);
}
