import {
  availableSignatureSchemes,
  byCode,
  defaultSignatureSchemes,
  type NamedGroup,
  namedGroups,
  type SignatureScheme,
  secp256r1,
  type Tls12CipherSuite,
  tls12CipherSuites,
  x25519,
} from "@tlskit/ciphersuites";
import { encrypterFor, finiteFieldOf, keyExchangeOf, type Steps, signerFor, wait } from "@tlskit/crypto";
import { encryptPreliminarySecret, PreliminarySecret } from "@tlskit/keyschedule";
import {
  applicationLayerProtocolNegotiation,
  ecPointFormats,
  encryptThenMac,
  extendedMainSecret,
  HandshakeType,
  handshakeTypeName,
  renegotiationInfo,
  serverNameList,
  sessionTicket,
  signatureAlgorithms,
  supportedGroups,
} from "@tlskit/messages";
import { asciiBytes, callerError, concat, decode, equalBytes } from "@tlskit/wire";
import { Certificate } from "@tlskit/x509";
import type { TestCertificate } from "../../pki/certify.ts";
import type { ThrowawayPki } from "../../pki/throwaway-pki.ts";
import { schemeOf } from "../choices.ts";
import { bound, type ScriptedPeerOptions } from "../peer.ts";
import {
  extensionData,
  framed,
  RawCertificateVerify,
  RawClientHello,
  type RawExtension,
  rawExtension,
} from "../raw-messages.ts";
import type { Script } from "../script.ts";
import { ScriptedTls12Peer } from "./peer.ts";
import {
  longField,
  RawDheKeyExchange,
  RawEcdheKeyExchange,
  RawTls12Certificate,
  serverHelloOf,
  shortField,
} from "./raw-messages.ts";
import type { ScriptedTls12Session } from "./session.ts";

/** What a scripted client of TLS 1.2 is given. */
export interface ScriptedTls12ClientOptions extends ScriptedPeerOptions {
  /** The host for server_name. */
  readonly host: string;
  readonly cipherSuites: readonly Tls12CipherSuite[];
  /** None unless told otherwise. */
  readonly alpnProtocols?: readonly string[] | undefined;
  /** What it shows to a server that asks, by a script that says so; bad chains are made from it too. None unless told. */
  readonly pki?: ThrowawayPki | undefined;
  /** What it offers to resume; nothing unless told otherwise. */
  readonly session?: ScriptedTls12Session | undefined;
}

/** What may be odd about a CertificateVerify. */
export interface VerifyOdds {
  /** Changes what is signed. */
  readonly signed?: (content: Uint8Array) => Uint8Array;
  /** Changes the signature. */
  readonly signature?: (signature: Uint8Array) => Uint8Array;
  /** Says that it is signed so. */
  readonly scheme?: number;
  /** Whose key signs: that of the certificate that is shown unless told otherwise. */
  readonly certificate?: TestCertificate;
}

/** A client that does what its script says: by itself, the handshake of RFC 5246. It verifies no certificate. */
export class ScriptedTls12Client extends ScriptedTls12Peer {
  readonly role = "client";
  readonly host: string;
  readonly session: ScriptedTls12Session | undefined;
  readonly groups: readonly NamedGroup[] = [x25519, secp256r1];
  readonly #cipherSuites: readonly Tls12CipherSuite[];
  readonly #alpnProtocols: readonly string[];
  readonly #pki: ThrowawayPki | undefined;
  #certificate: TestCertificate | undefined;
  #hello: Uint8Array = new Uint8Array(0);
  #sessionId: Uint8Array = new Uint8Array(0);
  #serverCertificate: Uint8Array | undefined;
  /** The body of its ServerKeyExchange. */
  #serverParams: Uint8Array | undefined;
  #preliminarySecret: PreliminarySecret | undefined;

  constructor(options: ScriptedTls12ClientOptions) {
    super(options);
    this.host = options.host;
    this.session = options.session;
    this.#cipherSuites = options.cipherSuites;
    this.#alpnProtocols = options.alpnProtocols ?? [];
    this.#pki = options.pki;
    this.#certificate = options.pki?.certificate;
  }

  /** Does these steps, behind those that it was given before. */
  perform(script: Script<ScriptedTls12Client>): void {
    this.enqueue(bound<ScriptedTls12Client>(this, script));
  }

  /** The hello, as it was sent, header included. */
  get hello(): Uint8Array {
    return this.#hello;
  }

  override queue(message: Uint8Array): void {
    if (message[0] === HandshakeType.clientHello) {
      this.#hello = message;
      this.clientRandom = message.subarray(6, 38);
      this.#sessionId = message.subarray(39, 39 + (message[38] ?? 0));
    }
    super.queue(message);
  }

  // biome-ignore lint/correctness/useYield: a client has nothing to wait for here
  protected override *observe(code: number, message: Uint8Array): Steps<string> {
    if (code === HandshakeType.finished) this.observeFinished(message);
    // RFC 5246 §7.4.1.1
    if (code !== HandshakeType.helloRequest) this.transcript.push(message);
    const body = message.subarray(4);
    if (code === HandshakeType.serverHello) this.#observeHello(message);
    if (code === HandshakeType.certificate) [this.#serverCertificate] = decode(RawTls12Certificate, body);
    if (code === HandshakeType.serverKeyExchange) this.#serverParams = body;
    return handshakeTypeName(code);
  }

  #observeHello(message: Uint8Array): void {
    const hello = serverHelloOf(message);
    const isAnswered = ({ code }: { readonly code: number }): boolean => extensionData(hello, code) !== undefined;
    this.serverRandom = hello.random;
    this.cipherSuite = byCode(tls12CipherSuites, hello.cipherSuite) ?? this.cipherSuite;
    this.extendedMainSecret = isAnswered(extendedMainSecret);
    this.encryptThenMac = isAnswered(encryptThenMac);
    const isResumed = this.#sessionId.length > 0 && equalBytes(hello.legacySessionIdEcho, this.#sessionId);
    if (this.session !== undefined && isResumed) this.resume(this.session);
  }

