/**
 * undici and its `fetch` over the TLS of `@tlskit/node`: a connector, a dispatcher, a `fetch`.
 * @module
 */
export { type AgentOptions, createAgent, createFetch, type Fetch } from "./agent.ts";
export { type ConnectorOptions, connector } from "./connector.ts";
export { defaultCachedSessions, defaultConnectTimeout, defaultKeepAliveDelay } from "./limits.ts";
