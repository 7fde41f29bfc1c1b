import type { CertificateKeyType, NamedGroup, Tls12CipherSuite, Tls12KeyExchange } from "@tlskit/ciphersuites";
import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { PreliminarySecret } from "@tlskit/keyschedule";
import type { ClientHello, DigitallySigned, MessageType } from "@tlskit/messages";
import { type Codec, callerError } from "@tlskit/wire";
import { aFunction, aString, type Expectation, listOf, objectWith } from "@tlskit/wire/arguments";
import type { Credential } from "../credential.ts";
import type { HandshakeIo } from "../io.ts";
import type { TrustedPeer } from "../peer-verifier.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "../settings.ts";

/** How client and server come to a secret in TLS 1.2, for the cipher suites that name it (RFC 5246 §7.4.3, §7.4.7). */
export interface KeyExchangeMethod<Params = unknown> {
  readonly name: Tls12KeyExchange;
  /** The ServerKeyExchange; nothing where the certificate says everything. */
  readonly serverMessage: ServerMessage<Params> | undefined;
  /**
   * Called when settings are made.
   * @throws {CryptoError} `unsupported` for what the provider hasn't got
   */
  check(provider: CryptoProvider): void;
  /**
   * Called when a server's settings are made that come with certificates.
   * @returns whether one of the certificates goes with it
   */
  canServe(provider: CryptoProvider, credentials: readonly Credential[]): boolean;
  /**
   * At a client, which verifies the signature over `params` next, if there are any.
   * @throws {TlsError} for what can't be accepted whoever has signed it
   */
  client(side: ClientSide, params: Params): ClientExchange;
  /** At a server: what it is going to do with a client; nothing if no suite with it may be chosen for that one. */
  server(context: ServerHandshakeSettings, hello: ClientHello): ServerExchange | undefined;
}

/** A ServerKeyExchange with a signature. */
export interface ServerMessage<Params> {
  readonly type: MessageType<{ readonly params: Params; readonly signedParams: DigitallySigned }, "ServerKeyExchange">;
  /** Of what is signed, behind the hellos' randoms. */
  readonly params: Codec<Params>;
}

/** What a client goes by. */
export interface ClientSide {
  readonly context: ClientHandshakeSettings<unknown>;
  readonly hello: Pick<ClientHello, "legacyVersion">;
  readonly peer: TrustedPeer<unknown>;
}

/** A client's part. */
export interface ClientExchange {
  /** Sends the ClientKeyExchange. */
  send(io: HandshakeIo): Steps<Agreement>;
}

/** What both have in the end. */
export interface Agreement {
  /** The ClientKeyExchange. */
  readonly bytes: Uint8Array;
  readonly secret: PreliminarySecret;
  /** Nothing where there is none, or it has no name. */
  readonly group: NamedGroup | undefined;
}

/** A server's part. */
export interface ServerExchange {
  /** Whether the certificate's key, which is of the suite's kind, can do its part. */
  fits(credential: Credential, keyType: CertificateKeyType): boolean;
  begin(credential: Credential): Steps<BegunExchange>;
}

/** A server's part, begun. */
export interface BegunExchange {
  /** What its ServerKeyExchange says, if it sends one. */
  readonly announcement: Announcement | undefined;
  /** Receives the ClientKeyExchange. */
  receive(io: HandshakeIo): Steps<Agreement>;
}

/** A ServerKeyExchange that wants to be signed. */
export interface Announcement {
  readonly params: Uint8Array;
  send(io: HandshakeIo, signedParams: DigitallySigned): Uint8Array;
}

export const someKeyExchanges: Expectation = listOf(
  objectWith("a key exchange of TLS 1.2, such as dhe", { name: aString, client: aFunction, server: aFunction }),
);

/**
 * The key exchange of a suite.
 * @throws {TlsError} `unsupported_choice` (the caller's fault)
 */
export function methodOf(
  methods: readonly KeyExchangeMethod[],
  { name, keyExchange }: Tls12CipherSuite,
): KeyExchangeMethod {
  const method = methods.find((each) => each.name === keyExchange);
  if (method !== undefined) return method;
  throw callerError("unsupported_choice", `cipherSuites has ${name}, and keyExchanges has no ${keyExchange}`);
}