  /** The server's prime, where the key exchange is DHE. */
  get prime(): Uint8Array {
    if (this.#serverParams === undefined) throw callerError("no_key_exchange", "the server has named no prime");
    return decode(RawDheKeyExchange, this.#serverParams).params.p;
  }

  // The messages.

  clientHello(): Uint8Array {
    return framed(HandshakeType.clientHello, RawClientHello, {
      legacyVersion: 0x0303,
      random: this.random(32),
      legacySessionId: this.session?.sessionId ?? new Uint8Array(0),
      cipherSuites: this.#cipherSuites.map(({ code }) => code),
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: this.#requests(),
    });
  }

  #requests(): readonly RawExtension[] {
    const isCbc = this.#cipherSuites.some(({ protection }) => protection.type === "CBC");
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
      rawExtension(ecPointFormats, Uint8Array.of(0)),
      rawExtension(extendedMainSecret, null),
      ...(isCbc ? [rawExtension(encryptThenMac, null)] : []),
      rawExtension(sessionTicket, this.session?.ticket ?? new Uint8Array(0)),
      rawExtension(renegotiationInfo, new Uint8Array(0)),
    ];
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
    return framed(
      HandshakeType.certificate,
      RawTls12Certificate,
      this.certificate.chain.map(({ der }) => der),
    );
  }

  /** An answer to a CertificateRequest: none. */
  emptyCertificate(): Uint8Array {
    return framed(HandshakeType.certificate, RawTls12Certificate, []);
  }

  /**
   * By the key exchange of the suite.
   * @param change of the share, or of what is encrypted, before it is sent.
   */
  *clientKeyExchange(change: (field: Uint8Array) => Uint8Array = (field) => field): Steps<Uint8Array> {
    const { keyExchange } = this.cipherSuite;
    const { field, secret } = yield* this.#agree();
    this.#preliminarySecret = secret;
    const codec = keyExchange === "RSA" || keyExchange === "DHE" ? longField : shortField;
    return framed(HandshakeType.clientKeyExchange, codec, change(field));
  }

  *#agree(): Steps<{ readonly field: Uint8Array; readonly secret: PreliminarySecret }> {
    const { keyExchange } = this.cipherSuite;
    if (keyExchange === "RSA") {
      const { publicKey } = Certificate.fromDer(this.#serverCertificate ?? new Uint8Array(0)).subjectPublicKeyInfo;
      if (publicKey?.type !== "RSA") throw callerError("no_rsa", "the server's certificate has no RSA key");
      const encrypter = encrypterFor(this.provider, publicKey);
      const { secret, encrypted } = yield* encryptPreliminarySecret(encrypter, 0x0303, this.random);
      return { field: encrypted, secret };
    }
    const params = this.#serverParams;
    if (params === undefined) {
      return { field: this.random(32), secret: PreliminarySecret.ofEcdhe(this.random(32)) };
    }
    if (keyExchange === "DHE") {
      const { p, g, public: theirs } = decode(RawDheKeyExchange, params).params;
      const group = finiteFieldOf(this.provider).in({ prime: p, generator: g });
      const { share, secret } = yield* wait(group.respond(theirs, this.random));
      return { field: share, secret: PreliminarySecret.ofDhe(secret) };
    }
    const { namedCurve, public: theirs } = decode(RawEcdheKeyExchange, params).params;
    this.group = byCode(namedGroups, namedCurve) ?? this.group;
    const group = keyExchangeOf(this.provider, this.group.keyExchange);
    const { share, secret } = yield* wait(group.respond(theirs, this.random));
    return { field: share, secret: PreliminarySecret.ofEcdhe(secret) };
  }

  /** The scheme that goes with the certificate's key. */
  get scheme(): SignatureScheme {
    return schemeOf(this.certificate);
  }

  /** RFC 5246 §7.4.8: signs the messages until now. */
  *certificateVerify(odds: VerifyOdds = {}): Steps<Uint8Array> {
    const same = (bytes: Uint8Array): Uint8Array => bytes;
    const { certificate = this.certificate } = odds;
    const scheme = schemeOf(certificate);
    const signer = signerFor(this.provider, certificate.key.privateKey, this.random);
    const signature = yield* wait(signer.sign(scheme.algorithm, (odds.signed ?? same)(concat(...this.transcript))));
    return framed(HandshakeType.certificateVerify, RawCertificateVerify, {
      algorithm: odds.scheme ?? scheme.code,
      signature: (odds.signature ?? same)(signature),
    });
  }

  // The keys.

  /** Behind the ClientKeyExchange. Nothing happens twice. */
  useMainSecret(): void {
    const preliminary = this.#preliminarySecret;
    this.#preliminarySecret = undefined;
    if (preliminary !== undefined) this.deriveMainSecret(preliminary);
    else if (this.mainSecret === undefined) this.forgetMainSecret();
  }
}
