import { hash } from "node:crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { CertificateWithKey, ClientContext, PskClientContext, ServerContext } from "@tlskit/tls";
import type { AlpnProtocols } from "../options/alpn.ts";
import { certificatesOf } from "../options/certificates.ts";
import { createClientContext, sharedClientContext } from "../options/client-context.ts";
import { createServerContext, type ServerContextOptions } from "../options/server-context.ts";
import { defaultTrust } from "../trust.ts";
import { type SecureContextOptions, type StrictOptions, strictOptions } from "./options.ts";

/** What a server asks of its connections whichever context they have. The same object means the same server. */
export type ServerRules = Pick<
  ServerContextOptions,
  "contextFor" | "handshakeTimeout" | "rejectUnauthorized" | "requestCert" | "sessionContext" | "tickets"
>;

/** Certificates, keys, whom to trust, versions and suites: what connections of either role share. */
export class SecureContext {
  readonly #options: StrictOptions;
  readonly #certificates: readonly CertificateWithKey[];
  readonly #clients = new Map<string, ClientContext | PskClientContext>();
  readonly #servers = new WeakMap<ServerRules, Map<string, ServerContext>>();

  /**
   * @internal
   * @throws {TlsError} and {X509Error} for what can't be read, and a key that isn't the certificate's
   */
  constructor(options: SecureContextOptions) {
    this.#options = strictOptions(options);
    this.#certificates = certificatesOf(this.#options, nodeProvider);
  }

  /** Whether it was said whom to trust. */
  get namesAuthorities(): boolean {
    return this.#options.ca !== undefined;
  }

  /** A client's, made once for the protocols that it offers. */
  clientContext(protocols: AlpnProtocols | undefined): ClientContext | PskClientContext {
    const options = { ...this.#options, ALPNProtocols: protocols };
    const [certificate, ...others] = this.#certificates;
    if (certificate === undefined || others.length > 0) return sharedClientContext(options);
    const name = JSON.stringify(protocols ?? null);
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    // As of node:tls: the only one that there is, is shown to servers that name other authorities as well.
    const shown = { chooseCertificate: () => certificate, sessionContext: fingerprint(certificate) };
    const context = createClientContext({ ...options, ...shown });
    this.#clients.set(name, context);
    return context;
  }

  /** A server's, made once for its rules and the protocols that it chooses from. */
  serverContext(rules: ServerRules, protocols: AlpnProtocols | undefined): ServerContext {
    const known = this.#servers.get(rules) ?? new Map<string, ServerContext>();
    this.#servers.set(rules, known);
    const name = JSON.stringify(protocols ?? null);
    const context = known.get(name) ?? this.#makeServerContext(rules, protocols);
    known.set(name, context);
    return context;
  }

  #makeServerContext(rules: ServerRules, protocols: AlpnProtocols | undefined): ServerContext {
    const { ca, ...options } = this.#options;
    // As of node:tls: whom the process trusts, where nobody is named.
    const whom = rules.requestCert === true ? { ca: ca ?? defaultTrust().anchors } : {};
    return createServerContext({ ...options, ...whom, ...rules, ALPNProtocols: protocols });
  }
}

/** What tells sessions of one certificate from those of another. */
function fingerprint({ chain: [leaf] }: CertificateWithKey): string {
  return hash("sha256", leaf?.der ?? new Uint8Array(0), "hex");
}

/**
 * What connections share, read and checked once.
 * @throws {TlsError} and {X509Error} for what can't be read, and a key that isn't the certificate's
 */
export function createSecureContext(options: SecureContextOptions = {}): SecureContext {
  return new SecureContext(options);
}
