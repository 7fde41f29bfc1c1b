import { byCode, type CertificateKeyType, type SignatureScheme } from "@tlskit/ciphersuites";
import { type SignatureAlgorithm, type Steps, wait } from "@tlskit/crypto";
import { type ExternalPsk, externalPskOf, HandshakeStage, type MainSecret } from "@tlskit/keyschedule";
import type { CertificateVerify } from "@tlskit/messages";
import { Alert, asciiBytes, callerError, concat, peerError, TlsError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  anObject,
  anything,
  aString,
  bytes,
  checkArguments,
  objectWith,
  optional,
} from "@tlskit/wire/arguments";
import { codePoint } from "./code-points.ts";
import type { Credential } from "./credential.ts";
import { earlierProofOf } from "./earlier-proofs.ts";
import { aRole, choices } from "./expectations.ts";
import { VerifiedFinished } from "./finished.ts";
import type { TrustedPeer } from "./peer-verifier.ts";
import type { ResumableSession } from "./resumable-session.ts";
import type { ResumedClient } from "./resumed-client.ts";

const contextStrings = {
  server: "TLS 1.3, server CertificateVerify",
  client: "TLS 1.3, client CertificateVerify",
} as const;

const aTrustedPeer = objectWith("a peer whose key may be trusted", {
  keyType: aString,
  verifier: objectWith("a verifier", { verify: aFunction }),
  evidence: anything,
  admit: optional(aFunction),
});
const aMessage = objectWith("a CertificateVerify", { algorithm: aNumber, signature: bytes });

/** RFC 9846 §4.5.2: what CertificateVerify signs. */
function signedContent(signer: "client" | "server", transcriptHash: Uint8Array): Uint8Array {
  return concat(new Uint8Array(64).fill(0x20), asciiBytes(contextStrings[signer]), Uint8Array.of(0), transcriptHash);
}

/**
 * Makes a CertificateVerify.
 * @throws {TlsError} `signer_failed` (our own fault, which the peer is told nothing of) for a signer that gives no
 *   signature, or one that the credential's verifier refuses
 */
export function* signTranscript(
  role: "client" | "server",
  credential: Credential,
  scheme: SignatureScheme,
  transcriptHash: Uint8Array,
): Steps<CertificateVerify> {
  const signature = yield* signContent(credential, scheme.algorithm, signedContent(role, transcriptHash));
  return { algorithm: scheme.code, signature };
}

/**
 * Signs.
 * @throws {TlsError} `signer_failed`, as {@link signTranscript}
 */
export function* signContent(
  { signer, verifier }: Credential,
  algorithm: SignatureAlgorithm,
  content: Uint8Array,
): Steps<Uint8Array> {
  const signature: Uint8Array = yield* wait(signer.sign(algorithm, content));
  const problem = bytes(signature, "what it gave") ?? (signature.length === 0 ? "what it gave is empty" : undefined);
  if (problem !== undefined) throw signerFailed(`the signer gave no signature: ${problem}`);
  // A fault of RSA's arithmetic shows the private key to whoever gets the signature, and the wrong key is no peer's fault.
  if (verifier !== undefined && !(yield* wait(verifier.verify(algorithm, content, signature)))) {
    throw signerFailed("the signer's signature is not one of the certificate's key");
  }
  return signature;
}

function signerFailed(message: string): TlsError {
  return new TlsError("internal", "signer_failed", message, { alert: Alert.internalError });
}

/** What a scheme means with a certificate's key: TLS 1.3 and 1.2 differ. */
type AlgorithmOf = (scheme: SignatureScheme, keyType: CertificateKeyType) => SignatureAlgorithm | undefined;

/** RFC 9846 §4.5.2#scheme-fits-key, §4.3.3#key-fits: compatible with the key in the certificate. */
const tls13Algorithm: AlgorithmOf = (scheme, keyType) => (scheme.keyType === keyType ? scheme.algorithm : undefined);

