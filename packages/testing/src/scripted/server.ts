import { byCode, type NamedGroup, type SignatureScheme, x25519 } from "@tlskit/ciphersuites";
import { type KeyShareAnswer, keyExchangeOf, type Steps, signerFor, wait } from "@tlskit/crypto";
import { EarlyStage } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  earlyDataIndication,
  HandshakeType,
  handshakeTypeName,
  helloRetryRequestRandom,
  offeredPsks,
  selectedGroup,
  selectedIdentity,
  selectedVersion,
  serverShare,
  signatureAlgorithms,
} from "@tlskit/messages";
import { callerError, decode } from "@tlskit/wire";
import type { TestCertificate } from "../pki/certify.ts";
import type { ThrowawayPki } from "../pki/throwaway-pki.ts";
import { serverSignedContent } from "./certificate-verify.ts";
import { offeredGroups, offeredShares, offeredSuites, schemeOf } from "./choices.ts";
import { bound, type ScriptedPeerOptions } from "./peer.ts";
import {
  bodyOf,
  extensionData,
  framed,
  RawCertificate,
  RawCertificateRequest,
  RawCertificateVerify,
  RawClientHello,
  RawEncryptedExtensions,
  RawFinished,
  RawServerHello,
  rawExtension,
} from "./raw-messages.ts";
import type { Script } from "./script.ts";
import { type ScriptedSession, sessionStage } from "./session.ts";
import { ScriptedTls13Peer } from "./tls13-peer.ts";

/** What a scripted server is given. */
export interface ScriptedServerOptions extends ScriptedPeerOptions {
  /** Its first certificate is the one that is shown; bad chains are made from it too. */
  readonly pki: ThrowawayPki;
  /** What it resumes, if a client offers anything to resume; nothing unless told otherwise. */
  readonly session?: ScriptedSession | undefined;
}

/**
 * A server that does what its script says: by itself, the handshake of RFC 9846. It takes the client's first cipher
 * suite and key share that it knows, and the first ALPN protocol.
 */
export class ScriptedServer extends ScriptedTls13Peer {
  readonly pki: ThrowawayPki;
  readonly session: ScriptedSession | undefined;
  /** Whether early data is accepted that is offered with the session. */
  takesEarlyData: boolean;
  /** What is shown. */
  certificate: TestCertificate;
  /** The client's hellos, in order. */
  readonly clientHellos: RawClientHello[] = [];
  group: NamedGroup = x25519;
  #answer: KeyShareAnswer | undefined;
  #finishedWasRight: boolean | undefined;

  constructor(options: ScriptedServerOptions) {
    super(options);
    this.pki = options.pki;
    this.session = options.session;
    this.takesEarlyData = options.session?.earlyData === true;
    this.certificate = options.pki.certificate;
  }

  /** Does these steps, behind those that it was given before. */
  perform(script: Script<ScriptedServer>): void {
    this.enqueue(bound<ScriptedServer>(this, script));
  }

  /** The hello that is being answered. */
  get clientHello(): RawClientHello {
    const hello = this.clientHellos.at(-1);
    if (hello === undefined) throw callerError("no_client_hello", "the client has sent no hello");
    return hello;
  }

  /** Whether the client's Finished had the right contents; nothing before it has come. */
  get finishedWasRight(): boolean | undefined {
    return this.#finishedWasRight;
  }

  // biome-ignore lint/correctness/useYield: a server has nothing to wait for here
  protected override *observe(code: number, message: Uint8Array): Steps<string> {
    if (code === HandshakeType.keyUpdate) this.followKeyUpdate();
    if (code === HandshakeType.clientHello) this.#chooseFor(bodyOf(RawClientHello, message));
    // A later one belongs to what a client answers after the handshake.
    const endsHandshake = code === HandshakeType.finished && this.#finishedWasRight === undefined;
    if (endsHandshake) this.#finishedWasRight = this.#isFinished(message);
    this.transcript.push(message);
    if (code === HandshakeType.clientHello && this.acceptsEarlyData && this.session !== undefined) {
      this.readWith(sessionStage(this.provider, this.session).clientEarly(this.transcriptHash));
    }
    if (code === HandshakeType.endOfEarlyData && this.handshakeStage) this.readWith(this.handshakeStage.client);
    if (endsHandshake && this.mainStage !== undefined) this.readWith(this.mainStage.client);
    return handshakeTypeName(code);
  }

