import { type CertificateKeyType, type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import {
  type Awaitable,
  allOf,
  type Decrypter,
  type DecryptionKey,
  isSigner,
  isWaitable,
  type PrivateKey,
  run,
  type Signer,
  type SigningKey,
  type Steps,
  signerFor,
  type Verifier,
  verifierFor,
  wait,
} from "@tlskit/crypto";
import type {
  Attestations,
  ClientCredentialRequest,
  Credential,
  CredentialRequest,
  ServerSettings,
} from "@tlskit/handshake";
import { callerError, equalBytes, type TlsError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  anyOf,
  aString,
  bytes,
  check,
  checkArguments,
  type Expectations,
  instanceOf,
  listOf,
  objectWith,
  once,
  optional,
} from "@tlskit/wire/arguments";
import {
  Certificate,
  certificateNames,
  DeclaredPrivateKey,
  encodeSct,
  isForgeable,
  matchesFilters,
  Name,
  type SignedCertificateTimestamp,
  X509Error,
} from "@tlskit/x509";
import { certificateKeyType, mayEncryptKeys } from "./certificate-key-type.ts";
import { schemesOf } from "./certificate-signature-schemes.ts";
import { maxAuthoritiesLookedAt } from "./limits.ts";
import type { OcspStaple, OcspStapling } from "./ocsp-staple.ts";

/** A certificate of one's own, with the key behind it: what a server shows, or a client that is asked for one. */
export interface CertificateWithKey {
  /** The leaf, then what certifies it, in order. The trust anchor itself can be left out. */
  readonly chain: readonly Certificate[];
  /** The leaf's private key: one that is here, or whatever signs with it. */
  readonly key: SigningKey;
  /** What the key may sign handshakes with: everything that it can, unless told otherwise. */
  readonly signatureSchemes?: readonly SignatureScheme[] | undefined;
  /**
   * Whether each signature is verified before the peer gets it, which costs a verification. Unless told otherwise those
   * of a `Signer` are, those of a private key aren't: what signs elsewhere may have another key than the certificate's,
   * and its owner would be blamed for it, or be broken, and a broken RSA signature shows its private key to everybody.
   */
  readonly verifySignatures?: boolean | undefined;
  /**
   * Whether certificates of X.509 version 1 are shown too, which TLS forbids (RFC 9846 §4.5.1.2, RFC 5246 §7.4.2) and most
   * peers take: `openssl x509 -req` has made such for decades. Unless told otherwise they are refused.
   */
  readonly allowVersion1?: boolean | undefined;
  /**
   * Whoever decrypts with the leaf's RSA key, where `key` is a signer: for the key exchange by RSA of TLS 1.2. A private key
   * does it by itself.
   */
  readonly decrypter?: Decrypter | undefined;
  /**
   * `ocspStaple(…)`: an OCSP response about the leaf, which is shown beside it to a peer that asks, as long as it is good; or a
   * list of such, for each certificate of the chain.
   */
  readonly ocspStaple?: OcspStapling | readonly (OcspStapling | undefined)[] | undefined;
  /** Told what was wrong with getting an OCSP response: what the function threw, or `unsuitable_staple`, `no_staple`. */
  readonly ocspStapleFailed?: ((error: unknown, certificate: Certificate) => void) | undefined;
  /** The issuer of the chain's last certificate, if that isn't its own: only for OCSP responses to be checked by. */
  readonly issuer?: Certificate | undefined;
  /**
   * Promises of logs to publish the leaf (RFC 6962 §3.3), which are shown beside it to a peer that asks. Certificates that
   * have theirs embedded need none.
   */
  readonly signedCertificateTimestamps?: readonly SignedCertificateTimestamp[] | undefined;
}

/** Gives an OCSP response in DER about a certificate, at once or later; nothing if there is none. */
export type OcspResponseFor = (
  certificate: Certificate,
  issuer: Certificate | undefined,
) => Awaitable<Uint8Array | undefined>;

const aStaple = objectWith("what ocspStaple of @tlskit/tls gives", { beside: aFunction });

const expectations: Expectations<CertificateWithKey> = {
  chain: listOf(instanceOf(Certificate, "@tlskit/x509")),
  key: anyOf(
    "a private key or a signer",
    objectWith("a signer", { algorithms: listOf(aString), sign: aFunction }),
    objectWith("a private key", { type: aString }),
    objectWith("a declared private key", { privateKey: anObject }),
  ),
  signatureSchemes: optional(
    listOf(objectWith("a signature scheme out of @tlskit/ciphersuites", { name: aString, code: aNumber })),
  ),
  verifySignatures: optional(aBoolean),
  allowVersion1: optional(aBoolean),
  decrypter: optional(objectWith("a decrypter", { modulusLength: aNumber, decrypt: aFunction })),
  ocspStaple: optional(
    anyOf("what ocspStaple of @tlskit/tls gives, or a list of such", aStaple, listOf(optional(aStaple))),
  ),
  ocspStapleFailed: optional(aFunction),
  issuer: optional(instanceOf(Certificate, "@tlskit/x509")),
  signedCertificateTimestamps: optional(
    listOf(
      objectWith("a certificate timestamp, as decodeSct of @tlskit/x509 gives it", { logId: bytes, signature: bytes }),
    ),
  ),
};

/**
 * A certificate with its key, checked and ready to be used. Contexts make theirs out of their `certificates`; it is here
 * for other hosts of a handshake.
 */
export class CertificateCredential implements Credential {
  readonly certificates: readonly Uint8Array[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly signer: Signer;
  readonly verifier: Verifier | undefined;
  readonly decryptionKey: DecryptionKey | undefined;
  readonly #leaf: Certificate;
  readonly #chain: readonly Certificate[];
  /** For each signature of the chain that a peer has to verify, the schemes that it may have for it. */
  readonly #chainSchemes: readonly (readonly SignatureScheme[])[];
  /** Of each certificate of the chain. */
  readonly #staples: readonly (OcspStaple | undefined)[];
  /** Of the leaf. */
  readonly #issuer: Certificate | undefined;
  readonly #timestamps: readonly Uint8Array[] | undefined;

  /**
   * @param settings what is the context's, whatever the certificate.
   * @throws {TlsError} `invalid_argument`, `no_certificates`, `unsupported_key`, `unsupported_choice`,
   *   `unsuitable_certificate`, `unsuitable_key`, `certificate_key_mismatch`, `unsuitable_staple` (the caller's fault)
   */
  constructor(
    settings: Pick<ServerSettings, "provider" | "random" | "clock" | "signatureSchemes"> &
      Partial<Pick<ServerSettings, "versions">>,
    certificate: CertificateWithKey,
  ) {
    // What else it has isn't looked at: an identity out of a PKCS#12 file has a name too.
    check(certificate, "certificate", anObject);
    checkArguments(certificate, expectations);
    const { chain, key, signatureSchemes: wanted } = certificate;
    const [leaf] = chain;
    // RFC 9846 §4.5.1#never-empty
    if (leaf === undefined) throw callerError("no_certificates", "a certificate's chain is empty");
    const keyType = certificateKeyType(leaf.subjectPublicKeyInfo);
    const { publicKey } = leaf.subjectPublicKeyInfo;
    if (keyType === undefined || publicKey === undefined) {
      throw callerError(
        "unsupported_key",
        "the certificate's key is of a kind that TLS 1.3 has no signature scheme for here",
      );
    }
    // RFC 9846 §4.5.1#leaf-first, RFC 5246 §7.4.2#own-first
    if (!isSigner(key) && !isPrivateKeyOf(leaf, "privateKey" in key ? key.privateKey : key)) {
      throw callerError("certificate_key_mismatch", "the private key is not the certificate's");
    }
    // A key that no handshake could use is an error now, not at the first connection.
    const verifier = verifierFor(settings.provider, publicKey);
    this.verifier = (certificate.verifySignatures ?? isSigner(key)) ? verifier : undefined;
    this.signer = signerFor(settings.provider, key, settings.random);
    this.decryptionKey = decryptionKeyOf(leaf, keyType, certificate);
    this.#leaf = leaf;
    this.#chain = [...chain];
    const signsHandshakes = (scheme: SignatureScheme): boolean =>
      // RFC 9846 §4.3.3#tls12-meaning: RSA by PKCS#1 v1.5 too
      scheme.inCertificateVerify.length > 0 || (hasEarlier(settings) && scheme.inCertificates);
    this.signatureSchemes = schemesOfKey(keyType, this.signer, wanted, signsHandshakes);
    // What no peer can choose would be held against each of them.
    if (
      !this.signatureSchemes.some((scheme) => signsHandshakes(scheme) && settings.signatureSchemes.includes(scheme))
    ) {
      throw callerError(
        "unsupported_choice",
        `none of the context's signature schemes is one that the certificate's key may sign handshakes with: ${named(this.signatureSchemes) || "none"}`,
      );
    }
    this.certificates = chain.map(({ der }) => der);
    const verified = chain.filter(({ selfIssued }) => !selfIssued);
    checkSuitable(leaf, verified, certificate.allowVersion1 ?? false);
    this.#chainSchemes = verified.map(({ signatureAlgorithm }) => schemesOf(signatureAlgorithm));
    this.#staples = staplesOf(settings, certificate);
    this.#issuer = issuerOf(certificate, 0);
    this.#timestamps = certificate.signedCertificateTimestamps?.map(encodeSct);
  }

  /** What there is to show beside each certificate now. */
  get attestations(): readonly Attestations[] {
    return this.certificates.map((_, index) => ({
      ocspResponse: this.#staples[index]?.response,
      signedCertificateTimestamps: index === 0 ? this.#timestamps : undefined,
    }));
  }

  /**
   * Asks for OCSP responses where there are none, or it is time for newer ones. Ends when all have come, or failed, which
   * `ocspStapleFailed` is told.
   */
  renewStaples(): Awaitable<void> {
    const asked = this.#staples.map((staple) => staple?.renew()).filter((renewal) => isWaitable(renewal));
    return asked.length === 0 ? undefined : allOf(asked);
  }

  /** The same with the OCSP response that one is asked for now. */
  stapledBy(source: OcspResponseFor): Awaitable<Credential> {
    return run(this.#stapled(source));
  }

  *#stapled(source: OcspResponseFor): Steps<Credential> {
    const ocspResponse = yield* wait(source(this.#leaf, this.#issuer));
    if (ocspResponse === undefined) return this;
    check(ocspResponse, "what ocspResponseFor gave", bytes);
    const [own, ...others] = this.attestations;
    // not slice: a Buffer's slice is a view
    return { ...this, attestations: [{ ...own, ocspResponse: new Uint8Array(ocspResponse) }, ...others] };
  }

  /** Whether a peer that asks so can use it. */
  canServe({ signatureSchemes, fits }: Pick<CredentialRequest, "signatureSchemes" | "fits">): boolean {
    return signatureSchemes.some((scheme) => this.signatureSchemes.includes(scheme)) && (fits?.(this) ?? true);
  }

  /** Whether a peer that asks so can verify the chain, as far as it says. */
  hasVerifiableChain(request: Pick<CredentialRequest, "signatureSchemesInCertificates">): boolean {
    return this.#chainSchemes.every((schemes) =>
      schemes.some(({ code }) => request.signatureSchemesInCertificates.includes(code)),
    );
  }

  /** RFC 9846 §4.3.5#filters-kept, §4.5.1.2#filters-matched: whether it has what a server asks for, as far as that is known. */
  matches({ oidFilters }: ClientCredentialRequest): boolean {
    const filters = oidFilters.map(({ certificateExtensionOid: oid, certificateExtensionValues: values }) => ({
      oid,
      values,
    }));
    return matchesFilters(this.#leaf, filters);
  }

  /** RFC 9846 §4.5.1.2: whether one of its chain was issued by one of these, whose names are in canonical form. */
  isIssuedByOneOf(authorities: ReadonlySet<string>): boolean {
    return this.#chain.some(({ issuer }) => authorities.has(issuer.canonical));
  }

  /** Whether it is for the name that a client asks for: for one that no host can have (RFC 1123 §2.1), none is. */
  isFor(serverName: string): boolean {
    try {
      return certificateNames(this.#leaf, serverName);
    } catch (error) {
      if (error instanceof X509Error && error.code === "invalid_identity") return false;
      throw error;
    }
  }
}

function hasEarlier({ versions = [] }: Partial<Pick<ServerSettings, "versions">>): boolean {
  return versions.some(({ earlier }) => earlier !== undefined);
}

/** RFC 5246 §7.4.2#rsa-encryption */
function decryptionKeyOf(
  leaf: Certificate,
  keyType: CertificateKeyType,
  { key, decrypter }: CertificateWithKey,
): DecryptionKey | undefined {
  const { publicKey } = leaf.subjectPublicKeyInfo;
  const mayDecrypt = keyType === "rsaEncryption" && publicKey?.type === "RSA" && mayEncryptKeys(leaf);
  if (decrypter !== undefined) {
    if (!mayDecrypt) {
      throw callerError(
        "unsuitable_certificate",
        "there is a decrypter, and the certificate's key is not for keyEncipherment",
      );
    }
    if (decrypter.modulusLength !== publicKey.modulus.length) {
      throw callerError("certificate_key_mismatch", "the decrypter's key is not the certificate's");
    }
    return decrypter;
  }
  if (!mayDecrypt || isSigner(key)) return undefined;
  const privateKey = "privateKey" in key ? key.privateKey : key;
  return privateKey.type === "RSA" ? privateKey : undefined;
}

function staplesOf(
  { provider, clock }: Pick<ServerSettings, "provider" | "clock">,
  own: CertificateWithKey,
): readonly (OcspStaple | undefined)[] {
  const { chain, ocspStaple: given = [], ocspStapleFailed: failed } = own;
  const staples = "beside" in given ? [given] : given;
  if (staples.length > chain.length) {
    throw callerError(
      "unsuitable_staple",
      `there are ${staples.length} OCSP responses for ${chain.length} certificates`,
    );
  }
  return chain.map((certificate, index) => {
    const above = issuerOf(own, index);
    return staples[index]?.beside({ provider, clock, failed }, certificate, above);
  });
}

/** Of the certificate that is there in a chain. */
function issuerOf({ chain, issuer }: CertificateWithKey, index: number): Certificate | undefined {
  return chain[index + 1] ?? (chain[index]?.selfIssued === true ? chain[index] : issuer);
}

/** What a key signs handshakes with. */
function schemesOfKey(
  keyType: CertificateKeyType,
  { algorithms }: Signer,
  wanted: readonly SignatureScheme[] | undefined,
  signsHandshakes: (scheme: SignatureScheme) => boolean,
): readonly SignatureScheme[] {
  const ofKey = signatureSchemes.filter((scheme) => scheme.keyType === keyType);
  const possible = ofKey.filter(({ algorithm }) => algorithms.includes(algorithm));
  if (!possible.some(signsHandshakes)) {
    throw callerError(
      "unsuitable_key",
      `the signer signs with ${algorithms.join(", ") || "nothing"}, and handshakes with the certificate's key take one of ${named(ofKey)}`,
    );
  }
  const impossible = wanted?.find((scheme) => !possible.includes(scheme));
  if (impossible !== undefined) {
    throw callerError("unsupported_choice", `the certificate's key can't sign with ${impossible.name}`);
  }
  return wanted ?? possible;
}

function isPrivateKeyOf({ subjectPublicKeyInfo }: Certificate, privateKey: PrivateKey): boolean {
  const own = DeclaredPrivateKey.of(privateKey).subjectPublicKeyInfo;
  return equalBytes(own.subjectPublicKey, subjectPublicKeyInfo.subjectPublicKey);
}

function named(schemes: readonly SignatureScheme[]): string {
  return schemes.map(({ name }) => name).join(", ");
}

/**
 * What no peer would be right to accept is not shown to any.
 * @param verified the certificates whose signatures a peer verifies: all but those that are signed by themselves.
 */
function checkSuitable(leaf: Certificate, verified: readonly Certificate[], allowVersion1: boolean): void {
  const unsuitable = (why: string): TlsError => callerError("unsuitable_certificate", why);
  // RFC 9846 §4.5.1.2#x509v3, RFC 5246 §7.4.2#x509, §7.4.6#x509
  const older = allowVersion1 ? undefined : [leaf, ...verified].find(({ version }) => version !== 3);
  if (older !== undefined) throw unsuitable(`TLS 1.3 shows certificates of version 3, one is of ${older.version}`);
  // RFC 9846 §4.3.3#sha1-certificates, §4.5.1.2#sha1-fallback, RFC 9325 §4.5#hash
  if (verified.some(({ signatureAlgorithm }) => isForgeable(signatureAlgorithm))) {
    throw unsuitable("a certificate is signed with SHA-1 or MD5, which proves nothing");
  }
  // RFC 9846 §4.5.1.2#key-for-signing, RFC 5246 §7.4.2#rsa-signing, §7.4.2#single
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.has("digitalSignature")) {
    throw unsuitable("the certificate's key is not for digitalSignature, by its key usage");
  }
}

const selection = { credentials: once(listOf(instanceOf(CertificateCredential, "@tlskit/tls"))), request: anObject };

/**
 * RFC 9846 §4.5.1.2#chain-schemes: of those whose keys can sign what the peer takes, and do what the key exchange wants, the
 * one that fits best what it says, which it says in this order: that it is for the name that a client asks for
 * (RFC 6066 §3#unknown-name leaves open what else to show, and to show some other one is what other servers do), that the peer
 * can verify its chain as far as it tells, that its chain leads to one of the authorities that the peer names (RFC 9846 §4.3.4).
 * Of equals the first. It is what the `selectCredential` of a handshake's settings wants. The one that is chosen gets itself a
 * newer OCSP response if it is time to and the peer asks for one.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function selectCredential(
  credentials: readonly CertificateCredential[],
  request: CredentialRequest,
): CertificateCredential | undefined {
  checkArguments({ credentials, request }, selection);
  const { serverName, certificateAuthorities, attestations } = request;
  const authorities = namesIn(certificateAuthorities);
  const wishes: readonly ((credential: CertificateCredential) => boolean)[] = [
    (credential) => serverName !== undefined && credential.isFor(serverName),
    (credential) => credential.hasVerifiableChain(request),
    (credential) => credential.isIssuedByOneOf(authorities),
  ];
  let candidates = credentials.filter((credential) => credential.canServe(request));
  for (const wish of wishes) {
    const fulfilling = candidates.filter(wish);
    if (fulfilling.length > 0) candidates = fulfilling;
  }
  const [chosen] = candidates;
  if (attestations.ocspResponses) chosen?.renewStaples();
  return chosen;
}

/**
 * RFC 9846 §4.5.1.2, RFC 5246 §7.4.6#authorities: what a client shows to a server that asks: the first that signs by what it asks for, that its filters
 * match and that one issued whom it names; if it can verify the chains of some of these as far as it says, the first of
 * those. Nothing if none does: a certificate says who its owner is, and a server that has no use for it needn't know. It is
 * what the `selectCredential` of a client's handshake settings wants.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function selectClientCredential(
  credentials: readonly CertificateCredential[],
  request: ClientCredentialRequest,
): CertificateCredential | undefined {
  checkArguments({ credentials, request }, selection);
  const authorities = namesIn(request.certificateAuthorities);
  const candidates = credentials.filter(
    (credential) =>
      credential.canServe(request) &&
      credential.matches(request) &&
      (request.certificateAuthorities.length === 0 || credential.isIssuedByOneOf(authorities)),
  );
  const chosen = candidates.find((credential) => credential.hasVerifiableChain(request)) ?? candidates[0];
  if (request.attestations.ocspResponses) chosen?.renewStaples();
  return chosen;
}

/** The canonical forms of those names that can be read: what can't be is nobody's. */
function namesIn(authorities: readonly Uint8Array[]): ReadonlySet<string> {
  const names = authorities.slice(0, maxAuthoritiesLookedAt).flatMap((der) => {
    try {
      return Name.fromDer(der).canonical;
    } catch (error) {
      if (error instanceof X509Error) return [];
      throw error;
    }
  });
  return new Set(names);
}
