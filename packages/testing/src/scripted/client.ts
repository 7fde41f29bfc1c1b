import {
  availableCipherSuites,
  availableSignatureSchemes,
  byCode,
  type CipherSuite,
  cipherSuites,
  defaultCipherSuites,
  defaultSignatureSchemes,
  type NamedGroup,
  namedGroups,
  type SignatureScheme,
  secp256r1,
  x25519,
} from "@tlskit/ciphersuites";
import { type KeyShareOffer, keyExchangeOf, type Steps, signerFor, wait } from "@tlskit/crypto";
import { EarlyStage } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  clientShares,
  cookie,
  earlyDataIndication,
  HandshakeType,
  handshakeTypeName,
  helloRetryRequestRandom,
  offeredPsks,
  type PskIdentity,
  postHandshakeAuth,
  pskKeyExchangeModes,
  selectedGroup,
  selectedIdentity,
  serverNameList,
  serverShare,
  signatureAlgorithms,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { asciiBytes, callerError, decode, equalBytes } from "@tlskit/wire";
import type { TestCertificate } from "../pki/certify.ts";
import type { ThrowawayPki } from "../pki/throwaway-pki.ts";
import { clientSignedContent } from "./certificate-verify.ts";
import { schemeOf } from "./choices.ts";
import { bound, type ScriptedPeerOptions } from "./peer.ts";
import {
  bodyOf,
  extensionData,
  frame,
  framed,
  RawCertificate,
  RawCertificateRequest,
  RawCertificateVerify,
  RawClientHello,
  RawEncryptedExtensions,
  type RawExtension,
  RawFinished,
  RawServerHello,
  rawExtension,
} from "./raw-messages.ts";
import type { Script } from "./script.ts";
import { offeringSession, type ScriptedSession, sessionStage } from "./session.ts";
import { ScriptedTls13Peer } from "./tls13-peer.ts";

/** What a scripted client is given. */
export interface ScriptedClientOptions extends ScriptedPeerOptions {
  /** The host for server_name. */
  readonly host: string;
  /** The groups to offer, the first with a share: X25519 and P-256 unless told otherwise. */
  readonly groups?: readonly NamedGroup[];
  readonly cipherSuites?: readonly CipherSuite[];
  /** None unless told otherwise. */
  readonly alpnProtocols?: readonly string[];
  /** What it offers to resume; nothing unless told otherwise. */
  readonly session?: ScriptedSession | undefined;
  /** What it shows to a server that asks, by a script that says so; bad chains are made from it too. None unless told. */
  readonly pki?: ThrowawayPki | undefined;
  /** Whether it may be asked after the handshake. It may not unless told. */
  readonly postHandshakeAuth?: boolean | undefined;
}

/** A client that does what its script says: by itself, the handshake of RFC 9846. It verifies no certificate. */
export class ScriptedClient extends ScriptedTls13Peer {
  readonly host: string;
  /** What is offered, the first with a share. */
  groups: readonly NamedGroup[];
  readonly #cipherSuites: readonly CipherSuite[];
  readonly #alpnProtocols: readonly string[];
  readonly session: ScriptedSession | undefined;
  readonly #pki: ThrowawayPki | undefined;
  readonly #postHandshakeAuth: boolean;
  #certificate: TestCertificate | undefined;
  /** The server's requests for certificates after the handshake, headers included. */
  readonly laterRequests: Uint8Array[] = [];
  /** All of the handshake, once it is done. */
  #handshake: Uint8Array[] = [];
  /** The context of the request that is being answered. */
  #requestContext: Uint8Array = new Uint8Array(0);
  /** Whether the server said that it accepts early data. */
  earlyDataAccepted = false;
  /** The first hello, as it was sent. */
  firstHello: RawClientHello | undefined;
  /** The latest hello, as it was sent, header included. */
  lastHello: Uint8Array = new Uint8Array(0);
  /** What the server asked for in a HelloRetryRequest. */
  retry: RawServerHello | undefined;
  #keyShares: { readonly group: NamedGroup; readonly offer: KeyShareOffer }[] = [];
  #writesWith: "nothing" | "handshake keys" | "application keys" = "nothing";
  #finishedWasRight: boolean | undefined;

  constructor(options: ScriptedClientOptions) {
    super(options);
    this.host = options.host;
    this.groups = options.groups ?? [x25519, secp256r1];
    this.#cipherSuites = options.cipherSuites ?? availableCipherSuites(options.provider, defaultCipherSuites);
    this.#alpnProtocols = options.alpnProtocols ?? [];
    this.session = options.session;
    this.#pki = options.pki;
    this.#certificate = options.pki?.certificate;
    this.#postHandshakeAuth = options.postHandshakeAuth ?? false;
    if (options.session !== undefined) this.cipherSuite = options.session.cipherSuite;
  }

  /** Does these steps, behind those that it was given before. */
  perform(script: Script<ScriptedClient>): void {
    this.enqueue(bound<ScriptedClient>(this, script));
  }

