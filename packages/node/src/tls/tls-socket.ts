import { X509Certificate } from "node:crypto";
import { isIP, Socket } from "node:net";
import { addAbortSignal, type Duplex } from "node:stream";
import type { PeerCertificate } from "node:tls";
import {
  callerError,
  DangerousTlsClient,
  DangerousTlsServer,
  type FindExternalPsk,
  PskClient,
  PskClientContext,
  TlsServer,
  type TraceEvent,
  UnverifiedPeer,
} from "@tlskit/tls";
import { referenceIdentity, X509Error } from "@tlskit/x509";
import type { SharedReading } from "../raw-stream.ts";
import { type SocketInfo, TlsSocket, type TlsSocketParts } from "../tls-socket.ts";
import { argumentError, invalidArgumentType, outOfRange } from "./argument-errors.ts";
import { tracesEverything } from "./command-line.ts";
import { verificationError } from "./error-codes.ts";
import { logKeys } from "./key-log-file.ts";
import { opensslError, type Reason } from "./openssl-error.ts";
import type { ConnectionOptions, TLSSocketOptions } from "./options.ts";
import { pskFinder, pskGiver } from "./psk-callbacks.ts";
import { ReadInto } from "./read-into.ts";
import { createSecureContext, type SecureContext, type ServerRules } from "./secure-context.ts";
import { serverRules } from "./server-rules.ts";
import { traceText } from "./trace-text.ts";
import { type CheckServerIdentity, judging, Verdict } from "./verdict.ts";

/** @internal What `connect` tells a client's socket besides its options. */
export interface Destination {
  readonly hostname: string;
  /** The name that is sent; nothing for an address. */
  readonly servername: string | undefined;
  readonly checkServerIdentity?: CheckServerIdentity | undefined;
  readonly sessionsFor?: string | undefined;
  readonly pskCallback?: ConnectionOptions["pskCallback"] | undefined;
  readonly reading?: SharedReading | undefined;
  /** What an error of a connection that isn't secure yet has of where it goes, as in `node:tls`. */
  readonly place?: Place | undefined;
}

/** Where a connection goes, as `connect` was told. */
export interface Place {
  readonly path: string | undefined;
  readonly host: string | undefined;
  readonly port: number | string | undefined;
  readonly localAddress: string | undefined;
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
  readonly #own: Own;
  /** The stream below, where nobody has given one: it is connected by `connect`. */
  readonly #unconnected: Socket | undefined;
  /** Where what is received goes, instead of `data` events. */
  readonly #into: ReadInto | undefined;
  /** Whether it is a server's, which wants to know who its client is. */
  readonly #asksForCertificate: boolean;

