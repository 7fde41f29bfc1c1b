/**
 * A key server on Node, over mutual TLS, and its client: private keys of TLS servers on another machine.
 * @module
 */
export { clientsNamed } from "./clients-named.ts";
export type { Credentials } from "./credentials.ts";
export { KeyClient, type KeyClientOptions, type KeyServerAddress } from "./key-client.ts";
export { KeyListener, type KeyListenerOptions } from "./key-listener.ts";
export { defaultConnectTimeout, defaultMaxConnectionAge, defaultMaxConnections, defaultTimeLimit } from "./limits.ts";
