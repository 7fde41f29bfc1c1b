import type { ServerOptions as Http1ServerOptions } from "node:http";
import type { ClientSessionOptions, SecureServerOptions, ServerOptions, SessionOptions } from "node:http2";
import type { AgentOptions } from "node:https";
import type { clientOptions } from "./client-options.ts";
import type { commonOptions } from "./common-options.ts";
import type { Row } from "./table.ts";

type Rows<Name extends string> = Readonly<Record<Name, Row>>;

const http: Row = { is: "done", scope: "http" };

/** What is told to the socket. */
type OfSockets = "highWaterMark" | "keepAlive" | "keepAliveInitialDelay" | "noDelay";

/** What `http.createServer` is told, besides what is the socket's. */
export const http1ServerOptions: Rows<Exclude<keyof Http1ServerOptions, OfSockets>> = {
  IncomingMessage: http,
  ServerResponse: http,
  connectionsCheckingInterval: http,
  headersTimeout: http,
  httpValidation: http,
  insecureHTTPParser: http,
  joinDuplicateHeaders: http,
  keepAliveTimeout: http,
  keepAliveTimeoutBuffer: http,
  maxHeaderSize: http,
  optimizeEmptyRequests: http,
  rejectNonStandardBodyWrites: http,
  requestTimeout: http,
  requireHostHeader: http,
  shouldUpgradeCallback: http,
  uniqueHeaders: http,
};

const http2SessionOptions: Rows<keyof SessionOptions> = {
  maxDeflateDynamicTableSize: http,
  maxHeaderListPairs: http,
  maxOriginSetSize: http,
  maxOutstandingPings: http,
  maxSendHeaderBlockLength: http,
  maxSessionMemory: http,
  maxSettings: http,
  paddingStrategy: http,
  peerMaxConcurrentStreams: http,
  remoteCustomSettings: http,
  settings: http,
  strictFieldWhitespaceValidation: http,
  unknownProtocolTimeout: http,
};

/** What `http2.createSecureServer` is told, besides what is TLS's and what is for HTTP/1.1. */
export const http2ServerOptions: Rows<keyof ServerOptions | keyof Pick<SecureServerOptions, "allowHTTP1" | "origins">> =
  {
    ...http2SessionOptions,
    Http1IncomingMessage: http,
    Http1ServerResponse: http,
    Http2ServerRequest: http,
    Http2ServerResponse: http,
    allowHTTP1: http,
    http1Options: http,
    maxSessionInvalidFrames: http,
    maxSessionRejectedStreams: http,
    origins: http,
    streamResetBurst: http,
    streamResetRate: http,
    strictSingleValueFields: http,
  };

/** What `http2.connect` is told, besides what is TLS's. */
export const http2ClientOptions: Rows<
  Exclude<keyof ClientSessionOptions, "createConnection" | "protocol"> | "strictSingleValueFields"
> = {
  ...http2SessionOptions,
  maxReservedRemoteStreams: http,
  strictSingleValueFields: http,
};

/** What `https.Agent` is told, besides what is TLS's and the socket's. */
export const agentOptions: Rows<Exclude<keyof AgentOptions, keyof typeof clientOptions | keyof typeof commonOptions>> =
  {
    agentKeepAliveTimeoutBuffer: http,
    defaultPort: http,
    maxCachedSessions: { is: "done", scope: "http" },
    keepAliveMsecs: http,
    maxFreeSockets: http,
    maxSockets: http,
    maxTotalSockets: http,
    protocol: http,
    scheduling: http,

    proxyEnv: { is: "refused", instead: "an HttpsAgent makes no connections by way of a proxy" },
  };
