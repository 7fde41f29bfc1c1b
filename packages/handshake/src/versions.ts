import type { SignatureScheme, Tls12CipherSuite } from "@tlskit/ciphersuites";
import type { CryptoProvider, Steps } from "@tlskit/crypto";
import type { ExternalPsk } from "@tlskit/keyschedule";
import {
  type ClientHello,
  type Extension,
  extensionIn,
  protocolVersionName,
  type ServerHello,
  supportedVersions,
} from "@tlskit/messages";
import { callerError } from "@tlskit/wire";
import {
  aFunction,
  aNumber,
  aString,
  type Expectation,
  listOf,
  objectWith,
  once,
  optional,
} from "@tlskit/wire/arguments";
import type { ClientStart } from "./client-start.ts";
import type { Credential } from "./credential.ts";
import type { Established } from "./established.ts";
import type { ExternalPskFor } from "./external-psk-for.ts";
import type { FindExternalPsk } from "./external-psks.ts";
import type { HandshakeIo, Received } from "./io.ts";
import type { ResumableSession } from "./resumable-session.ts";
import type { ClientHandshakeSettings, ServerHandshakeSettings } from "./settings.ts";
import type { KeyExchangeMethod } from "./tls12/key-exchange.ts";
import { tls13 } from "./version.ts";

/** A version of TLS that a handshake may come to. What isn't listed isn't bundled, but for TLS 1.3. */
export interface Version {
  /** ProtocolVersion. */
  readonly code: number;
  /** "TLS 1.3" */
  readonly name: string;
  /** What is different before TLS 1.3, whose own lines every handshake has. */
  readonly earlier?: EarlierVersion | undefined;
}

/** The lines of a version before TLS 1.3. */
export interface EarlierVersion {
  /**
   * Called when settings are made.
   * @throws {TlsError} `unsupported_choice` for what the provider hasn't got, there are no keys for, or doesn't go together
   * (the caller's fault)
   */
  check(options: CheckedWithVersions): void;
  /** What it negotiates, best first. */
  cipherSuites(provider: CryptoProvider): readonly Tls12CipherSuite[];
  /** One of them in which nobody shows who they are, if there is one. */
  anonymousSuite(provider: CryptoProvider): Tls12CipherSuite | undefined;
  /** How these come to a secret. */
  readonly keyExchanges: readonly KeyExchangeMethod[];
  /** What handshakes are signed with: those of the known schemes that it has, or schemes of its own. */
  signatureSchemes(known: readonly SignatureScheme[]): readonly SignatureScheme[];
  /**
   * Called when a server's settings are made that come with certificates.
   * @throws {TlsError} `unsupported_choice` for what none of the certificates can do (the caller's fault)
   */
  checkCredentials?(provider: CryptoProvider, credentials: readonly Credential[]): void;
  /**
   * What a ClientHello offers for it, besides what is offered for all.
   * @param resumable a session of a version before TLS 1.3 to resume, if there is one.
   * @throws {TlsError} `unsupported_choice` for a host that has TLS 1.3 alone (the caller's fault)
   */
  offer(
    io: HandshakeIo,
    context: ClientHandshakeSettings<unknown>,
    resumable: ResumableSession<unknown> | undefined,
  ): EarlierOffer;
  /**
   * At a client: which of the versions before TLS 1.3 a ServerHello has chosen; nothing if TLS 1.3's lines are to judge it,
   * which refuse what wasn't offered.
   * @throws {TlsError} `downgrade`, `protocol_version`, `early_data_version`
   */
  chosen(
    versions: readonly Version[],
    start: Pick<ClientStart<unknown>, "offer">,
    hello: ServerHello,
  ): EarlierVersion | undefined;
  /**
   * At a server: which of the versions before TLS 1.3 is for a client; nothing for TLS 1.3.
   * @throws {TlsError} `protocol_version`, `inappropriate_fallback`
   */
  choose(versions: readonly Version[], hello: ClientHello): EarlierVersion | undefined;
  /** A client's handshake behind the ServerHello, whose version has been looked at and nothing else. */
  client<Evidence>(
    io: HandshakeIo,
    context: ClientHandshakeSettings<Evidence>,
    start: ClientStart<Evidence>,
    answer: Received<typeof ServerHello>,
  ): Steps<Established<Evidence>>;
  /** A server's handshake behind the ClientHello, whose versions have been looked at and nothing else. */
  server<Evidence>(
    io: HandshakeIo,
    settings: ServerHandshakeSettings<Evidence>,
    first: Received<typeof ClientHello>,
  ): Steps<Established<Evidence>>;
}

/** What a version before TLS 1.3 has to go together with. */
export interface CheckedWithVersions {
  readonly provider: CryptoProvider;
  readonly versions: readonly Version[];
  readonly certificateWithExternalPsk: boolean;
  readonly externalPsks: readonly ExternalPsk[] | FindExternalPsk;
  readonly externalPskFor: ExternalPskFor | undefined;
}

/** What of a ClientHello is for a version before TLS 1.3. */
export interface EarlierOffer {
  /** Code points, best first. */
  readonly cipherSuites: readonly number[];
  readonly extensions: readonly Extension[];
}

/** TLS 1.3. */
export const tls13Version: Version = { code: tls13, name: "TLS 1.3" };

/** Whether one of the versions is TLS 1.3. */
export function includesTls13(versions: readonly Version[]): boolean {
  return versions.some(({ code }) => code === tls13);
}

/** For sentences. */
export function namesOf(versions: readonly Version[]): string {
  return versions.map(({ name }) => name).join(" or ");
}

/** What judges of the versions before TLS 1.3, if there are any: nobody needs to have it who lists none. */
export function earlierOf(versions: readonly Version[]): EarlierVersion | undefined {
  return versions.find(({ earlier }) => earlier !== undefined)?.earlier;
}

/** The lines of a version before TLS 1.3 that is among them. */
export function earlierWith(versions: readonly Version[], code: number): EarlierVersion {
  const version = versions.find((each) => each.code === code)?.earlier;
  if (version === undefined) throw callerError("unsupported_choice", `versions has no ${protocolVersionName(code)}`);
  return version;
}

/** RFC 9846 §4.3.1#absent-means-older: what a ClientHello offers, code points. */
export function versionsOffered(hello: ClientHello): readonly number[] {
  return extensionIn(hello, supportedVersions) ?? [hello.legacyVersion];
}

export const aVersion: Expectation = objectWith("a version, such as tls13", {
  code: aNumber,
  name: aString,
  earlier: optional(
    objectWith("the lines of a version", {
      check: aFunction,
      cipherSuites: aFunction,
      signatureSchemes: aFunction,
      offer: aFunction,
      client: aFunction,
      server: aFunction,
    }),
  ),
});

export const someVersions: Expectation = once(listOf(aVersion));
