import type {
  Certificate,
  CertificateRequest,
  CertificateVerify,
  EncryptedExtensions,
  ServerHello,
  Tls12CertificateRequest,
} from "@tlskit/messages";
import type { Version } from "../version.ts";

/** A message as it was on the wire, without its record's header, decrypted where it was encrypted. */
export interface SeenMessage {
  readonly from: "client" | "server";
  readonly type: "handshake" | "alert" | "change_cipher_spec" | "application_data" | "ssl2" | "unknown";
  readonly bytes: Uint8Array;
}

/** Why no more was read. Neither of these is an error of the scan: a server that hangs up on a hello has said something. */
export type AnswerEnd =
  /** As much came as was asked for. */
  | { readonly how: "complete" }
  | { readonly how: "alert"; readonly level: number; readonly description: number }
  /** The stream ended, or was reset, before as much had come. */
  | { readonly how: "closed" }
  | { readonly how: "silent"; readonly seconds: number }
  /** It answers with something that isn't TLS, or breaks the protocol: why, in words. */
  | { readonly how: "unreadable"; readonly reason: string };

/** What a server answered to a ClientHello, as far as it was understood. */
export interface Answer {
  readonly end: AnswerEnd;
  /** What the server has chosen; nothing if it has chosen nothing. */
  readonly version?: Version | undefined;
  /** A ServerHello; not a HelloRetryRequest. */
  readonly serverHello?: ServerHello | undefined;
  /** RFC 9846 §4.2.4: what came first if the server wanted another share. It is answered if the flight is wanted. */
  readonly retry?: ServerHello | undefined;
  readonly encryptedExtensions?: EncryptedExtensions | undefined;
  readonly certificate?: Certificate | undefined;
  /** DER certificates, the server's own first, of any version's Certificate. */
  readonly chain?: readonly Uint8Array[] | undefined;
  /** An OCSP response that was stapled, in whichever message. */
  readonly ocspResponse?: Uint8Array | undefined;
  /** SCTs, each serialized, from the extension of the handshake (not the certificate's): RFC 6962 §3.3.1. */
  readonly signedCertificateTimestamps?: readonly Uint8Array[] | undefined;
  /** Before TLS 1.3: the body of ServerKeyExchange. */
  readonly serverKeyExchange?: Uint8Array | undefined;
  /** Of TLS 1.3. */
  readonly certificateRequest?: CertificateRequest | undefined;
  /** Of the versions before; of those before TLS 1.2 without algorithms. */
  readonly tls12CertificateRequest?: Tls12CertificateRequest | undefined;
  readonly certificateVerify?: CertificateVerify | undefined;
  /** RFC 8879: by which algorithm the certificates came compressed, if they did. They aren't decompressed: no chain then. */
  readonly compressedBy?: number | undefined;
  /** SSL 2.0: the codes of the kinds of ciphers that the server has, each of three octets. */
  readonly ssl2CipherKinds?: readonly number[] | undefined;
  /** Everything that went over the wire, in order: the evidence. */
  readonly seen: readonly SeenMessage[];
}
