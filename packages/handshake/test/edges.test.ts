import {
  defaultSignatureSchemes,
  type SignatureScheme,
  secp256r1,
  TLS_AES_128_GCM_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import {
  CryptoError,
  type CryptoProvider,
  hashOf,
  type KeyExchange,
  runSync,
  signatureKeysOf,
  signerFor,
  verifierFor,
  wait,
} from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  AuthenticatedPeer,
  type ClientHandshakeSettings,
  clientHandshake,
  clientSettings,
  Established,
  type ServerHandshakeSettings,
  serverHandshake,
  serverSettings,
  VerifiedFinished,
} from "@tlskit/handshake";
import { TrafficSecret } from "@tlskit/keyschedule";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { Alert } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { type Ending, MemoryHost, runBoth } from "./helpers/memory-host.ts";

const { chain, key } = throwawayPki(nodeProvider, seededRandom(1), "host.example", 0, {
  keyTypes: ["rsaEncryption"],
}).certificate;
const schemesNamed = (pattern: RegExp): readonly SignatureScheme[] =>
  defaultSignatureSchemes.filter(({ name, keyType }) => keyType === "rsaEncryption" && pattern.test(name));
const common = {
  provider: nodeProvider,
  cipherSuites: [TLS_AES_128_GCM_SHA256],
  namedGroups: [x25519, secp256r1],
  signatureSchemes: defaultSignatureSchemes,
  alpnProtocols: [],
  keyLog: undefined,
  clock: () => 0,
};
const trusted = {
  keyType: "rsaEncryption",
  verifier: verifierFor(nodeProvider, key.privateKey),
  evidence: "seen",
} as const;

/** A handshake of a client and a server that can be told otherwise. */
function shake(
  client: Partial<ClientHandshakeSettings<string>> = {},
  server: Partial<ServerHandshakeSettings> = {},
  schemes: readonly SignatureScheme[] = schemesNamed(/pss/),
) {
  const hosts = [new MemoryHost(), new MemoryHost()] as const;
  const [atClient, atServer] = runBoth(hosts, [
    clientHandshake(hosts[0], {
      ...clientSettings({ ...common, random: seededRandom(2) }),
      keyShareGroups: [x25519],
      serverName: undefined,
      // biome-ignore lint/correctness/useYield: this trust needs no waiting
      *verifyPeer() {
        return trusted;
      },
      ...client,
    }),
    serverHandshake(hosts[1], {
      ...serverSettings({ ...common, random: seededRandom(3) }),
      selectCredential: () => ({
        certificates: chain.map(({ der }) => der),
        signatureSchemes: schemes,
        signer: signerFor(nodeProvider, key.privateKey, seededRandom(4)),
      }),
      ...server,
    }),
  ]);
  return { clientHost: hosts[0], serverHost: hosts[1], atClient, atServer };
}

function errorOf<T>(ending: Ending<T> | undefined): unknown {
  return ending !== undefined && "error" in ending ? ending.error : undefined;
}

describe("a signature scheme", () => {
  // RFC 9846 §4.3.3: RSASSA-PKCS1-v1_5 refers solely to signatures in certificates.
  it("for certificates alone signs no handshake, though both sides have it", () => {
    const pkcs1 = schemesNamed(/pkcs1/);
    expect(pkcs1).toHaveLength(3);
    const { atServer } = shake({}, {}, pkcs1);
    expect(errorOf(atServer)).toMatchObject({ code: "no_common_signature_scheme", alert: Alert.handshakeFailure });
  });

  it("that the client doesn't offer signs none either", () => {
    const offered = schemesNamed(/pss_rsae_sha256/);
    const { atServer } = shake({ signatureSchemes: offered }, {}, schemesNamed(/pss_rsae_sha512/));
    expect(errorOf(atServer)).toMatchObject({ code: "no_common_signature_scheme", alert: Alert.handshakeFailure });
  });
});

