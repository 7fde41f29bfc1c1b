import { type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import { type CryptoProvider, type Random, type Signer, signerFor, verifierFor } from "@tlskit/crypto";
import type { Credential, CredentialRequest } from "@tlskit/handshake";
import { callerError, equalBytes, type TlsError } from "@tlskit/wire";
import { type Certificate, certificateNames, DeclaredPrivateKey, isForgeable, X509Error } from "@tlskit/x509";
import { certificateKeyType } from "./certificate-key-type.ts";
import { schemesOf } from "./certificate-signature-schemes.ts";

/** A certificate that a server shows, with the key behind it. */
export interface ServerCertificate {
  /** The leaf, then what certifies it, in order. The trust anchor itself can be left out. */
  readonly chain: readonly Certificate[];
  /** The leaf's private key: one that is here, or whatever signs with it. */
  readonly key: DeclaredPrivateKey | Signer;
  /** What the key may sign handshakes with: everything that it can, unless told otherwise. */
  readonly signatureSchemes?: readonly SignatureScheme[] | undefined;
}

/**
 * A server's certificate, checked and ready to be used. A {@link ServerContext} makes its own out of its `certificates`;
 * it is here for other hosts of a handshake.
 */
export class ServerCredential implements Credential {
  readonly certificates: readonly Uint8Array[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly signer: Signer;
  readonly #leaf: Certificate;
  /** For each signature of the chain that a client has to verify, the schemes that it may have for it. */
  readonly #chainSchemes: readonly (readonly SignatureScheme[])[];

  /**
   * @throws {TlsError} `no_certificates`, `unsupported_key`, `unsupported_choice`, `unsuitable_certificate`,
   * `certificate_key_mismatch` (the caller's fault)
   */
  constructor(
    context: { readonly provider: CryptoProvider; readonly random: Random },
    { chain, key, signatureSchemes: wanted }: ServerCertificate,
  ) {
    const [leaf] = chain;
    // RFC 9846 §4.5.1#never-empty
    if (leaf === undefined) throw callerError("no_certificates", "a server's chain is empty");
    const keyType = certificateKeyType(leaf.subjectPublicKeyInfo);
    const { publicKey } = leaf.subjectPublicKeyInfo;
    if (keyType === undefined || publicKey === undefined) {
      throw callerError(
        "unsupported_key",
        "the certificate's key is of a kind that TLS 1.3 has no signature scheme for here",
      );
    }
    // RFC 9846 §4.5.1#leaf-first
    if (
      key instanceof DeclaredPrivateKey &&
      !equalBytes(key.subjectPublicKeyInfo.subjectPublicKey, leaf.subjectPublicKeyInfo.subjectPublicKey)
    ) {
      throw callerError("certificate_key_mismatch", "the private key is not the certificate's");
    }
    // A key that no handshake could use is an error now, not at the first connection.
    verifierFor(context.provider, publicKey);
    this.signer = key instanceof DeclaredPrivateKey ? signerFor(context.provider, key.privateKey, context.random) : key;
    this.#leaf = leaf;
    const { algorithms } = this.signer;
    const possible = signatureSchemes.filter(
      (scheme) => scheme.keyType === keyType && algorithms.includes(scheme.algorithm),
    );
    for (const scheme of wanted ?? []) {
      if (!possible.includes(scheme)) {
        throw callerError("unsupported_choice", `the certificate's key can't sign with ${scheme.name}`);
      }
    }
    this.signatureSchemes = wanted ?? possible;
    this.certificates = chain.map(({ der }) => der);
    const verified = chain.filter(({ selfIssued }) => !selfIssued);
    checkSuitable(leaf, verified);
    this.#chainSchemes = verified.map(({ signatureAlgorithm }) => schemesOf(signatureAlgorithm));
  }

  /** Whether a client that asks so can use it. */
  canServe(request: CredentialRequest): boolean {
    return request.signatureSchemes.some((scheme) => this.signatureSchemes.includes(scheme));
  }

  /** Whether a client that asks so can verify the chain, as far as it says. */
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

/**
 * What no client would be right to accept is not shown to any.
 * @param verified the certificates whose signatures a client verifies: all but those that are signed by themselves.
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

/**
 * RFC 9846 §4.5.1.2#chain-schemes: of those that the client can use, those for the name that it asks for; if there are
 * none, all (RFC 6066 §3 leaves that open, and it is what other servers do). Of these the first whose chain the client
 * can verify; if it can verify none as far as it says, the first. It is what the `selectCredential` of a handshake's
 * context wants.
 */
export function selectCredential(
  credentials: readonly ServerCredential[],
  request: CredentialRequest,
): ServerCredential | undefined {
  const usable = credentials.filter((credential) => credential.canServe(request));
  const { serverName } = request;
  const named = serverName === undefined ? [] : usable.filter((credential) => credential.isFor(serverName));
  const candidates = named.length > 0 ? named : usable;
  return candidates.find((credential) => credential.hasVerifiableChain(request)) ?? candidates[0];
}