/**
 * Proof of who a peer is: that it holds the private key of the certificate that it sent ({@link AuthenticatedPeer.verify}), a
 * pre-shared key from outside ({@link AuthenticatedPeer.byExternalPsk}), or both; or that it did so when the session that is
 * resumed was made ({@link AuthenticatedPeer.resumed}). Nothing else makes one.
 */
export class AuthenticatedPeer<Evidence> {
  /** What its certificate was verified by, and what it was proved with; nothing for one that showed none. */
  readonly evidence: Evidence | undefined;
  readonly signatureScheme: SignatureScheme | undefined;
  /** The key from outside that it has. */
  readonly externalPsk: ExternalPsk | undefined;
  /** When it was proved, in milliseconds since 1970. */
  readonly verifiedAt: number;
  /** A look-alike lacks this field: only the constructor can add it. Its value means nothing. */
  readonly #verified: undefined;

  private constructor({ evidence, signatureScheme, externalPsk }: Proved<Evidence>, verifiedAt: number) {
    this.evidence = evidence;
    this.signatureScheme = signatureScheme;
    this.externalPsk = externalPsk;
    this.verifiedAt = verifiedAt;
  }

  /**
   * RFC 9846 §4.5.2#verified: verifies a CertificateVerify, and asks whether its sender is admitted.
   * @param offered the schemes in the signature_algorithms that the signer was sent.
   * @param now milliseconds since 1970.
   * @throws {TlsError} `illegal_parameter`, `decrypt_error`, and what `admit` of the peer throws
   */
  static *verify<Evidence>(
    role: "client" | "server",
    peer: TrustedPeer<Evidence>,
    message: CertificateVerify,
    offered: readonly SignatureScheme[],
    transcriptHash: Uint8Array,
    now: number,
  ): Steps<AuthenticatedPeer<Evidence>> {
    checkArguments(
      { role, peer, message, offered, transcriptHash, now },
      { role: aRole, peer: aTrustedPeer, message: aMessage, offered: choices, transcriptHash: bytes, now: aNumber },
    );
    // RFC 9846 §4.5.2#no-sha1, RFC 9963 §3#asked-for: one that was offered, and not one that is for certificates alone.
    const usable = offered.filter(({ inCertificateVerify }) => inCertificateVerify.includes(role));
    const content = signedContent(role, transcriptHash);
    return yield* AuthenticatedPeer.verifySignature(
      "CertificateVerify",
      peer,
      message,
      usable,
      tls13Algorithm,
      content,
      now,
    );
  }

  /**
   * @internal Verifies a signature that a peer makes with its certificate's key.
   * @param where for sentences: the message that it stands in.
   * @param offered the schemes that it may be by.
   * @param algorithmOf what a scheme means with a certificate's key; nothing if it doesn't go with it.
   * @param content what is signed.
   */
  static *verifySignature<Evidence>(
    where: string,
    peer: TrustedPeer<Evidence>,
    { algorithm: code, signature }: CertificateVerify,
    offered: readonly SignatureScheme[],
    algorithmOf: AlgorithmOf,
    content: Uint8Array,
    now: number,
  ): Steps<AuthenticatedPeer<Evidence>> {
    const scheme = byCode(offered, code);
    if (scheme === undefined) {
      throw peerError(
        "signature_scheme_not_offered",
        Alert.illegalParameter,
        `${where} is signed with ${codePoint(code)}, which was not offered for it`,
      );
    }
    const algorithm = algorithmOf(scheme, peer.keyType);
    if (algorithm === undefined) {
      throw peerError(
        "signature_scheme_mismatch",
        Alert.illegalParameter,
        `${where} is signed with ${scheme.name}, the certificate's key is ${peer.keyType}`,
      );
    }
    if (!(yield* wait(peer.verifier.verify(algorithm, content, signature)))) {
      throw peerError("bad_signature", Alert.decryptError, `the signature in ${where} is wrong`);
    }
    yield* wait(peer.admit?.());
    return new AuthenticatedPeer({ evidence: peer.evidence, signatureScheme: scheme, externalPsk: undefined }, now);
  }