describe("change_cipher_spec (RFC 9846 §E.4)", () => {
  const specs = ({ events }: MemoryHost): number => events.filter(({ type }) => type === "changeCipherSpec").length;

  it.each([
    ["without", [x25519]],
    ["with", []],
  ])("is sent once by each side, %s a HelloRetryRequest", (_, keyShareGroups) => {
    const { clientHost, serverHost, atClient } = shake({ keyShareGroups });
    expect(errorOf(atClient)).toBeUndefined();
    expect([specs(clientHost), specs(serverHost)]).toEqual([1, 1]);
  });

  it("is sent before the second ClientHello, and by a client that wants none not at all", () => {
    const order = ({ events }: MemoryHost): readonly string[] =>
      events.flatMap((event) =>
        event.type === "sent" ? [event.name] : event.type === "changeCipherSpec" ? ["ccs"] : [],
      );
    const { clientHost } = shake({ keyShareGroups: [] });
    expect(order(clientHost)).toEqual(["ClientHello", "ccs", "ClientHello", "Finished"]);
    const plain = shake({ keyShareGroups: [], middleboxCompatibility: false });
    expect(order(plain.clientHost)).toEqual(["ClientHello", "ClientHello", "Finished"]);
  });
});

describe("a key exchange that fails", () => {
  const failing = (error: Error): CryptoProvider => ({
    ...nodeProvider,
    keyExchanges: nodeProvider.keyExchanges.map(
      (exchange): KeyExchange => ({
        ...exchange,
        respond: () => {
          throw error;
        },
      }),
    ),
  });

  it("is the peer's fault only if its share is invalid", () => {
    const invalid = new CryptoError("invalid_key_share", "off the curve");
    const { atServer } = shake({}, { provider: failing(invalid) });
    expect(errorOf(atServer)).toMatchObject({ kind: "peer", code: "invalid_key_share", alert: Alert.illegalParameter });
  });

  it("is nobody's fault otherwise", () => {
    for (const error of [
      new CryptoError("unsupported", "no such curve"),
      Object.assign(new Error("of another kind"), { code: "invalid_key_share" }),
    ]) {
      expect(errorOf(shake({}, { provider: failing(error) }).atServer)).toBe(error);
    }
  });
});

describe("a proof", () => {
  const hash = hashOf(nodeProvider, "SHA-256");
  const secret = new TrafficSecret("server handshake", hash, new Uint8Array(32).fill(1));
  const transcript = new Uint8Array(32).fill(2);
  const finished = VerifiedFinished.verify({ verifyData: secret.verifyData(transcript) }, secret, transcript);
  const ended = () => {
    const { atClient } = shake();
    if (atClient === undefined || !("value" in atClient)) throw new Error("the handshake did not end well");
    return atClient.value;
  };

  it("is made by verification alone, and is asked for each by itself", () => {
    const { negotiated, secrets, resumption } = ended();
    const noProof = expect.objectContaining({ kind: "caller", code: "no_proof" });
    // What only looks like a proof: an object of the class that no verification made.
    const forgedPeer = Object.create(AuthenticatedPeer.prototype) as AuthenticatedPeer<string>;
    const forgedFinished = Object.create(VerifiedFinished.prototype) as VerifiedFinished;
    expect(() => Established.withServer(forgedPeer, finished, negotiated, secrets, resumption)).toThrow(noProof);
    expect(() => Established.withServer(genuinePeer(), forgedFinished, negotiated, secrets, resumption)).toThrow(
      noProof,
    );
    expect(() => Established.withClient(undefined, forgedFinished, negotiated, secrets, resumption)).toThrow(noProof);
    expect(() => Established.withClient(forgedPeer, finished, negotiated, secrets, resumption)).toThrow(noProof);
    expect(Established.withServer(genuinePeer(), finished, negotiated, secrets, resumption).peer).toBe("seen");
  });

  /** A server that has shown that it holds its key. */
  function genuinePeer(): AuthenticatedPeer<string> {
    const keys = signatureKeysOf(nodeProvider, "Ed25519");
    const privateKey = runSync(wait(keys.generate(seededRandom(5))));
    const content = Uint8Array.of(
      ...new Array<number>(64).fill(0x20),
      ...new TextEncoder().encode("TLS 1.3, server CertificateVerify"),
      0,
      ...transcript,
    );
    const signature = runSync(wait(keys.signer(privateKey, seededRandom(6)).sign("Ed25519", content)));
    const peer = { keyType: "Ed25519", verifier: verifierFor(nodeProvider, privateKey), evidence: "seen" } as const;
    return runSync(
      AuthenticatedPeer.verify(
        "server",
        peer,
        { algorithm: 0x0807, signature },
        defaultSignatureSchemes,
        transcript,
        0,
      ),
    );
  }
});
