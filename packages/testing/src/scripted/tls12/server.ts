import { ffdhe2048, type NamedGroup, type SignatureScheme, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import {
  decrypterFor,
  type FfdheName,
  ffdheGroup,
  finiteFieldOf,
  type KeyShareOffer,
  keyExchangeOf,
  type Steps,
  signerFor,
  wait,
} from "@tlskit/crypto";
import { decryptPreliminarySecret, PreliminarySecret } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  ecPointFormats,
  encryptThenMac,
  extendedMainSecret,
  HandshakeType,
  handshakeTypeName,
  renegotiationInfo,
  sessionTicket,
} from "@tlskit/messages";
import { callerError, concat, decode, encode, equalBytes } from "@tlskit/wire";
import { ocspResponse } from "../../pki/attest.ts";
import type { TestCertificate } from "../../pki/certify.ts";
import type { ThrowawayPki } from "../../pki/throwaway-pki.ts";
import { schemeOf } from "../choices.ts";
import { bound, type ScriptedPeerOptions } from "../peer.ts";
import {
  bodyOf,
  extensionData,
  frame,
  framed,
  RawCertificateVerify,
  RawClientHello,
  type RawExtension,
  RawServerHello,
  rawExtension,
} from "../raw-messages.ts";
import type { Script } from "../script.ts";
import { ScriptedTls12Peer } from "./peer.ts";
import {
  longField,
  RawDhParams,
  RawEcdhParams,
  RawTls12Certificate,
  RawTls12CertificateRequest,
  RawTls12NewSessionTicket,
  shortField,
} from "./raw-messages.ts";
import type { ScriptedTls12Session } from "./session.ts";

/** What a scripted server of TLS 1.2 is given. */
export interface ScriptedTls12ServerOptions extends ScriptedPeerOptions {
  readonly pki: ThrowawayPki;
  /** What it chooses, whatever the client offers. */
  readonly cipherSuite: Tls12CipherSuite;
  /** What is shown: the first of the PKI unless told otherwise. */
  readonly certificate?: TestCertificate | undefined;
  /** X25519 unless told otherwise; with DHE the group of 2,048 bits. */
  readonly group?: NamedGroup | undefined;
  /** What it resumes, if a client offers anything to resume; nothing unless told otherwise. */
  readonly session?: ScriptedTls12Session | undefined;
}

/** What may be odd about a ServerKeyExchange. */
export interface KeyExchangeOdds {
  /** Changes what is said, and signed. */
  readonly params?: (params: Uint8Array) => Uint8Array;
  /** Changes what is said when it has been signed. */
  readonly afterwards?: (params: Uint8Array) => Uint8Array;
  /** Changes what is signed, and not what is said. */
  readonly signed?: (content: Uint8Array) => Uint8Array;
  /** Changes the signature. */
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  /** Says that it is signed so. */
  readonly scheme?: number;
  /** Whose key signs: that of the certificate that is shown unless told otherwise. */
  readonly certificate?: TestCertificate;
}

/** A server that does what its script says: by itself, the handshake of RFC 5246. */
export class ScriptedTls12Server extends ScriptedTls12Peer {
  readonly role = "server";
  readonly pki: ThrowawayPki;
  readonly session: ScriptedTls12Session | undefined;
  /** What is shown. */
  certificate: TestCertificate;
  /** The client's hellos, in order. */
  readonly clientHellos: RawClientHello[] = [];
  /** Whether the ServerHello says that a CertificateStatus may follow, and that a NewSessionTicket does. */
  acknowledgesStatus = false;
  announcesTicket = false;
  #offer: Pick<KeyShareOffer, "share" | "finish"> | undefined;

  constructor(options: ScriptedTls12ServerOptions) {
    super(options);
    this.pki = options.pki;
    this.session = options.session;
    this.cipherSuite = options.cipherSuite;
    this.certificate = options.certificate ?? options.pki.certificate;
    if (options.group !== undefined) this.group = options.group;
    else if (options.cipherSuite.keyExchange === "DHE") this.group = ffdhe2048;
  }