  constructor(socket?: Duplex | null, options: TLSSocketOptions = {}, place?: Destination | Reception) {
    const unconnected = socket ? undefined : new Socket({ allowHalfOpen: true });
    const raw = socket ?? unconnected ?? new Socket(); // one of the first two
    const verdict = new Verdict(options.isServer === true ? "server" : "client");
    const isServer = options.isServer === true;
    const own: Own = {
      socket: undefined,
      isServer,
      traces: options.enableTrace === true || tracesEverything(),
      certificate: () => undefined,
    };
    // As of node:tls: of a stream that was there already, what that has.
    const allowHalfOpen = socket && place === undefined ? socket.allowHalfOpen : options.allowHalfOpen;
    const told = { ...options, allowHalfOpen };
    super(
      isServer
        ? serverParts(raw, told, verdict, own, place !== undefined && "rules" in place ? place : undefined)
        : clientParts(raw, told, verdict, own, place !== undefined && "hostname" in place ? place : undefined),
    );
    own.socket = this;
    this.#verdict = verdict;
    this.#own = own;
    this.#unconnected = unconnected;
    this.#asksForCertificate = options.isServer === true && options.requestCert === true;
    this.#into = options.onread && new ReadInto(options.onread);
    if (options.pauseOnConnect === true) this.pause();
    // Nobody listens to `data`, and the end is told all the same.
    else if (this.#into !== undefined) this.resume();
    if (!isServer && options.requestOCSP === true) this.once("secure", (info: SocketInfo) => this.#tellStaple(info));
    // Whose it is, for Node's servers of HTTP: as of node:net, which has it undocumented.
    if (options.server !== undefined) Reflect.set(this, "server", options.server);
    logKeys(this);
    if (options.signal !== undefined) addAbortSignal(options.signal, this);
  }

  override push(chunk: Uint8Array | null, encoding?: BufferEncoding): boolean {
    if (this.#into === undefined) return super.push(chunk, encoding);
    this.#into.hold(chunk);
    this.#readInto(this.#into);
    return !this.#into.waits;
  }

  override resume(): this {
    super.resume();
    if (this.#into !== undefined) this.#readInto(this.#into);
    return this;
  }

  #readInto(into: ReadInto): void {
    const ended = into.tell({ reads: () => !this.isPaused() && !this.destroyed, stops: () => this.pause() });
    if (ended) super.push(null);
    else if (!into.waits) this._read();
  }

  /** What the server showed beside its certificate, whatever was made of it: not of a session that is resumed. */
  #tellStaple({ resumed, serverAttestations }: SocketInfo): void {
    const response = resumed ? undefined : serverAttestations[0]?.ocspResponse;
    this.emit("OCSPResponse", response === undefined ? null : Buffer.from(response));
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

  /** Connects the stream below, of a socket that was made without one: as of `node:net`. */
  override connect(...given: readonly unknown[]): this {
    if (this.#unconnected === undefined) return super.connect();
    const listener = given.at(-1);
    const place = typeof listener === "function" ? given.slice(0, -1) : given;
    if (typeof listener === "function") this.once("connect", () => listener());
    Reflect.apply(this.#unconnected.connect, this.#unconnected, place);
    return this;
  }

  /** The certificate that this end has, as an object of `node:tls`: an empty one if it has none. */
  getCertificate(): PeerCertificate | object | null {
    return this.destroyed ? null : (this.getX509Certificate()?.toLegacyObject() ?? {});
  }

  /** The same as `node:crypto` has it. */
  getX509Certificate(): X509Certificate | undefined {
    const der = this.destroyed ? undefined : this.#own.certificate(this);
    return der && new X509Certificate(der);
  }

  /**
   * Keying material for the application (RFC 9846 §7.5, RFC 5705).
   * @throws {Error} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`; `ERR_TLS_INVALID_STATE` before the handshake is done
   * @throws {TlsError} `out_of_range`, `not_ascii`
   */
  override exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Buffer {
    if (typeof length !== "number") throw invalidArgumentType("length", "of type number", length);
    if (!Number.isInteger(length) || length < 1 || length > maxUint32) {
      throw outOfRange("length", `>= 1 && <= ${maxUint32}`, length);
    }
    if (typeof label !== "string") throw invalidArgumentType("label", "of type string", label);
    if (context !== undefined && !ArrayBuffer.isView(context)) {
      throw invalidArgumentType("context", "an instance of Buffer, TypedArray, or DataView", context);
    }
    if (this.info === undefined) {
      throw argumentError(Error, "ERR_TLS_INVALID_STATE", "TLS socket connection must be securely established");
    }
    return Buffer.from(super.exportKeyingMaterial(length, label, context));
  }

  /**
   * Sets how many bytes of what is written go into a record at most: 512 to 16,384.
   * @returns whether it is a number that can be
   * @throws {Error} `ERR_INVALID_ARG_TYPE`, `ERR_OUT_OF_RANGE`
   */
  override setMaxSendFragment(size: number): boolean {
    if (typeof size !== "number") throw invalidArgumentType("size", "of type number", size);
    if (!Number.isInteger(size) || Math.abs(size) > maxInt32) {
      throw outOfRange("size", Number.isInteger(size) ? `>= -${maxInt32} && <= ${maxInt32}` : "an integer", size);
    }
    return super.setMaxSendFragment(size);
  }

  /**
   * A client says by the option `servername` whom it asks for, before there is a socket.
   * @throws {Error} `ERR_INVALID_ARG_TYPE`; `ERR_TLS_SNI_FROM_SERVER` at a server
   * @throws {TlsError} `unsupported` (the caller's fault) for another name than that
   */
  setServername(name: string): void {
    if (typeof name !== "string") throw invalidArgumentType("name", "of type string", name);
    if (this.#own.isServer) {
      throw argumentError(Error, "ERR_TLS_SNI_FROM_SERVER", "Cannot issue SNI from a TLS server-side socket");
    }
    if (name !== this.servername) {
      throw callerError("unsupported", "a client's name is given as the option servername, before there is a socket");
    }
  }

  /**
   * There is no other handshake in a connection that a client asks for: TLS 1.3 has none, and before it nobody here takes
   * part in one. The callback gets the error that `node:tls` has for a peer that refuses.
   * @returns false
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`
   */
  renegotiate(options: object, callback?: (error: Error | null) => void): false {
    if (typeof options !== "object" || options === null) {
      throw invalidArgumentType("options", "of type object", options);
    }
    if (callback !== undefined && typeof callback !== "function") {
      throw invalidArgumentType("callback", "of type function", callback);
    }
    const reason: Reason = this.getProtocol() === "TLSv1.3" ? [266, "wrong ssl version"] : [339, "no renegotiation"];
    if (callback !== undefined) process.nextTick(callback, opensslError("SSL", reason, undefined));
    return false;
  }

  /** Nothing renegotiates here. */
  disableRenegotiation(): void {}

  /** Has the messages that come and go from here on told on stderr. */
  enableTrace(): void {
    this.#own.traces = true;
  }

  /** Whether the handshake is done: undocumented in `node:tls`, and looked at. */
  get _secureEstablished(): boolean {
    return this.info !== undefined;
  }
}

/** What a socket has of its own end. */
interface Own {
  /** Once it is there: callbacks that it is made with are told it. */
  socket: TLSSocket | undefined;
  readonly isServer: boolean;
  /** Whether what comes and goes is told on stderr. */
  traces: boolean;
  /** Of this end, in DER. */
  certificate: (socket: TLSSocket) => Uint8Array | undefined;
}

const maxUint32 = 2 ** 32 - 1;
const maxInt32 = 2 ** 31 - 1;

/** X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, which node:tls has for a client that was asked and showed none. */
const noCertificate = "UNABLE_TO_GET_ISSUER_CERT";

function unverified(peer: unknown): Error | undefined {
  return peer instanceof UnverifiedPeer ? verificationError(peer.refusal, peer.certificates) : undefined;
}

function common(
  raw: Duplex,
  options: TLSSocketOptions,
  verdict: Verdict,
  own: Own,
): Pick<
  TlsSocketParts,
  "takesLeave" | "raw" | "allowHalfOpen" | "errorOf" | "highWaterMark" | "idlesQuietly" | "trace"
> {
  const { allowHalfOpen, highWaterMark } = options;
  const trace = (event: TraceEvent): void => void process.stderr.write(traceText(event));
  return {
    raw,
    allowHalfOpen,
    highWaterMark,
    errorOf: (error) => verdict.errorOf(error, own.socket),
    takesLeave: true,
    idlesQuietly: true,
    trace: () => (own.traces ? trace : undefined),
  };
}

function clientParts(
  raw: Duplex,
  options: TLSSocketOptions,
  verdict: Verdict,
  own: Own,
  destination: Destination = { hostname: options.servername ?? "localhost", servername: options.servername },
): TlsSocketParts {
  const { secureContext = createSecureContext(options), ALPNProtocols, rejectUnauthorized = true, session } = options;
  const { hostname, servername, checkServerIdentity, sessionsFor, pskCallback } = destination;
  const context = secureContext.clientContext(ALPNProtocols, pskCallback && pskGiver(pskCallback));
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
    session: session || undefined,
    sessionsFor: sessionsFor ?? hostname,
  };
  own.certificate = () => secureContext.clientCertificate?.der;
  return {
    ...common(raw, options, verdict, own),
    errorOf: (error) => {
      const { socket } = own;
      return placed(verdict.errorOf(error, socket), socket?.info === undefined ? destination.place : undefined);
    },
    role: "client",
    session,
    reading: destination.reading,
    servername: host,
    open: (handlers) => {
      if (!(context instanceof PskClientContext)) return new DangerousTlsClient(context, target, handlers);
      // Where it has no key, it is whom it was meant to be, by the strict rule.
      const { judge, nameChecked: _nameChecked, ...known } = target;
      return new PskClient(context, { ...known, host: hostname, checkServer: judge }, handlers);
    },
  };
}

/** Of a connection that ended before it was secure, as `node:tls` tells it. */
function placed(error: Error, place: Place | undefined): Error {
  return place !== undefined && "code" in error && error.code === "ECONNRESET" ? Object.assign(error, place) : error;
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
  own: Own,
  { rules, secureContext }: Reception = receptionOf(options),
): TlsSocketParts {
  const context = secureContext().serverContext(rules, options.ALPNProtocols);
  const lenient = rules.rejectUnauthorized === false;
  let connection: TlsServer | DangerousTlsServer | undefined;
  own.certificate = ({ info }) => {
    const { credentials } = connection?.context ?? context;
    const scheme = info?.signatureScheme;
    const shown = credentials.find(({ signatureSchemes }) => scheme === undefined || signatureSchemes.includes(scheme));
    return (shown ?? credentials[0])?.certificates[0];
  };
  return {
    ...common(raw, options, verdict, own),
    role: "server",
    open: (told) => {
      const { pskCallback } = options;
      const handlers = pskCallback ? withPsks(told, pskFinder(pskCallback, own)) : told;
      connection = lenient ? new DangerousTlsServer(context, handlers) : new TlsServer(context, handlers);
      return connection;
    },
    askForCertificate: () => connection?.requestClientCertificate() ?? new Uint8Array(0),
  };
}

/** What a connection tells is looked at when it has to be told: some of it has listeners later. */
function withPsks<Handlers extends object>(handlers: Handlers, findExternalPsk: FindExternalPsk): Handlers {
  return Object.defineProperty(handlers, "findExternalPsk", { value: findExternalPsk });
}

/** Of a socket that no server has. */
function receptionOf(options: TLSSocketOptions): Reception {
  const { secureContext = createSecureContext(options) } = options;
  const own = (): SecureContext => secureContext;
  return { rules: serverRules(options, { own }), secureContext: own };
}
