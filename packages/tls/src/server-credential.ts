import { type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import { type CryptoProvider, type Random, type Signer, signerFor, verifierFor } from "@tlskit/crypto";
import type { Credential, CredentialRequest } from "@tlskit/handshake";
import { callerError, equalBytes } from "@tlskit/wire";
import { type Certificate, certificateNames, DeclaredPrivateKey } from "@tlskit/x509";
import { certificateKeyType } from "./certificate-key-type.ts";

/** A certificate that a server shows, with the key behind it. */
export interface ServerCertificate {
  /** The leaf, then what certifies it, in order. The trust anchor itself can be left out. */
  readonly chain: readonly Certificate[];
  /** The leaf's private key: one that is here, or whatever signs with it. */
  readonly key: DeclaredPrivateKey | Signer;
  /** What the key may sign handshakes with: everything that it can, unless told otherwise. */
  readonly signatureSchemes?: readonly SignatureScheme[] | undefined;
}

/** A server's certificate, checked and ready to be used. */
export class ServerCredential implements Credential {
  readonly certificates: readonly Uint8Array[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly signer: Signer;
  readonly #leaf: Certificate;

  /** @throws {TlsError} `no_certificates`, `unsupported_key`, `unsupported_choice`, `certificate_key_mismatch` (the caller's fault) */
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
      (scheme) => scheme.inCertificateVerify && scheme.keyType === keyType && algorithms.includes(scheme.algorithm),
    );
    for (const scheme of wanted ?? []) {
      if (!possible.includes(scheme)) {
        throw callerError("unsupported_choice", `the certificate's key can't sign with ${scheme.name}`);
      }
    }
    this.signatureSchemes = wanted ?? possible;
    this.certificates = chain.map(({ der }) => der);
  }

  /** Whether a client that asks so can use it. */
  canServe(request: CredentialRequest): boolean {
    return request.signatureSchemes.some((scheme) => this.signatureSchemes.includes(scheme));
  }

  /** Whether it is for the name that a client asks for. */
  isFor(serverName: string): boolean {
    return certificateNames(this.#leaf, serverName);
  }
}

/**
 * RFC 9846 §4.5.1.2: of those that the client can use, the first that is for the name it asks for; if there is none,
 * the first (RFC 6066 §3 leaves that open, and it is what other servers do).
 */
export function selectCredential(
  credentials: readonly ServerCredential[],
  request: CredentialRequest,
): ServerCredential | undefined {
  const usable = credentials.filter((credential) => credential.canServe(request));
  const { serverName } = request;
  const named = serverName === undefined ? undefined : usable.find((credential) => credential.isFor(serverName));
  return named ?? usable[0];
}
