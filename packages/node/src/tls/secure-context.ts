import { constants, hash, randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type Certificate,
  CertificateCredential,
  type CertificateWithKey,
  type ClientContext,
  type ExternalPskFor,
  type PskClientContext,
  type ServerContext,
  type SignatureScheme,
  TlsError,
  TrustAnchors,
} from "@tlskit/tls";
import type { AlpnProtocols } from "../options/alpn.ts";
import { createClientContext, createPskClientContext, sharedClientContext } from "../options/client-context.ts";
import { createServerContext, type ServerContextOptions } from "../options/server-context.ts";
import { type Authorities, authoritiesOf } from "./authorities.ts";
import { checkOptions } from "./check-options.ts";
import { Choices } from "./choices.ts";
import { credentialsOf } from "./credentials.ts";
import { defaultAnchors, hasNamedAuthorities } from "./default-authorities.ts";
import { materialError } from "./material-errors.ts";
import { type SecureContextOptions, type StrictOptions, strictOptions } from "./options.ts";
import { revocationBy } from "./revocation-lists.ts";
import { ServerTickets } from "./server-tickets.ts";

/** What a server asks of its connections whichever context they have. The same object means the same server. */
export interface ServerRules extends RulesOfContexts {
  /** What clients are told for them to choose a pre-shared key by. */
  readonly pskIdentityHint?: string | undefined;
}

type RulesOfContexts = Pick<
  ServerContextOptions,
  | "contextFor"
  | "externalPsks"
  | "handshakeTimeout"
  | "ocspResponseFor"
  | "rejectUnauthorized"
  | "requestCert"
  | "selectAlpnProtocol"
  | "sessionContext"
  | "tickets"
>;

/** Certificates, keys, whom to trust, versions and suites: what connections of either role share. */
export class SecureContext {
  /**
   * As far as programs use the object of C++ that `node:tls` has here: `addCACert` adds authorities (a PEM text) to those that
   * are trusted anyway.
   */
  readonly context: { readonly addCACert: (pem: string | Uint8Array) => void } = {
    addCACert: (pem) => this.#alsoTrust(authoritiesOf(pem).certificates),
  };
  readonly #options: StrictOptions;
  /** Whom it was said to trust. */
  readonly #authorities: Authorities | undefined;
  /** Who is trusted besides. */
  #added: readonly Certificate[] = [];
  readonly #certificates: readonly CertificateWithKey[];
  readonly #choices: Choices;
  readonly #revocation: ReturnType<typeof revocationBy>;
  #ownTickets: ServerTickets | undefined;
  readonly #clients = new Map<string, ClientContext | PskClientContext>();
  #servers = new WeakMap<ServerRules, Map<string, ServerContext>>();

  /**
   * @internal
   * @throws {Error} as of `node:tls`, for options that aren't what they have to be, what can't be read, and a key that isn't the
   *   certificate's
   */
  constructor(options: SecureContextOptions) {
    checkOptions(options);
    this.#options = strictOptions(options);
    this.#choices = new Choices(options);
    this.#revocation = revocationBy(options.crl);
    this.#authorities = options.ca ? authoritiesOf(options.ca) : undefined;
    const { certificates, authorities } = ownCredentials(options, this.#authorities?.certificates ?? []);
    this.#certificates = certificates;
    if (authorities.length > 0) this.#alsoTrust(authorities);
  }

  /** The certificate that a client has, the first of several. */
  get clientCertificate(): Certificate | undefined {
    return this.#certificates[0]?.chain[0];
  }

  /** Of sockets that no server has: whoever has the context has its sessions, as with `node:tls`. */
  get #tickets(): ServerTickets | false {
    this.#ownTickets ??= new ServerTickets(new EventEmitter(), this.#options);
    return this.#ownTickets.areMade && this.#ownTickets;
  }

  /** Whether it was said whom to trust. */
  get namesAuthorities(): boolean {
    return this.#authorities !== undefined || this.#added.length > 0 || hasNamedAuthorities();
  }

