import {
  type CertificateKeyType,
  type SignatureScheme,
  type Tls12CipherSuite,
  tls12SignatureAlgorithm,
} from "@tlskit/ciphersuites";
import { type CryptoProvider, hashOf, type SignatureAlgorithm } from "@tlskit/crypto";
import { type Prf, prf, type TranscriptHash } from "@tlskit/keyschedule";
import type { DigitallySigned } from "@tlskit/messages";
import type { HandshakeIo } from "../io.ts";
import { tls12 } from "../version.ts";

/** What TLS 1.2 and the versions before it do each in its own way: all else is the same lines. */
export interface EarlierProtocol {
  /** ProtocolVersion. */
  readonly code: number;
  /** "TLS 1.2" */
  readonly name: string;
  /** Whether it has a cipher suite. */
  takes(cipherSuite: Tls12CipherSuite): boolean;
  /**
   * Called when settings are made.
   * @throws {TlsError} `unsupported_choice` for what the provider hasn't got (the caller's fault)
   */
  check(provider: CryptoProvider): void;
  /** What secrets are made with. */
  prf(provider: CryptoProvider, cipherSuite: Tls12CipherSuite): Prf;
  transcriptHash(provider: CryptoProvider, cipherSuite: Tls12CipherSuite): TranscriptHash;
  /** Whether block ciphers' first IVs come out of the key block, and each record's is the end of the one before. */
  readonly chainsIvs: boolean;
  readonly signatures: SignatureRules;
  /** A host whose messages are in the version's form. */
  inItsForm(io: HandshakeIo): HandshakeIo;
}

/** What a handshake is signed with, of servers and clients alike. */
export interface SignatureRules {
  /** Those of the known schemes that it has; or schemes of its own. */
  schemes(known: readonly SignatureScheme[]): readonly SignatureScheme[];
  /**
   * What a peer can verify; nothing if it has to say so and doesn't.
   * @param listed in its signature_algorithms or its CertificateRequest.
   * @param known what it may have where it can't say.
   */
  taken(listed: readonly number[] | undefined, known: readonly SignatureScheme[]): SignaturesTaken | undefined;
  /** What a scheme means with a certificate's key; nothing if it doesn't go with it. */
  algorithm(scheme: SignatureScheme, keyType: CertificateKeyType): SignatureAlgorithm | undefined;
  /** Says which scheme a signature with a certificate's key is by, where it doesn't say so itself. */
  named(signed: DigitallySigned, keyType: CertificateKeyType): DigitallySigned;
}

/** Code points of signature schemes. */
export interface SignaturesTaken {
  readonly inHandshakes: readonly number[];
  readonly inCertificates: readonly number[];
}

/** RFC 5246. */
export const tls12Protocol: EarlierProtocol = {
  code: tls12,
  name: "TLS 1.2",
  takes: () => true,
  check: () => {},
  // RFC 5246 §5, §7.4.9#hash
  prf: (provider, { hash }) => prf(hashOf(provider, hash)),
  transcriptHash: (provider, { hash }) => hashOf(provider, hash),
  // RFC 5246 §6.2.3.2: each record has an IV of its own.
  chainsIvs: false,
  signatures: {
    // Those of RFC 9963 are for TLS 1.3 alone, which has others no more.
    schemes: (known) => known.filter(({ inCertificates }) => inCertificates),
    // RFC 9155 §2: never SHA-1, which RFC 5246 §7.4.1.4.1 takes for granted where nothing is said.
    taken: (listed) => listed && { inHandshakes: listed, inCertificates: listed },
    algorithm: tls12SignatureAlgorithm,
    named: (signed) => signed,
  },
  inItsForm: (io) => io,
};