  /** Does these steps, behind those that it was given before. */
  perform(script: Script<ScriptedTls12Server>): void {
    this.enqueue(bound<ScriptedTls12Server>(this, script));
  }

  /** The hello that is being answered. */
  get clientHello(): RawClientHello {
    const hello = this.clientHellos.at(-1);
    if (hello === undefined) throw callerError("no_client_hello", "the client has sent no hello");
    return hello;
  }

  protected override *observe(code: number, message: Uint8Array): Steps<string> {
    if (code === HandshakeType.clientHello) {
      const hello = bodyOf(RawClientHello, message);
      this.clientHellos.push(hello);
      this.clientRandom = hello.random;
    }
    if (code === HandshakeType.finished) this.observeFinished(message);
    this.transcript.push(message);
    if (code === HandshakeType.clientKeyExchange) this.deriveMainSecret(yield* this.#agree(message.subarray(4)));
    return handshakeTypeName(code);
  }

  *#agree(body: Uint8Array): Steps<PreliminarySecret> {
    const { keyExchange } = this.cipherSuite;
    if (keyExchange === "RSA") {
      const { privateKey } = this.certificate.key;
      if (privateKey.type !== "RSA") throw callerError("no_rsa", "the certificate has no RSA key");
      const decrypter = decrypterFor(this.provider, privateKey);
      const { legacyVersion } = this.clientHello;
      return yield* decryptPreliminarySecret(decrypter, decode(longField, body), legacyVersion, this.random);
    }
    const share = decode(keyExchange === "DHE" ? longField : shortField, body);
    const secret = this.#offer === undefined ? this.random(32) : yield* wait(this.#offer.finish(share));
    return keyExchange === "DHE" ? PreliminarySecret.ofDhe(secret) : PreliminarySecret.ofEcdhe(secret);
  }

  /** Whether the client is taken at its offer to resume. */
  get resumes(): boolean {
    const { session } = this;
    if (session === undefined || this.clientHellos.length === 0) return false;
    const ticket = extensionData(this.clientHello, sessionTicket.code) ?? new Uint8Array(0);
    return session.ticket.length > 0
      ? equalBytes(ticket, session.ticket)
      : equalBytes(this.clientHello.legacySessionId, session.sessionId);
  }

  // The messages.

  serverHello(): Uint8Array {
    this.serverRandom = this.random(32);
    const isOffered = (code: number): boolean => extensionData(this.clientHello, code) !== undefined;
    this.extendedMainSecret = isOffered(extendedMainSecret.code);
    this.encryptThenMac = this.cipherSuite.protection.type === "CBC" && isOffered(encryptThenMac.code);
    if (this.session !== undefined && this.resumes) {
      this.cipherSuite = this.session.cipherSuite;
      this.extendedMainSecret = this.session.extended;
    }
    return framed(HandshakeType.serverHello, RawServerHello, {
      legacyVersion: 0x0303,
      random: this.serverRandom,
      legacySessionIdEcho: this.resumes ? this.clientHello.legacySessionId : new Uint8Array(0),
      cipherSuite: this.cipherSuite.code,
      legacyCompressionMethod: 0,
      extensions: this.#answers(),
    });
  }

