import { once } from "node:events";
import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { createHttpsServer } from "@tlskit/node";
import { maxCredit, maxCreditedMessage, relayProtocol } from "@tlskit/web/relay-protocol";
import { callerError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  aString,
  checkOptions,
  type Expectations,
  listOf,
  optional,
} from "@tlskit/wire/arguments";
import { WebSocketServer } from "ws";
import {
  defaultConnectTimeout,
  defaultIdleTimeout,
  defaultMaxConnections,
  defaultMaxMessageLength,
  defaultMaxWaiting,
  maxChunks,
  maxFragments,
  maxRequestLength,
  upgradeTimeout,
} from "./limits.ts";
import { readOrigin } from "./origin.ts";
import { refuse, upgradeRequired } from "./refuse.ts";
import type { Refusal, RelayEvent } from "./relay-event.ts";
import { type ConnectionLimits, RelayedConnection } from "./relayed-connection.ts";
import { pathOf, readTarget, type Target, targetName, targetOfPath } from "./target.ts";
import { checkWhole } from "./whole-number.ts";

/** What a relay is made with. Nobody is let in, and nobody is connected to, who isn't named. */
export interface RelayOptions {
  /**
   * Whom pages may be connected to: `db.example:5432`, `[2001:db8::1]:5432`. Each is compared as it is written, and
   * resolved when it has been allowed.
   */
  readonly targets: readonly string[];
  /** The sites whose pages may connect, as browsers name them: `https://app.example`. */
  readonly origins: readonly string[];
  /**
   * Whether those may connect that name no site, which no browser is. They don't unless told otherwise. Who isn't a
   * browser can name any site: an origin keeps pages of others away, and nobody else.
   */
  readonly allowWithoutOrigin?: boolean | undefined;
  /**
   * Asked of each request that is allowed so far, for what is wanted besides: a cookie, say, or a token. Answers at once
   * or later; a promise that fails is a refusal.
   */
  readonly authorize?: ((request: IncomingMessage, target: string) => boolean | Promise<boolean>) | undefined;
  /** The relay's own certificate with its chain and its key, in PEM, for `wss`. What goes over it is encrypted besides. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Connections of pages at a time: 256 unless told otherwise. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds in which no byte goes either way, until a connection ends: ten minutes unless told otherwise. */
  readonly idleTimeout?: number | undefined;
  /** Milliseconds that connecting to a target may take: ten seconds unless told otherwise. */
  readonly connectTimeout?: number | undefined;
  /** Bytes of one message of a page's: 256 KiB unless told otherwise, and 64 KiB at least. */
  readonly maxMessageLength?: number | undefined;
  /** Bytes from a page that wait for the target: 256 KiB unless told otherwise, and 16 MiB at most. */
  readonly maxWaiting?: number | undefined;
  /** Told of each connection and each refusal. It has to return. */
  readonly told?: ((event: RelayEvent) => void) | undefined;
}

const expectations: Expectations<RelayOptions> = {
  targets: listOf(aString),
  origins: listOf(aString),
  allowWithoutOrigin: optional(aBoolean),
  authorize: optional(aFunction),
  cert: optional(aString),
  key: optional(aString),
  maxConnections: optional(aNumber),
  idleTimeout: optional(aNumber),
  connectTimeout: optional(aNumber),
  maxMessageLength: optional(aNumber),
  maxWaiting: optional(aNumber),
  told: optional(aFunction),
};

/** The status that a refusal has in HTTP. A page sees none of it: browsers tell it that there is no connection. */
const statuses: Readonly<Record<Exclude<Refusal, "too_many_connections">, number>> = {
  malformed_target: 400,
  origin_not_allowed: 403,
  target_not_allowed: 403,
  not_authorized: 403,
  closing: 503,
};

/**
 * A server of WebSockets, each of which it connects to a target by TCP. What goes over it is TLS between the page and the
 * target, of which it sees what anybody on the way sees.
 */
export class Relay {
  readonly #server: HttpServer;
  readonly #webSockets: WebSocketServer;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #origins: ReadonlySet<string>;
  readonly #allowWithoutOrigin: boolean;
  readonly #authorize: (request: IncomingMessage, target: string) => boolean | Promise<boolean>;
  readonly #limits: ConnectionLimits;
  readonly #told: (event: RelayEvent) => void;
  readonly #connections = new Set<RelayedConnection>();
  #count = 0;
  #closed: Promise<unknown> | undefined;

