/** What a scan has found out, check by check, without a verdict: findings and policies are made of these. */
import type { SeenMessage } from "./probe/answer.ts";
import type { Version } from "./version.ts";

/** What came of a check. A check that fails spoils no other. */
export type Outcome<T> =
  | { readonly state: "found"; readonly value: T; readonly evidence: readonly Evidence[] }
  /** It couldn't be found out: the server stopped answering, say. */
  | { readonly state: "failed"; readonly code: string; readonly reason: string }
  | { readonly state: "skipped"; readonly why: SkippedWhy; readonly reason: string };

/**
 * `inapplicable`: there is nothing to ask (of a server without DHE, for its groups), so that nothing is wrong with it.
 * `not asked`: it is done by an option alone, so that nobody knows. `left out`: whoever scans didn't want it; likewise.
 */
export type SkippedWhy = "inapplicable" | "not asked" | "left out";

/** One exchange that something was seen in. */
export interface Evidence {
  /** What was tried, in a few words. */
  readonly about: string;
  readonly messages: readonly SeenMessage[];
}

/** Everything, by check. */
export interface Facts {
  readonly versions: readonly VersionFact[];
  readonly cipherSuites: readonly CipherSuitesFact[];
  readonly groups: readonly GroupsFact[];
  readonly diffieHellman: DiffieHellmanFact;
  readonly signatureSchemes: readonly SignatureSchemesFact[];
  readonly extensions: ExtensionsFact;
  readonly tolerance: readonly ToleranceFact[];
  readonly certificates: readonly CertificateFact[];
  readonly clientCertificates: ClientCertificatesFact;
  readonly resumption: ResumptionFact;
  readonly earlyData: EarlyDataFact;
  readonly renegotiation: RenegotiationFact;
  readonly alpn: AlpnFact;
  readonly http: HttpFact;
  readonly flaws: FlawsFact;
}

/** A check's name: `cipherSuites`. */
export type CheckName = keyof Facts;

export type FoundFacts = { readonly [Name in CheckName]: Outcome<Facts[Name]> };

export interface VersionFact {
  readonly version: Version;
  readonly spoken: boolean;
  /** How it was refused: `alert protocol_version`, `another version (TLS 1.2)`, `closed`, `silence`. */
  readonly refusal?: string | undefined;
}

/** A registered code point, with IANA's name, or its number where nobody knows one. */
export interface Named {
  readonly code: number;
  readonly name: string;
}

export interface CipherSuitesFact {
  readonly version: Version;
  /** Those that the server takes: in its own order where it has one, otherwise in that in which they were offered. */
  readonly accepted: readonly Named[];
  /** Whose order counts. `chacha20` (OpenSSL's PrioritizeChaCha): the server's, but who prefers ChaCha20 gets it. */
  readonly order: "server" | "client" | "chacha20" | "only one";
}

export interface GroupsFact {
  /** `TLS 1.2` stands for all that is older than 1.3: ECDHE's groups, and RFC 7919's where they are negotiated. */
  readonly version: "TLS 1.3" | "TLS 1.2";
  readonly accepted: readonly Named[];
  readonly order: "server" | "client" | "only one";
  /** TLS 1.3: whether the server asks by a HelloRetryRequest for a group that it prefers to one that has a share. */
  readonly retriesForPreferred?: boolean | undefined;
  /** Groups in which the same share of the server's was seen in two connections. */
  readonly reusedShares: readonly Named[];
}

export interface DiffieHellmanFact {
  /** Groups of DHE that were seen, before TLS 1.3. */
  readonly primes: readonly {
    readonly bits: number;
    /** Where it is from, if it is one that many servers have: `RFC 7919 ffdhe2048`, `RFC 3526 group 14`, `RFC 2409 group 2`. */
    readonly known?: string | undefined;
    /** Whether (p-1)/2 is a prime too; nothing where that wasn't computed. */
    readonly safe?: boolean | undefined;
    readonly prime: Uint8Array;
    readonly generator: Uint8Array;
  }[];
  readonly publicValueReused: boolean;
}