  /** Whether the server's Finished had the right contents; nothing before it has come. */
  get finishedWasRight(): boolean | undefined {
    return this.#finishedWasRight;
  }

  override queue(message: Uint8Array): void {
    if (message[0] === HandshakeType.clientHello) {
      this.firstHello ??= readable(message);
      this.lastHello = message;
    }
    super.queue(message);
  }

  protected override *observe(code: number, message: Uint8Array): Steps<string> {
    if (code === HandshakeType.keyUpdate) this.followKeyUpdate();
    if (code === HandshakeType.serverHello) return yield* this.#observeHello(message);
    if (code === HandshakeType.finished) this.#finishedWasRight = this.#isFinished(message);
    if (code === HandshakeType.encryptedExtensions) {
      const extensions = bodyOf(RawEncryptedExtensions, message);
      this.earlyDataAccepted = extensionData(extensions, earlyDataIndication.code) !== undefined;
    }
    if (code === HandshakeType.certificateRequest && this.mainStage !== undefined) this.laterRequests.push(message);
    if (this.mainStage === undefined) this.transcript.push(message);
    if (code === HandshakeType.finished) this.#deriveMain();
    return handshakeTypeName(code);
  }

  *#observeHello(message: Uint8Array): Steps<string> {
    const hello = bodyOf(RawServerHello, message);
    this.cipherSuite = byCode(cipherSuites, hello.cipherSuite) ?? this.cipherSuite;
    if (equalBytes(hello.random, helloRetryRequestRandom)) {
      this.retry = hello;
      this.replaceClientHello1();
      this.transcript.push(message);
      return "hello_retry_request";
    }
    this.transcript.push(message);
    const data = extensionData(hello, serverShare.code);
    const share = data === undefined ? undefined : decode(serverShare.data, data);
    // The latest: a share may have been made anew for a second hello.
    const own = this.#keyShares.findLast(({ group }) => group.code === share?.group);
    if (share === undefined || own === undefined || this.handshakeStage !== undefined) return "server_hello";
    const secret = yield* wait(own.offer.finish(share.keyExchange));
    const resumed = extensionData(hello, selectedIdentity.code) !== undefined;
    const early =
      resumed && this.session !== undefined
        ? sessionStage(this.provider, this.session)
        : EarlyStage.withoutPsk(this.hash);
    this.handshakeStage = early.withSharedSecret(secret, this.transcriptHash);
    this.readWith(this.handshakeStage.server);
    return "server_hello";
  }

  #isFinished(message: Uint8Array): boolean {
    const expected = this.handshakeStage?.server.verifyData(this.transcriptHash);
    return expected?.every((byte, index) => byte === message[4 + index]) ?? false;
  }

  #deriveMain(): void {
    if (this.handshakeStage === undefined || this.mainStage !== undefined) return;
    this.mainStage = this.handshakeStage.atServerFinished(this.transcriptHash);
    this.readWith(this.mainStage.server);
  }

  // The messages.

  *clientHello(): Steps<Uint8Array> {
    const [group = x25519] = this.groups;
    return this.#helloMessage({
      legacyVersion: 0x0303,
      random: this.random(32),
      legacySessionId: this.random(32),
      cipherSuites: this.#cipherSuites.map(({ code }) => code),
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: [...this.#requests(), yield* this.share(group), ...this.#modes()],
    });
  }

  #modes(): readonly RawExtension[] {
    if (this.session === undefined) return [];
    return [
      rawExtension(pskKeyExchangeModes, [1]),
      ...(this.session.earlyData === true ? [rawExtension(earlyDataIndication, null)] : []),
    ];
  }

  /** RFC 9846 §4.2.2: the same again with what a HelloRetryRequest asked for; without one, the same again. */
  *secondClientHello(): Steps<Uint8Array> {
    const first = this.firstHello;
    if (first === undefined) return yield* this.clientHello();
    const asked = this.retry === undefined ? undefined : extensionData(this.retry, selectedGroup.code);
    const group = asked === undefined ? undefined : byCode(namedGroups, decode(selectedGroup.data, asked));
    const retryCookie = this.retry === undefined ? undefined : extensionData(this.retry, cookie.code);
    const share = group === undefined ? undefined : yield* this.share(group);
    return this.#helloMessage({
      ...first,
      extensions: [
        ...first.extensions
          .filter(({ code }) => code !== offeredPsks.code && code !== earlyDataIndication.code)
          .map((extension) => (extension.code === share?.code ? share : extension)),
        ...(retryCookie === undefined ? [] : [{ code: cookie.code, data: retryCookie }]),
      ],
    });
  }

  #helloMessage(hello: RawClientHello): Uint8Array {
    return framed(HandshakeType.clientHello, RawClientHello, this.session === undefined ? hello : this.offering(hello));
  }

  /** A hello without an offer to resume, with one; other identities in front of it have binders that are wrong. */
  offering(
    hello: RawClientHello,
    others: readonly PskIdentity[] = [],
    session: ScriptedSession | undefined = this.session,
  ): RawClientHello {
    if (session === undefined) throw callerError("no_session", "there is no session to offer");
    return offeringSession(this.provider, hello, session, this.transcript, others);
  }

  endOfEarlyData(): Uint8Array {
    return frame(HandshakeType.endOfEarlyData, new Uint8Array(0));
  }

  #requests(): readonly RawExtension[] {
    return [
      rawExtension(serverNameList, [{ nameType: 0, name: asciiBytes(this.host) }]),
      rawExtension(
        supportedGroups,
        this.groups.map(({ code }) => code),
      ),
      rawExtension(
        signatureAlgorithms,
        availableSignatureSchemes(this.provider, defaultSignatureSchemes).map(({ code }) => code),
      ),
      ...(this.#alpnProtocols.length === 0
        ? []
        : [rawExtension(applicationLayerProtocolNegotiation, this.#alpnProtocols.map(asciiBytes))]),
      rawExtension(supportedVersions, [0x0304]),
      ...(this.#postHandshakeAuth ? [rawExtension(postHandshakeAuth, null)] : []),
    ];
  }

  /** A key_share extension with one new share. */
  *share(group: NamedGroup): Steps<RawExtension> {
    const offer = yield* wait(keyExchangeOf(this.provider, group.keyExchange).offer(this.random));
    this.#keyShares.push({ group, offer });
    return rawExtension(clientShares, [{ group: group.code, keyExchange: offer.share }]);
  }

  /** An answer to a CertificateRequest: none. */
  emptyCertificate(): Uint8Array {
    return framed(HandshakeType.certificate, RawCertificate, { context: this.#requestContext, entries: [] });
  }

  get pki(): ThrowawayPki {
    if (this.#pki === undefined) throw callerError("no_certificates", "the scripted client was given no certificates");
    return this.#pki;
  }

  /** What is shown. */
  get certificate(): TestCertificate {
    return this.#certificate ?? this.pki.certificate;
  }

  set certificate(certificate: TestCertificate) {
    this.#certificate = certificate;
  }

  certificateMessage(): Uint8Array {
    return framed(HandshakeType.certificate, RawCertificate, {
      context: this.#requestContext,
      entries: this.certificate.chain.map(({ der }) => ({ certificate: der, extensions: [] })),
    });
  }

  /** The scheme that goes with the certificate's key. */
  get scheme(): SignatureScheme {
    return schemeOf(this.certificate);
  }

  /** Signs the transcript until now. */
  *certificateVerify(): Steps<Uint8Array> {
    const signer = signerFor(this.provider, this.certificate.key.privateKey, this.random);
    const signature = yield* wait(signer.sign(this.scheme.algorithm, clientSignedContent(this.transcriptHash)));
    return framed(HandshakeType.certificateVerify, RawCertificateVerify, { algorithm: this.scheme.code, signature });
  }

  /** RFC 9846 §4.7.2: what is sent from here on answers a request that came after the handshake, by its number. */
  answer(number: number): void {
    if (this.#handshake.length === 0) this.#handshake = this.transcript;
    const request = this.laterRequests[number];
    if (request === undefined) throw callerError("no_request", `there is no request ${number}`);
    this.#requestContext = bodyOf(RawCertificateRequest, request).context;
    this.transcript = [...this.#handshake, request];
  }

  /** RFC 9846 §4.5.3: by the handshake's keys, or by those in use for an answer after it. */
  finished(): Uint8Array {
    const baseKey = this.#handshake.length > 0 ? this.writeSecret : this.handshakeStage?.client;
    const verifyData = baseKey?.verifyData(this.transcriptHash) ?? this.random(this.hash.length);
    return framed(HandshakeType.finished, RawFinished, verifyData);
  }

  // The keys.

  /** For sending early data, behind the ClientHello. */
  *useEarlyKeys(): Steps<void> {
    yield* this.flush();
    if (this.session === undefined) return;
    yield* this.writeWith(sessionStage(this.provider, this.session).clientEarly(this.transcriptHash));
  }

  /** For sending; reading follows by itself. Nothing happens without a ServerHello, or twice. */
  *useHandshakeKeys(): Steps<void> {
    yield* this.flush();
    if (this.handshakeStage === undefined || this.#writesWith !== "nothing") return;
    this.#writesWith = "handshake keys";
    yield* this.writeWith(this.handshakeStage.client);
  }

  /** For sending; reading follows by itself. Nothing happens without a server's Finished, or twice. */
  *useApplicationKeys(): Steps<void> {
    yield* this.flush();
    if (this.mainStage === undefined || this.#writesWith === "application keys") return;
    this.#writesWith = "application keys";
    yield* this.writeWith(this.mainStage.client);
  }
}

/** A hello that was spoilt can't be sent again. */
function readable(message: Uint8Array): RawClientHello | undefined {
  try {
    return bodyOf(RawClientHello, message);
  } catch {
    return undefined;
  }
}
