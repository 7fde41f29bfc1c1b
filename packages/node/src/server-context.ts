import {
  type Awaitable,
  type ClientOffer,
  callerError,
  certificatesFromPem,
  privateKeyFromPem,
  type ServerCertificate,
  ServerContext,
} from "@tlskit/tls";
import { type CommonOptions, contextOptions } from "./options.ts";

/** What a server can be told that its connections share. */
export interface ServerContextOptions extends CommonOptions {
  /** A PEM text: the server's certificate, then those that certify it, in order. Goes with `key`. */
  readonly cert?: string | undefined;
  /** A PEM text: the private key (PKCS#8, SEC 1 or PKCS#1, not encrypted). */
  readonly key?: string | undefined;
  /** Certificates with their keys, or with whatever signs for them; the first is for clients that name nobody else. */
  readonly certificates?: readonly ServerCertificate[] | undefined;
  /** Bytes of records of early data, which isn't accepted, that are passed over: 2^16 unless told otherwise. */
  readonly maxSkippedEarlyData?: number | undefined;
  /** Gives the context for a client by what its hello offers, or throws a `peerError` to refuse it. */
  readonly contextFor?: ((offer: ClientOffer) => Awaitable<ServerContext>) | undefined;
}

/**
 * What `createServer` makes of its options, to be made once and shared.
 * @throws {TlsError} `no_certificates`, `certificate_key_mismatch`, `unsupported_choice`, … (the caller's fault)
 * @throws {X509Error} for a `cert` or `key` that can't be read
 */
export function createServerContext(options: ServerContextOptions): ServerContext {
  return new ServerContext({
    ...contextOptions(options),
    certificates: certificatesOf(options),
    maxSkippedEarlyData: options.maxSkippedEarlyData,
    contextFor: options.contextFor,
  });
}

function certificatesOf({ cert, key, certificates = [] }: ServerContextOptions): readonly ServerCertificate[] {
  if (cert === undefined && key === undefined) return certificates;
  if (cert === undefined || key === undefined) {
    throw callerError("no_certificates", "cert and key go together, and one of them is missing");
  }
  const chain = certificatesFromPem(cert);
  const publicKey = chain[0]?.subjectPublicKeyInfo;
  return [{ chain, key: privateKeyFromPem(key, publicKey === undefined ? {} : { publicKey }) }, ...certificates];
}