  #chooseFor(hello: RawClientHello): void {
    this.clientHellos.push(hello);
    this.cipherSuite = offeredSuites(hello, this.provider)[0] ?? this.cipherSuite;
    const [share] = offeredShares(hello).flatMap(
      ({ group }) => byCode(offeredGroups(hello, this.provider), group) ?? [],
    );
    this.group = share ?? this.group;
  }

  /** Whether the client is taken at its offer to resume, and at its offer of early data. */
  get resumes(): boolean {
    return this.session !== undefined && extensionData(this.clientHello, offeredPsks.code) !== undefined;
  }

  get acceptsEarlyData(): boolean {
    const offered = extensionData(this.clientHello, earlyDataIndication.code) !== undefined;
    return this.resumes && offered && this.takesEarlyData;
  }

  #isFinished(message: Uint8Array): boolean {
    const expected = this.handshakeStage?.client.verifyData(this.transcriptHash);
    return expected?.every((byte, index) => byte === message[4 + index]) ?? false;
  }

  // The messages.

  *serverHello(): Steps<Uint8Array> {
    const peerShare = offeredShares(this.clientHello).find(({ group }) => group === this.group.code);
    const keyExchange = keyExchangeOf(this.provider, this.group.keyExchange);
    // Without a share there is no shared secret: one's own share will do, since nobody will know.
    this.#answer =
      peerShare === undefined
        ? { share: (yield* wait(keyExchange.offer(this.random))).share, secret: new Uint8Array(32) }
        : yield* wait(keyExchange.respond(peerShare.keyExchange, this.random));
    return framed(HandshakeType.serverHello, RawServerHello, {
      legacyVersion: 0x0303,
      random: this.random(32),
      legacySessionIdEcho: this.clientHello.legacySessionId,
      cipherSuite: this.cipherSuite.code,
      legacyCompressionMethod: 0,
      extensions: [
        rawExtension(selectedVersion, 0x0304),
        rawExtension(serverShare, { group: this.group.code, keyExchange: this.#answer.share }),
        ...(this.resumes ? [rawExtension(selectedIdentity, 0)] : []),
      ],
    });
  }

  /** Asks for a share of this group. The first ClientHello gives way to its hash. */
  helloRetryRequest(group: NamedGroup): Uint8Array {
    this.replaceClientHello1();
    return framed(HandshakeType.serverHello, RawServerHello, {
      legacyVersion: 0x0303,
      random: helloRetryRequestRandom,
      legacySessionIdEcho: this.clientHello.legacySessionId,
      cipherSuite: this.cipherSuite.code,
      legacyCompressionMethod: 0,
      extensions: [rawExtension(selectedVersion, 0x0304), rawExtension(selectedGroup, group.code)],
    });
  }

  encryptedExtensions(): Uint8Array {
    const offered = extensionData(this.clientHello, applicationLayerProtocolNegotiation.code);
    const [protocol] = offered === undefined ? [] : decode(applicationLayerProtocolNegotiation.data, offered);
    return framed(HandshakeType.encryptedExtensions, RawEncryptedExtensions, {
      extensions: [
        ...(protocol === undefined ? [] : [rawExtension(applicationLayerProtocolNegotiation, [protocol])]),
        ...(this.acceptsEarlyData ? [rawExtension(earlyDataIndication, null)] : []),
      ],
    });
  }

  /**
   * Not part of a script unless asked for.
   * @param context empty in the handshake.
   */
  certificateRequest(context: Uint8Array = new Uint8Array(0)): Uint8Array {
    return framed(HandshakeType.certificateRequest, RawCertificateRequest, {
      context,
      extensions: [rawExtension(signatureAlgorithms, [0x0403, 0x0807])],
    });
  }

  certificateMessage(): Uint8Array {
    return framed(HandshakeType.certificate, RawCertificate, {
      context: new Uint8Array(0),
      entries: this.certificate.chain.map(({ der }) => ({ certificate: der, extensions: [] })),
    });
  }

  /** Signs the transcript until now. */
  *certificateVerify(): Steps<Uint8Array> {
    const signed = serverSignedContent(this.transcriptHash);
    const { privateKey } = this.certificate.key;
    const signature = yield* wait(
      signerFor(this.provider, privateKey, this.random).sign(this.scheme.algorithm, signed),
    );
    return framed(HandshakeType.certificateVerify, RawCertificateVerify, { algorithm: this.scheme.code, signature });
  }

  /** The scheme that goes with the certificate's key. */
  get scheme(): SignatureScheme {
    return schemeOf(this.certificate);
  }

  finished(): Uint8Array {
    const verifyData = this.handshakeStage?.server.verifyData(this.transcriptHash) ?? this.random(this.hash.length);
    return framed(HandshakeType.finished, RawFinished, verifyData);
  }

  // The keys.

  /** From the transcript up to the ServerHello: keys for both directions. */
  *useHandshakeKeys(): Steps<void> {
    yield* this.flush();
    if (this.handshakeStage !== undefined) return;
    const secret = this.#answer?.secret ?? new Uint8Array(32);
    const early =
      this.resumes && this.session !== undefined
        ? sessionStage(this.provider, this.session)
        : EarlyStage.withoutPsk(this.hash);
    const stage = early.withSharedSecret(secret, this.transcriptHash);
    this.handshakeStage = stage;
    // Otherwise early data comes first, and EndOfEarlyData.
    if (!this.acceptsEarlyData) this.readWith(stage.client);
    yield* this.writeWith(stage.server);
  }

  /** From the transcript up to the server's Finished: keys for sending; the client's come with its Finished. */
  *useApplicationKeys(): Steps<void> {
    yield* this.flush();
    if (this.handshakeStage === undefined || this.mainStage !== undefined) return;
    this.mainStage = this.handshakeStage.atServerFinished(this.transcriptHash);
    yield* this.writeWith(this.mainStage.server);
  }
}