  /** @throws {TlsError} and {X509Error} for what can't be used (the caller's fault) */
  constructor(options: RelayOptions) {
    checkOptions("Relay", options, expectations);
    const {
      maxConnections = defaultMaxConnections,
      idleTimeout = defaultIdleTimeout,
      connectTimeout = defaultConnectTimeout,
      maxMessageLength = defaultMaxMessageLength,
      maxWaiting = defaultMaxWaiting,
    } = options;
    const numbers = { maxConnections, idleTimeout, connectTimeout, maxMessageLength, maxWaiting };
    for (const [name, value] of Object.entries(numbers)) checkWhole(name, value);
    // What the protocol of credits has: a page sends messages so long, and takes no grant for more.
    if (maxMessageLength < maxCreditedMessage) {
      throw callerError("out_of_range", `maxMessageLength is ${maxMessageLength}, less than ${maxCreditedMessage}`);
    }
    if (maxWaiting > maxCredit) {
      throw callerError("out_of_range", `maxWaiting is ${maxWaiting}, more than ${maxCredit}`);
    }
    this.#limits = { idleTimeout, connectTimeout, maxWaiting };
    this.#targets = new Map(
      options.targets.map((text) => {
        const target = allowedTarget(text);
        return [targetName(target), target];
      }),
    );
    this.#origins = new Set(options.origins.map(readOrigin));
    this.#allowWithoutOrigin = options.allowWithoutOrigin ?? false;
    this.#authorize = options.authorize ?? (() => true);
    this.#told = options.told ?? (() => {});
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxMessageLength,
      maxFragments,
      maxBufferedChunks: maxChunks,
      handleProtocols: (offered) => offered.has(relayProtocol) && relayProtocol,
    });
    this.#server = httpServer(options);
    this.#server.maxConnections = maxConnections;
    this.#server.on("drop", (dropped) => this.#refused("too_many_connections", { address: dropped?.remoteAddress }));
    this.#server.on("upgrade", (request, socket, head) => void this.#upgrade(request, socket, head));
  }

  /**
   * Begins to listen.
   * @returns where: with the port 0, on which one.
   */
  async listen(port: number, host?: string): Promise<AddressInfo> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    // Of a server that listens on a port, it is not a string.
    return this.#server.address() as AddressInfo;
  }

  /** Ends everything. Pages are told that the relay goes away, which for them is no orderly end. */
  async close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#closed = once(this.#server, "close");
      this.#server.close();
      this.#server.closeAllConnections();
      for (const connection of this.#connections) connection.close("goingAway");
    }
    await this.#closed;
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on("error", () => {});
    const target = await this.#allowed(request);
    if (typeof target === "string") {
      const { origin } = request.headers;
      this.#refused(target, { target: pathOf(request.url ?? ""), origin, address: request.socket.remoteAddress });
      refuse(socket, statuses[target]);
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (page) => {
      const { origin } = request.headers;
      this.#count += 1;
      const id = this.#count;
      const credits = page.protocol === relayProtocol;
      const address = request.socket.remoteAddress;
      this.#told({ type: "opened", id, target: targetName(target), origin, address, credits });
      const connection = new RelayedConnection(page, target, credits, this.#limits, (outcome) => {
        this.#connections.delete(connection);
        this.#told({ type: "closed", id, ...outcome });
      });
      this.#connections.add(connection);
    });
  }

  /** Where a request may go, or why it may not. */
  async #allowed(request: IncomingMessage): Promise<Target | keyof typeof statuses> {
    const { origin } = request.headers;
    if (origin === undefined ? !this.#allowWithoutOrigin : !this.#origins.has(origin)) return "origin_not_allowed";
    const asked = targetOfPath(pathOf(request.url ?? ""));
    if (asked === undefined) return "malformed_target";
    const name = targetName(asked);
    const target = this.#targets.get(name);
    if (target === undefined) return "target_not_allowed";
    if (!(await this.#isAuthorized(request, name))) return "not_authorized";
    return this.#closed !== undefined ? "closing" : target;
  }

  async #isAuthorized(request: IncomingMessage, target: string): Promise<boolean> {
    try {
      return (await this.#authorize(request, target)) === true;
    } catch {
      return false;
    }
  }

  #refused(
    reason: Refusal,
    about: { target?: string | undefined; origin?: string | undefined; address?: string | undefined },
  ): void {
    this.#told({ type: "refused", reason, ...about });
  }
}

function allowedTarget(text: string): Target {
  const target = readTarget(text);
  if (target === undefined) throw callerError("invalid_target", `${JSON.stringify(text)} is no target: HOST:PORT`);
  return target;
}

function httpServer({ cert, key }: RelayOptions): HttpServer {
  const limits = {
    headersTimeout: upgradeTimeout,
    requestTimeout: upgradeTimeout,
    connectionsCheckingInterval: upgradeTimeout / 2,
    maxHeaderSize: maxRequestLength,
    noDelay: true,
  };
  if (cert === undefined && key === undefined) return createServer(limits, upgradeRequired);
  if (cert === undefined || key === undefined) {
    throw callerError("conflicting_options", "cert and key are given together, or neither");
  }
  return createHttpsServer({ ...limits, cert, key }, upgradeRequired);
}