  /**
   * @internal RFC 5246 §F.1.1.2: a server that has decrypted a secret which was encrypted to its certificate's key: its Finished
   * was made with what came of it.
   * @param main what the secret came to.
   * @param now milliseconds since 1970.
   * @throws {TlsError} `no_proof` (the caller's fault) where another Finished was verified, and what `admit` of the peer throws
   */
  static *byDecryption<Evidence>(
    peer: TrustedPeer<Evidence>,
    main: MainSecret,
    finished: VerifiedFinished,
    now: number,
  ): Steps<AuthenticatedPeer<Evidence>> {
    VerifiedFinished.check(finished);
    if (!finished.isMadeWith(main)) throw callerError("no_proof", "no Finished under this secret was verified");
    yield* wait(peer.admit?.());
    return new AuthenticatedPeer({ evidence: peer.evidence, signatureScheme: undefined, externalPsk: undefined }, now);
  }

  /**
   * A peer that has the pre-shared key from outside which the handshake's secrets come of: its Finished was made with one
   * of them, before TLS 1.3 with the main secret.
   * @param now milliseconds since 1970.
   * @throws {TlsError} `no_proof` (the caller's fault) where they come of none, or another Finished was verified
   */
  static byExternalPsk(
    role: "client" | "server",
    handshake: HandshakeStage | MainSecret,
    finished: VerifiedFinished,
    now: number,
  ): AuthenticatedPeer<never> {
    const externalPsk = provedPsk(role, handshake, finished);
    return new AuthenticatedPeer<never>({ evidence: undefined, signatureScheme: undefined, externalPsk }, now);
  }

  /**
   * RFC 8773, RFC 4279 §4: the same peer, which has shown besides that it has a pre-shared key from outside.
   * @throws {TlsError} as {@link AuthenticatedPeer.byExternalPsk}
   */
  andExternalPsk(
    role: "client" | "server",
    handshake: HandshakeStage | MainSecret,
    finished: VerifiedFinished,
  ): AuthenticatedPeer<Evidence> {
    return new AuthenticatedPeer({ ...this, externalPsk: provedPsk(role, handshake, finished) }, this.verifiedAt);
  }

  /**
   * A peer that proved it when the session was made, or one that this one was resumed from. That it has the session's
   * pre-shared key, a server's Finished proves, and a client's binder.
   * @throws {TlsError} `no_proof` (the caller's fault)
   */
  static resumed<Evidence>(
    recalled: ResumableSession<Evidence> | ResumedClient<Evidence>,
  ): AuthenticatedPeer<Evidence> {
    const proof = earlierProofOf(recalled);
    if (proof === undefined) throw callerError("no_proof", "no session was recalled and verified");
    // What such a session says it proves is of the evidence that its type has.
    return new AuthenticatedPeer(proof as Proved<Evidence>, proof.verifiedAt);
  }

  /**
   * Refuses what only looks like a proof.
   * @throws {TlsError} `no_proof` (the caller's fault)
   */
  static check(proof: AuthenticatedPeer<unknown>): void {
    if (typeof proof !== "object" || proof === null || !(#verified in proof))
      throw callerError("no_proof", "no verification made this proof");
  }
}

/** What a peer has proved. */
interface Proved<Evidence> {
  readonly evidence: Evidence | undefined;
  readonly signatureScheme: SignatureScheme | undefined;
  readonly externalPsk: ExternalPsk | undefined;
}

function provedPsk(
  role: "client" | "server",
  handshake: HandshakeStage | MainSecret,
  finished: VerifiedFinished,
): ExternalPsk {
  checkArguments({ role, handshake }, { role: aRole, handshake: anObject });
  VerifiedFinished.check(finished);
  const isTls13 = handshake instanceof HandshakeStage;
  // Of what only looks like a main secret nothing is known.
  const externalPsk = isTls13 ? handshake.externalPsk : externalPskOf(handshake);
  if (externalPsk === undefined || !finished.isMadeWith(isTls13 ? handshake[role] : handshake)) {
    throw callerError("no_proof", "no Finished under secrets of this pre-shared key was verified");
  }
  return externalPsk;
}
