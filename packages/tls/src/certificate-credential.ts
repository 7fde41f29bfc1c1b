import { type CertificateKeyType, type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import {
  isSigner,
  type PrivateKey,
  type Signer,
  type SigningKey,
  signerFor,
  type Verifier,
  verifierFor,
} from "@tlskit/crypto";
import type { Credential, CredentialRequest, ServerSettings } from "@tlskit/handshake";
import { callerError, equalBytes, type TlsError } from "@tlskit/wire";
import {
  aBoolean,
  aFunction,
  aNumber,
  anObject,
  anyOf,
  aString,
  check,
  checkArguments,
  type Expectations,
  instanceOf,
  listOf,
  objectWith,
  once,
  optional,
} from "@tlskit/wire/arguments";
import { Certificate, certificateNames, DeclaredPrivateKey, isForgeable, X509Error } from "@tlskit/x509";
import { certificateKeyType } from "./certificate-key-type.ts";
import { schemesOf } from "./certificate-signature-schemes.ts";

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
}

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
  readonly #leaf: Certificate;
  /** For each signature of the chain that a peer has to verify, the schemes that it may have for it. */
  readonly #chainSchemes: readonly (readonly SignatureScheme[])[];

  /**
   * @param settings what is the context's, whatever the certificate.
   * @throws {TlsError} `invalid_argument`, `no_certificates`, `unsupported_key`, `unsupported_choice`,
   *   `unsuitable_certificate`, `unsuitable_key`, `certificate_key_mismatch` (the caller's fault)
   */
  constructor(
    settings: Pick<ServerSettings, "provider" | "random" | "signatureSchemes">,
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
    // RFC 9846 §4.5.1#leaf-first
    if (!isSigner(key) && !isPrivateKeyOf(leaf, "privateKey" in key ? key.privateKey : key)) {
      throw callerError("certificate_key_mismatch", "the private key is not the certificate's");
    }
    // A key that no handshake could use is an error now, not at the first connection.
    const verifier = verifierFor(settings.provider, publicKey);
    this.verifier = (certificate.verifySignatures ?? isSigner(key)) ? verifier : undefined;
    this.signer = signerFor(settings.provider, key, settings.random);
    this.#leaf = leaf;
    this.signatureSchemes = schemesOfKey(keyType, this.signer, wanted);
    // What no peer can choose would be held against each of them.
    if (
      !this.signatureSchemes.some((scheme) => scheme.inCertificateVerify && settings.signatureSchemes.includes(scheme))
    ) {
      throw callerError(
        "unsupported_choice",
        `none of the context's signature schemes is one that the certificate's key may sign handshakes with: ${named(this.signatureSchemes) || "none"}`,
      );
    }
    this.certificates = chain.map(({ der }) => der);
    const verified = chain.filter(({ selfIssued }) => !selfIssued);
    checkSuitable(leaf, verified);
    this.#chainSchemes = verified.map(({ signatureAlgorithm }) => schemesOf(signatureAlgorithm));
  }

  /** Whether a peer that asks so can use it. */
  canServe(request: CredentialRequest): boolean {
    return request.signatureSchemes.some((scheme) => this.signatureSchemes.includes(scheme));
  }

  /** Whether a peer that asks so can verify the chain, as far as it says. */
  hasVerifiableChain(request: CredentialRequest): boolean {
    return this.#chainSchemes.every((schemes) =>
      schemes.some(({ code }) => request.signatureSchemesInCertificates.includes(code)),
    );
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

/** What a key signs handshakes with. */
function schemesOfKey(
  keyType: CertificateKeyType,
  { algorithms }: Signer,
  wanted: readonly SignatureScheme[] | undefined,
): readonly SignatureScheme[] {
  const ofKey = signatureSchemes.filter((scheme) => scheme.keyType === keyType);
  const possible = ofKey.filter(({ algorithm }) => algorithms.includes(algorithm));
  if (!possible.some(({ inCertificateVerify }) => inCertificateVerify)) {
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
function checkSuitable(leaf: Certificate, verified: readonly Certificate[]): void {
  const unsuitable = (why: string): TlsError => callerError("unsuitable_certificate", why);
  // RFC 9846 §4.5.1.2#x509v3
  const older = [leaf, ...verified].find(({ version }) => version !== 3);
  if (older !== undefined) throw unsuitable(`TLS 1.3 shows certificates of version 3, one is of ${older.version}`);
  // RFC 9846 §4.3.3#sha1-certificates, §4.5.1.2#sha1-fallback
  if (verified.some(({ signatureAlgorithm }) => isForgeable(signatureAlgorithm))) {
    throw unsuitable("a certificate is signed with SHA-1 or MD5, which proves nothing");
  }
  // RFC 9846 §4.5.1.2#key-for-signing
  if (leaf.keyUsage !== undefined && !leaf.keyUsage.has("digitalSignature")) {
    throw unsuitable("the certificate's key is not for digitalSignature, by its key usage");
  }
}

const selection = { credentials: once(listOf(instanceOf(CertificateCredential, "@tlskit/tls"))), request: anObject };

/**
 * RFC 9846 §4.5.1.2#chain-schemes: of those that the client can use, those for the name that it asks for; if there are
 * none, all (RFC 6066 §3 leaves that open, and it is what other servers do). Of these the first whose chain the client
 * can verify; if it can verify none as far as it says, the first. It is what the `selectCredential` of a handshake's
 * settings wants.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function selectCredential(
  credentials: readonly CertificateCredential[],
  request: CredentialRequest,
): CertificateCredential | undefined {
  checkArguments({ credentials, request }, selection);
  const usable = credentials.filter((credential) => credential.canServe(request));
  const { serverName } = request;
  const named = serverName === undefined ? [] : usable.filter((credential) => credential.isFor(serverName));
  const candidates = named.length > 0 ? named : usable;
  return candidates.find((credential) => credential.hasVerifiableChain(request)) ?? candidates[0];
}