export interface SignatureSchemesFact {
  readonly version: "TLS 1.3" | "TLS 1.2";
  /** Those that the server signs its handshakes by. */
  readonly accepted: readonly Named[];
}

export interface ExtensionsFact {
  /** RFC 5746; nothing where only TLS 1.3 is spoken. */
  readonly secureRenegotiation?: boolean | undefined;
  /** RFC 7627; likewise. */
  readonly extendedMainSecret?: boolean | undefined;
  /** RFC 7366; nothing where there is no CBC suite. */
  readonly encryptThenMac?: boolean | undefined;
  /** RFC 7507; nothing where there is one version alone. */
  readonly fallbackScsv?: boolean | undefined;
  /** Methods that the server takes but null. */
  readonly compression: readonly Named[];
  /** RFC 6520. */
  readonly heartbeat: boolean;
  /** RFC 6066 §7. */
  readonly truncatedHmac: boolean;
  /** RFC 6066 §4, RFC 8449. */
  readonly maxFragmentLength: boolean;
  readonly recordSizeLimit?: number | undefined;
  /** RFC 8879: which algorithms its certificates come compressed by. */
  readonly certificateCompression: readonly Named[];
}

export interface ToleranceFact {
  /** `unknown-version`, `unknown-extension`, `grease`, `large-hello`, `split-hello`, … */
  readonly id: string;
  /** What was done, in a few words. */
  readonly about: string;
  readonly tolerated: boolean;
  /** What the server did instead. */
  readonly how?: string | undefined;
}

/** What a certificate says of itself. */
export interface CertificateSummary {
  readonly keyType: "RSA" | "RSA-PSS" | "EC" | "Ed25519" | "Ed448" | "ML-DSA" | "DSA" | "other";
  /** Of an RSA or DSA modulus, of a curve's field, of another key's octets; 0 where the key can't be read. */
  readonly keyBits: number;
  /** IANA's or NIST's name of the curve (`P-256`) or of the parameters (`ML-DSA-65`), where there is one. */
  readonly curve?: string | undefined;
  /** `ECDSA with SHA-256`; the object identifier of one that nobody here knows. */
  readonly signatureAlgorithm: string;
  /** The hash that was signed, `SHA-1`, where the algorithm has one beside it. */
  readonly signatureHash?: string | undefined;
  readonly subject: string;
  readonly issuer: string;
  /** Whether it names itself as its issuer. */
  readonly selfIssued: boolean;
  /** Hexadecimal digits. */
  readonly serialNumber: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Of the whole certificate: hexadecimal digits. */
  readonly sha256: string;
}

