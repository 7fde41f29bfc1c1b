import { argumentError } from "./argument-errors.ts";

/** `SNICallback` gave something else than `createSecureContext` makes: in the words of `node:tls`. */
export function noContext(): TypeError {
  return new TypeError("Invalid SNI context");
}

/** `ALPNCallback` gave a protocol that the client doesn't offer. */
export function notOffered(chosen: unknown, offered: readonly string[]): Error {
  const message = `ALPN callback returned a value (${String(chosen)}) that did not match any of the client's offered protocols (${offered.join(", ")})`;
  return argumentError(TypeError, "ERR_TLS_ALPN_CALLBACK_INVALID_RESULT", message);
}

/** There are `ALPNCallback` and `ALPNProtocols`. */
export function twoAlpnChoices(): Error {
  const message = "The ALPNCallback and ALPNProtocols TLS options are mutually exclusive";
  return argumentError(TypeError, "ERR_TLS_ALPN_CALLBACK_WITH_PROTOCOLS", message);
}

/** `addContext` was called without a name. */
export function noServerName(): Error {
  const message = '"servername" is required parameter for Server.addContext';
  return argumentError(Error, "ERR_TLS_REQUIRED_SERVER_NAME", message);
}