  #alsoTrust(authorities: readonly Certificate[]): void {
    this.#added = [...this.#added, ...authorities];
    this.#clients.clear();
    this.#servers = new WeakMap();
  }

  /** Whom it trusts, where that isn't whom the process trusts. */
  get #anchors(): TrustAnchors | undefined {
    if (this.#added.length === 0) return this.#authorities?.anchors;
    const { all, passedOver } = this.#authorities?.anchors ?? defaultAnchors();
    return TrustAnchors.of([...all, ...this.#added], passedOver);
  }

  /** A client's, made once for the protocols that it offers. */
  clientContext(
    protocols: AlpnProtocols | undefined,
    externalPskFor?: ExternalPskFor | undefined,
  ): ClientContext | PskClientContext {
    if (externalPskFor !== undefined) return this.#makePskClientContext(protocols, externalPskFor);
    const name = JSON.stringify(protocols ?? null);
    const context = this.#clients.get(name) ?? this.#makeClientContext(protocols);
    this.#clients.set(name, context);
    return context;
  }

  /** A client's that may have a key for the server, or else verifies its certificate. */
  #makePskClientContext(protocols: AlpnProtocols | undefined, externalPskFor: ExternalPskFor): PskClientContext {
    return createPskClientContext({
      ...this.#options,
      ...this.#choices.forClient(true),
      ca: this.#anchors ?? defaultAnchors(),
      revocation: this.#revocation,
      certificates: this.#certificates,
      ALPNProtocols: protocols,
      externalPskFor,
    });
  }

  #makeClientContext(protocols: AlpnProtocols | undefined): ClientContext | PskClientContext {
    const ca = this.#anchors ?? defaultAnchors();
    const revocation = this.#revocation;
    const choices = this.#choices.forClient(false);
    const options = { ...this.#options, ...choices, ca, revocation, ALPNProtocols: protocols };
    const [certificate, ...others] = this.#certificates;
    if (certificate === undefined) return sharedClientContext(options);
    if (others.length > 0) return createClientContext({ ...options, certificates: this.#certificates });
    // As of node:tls: the only one that there is, is shown to servers that name other authorities as well.
    return createClientContext({
      ...options,
      certificates: this.#certificates,
      chooseCertificate: () => certificate,
      sessionContext: fingerprint(certificate),
    });
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
    const certificates = this.#certificates;
    const { pskIdentityHint, externalPsks, ...told } = rules;
    const { secureOptions = 0 } = this.#options;
    const choices = this.#choices.forServer({
      // Where there are none, other contexts may have some.
      certificates: certificates.length > 0 || externalPsks === undefined,
      decryption: certificates.some(decrypts),
      psks: externalPsks !== undefined,
      pskIdentityHint,
    });
    return createServerContext({
      ...this.#options,
      ...choices,
      // It is for whoever makes the tickets.
      secureOptions: secureOptions & ~constants.SSL_OP_NO_TICKET,
      // As of node:tls: with one that can't sign as sigalgs say, it is handshakes that fail.
      certificates: certificates.filter((one) => signsBy(one, choices.signatureSchemes)),
      ...told,
      tickets: told.tickets ?? this.#tickets,
      ...this.#clientsOf(rules),
      // As of node:tls: a server may have nothing to show, and its handshakes fail then unless another context is chosen.
      externalPsks: externalPsks ?? (certificates.length > 0 ? undefined : () => undefined),
      ALPNProtocols: protocols,
    });
  }

  /** Whose clients a server trusts that asks them who they are: as of `node:tls` whom the process trusts, where nobody is named. */
  #clientsOf({ requestCert, rejectUnauthorized }: ServerRules): ServerContextOptions {
    if (requestCert !== true) return {};
    const anchors = this.#anchors ?? defaultAnchors();
    if (this.#revocation === undefined) return { ca: anchors };
    const demand = rejectUnauthorized === false ? "optional" : "required";
    return {
      requestCert: undefined,
      rejectUnauthorized: undefined,
      clientCertificates: { demand, anchors, revocation: this.#revocation },
    };
  }
}

function ownCredentials(...given: Parameters<typeof credentialsOf>): ReturnType<typeof credentialsOf> {
  try {
    return credentialsOf(...given);
  } catch (error) {
    throw materialError(error, given[0].cert);
  }
}

function signsBy(certificate: CertificateWithKey, schemes: readonly SignatureScheme[] | undefined): boolean {
  if (schemes === undefined) return true;
  const random = (length: number): Uint8Array => randomBytes(length);
  try {
    new CertificateCredential(
      { provider: nodeProvider, random, clock: Date.now, signatureSchemes: schemes },
      certificate,
    );
    return true;
  } catch (error) {
    if (error instanceof TlsError && error.code === "unsupported_choice") return false;
    throw error;
  }
}

/** Whether a certificate's key may be for the key exchange by RSA. */
function decrypts({ chain: [leaf] }: CertificateWithKey): boolean {
  const { publicKey } = leaf?.subjectPublicKeyInfo ?? {};
  return publicKey?.type === "RSA" && (leaf?.keyUsage?.has("keyEncipherment") ?? true);
}

/** What tells sessions of one certificate from those of another. */
function fingerprint({ chain: [leaf] }: CertificateWithKey): string {
  return hash("sha256", leaf?.der ?? new Uint8Array(0), "hex");
}

/**
 * What connections share, read and checked once.
 * @throws {Error} as of `node:tls`, for options that aren't what they have to be, what can't be read, and a key that isn't the
 *   certificate's
 */
export function createSecureContext(options: SecureContextOptions = {}): SecureContext {
  return new SecureContext(options);
}
