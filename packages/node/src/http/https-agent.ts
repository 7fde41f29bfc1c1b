import { createHmac, randomBytes } from "node:crypto";
import type { ClientRequest, AgentOptions as HttpAgentOptions } from "node:http";
import { Agent, type AgentOptions, type RequestOptions } from "node:https";
import type { Duplex } from "node:stream";
import { MemorySessionStore, type SessionStore } from "@tlskit/sessions";
import { type ConnectOptions, connect } from "../connect.ts";
import { cachedSessionLength, defaultCachedSessions } from "../limits.ts";
import { clientTables } from "../options/client-context.ts";
import { agentOptions } from "../options/http-options.ts";
import { checkedOptions, type OptionTable } from "../options/table.ts";
import { offering } from "./alpn.ts";
import { refuseEarlyData } from "./early-data.ts";
import { betweenMessages, setFraming } from "./whole-message.ts";

/** What `http.Agent` is told, and what our own `connect` is, for all requests. A request may be told the latter too. */
export interface HttpsAgentOptions
  extends Omit<HttpAgentOptions, keyof ConnectOptions | "proxyEnv">,
    Omit<ConnectOptions, "earlyData" | "session" | "sessionsFor" | "socket"> {
  /** Sessions that are kept, as bytes with a chain of 4 kB: 100 unless told otherwise; 0: none. */
  readonly maxCachedSessions?: number | undefined;
}

const tables: readonly OptionTable[] = [...clientTables, agentOptions];

/**
 * An `https.Agent` whose connections are ours: `https.request({ agent: new HttpsAgent({ ca }) })`. It offers `http/1.1`
 * by ALPN unless told otherwise, and resumes sessions: it has a store of its own, which gives each once, unless it is given
 * one as `sessions`, or `maxCachedSessions: 0`.
 */
export class HttpsAgent extends Agent {
  readonly #sessions: SessionStore | undefined;

  /**
   * @throws {TlsError} `unknown_option`, `refused_option` (the caller's fault): also for `proxyEnv`, since connections by
   * way of a proxy are Node's own agent's
   */
  constructor(options: HttpsAgentOptions = {}) {
    // Here, for names that mean nothing can't be told from a request's own once Node has joined the two.
    checkedOptions("HttpsAgent", options, tables, ["context", "connection", "net", "http"]);
    refuseEarlyData("HttpsAgent", options);
    // What is TLS's it hands on as it is, and reads into the names of connections alone, where ours are put beside.
    super(options as AgentOptions);
    this.#sessions = ownSessions(options);
  }

  /** @throws {TlsError} what `connect` throws */
  override createConnection(options: RequestOptions): Duplex {
    const asked = ours(options);
    refuseEarlyData("HttpsAgent", asked);
    // A context has a store, or none, as whoever made it says.
    const sessions = asked.sessions ?? (asked.context === undefined ? this.#sessions : undefined);
    // A session is for the requests that would share its connection.
    return connect(offering({ sessionsFor: this.getName(options), ...asked, sessions }, ["http/1.1"]));
  }

  /**
   * A connection is kept for the requests that would open the very same, and for no others. What they are told may be
   * secret, a private key say, and names are seen by whoever looks at the agent, or keeps its sessions.
   */
  override getName(options: RequestOptions = {}): string {
    const open = super.getName({ ...options, key: undefined, pfx: undefined });
    const told = createHmac("sha256", nameKey).update(
      separating.map((name) => identity(Reflect.get(options, name))).join(),
    );
    return `${open}:${told.digest("base64")}`;
  }

  override keepSocketAlive(socket: Duplex): boolean {
    // Typed as nothing, but Node's documentation says: falsy where the connection can't be kept.
    const kept: unknown = super.keepSocketAlive(socket);
    if (kept === false) return false;
    setFraming(socket, betweenMessages);
    socket.on("data", unasked);
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    socket.off("data", unasked);
    setFraming(socket, undefined);
    super.reuseSocket(socket, request);
  }
}

/** Sessions of an agent; bounded in bytes, since that is what they cost. */
function ownSessions({ maxCachedSessions = defaultCachedSessions }: HttpsAgentOptions): SessionStore | undefined {
  if (maxCachedSessions === 0) return undefined;
  return new MemorySessionStore({ clock: Date.now, size: maxCachedSessions * cachedSessionLength });
}

/** What Node hands on are options of requests and of the agent, whatever their types call them: what users gave. */
function ours(options: RequestOptions): ConnectOptions {
  return options as ConnectOptions;
}

/** Data that nobody has asked for would be taken for the answer to the next request. */
function unasked(this: Duplex): void {
  this.destroy();
}

/**
 * Options that a request may be told otherwise and share a connection nevertheless. Host, port and what else is in the
 * name that Node makes; what is about a request, or looks at a connection without changing it; what agents add.
 */
const shared: ReadonlySet<string> = new Set<keyof ConnectOptions>([
  ...(["family", "host", "localAddress", "path", "port", "servername", "socketPath"] as const),
  ...(["allowHalfOpen", "handshakeTimeout", "highWaterMark", "signal", "timeout", "trace"] as const),
  ...(["keepAlive", "keepAliveInitialDelay", "noDelay"] as const),
  ...(["session", "sessionsFor"] as const),
]);
/** All others say to whom, or over what, a request goes. */
const separating: readonly string[] = clientTables
  .flatMap((table) => Object.entries(table))
  .flatMap(([name, row]) => ("scope" in row && !shared.has(name) ? [name] : []));

const nameKey = randomBytes(32);

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** The same text for the same value: an object is the same as itself alone, a list as one of the same entries. */
function identity(value: unknown): string {
  if (Array.isArray(value)) return JSON.stringify(value.map(identity));
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return JSON.stringify(value) ?? "";
  let known = identities.get(value);
  if (known === undefined) {
    lastIdentity += 1;
    known = lastIdentity;
    identities.set(value, known);
  }
  return `#${known}`;
}