/** A certificate of the server's. Of one that can't be read all is empty or 0, and the verdict says `unreadable`. */
export interface CertificateFact extends CertificateSummary {
  /** With which hello it came: with the target's name, without one, with one that nobody has. */
  readonly shownTo: "name" | "no name" | "another name";
  /** DER, as they were sent, the server's own first. */
  readonly chain: readonly Uint8Array[];
  /** The rest of the chain in its order, as far as it can be read. */
  readonly others: readonly CertificateSummary[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** How far the authority says that it looked at whom it certifies: CA/Browser Forum's policies (BR §7.1.6.1, EVG §9.3). */
  readonly validation?: "domain" | "organization" | "individual" | "extended" | undefined;
  /** RFC 7633 status_request. */
  readonly mustStaple: boolean;
  /** RFC 9608: it says that nobody tells whether it was revoked. */
  readonly noRevocation: boolean;
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  readonly verdict: ChainVerdict;
  readonly staple: StapleFact;
  readonly timestamps: TimestampsFact;
}

export interface ChainProblem {
  /** x509's stable code (`expired`, `unknown_issuer`), or one of the scan's own. */
  readonly code: string;
  /** In plain words. */
  readonly reason: string;
}

export interface ChainVerdict {
  /** Whether a path to an anchor was found, without the host's name. */
  readonly trusted: boolean;
  /** Whether the path ends at one of the roots that browsers trust, so that their rules hold for it. */
  readonly publicRoot: boolean;
  /** Whether it is for the target's name. */
  readonly nameMatches: boolean;
  /** Everything that is wrong, the name included: x509's codes, `unreadable` and `invalid_identity`. */
  readonly problems: readonly ChainProblem[];
  /**
   * What is odd about what was sent, even if a path was found: `unreadable`, `duplicate`, `root_sent`, `wrong_order`,
   * `stranger` (it certifies nothing here), `gap` (who issued the server's own certificate isn't among them).
   */
  readonly oddities: readonly ChainProblem[];
  /** The path that was found, DER, leaf first, the anchor not included. */
  readonly path?: readonly Uint8Array[] | undefined;
  readonly anchor?: string | undefined;
}

export type StapleFact =
  | { readonly state: "none" }
  | { readonly state: "good"; readonly thisUpdate: number; readonly nextUpdate?: number | undefined }
  | { readonly state: "revoked"; readonly at: number; readonly reason?: string | undefined }
  /**
   * `malformed`, `no_answer` (the responder answered with an error), `another_certificate`, `stale`, `unknown` (the
   * responder doesn't know the certificate), `not_yet_valid`, `no_issuer` (so that nobody can tell who signed it), `untrusted`.
   */
  | { readonly state: "bad"; readonly problem: ChainProblem };

/** Signed certificate timestamps (RFC 6962), by the three ways in which they come: those of one log count once. */
export interface TimestampsFact {
  readonly inCertificate: number;
  readonly inHandshake: number;
  readonly inStaple: number;
}

export interface ClientCertificatesFact {
  readonly requested: boolean;
  /** Whether a client without one is refused. */
  readonly required: boolean;
  /** Names of authorities. */
  readonly authorities: readonly string[];
}

export interface ResumptionFact {
  /** TLS 1.3. */
  readonly psk?: { readonly resumed: boolean; readonly tickets: number; readonly lifetimeSeconds?: number } | undefined;
  /** TLS 1.2 and before, where tickets are given (RFC 5077). */
  readonly ticket?: { readonly resumed: boolean; readonly lifetimeSeconds?: number } | undefined;
  /** TLS 1.2 and before. */
  readonly identifier?: { readonly resumed: boolean } | undefined;
  /** Whether all tickets that were seen began with one key name (RFC 5077 §4), and which. */
  readonly ticketKeyName?: Uint8Array | undefined;
}

export interface EarlyDataFact {
  /** Octets that a ticket says the server takes; 0: none. */
  readonly maxSize: number;
  readonly accepted: boolean;
  /** By an option: whether the same early data was taken twice. */
  readonly replayed?: boolean | undefined;
}

export interface RenegotiationFact {
  /** By an option: what a server does that a client asks for another handshake in a connection. */
  readonly clientInitiated: "refused" | "accepted" | "closed";
  /** How often it was accepted in a row. */
  readonly times: number;
}

export interface AlpnFact {
  readonly accepted: readonly string[];
  /** What comes of protocols that nobody has: RFC 7301 §3.2 wants no_application_protocol. */
  readonly unknown: "refused" | "ignored" | "accepted";
}

export interface HttpFact {
  readonly status: number;
  readonly server?: string | undefined;
  /** RFC 6797; the header as it came, and what it means. */
  readonly hsts?:
    | {
        readonly header: string;
        readonly maxAgeSeconds: number;
        readonly includeSubDomains: boolean;
        readonly preload: boolean;
        /** Why browsers pass it over. */
        readonly problem?: string | undefined;
        /** Whether it came more than once, of which the first alone counts. */
        readonly repeated?: boolean | undefined;
      }
    | undefined;
  readonly location?: string | undefined;
  /** RFC 9110 §8.4: by what the answer was compressed, as the server calls it. */
  readonly contentEncoding?: string | undefined;
  /** Names of cookies that are set without the attribute Secure, so that browsers send them in the clear too. */
  readonly cookiesWithoutSecure: readonly string[];
}

/** By an option: faults of implementations that are known by name. */
export interface FlawsFact {
  readonly flaws: readonly {
    /** `heartbleed`, `ccs-injection`, `robot`, `ticketbleed`. */
    readonly id: string;
    readonly state: "vulnerable" | "not vulnerable" | "unclear";
    readonly how: string;
  }[];
}
