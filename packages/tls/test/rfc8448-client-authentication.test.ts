import { TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import { type CryptoProvider, runSync, type Steps, type Verifier, verifierFor } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  type ClientCredentialRequest,
  clientHandshake,
  clientSettings,
  type HandshakeIo,
  type Received,
  received,
  serverHandshake,
  serverSettings,
} from "@tlskit/handshake";
import {
  Certificate,
  CertificateVerify,
  decodeMessage,
  EncryptedExtensions,
  encodeMessage,
  type MessageType,
  typeOfMessage,
} from "@tlskit/messages";
import { describeVectors } from "@tlskit/vectors";
import { toHex } from "@tlskit/wire";
import { Certificate as X509Certificate } from "@tlskit/x509";
import { expect, test } from "vitest";

interface Trace {
  readonly steps: readonly {
    readonly actor: "client" | "server";
    readonly kind: string;
    readonly message?: string;
    readonly label?: string;
    readonly expanded?: string;
    readonly privateKey?: string;
  }[];
}

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));

const nothingAnswered = encodeMessage(EncryptedExtensions, { extensions: [] });

/**
 * A host that has one side go through the trace: what comes are the other's messages, and what is sent counts as the trace
 * has it. What of it depends on what peers like is the trace's own; what `exact` names has to be the same to the octet.
 */
class Replay {
  readonly #messages: { readonly actor: string; readonly bytes: Uint8Array }[];
  readonly secrets: string[] = [];
  readonly exact: string[] = [];
  readonly #actor: "client" | "server";

  constructor({ steps }: Trace, actor: "client" | "server") {
    this.#actor = actor;
    this.#messages = steps
      .filter(({ kind, message }) => kind === "message" && message !== undefined)
      .map((step) => ({ actor: step.actor, bytes: hex(step.message ?? "") }));
  }

  #next(actor: string): Uint8Array {
    const next = this.#messages.shift();
    expect(next?.actor).toBe(actor);
    return next?.bytes ?? new Uint8Array(0);
  }

  readonly io: HandshakeIo = (() => {
    const take = (): Uint8Array => this.#next(this.#actor === "client" ? "server" : "client");
    const secrets = this.secrets;
    return {
      // biome-ignore lint/correctness/useYield: the trace is there
      *receive<const Types extends readonly MessageType<unknown>[]>(...accept: Types): Steps<Received<Types[number]>> {
        const bytes = take();
        const type = typeOfMessage<Types[number]>(accept, bytes);
        if (type === undefined) throw new RangeError(`a message of type ${bytes[0]}`);
        // The trace's client has answers to what ours doesn't offer.
        const read = type.code === EncryptedExtensions.code ? nothingAnswered : bytes;
        return Object.assign(received(type, read), { bytes });
      },
      send: (type, message) => {
        const bytes = this.#next(this.#actor);
        expect(bytes[0]).toBe(type.code);
        if (toHex(encodeMessage(type, message)) === toHex(bytes)) this.exact.push(type.name);
        return bytes;
      },
      endOfFlight() {},
      changeCipherSpec() {},
      installRead: (_epoch, _suite, secret) => secrets.push(toHex(secret.dangerouslyExpose())),
      installWrite: (_epoch, _suite, secret) => secrets.push(toHex(secret.dangerouslyExpose())),
      skipEarlyData() {},
    };
  })();

  get isOver(): boolean {
    return this.#messages.length === 0;
  }
}

describeVectors<Trace>("RFC 8448 section 6", "rfc8448/section-6-client-authentication.json", (trace) => {
  const { steps } = trace;
  const ofClient = steps.flatMap(({ actor, message }) => (actor === "client" && message ? [hex(message)] : []));
  const find = (code: number): Uint8Array => ofClient.find((bytes) => bytes[0] === code) ?? new Uint8Array(0);
  const certificate = decodeMessage(Certificate, find(Certificate.code));
  const verify = decodeMessage(CertificateVerify, find(CertificateVerify.code));
  const key = (actor: string): Uint8Array =>
    hex(steps.find((step) => step.kind === "keyPair" && step.actor === actor)?.privateKey ?? "");
  const derived = (label: string): string => steps.find((step) => step.label === `tls13 ${label}`)?.expanded ?? "";
  const secrets = ["c hs traffic", "s hs traffic", "c ap traffic", "s ap traffic"].map(derived).toSorted();
  const common = (actor: string) => ({
    provider: nobleProvider as CryptoProvider,
    // X25519's private key is what the random source gives.
    random: (length: number) => (length === 32 ? key(actor) : new Uint8Array(length)),
    clock: () => 0,
    cipherSuites: [TLS_AES_128_GCM_SHA256],
    namedGroups: [x25519],
  });
  const anything: Verifier = { algorithms: [], verify: () => true };

  test("a client shows what it is asked for, by a signer that replays the trace's signature", () => {
    const replay = new Replay(trace, "client");
    const asked: ClientCredentialRequest[] = [];
    const established = runSync(
      clientHandshake(replay.io, {
        ...clientSettings({ ...common("client"), middleboxCompatibility: false }),
        serverName: undefined,
        // biome-ignore lint/correctness/useYield: nothing is waited for
        *verifyPeer() {
          return { keyType: "P-256" as const, verifier: anything, evidence: "the trace's server" };
        },
        selectCredential: (request) => {
          asked.push(request);
          return {
            certificates: certificate.certificateList.map(({ certData }) => certData),
            signatureSchemes: request.signatureSchemes.filter(({ code }) => code === verify.algorithm),
            signer: { algorithms: ["RSA-PSS/SHA-256"], sign: () => verify.signature },
          };
        },
      }),
    );
    expect(asked[0]?.context).toEqual(new Uint8Array(0));
    expect(asked[0]?.signatureSchemes.map(({ code }) => code)).toContain(verify.algorithm);
    expect(replay.exact).toEqual(["Certificate", "CertificateVerify", "Finished"]);
    expect(replay.isOver).toBe(true);
    expect([...new Set(replay.secrets)].toSorted()).toEqual(secrets);
    expect(established.negotiated.clientSignatureScheme?.code).toBe(verify.algorithm);
  });

  test("a server verifies what it has asked for", () => {
    const replay = new Replay(trace, "server");
    const leaf = X509Certificate.fromDer(certificate.certificateList[0]?.certData ?? new Uint8Array(0));
    const { publicKey } = leaf.subjectPublicKeyInfo;
    if (publicKey === undefined) throw new TypeError("a key");
    const established = runSync(
      serverHandshake(replay.io, {
        ...serverSettings(common("server")),
        selectCredential: ({ signatureSchemes }) => ({
          certificates: [Uint8Array.of(1)],
          signatureSchemes: signatureSchemes.slice(0, 1),
          signer: { algorithms: [], sign: () => Uint8Array.of(1) },
        }),
        clientAuthentication: {
          demand: "required",
          // biome-ignore lint/correctness/useYield: nothing is waited for
          *verifyPeer() {
            const verifier = verifierFor(nobleProvider, publicKey);
            return { keyType: "rsaEncryption" as const, verifier, evidence: "the trace's client" };
          },
        },
      }),
    );
    expect(established.peer).toBe("the trace's client");
    expect(replay.exact).toContain("Finished");
    expect(replay.isOver).toBe(true);
    expect([...new Set(replay.secrets)].toSorted()).toEqual(secrets);
  });
});
