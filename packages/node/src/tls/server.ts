import { captureRejectionSymbol } from "node:events";
import { type Socket, Server as TcpServer } from "node:net";
import { callerError } from "@tlskit/tls";
import { ticketKeysLength } from "../limits.ts";
import { Acceptor } from "./acceptor.ts";
import { convertALPNProtocols } from "./alpn-protocols.ts";
import { argumentError, invalidArgumentType } from "./argument-errors.ts";
import { noServerName } from "./callback-errors.ts";
import { type SecureContextOptions, type TlsOptions, withoutNulls } from "./options.ts";
import { createSecureContext, SecureContext } from "./secure-context.ts";
import { TLSSocket } from "./tls-socket.ts";

/** Gets each connection whose handshake is done. */
export type SecureConnectionListener = (socket: TLSSocket) => void;

const acceptors = new WeakMap<TcpServer, Acceptor>();

function acceptorOf(server: TcpServer): Acceptor {
  const acceptor = acceptors.get(server);
  if (acceptor === undefined) throw callerError("not_constructed", "this server's constructor wasn't called");
  return acceptor;
}

type ServerArguments = [
  options?: TlsOptions | SecureConnectionListener | undefined,
  listener?: SecureConnectionListener | null | undefined,
];

function toldOptions(options: TlsOptions | SecureConnectionListener = {}): TlsOptions {
  return typeof options === "function" ? {} : withoutNulls(options);
}

function tcpOptions(options: TlsOptions): object {
  return { noDelay: true, ...options, pauseOnConnect: false };
}

function receive(server: TcpServer, [options, listener]: ServerArguments): void {
  const acceptor = new Acceptor(server, toldOptions(options));
  acceptors.set(server, acceptor);
  server.on("connection", (raw: Socket) => acceptor.accept(raw));
  showOptions(server, toldOptions(options));
  const secured = typeof options === "function" ? options : listener;
  if (secured) server.on("secureConnection", secured);
}

/** What Node's servers have of their options, as they were told or as bytes. */
function showOptions(server: TcpServer, { ALPNCallback, ALPNProtocols, pauseOnConnect = false }: TlsOptions): void {
  Object.assign(server, { pauseOnConnect }); // it is TLS that is paused: what is below it has to go on
  if (ALPNCallback) Object.assign(server, { ALPNCallback });
  const told: { ALPNProtocols?: Uint8Array } = {};
  if (ALPNProtocols && !ALPNCallback) convertALPNProtocols(ALPNProtocols, told);
  Object.assign(server, told);
}

class Server extends TcpServer {
  constructor(...given: ServerArguments) {
    super(tcpOptions(toldOptions(given[0])));
    receive(this, given);
  }

  /** Has clients that ask for this name get this context: a name, or one with `*` for a label. The latest comes first. */
  addContext(hostname: string, context: SecureContext | Parameters<typeof createSecureContext>[0]): void {
    if (!hostname) throw noServerName();
    acceptorOf(this).addContext(hostname, context instanceof SecureContext ? context : createSecureContext(context));
  }

  /** Goes over to other certificates and settings, for the connections to come. Ticket keys stay, unless it has some. */
  setSecureContext(options: SecureContextOptions & { readonly ticketKeys?: Uint8Array | undefined }): void {
    acceptorOf(this).setSecureContext(createSecureContext(options));
    if (options.ticketKeys) this.setTicketKeys(options.ticketKeys);
  }

  /** The 48 bytes of the ticket key that seals now, for another server's `ticketKeys`. They are secret. */
  getTicketKeys(): Buffer {
    return Buffer.from(acceptorOf(this).ticketKeys);
  }

  /**
   * Goes over to another ticket key, which stays until the next one is set; tickets of those before are worth nothing.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`
   * @throws {TypeError} `ERR_INVALID_ARG_VALUE` unless there are 48 bytes
   */
  setTicketKeys(keys: NodeJS.ArrayBufferView): void {
    if (!ArrayBuffer.isView(keys)) {
      throw invalidArgumentType("buffer", "an instance of Buffer, TypedArray, or DataView", keys);
    }
    if (keys.byteLength !== ticketKeysLength) {
      const message = `Session ticket keys must be a ${ticketKeysLength}-byte buffer`;
      throw argumentError(TypeError, "ERR_INVALID_ARG_VALUE", message);
    }
    acceptorOf(this).ticketKeys = new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
  }

  /** @internal What the workers of a cluster share, as `node:net` asks for it: each takes tickets of the others. */
  _getServerData(): { readonly ticketKeys: string } {
    return { ticketKeys: this.getTicketKeys().toString("hex") };
  }

  /** @internal */
  _setServerData({ ticketKeys }: { readonly ticketKeys: string }): void {
    this.setTicketKeys(Buffer.from(ticketKeys, "hex"));
  }
}

// As of node:tls: with `captureRejections` a listener that fails later ends the connection that it was given.
Object.defineProperty(Server.prototype, captureRejectionSymbol, {
  value: function (this: Server, error: Error, event: string, ...given: unknown[]): void {
    const [socket] = given;
    if (event === "secureConnection" && socket instanceof TLSSocket) socket.destroy(error);
    else this.emit("error", error);
  },
  configurable: true,
  writable: true,
});

/**
 * As in `node:tls` it is a class that is called without `new` as well: by itself, or on what inherits from it, as
 * `https.Server` does.
 */
const CallableServer = new Proxy(Server, {
  apply: (made, self: unknown, given: ServerArguments) => {
    if (!(self instanceof made)) return new made(...given);
    // node:net's is a function, which node:tls calls in just this way.
    Reflect.apply(TcpServer as unknown as (options: object) => void, self, [tcpOptions(toldOptions(given[0]))]);
    receive(self, given);
    return self;
  },
}) as typeof Server & ((...given: ServerArguments) => Server); // callable by the trap, of which a proxy's type says nothing
Server.prototype.constructor = CallableServer;

export { CallableServer as Server };

/** A server that speaks TLS. */
export function createServer(...given: ServerArguments): Server {
  return new Server(...given);
}