  #answers(): readonly RawExtension[] {
    const offered = (code: number): Uint8Array | undefined => extensionData(this.clientHello, code);
    const protocols = offered(applicationLayerProtocolNegotiation.code);
    const [protocol] = protocols === undefined ? [] : decode(applicationLayerProtocolNegotiation.data, protocols);
    return [
      rawExtension(renegotiationInfo, new Uint8Array(0)),
      ...(offered(ecPointFormats.code) === undefined ? [] : [rawExtension(ecPointFormats, Uint8Array.of(0))]),
      ...(protocol === undefined ? [] : [rawExtension(applicationLayerProtocolNegotiation, [protocol])]),
      ...(this.extendedMainSecret ? [rawExtension(extendedMainSecret, null)] : []),
      ...(this.encryptThenMac ? [rawExtension(encryptThenMac, null)] : []),
      ...(this.acknowledgesStatus ? [{ code: 5, data: new Uint8Array(0) }] : []),
      ...(this.announcesTicket ? [rawExtension(sessionTicket, new Uint8Array(0))] : []),
    ];
  }

  certificateMessage(): Uint8Array {
    return framed(
      HandshakeType.certificate,
      RawTls12Certificate,
      this.certificate.chain.map(({ der }) => der),
    );
  }

  /** A good OCSP response for the certificate that is shown. */
  *certificateStatus(): Steps<Uint8Array> {
    const [leaf] = this.certificate.chain;
    if (leaf === undefined) throw callerError("no_certificates", "there is nothing to be shown");
    const response = yield* ocspResponse(this.pki, leaf);
    const length = Uint8Array.of(response.length >> 16, (response.length >> 8) & 0xff, response.length & 0xff);
    return frame(HandshakeType.certificateStatus, concat(Uint8Array.of(1), length, response));
  }

  /** With a key share of its own. */
  *#params(): Steps<Uint8Array> {
    if (this.cipherSuite.keyExchange === "DHE") {
      // The names of finite fields are those of their groups.
      const { prime, generator } = ffdheGroup(this.group.name as FfdheName);
      this.#offer = yield* wait(finiteFieldOf(this.provider).in({ prime, generator }).offer(this.random));
      return encode(RawDhParams, { p: prime, g: generator, public: this.#offer.share });
    }
    this.#offer = yield* wait(keyExchangeOf(this.provider, this.group.keyExchange).offer(this.random));
    return encode(RawEcdhParams, { curveType: 3, namedCurve: this.group.code, public: this.#offer.share });
  }

  *serverKeyExchange(odds: KeyExchangeOdds = {}): Steps<Uint8Array> {
    const same = (bytes: Uint8Array): Uint8Array => bytes;
    const params = (odds.params ?? same)(yield* this.#params());
    const { certificate = this.certificate } = odds;
    const scheme = schemeOf(certificate);
    const signer = signerFor(this.provider, certificate.key.privateKey, this.random);
    const content = (odds.signed ?? same)(concat(this.clientRandom, this.serverRandom, params));
    const signature = yield* wait(signer.sign(scheme.algorithm, content));
    return frame(
      HandshakeType.serverKeyExchange,
      concat(
        (odds.afterwards ?? same)(params),
        encode(RawCertificateVerify, {
          algorithm: odds.scheme ?? scheme.code,
          signature: (odds.signature ?? same)(signature),
        }),
      ),
    );
  }

  /** The scheme that goes with the certificate's key. */
  get scheme(): SignatureScheme {
    return schemeOf(this.certificate);
  }

  certificateRequest(): Uint8Array {
    return framed(HandshakeType.certificateRequest, RawTls12CertificateRequest, {
      certificateTypes: Uint8Array.of(64, 1),
      signatureAlgorithms: [0x0403, 0x0807],
      authorities: [],
    });
  }

  serverHelloDone(): Uint8Array {
    return frame(HandshakeType.serverHelloDone, new Uint8Array(0));
  }

  newSessionTicket(): Uint8Array {
    return framed(HandshakeType.newSessionTicket, RawTls12NewSessionTicket, {
      lifetimeHint: 3600,
      ticket: this.random(100),
    });
  }

  // The keys.

  /** RFC 5246 §7.3#abbreviated: behind the ServerHello. */
  goOnWithSession(): void {
    if (this.session === undefined || !this.resumes) this.forgetMainSecret();
    else this.resume(this.session);
  }
}
