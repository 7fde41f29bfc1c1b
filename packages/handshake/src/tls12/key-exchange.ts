import type { CertificateKeyType, NamedGroup, Tls12CipherSuite, Tls12KeyExchange } from "@tlskit/ciphersuites";
import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { PreliminarySecret } from "@tlskit/keyschedule";
import type { ClientHello, DigitallySigned, MessageType } from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import { aFunction, aString, type Expectation, listOf, objectWith } from "@tlskit/wire/arguments";
import type { Credential } from "../credential.ts";
import type { HandshakeIo } from "../io.ts";
import type { TrustedPeer } from "../peer-verifier.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "../settings.ts";

/** How client and server come to a secret in TLS 1.2, for the cipher suites that name it (RFC 5246 §7.4.3, §7.4.7). */
export interface KeyExchangeMethod<Message = unknown> {
  readonly name: Tls12KeyExchange;
  /** The ServerKeyExchange; nothing where the certificate says everything. */
  readonly serverMessage: ServerMessage<Message> | undefined;
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
   * At a client, which verifies the signature in the message next, if it has one.
   * @param message nothing where none has come.
   * @throws {TlsError} for what can't be accepted whoever has signed it
   */
  client(side: ClientSide, message: Message): ClientExchange;
  /** At a server: what it is going to do with a client; nothing if no suite with it may be chosen for that one. */
  server(context: ServerHandshakeSettings, hello: ClientHello): ServerExchange | undefined;
}

/** A ServerKeyExchange. */
export interface ServerMessage<Message> {
  readonly type: MessageType<Exclude<Message, undefined>, "ServerKeyExchange">;
  /** RFC 4279 §2: whether the server leaves it out where it has nothing to say. */
  readonly isOptional: boolean;
  /** What is signed; absent where nothing is: the Finished messages alone show then that nobody has changed it. */
  signed?(message: Exclude<Message, undefined>): SignedParams;
}

/** What a server has signed of its key exchange. */
export interface SignedParams {
  /** What stands behind the hellos' randoms. */
  readonly params: Uint8Array;
  readonly signedParams: DigitallySigned;
}

/** What a client goes by. */
export interface ClientSide {
  readonly context: ClientHandshakeSettings<unknown>;
  readonly hello: Pick<ClientHello, "legacyVersion">;
  /** The server by its certificate; nothing with a suite that has none. */
  readonly peer: TrustedPeer<unknown> | undefined;
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
  /** @param credential nothing with a suite that has no certificate. */
  begin(credential: Credential | undefined): Steps<BegunExchange>;
}

/** A server's part, begun. */
export interface BegunExchange {
  /** What its ServerKeyExchange says, if it sends one. */
  readonly announcement: SignedAnnouncement | UnsignedAnnouncement | undefined;
  /** Receives the ClientKeyExchange. */
  receive(io: HandshakeIo): Steps<Agreement>;
}

/** A ServerKeyExchange that wants to be signed. */
export interface SignedAnnouncement {
  readonly params: Uint8Array;
  send(io: HandshakeIo, signedParams: DigitallySigned): Uint8Array;
}

/** A ServerKeyExchange that isn't signed. */
export interface UnsignedAnnouncement {
  readonly params: undefined;
  send(io: HandshakeIo): Uint8Array;
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
