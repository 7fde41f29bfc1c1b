/**
 * The shape of `node:tls` over tlskit: its names, options, events, defaults and error codes.
 * @module
 */

import type { ProtocolName } from "@tlskit/ciphersuites/openssl-names";
import { runtimeTls } from "../runtime-tls.ts";
import { convertALPNProtocols } from "./alpn-protocols.ts";
import { getCiphers } from "./cipher-names.ts";
import { connect } from "./connect.ts";
import { getCACertificates, setDefaultCACertificates } from "./default-authorities.ts";
import { type Defaults, defaults } from "./defaults.ts";
import { createSecureContext, SecureContext } from "./secure-context.ts";
import { createServer, Server } from "./server.ts";
import { TLSSocket } from "./tls-socket.ts";

export type { AuthoritiesType } from "./default-authorities.ts";
export type { Defaults } from "./defaults.ts";
export type { ConnectionOptions, SecureContextOptions, TLSSocketOptions, TlsOptions } from "./options.ts";

// What holds where nobody says anything, as it was at first: who wants something else assigns to the default export.
export const CLIENT_RENEG_LIMIT: number = defaults.CLIENT_RENEG_LIMIT;
export const CLIENT_RENEG_WINDOW: number = defaults.CLIENT_RENEG_WINDOW;
export const DEFAULT_CIPHERS: string = defaults.DEFAULT_CIPHERS;
export const DEFAULT_ECDH_CURVE: string = defaults.DEFAULT_ECDH_CURVE;
export const DEFAULT_MAX_VERSION: ProtocolName = defaults.DEFAULT_MAX_VERSION;
export const DEFAULT_MIN_VERSION: ProtocolName = defaults.DEFAULT_MIN_VERSION;

/** Ways to compress certificates (RFC 8879): none, since they are never compressed here. */
export function getCertificateCompressionAlgorithms(): string[] {
  return [];
}

/** Node's own, for programs that call it: what decides here is stricter, unless this is given as `checkServerIdentity`. */
export const checkServerIdentity: typeof runtimeTls.checkServerIdentity = runtimeTls.checkServerIdentity;

/** The authorities that Node brings along, as PEM texts. */
export const rootCertificates: readonly string[] = runtimeTls.rootCertificates;

export {
  connect,
  convertALPNProtocols,
  createSecureContext,
  createServer,
  getCACertificates,
  getCiphers,
  SecureContext,
  Server,
  setDefaultCACertificates,
  TLSSocket,
};

/** All of it, as programs have it that write `import tls from "node:tls"`; what they assign to its defaults holds. */
const tls: Defaults &
  Readonly<{
    checkServerIdentity: typeof checkServerIdentity;
    connect: typeof connect;
    convertALPNProtocols: typeof convertALPNProtocols;
    createSecureContext: typeof createSecureContext;
    createServer: typeof createServer;
    getCACertificates: typeof getCACertificates;
    getCertificateCompressionAlgorithms: typeof getCertificateCompressionAlgorithms;
    getCiphers: typeof getCiphers;
    rootCertificates: typeof rootCertificates;
    SecureContext: typeof SecureContext;
    Server: typeof Server;
    setDefaultCACertificates: typeof setDefaultCACertificates;
    TLSSocket: typeof TLSSocket;
  }> = Object.assign(defaults, {
  checkServerIdentity,
  connect,
  convertALPNProtocols,
  createSecureContext,
  createServer,
  getCACertificates,
  getCertificateCompressionAlgorithms,
  getCiphers,
  rootCertificates,
  SecureContext,
  Server,
  setDefaultCACertificates,
  TLSSocket,
});

// biome-ignore lint/style/noDefaultExport: node:tls has one, which programs import
export default tls;
