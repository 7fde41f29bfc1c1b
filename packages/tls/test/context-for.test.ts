import {
  signatureSchemes,
  TLS_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  x25519,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import {
  Alert,
  type ClientOffer,
  peerError,
  ServerContext,
  type ServerOptions,
  type TlsVersion,
  tls12,
  tls12With,
  tls13,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { rsa as rsaKeyExchange } from "@tlskit/tls/rsa";
import { describe, expect, it } from "vitest";
import { connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const context = (options: Partial<ServerOptions> = {}): ServerContext =>
  new ServerContext({
    provider: nodeProvider,
    random: seededRandom(9),
    clock: () => now,
    certificates: [sharedPki().certificateOf("Ed25519")],
    ...options,
  });

describe("a context for a client, by what its hello offers", () => {
  it("is told the offer, whether or not it is known here", () => {
    let told: ClientOffer | undefined;
    connect(
      pair({
        cipherSuites: [TLS_AES_128_GCM_SHA256],
        namedGroups: [x25519],
        client: { alpnProtocols: ["h2", "x"] },
        server: {
          contextFor: (offer) => {
            told = offer;
            return context();
          },
        },
      }),
    );
    expect(told).toMatchObject({
      serverName: host,
      alpnProtocols: ["h2", "x"],
      versions: [0x0304],
      cipherSuites: [TLS_AES_128_GCM_SHA256.code],
      namedGroups: [x25519.code],
    });
    expect(told?.signatureSchemes).toContain(0x0807);
    expect(told?.bytes[0]).toBe(1);
  });

  it("is what the connection tells to have, once it is chosen", () => {
    const chosen = context();
    const { server } = connect(pair({ server: { contextFor: () => chosen } }));
    expect(server.context).toBe(chosen);
  });

  it("is chosen by a server that has no certificate of its own, too", () => {
    const chosen = { certificates: [], contextFor: () => context() };
    expect(connect(pair({ server: chosen })).atServer.error).toBeUndefined();
    const itself = connect(pair({ server: { certificates: [], contextFor: () => context({ ...chosen }) } }));
    expect(itself.atServer.error).toMatchObject({ code: "no_certificate", alert: Alert.handshakeFailure });
  });

  it("gives other certificates, protocols and choices", () => {
    const chosen = context({ alpnProtocols: ["x"] });
    const made = connect(pair({ client: { alpnProtocols: ["h2", "x"] }, server: { contextFor: () => chosen } }));
    expect(made.atClient.info).toMatchObject({
      alpnProtocol: "x",
      signatureScheme: { name: "ed25519" },
      serverCertificates: [sharedPki().certificateOf("Ed25519").chain[0]?.der, expect.anything()],
    });
  });

  it("may come later", async () => {
    let answer: ((chosen: ServerContext) => void) | undefined;
    const contextFor = () => new Promise<ServerContext>((resolve) => (answer = resolve));
    const made = connect(pair({ server: { contextFor } }));
    expect(made.atClient.events).toEqual([]);
    answer?.(context());
    // The promise's answer, and that of the promise which waits for it.
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    made.network.run();
    expect(made.atClient.info?.signatureScheme?.name).toBe("ed25519");
  });

  it("may be refused, with an alert", () => {
    const contextFor = (): never => {
      throw peerError("blocked", Alert.accessDenied, "nobody is let in today");
    };
    const made = connect(pair({ server: { contextFor } }));
    expect(made.atServer.error).toMatchObject({ kind: "peer", code: "blocked" });
    expect(made.atClient.error).toMatchObject({ code: "alert_access_denied" });
  });

  it("is internal_error for the client if choosing it fails, and says no more to it", () => {
    const contextFor = (): never => {
      throw new RangeError("a secret of ours");
    };
    const made = connect(pair({ server: { contextFor } }));
    expect(made.atServer.error).toMatchObject({ kind: "internal" });
    expect(made.atClient.error).toMatchObject({ code: "alert_internal_error" });
  });

  // RFC 9846 §6.2: protocol_version
  it("refuses a client whose version isn't one of its own", () => {
    const versions = [tls13, tls12];
    for (const [offered, own] of [
      [tls12, tls13],
      [tls13, tls12],
    ] as const) {
      const contextFor = () => context({ versions: [own] });
      const made = connect(pair({ client: { versions: [offered] }, server: { versions, contextFor } }));
      expect(made.atServer.error).toMatchObject({ code: "protocol_version", alert: Alert.protocolVersion });
      expect(made.atServer.info).toBeUndefined();
      expect(made.atClient.error).toMatchObject({ code: "alert_protocol_version" });
    }
    const made = connect(
      pair({ client: { versions: [tls12] }, server: { versions, contextFor: () => context({ versions }) } }),
    );
    expect(made.atServer.info?.version).toBe(0x0303);
  });

  describe("in TLS 1.2", () => {
    const play = (client: TlsVersion, own: TlsVersion, options: Partial<ServerOptions> = {}) => {
      const contextFor = () => context({ versions: [own], ...options });
      return connect(pair({ client: { versions: [client] }, server: { versions: [tls13, tls12], contextFor } }));
    };
    const only = (...cipherSuites: readonly Tls12CipherSuite[]): TlsVersion => tls12With({ cipherSuites });

    it("has cipher suites of its own", () => {
      const aes256 = TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384;
      expect(play(tls12, only(aes256)).atClient.info?.cipherSuite).toBe(aes256);
      const made = play(only(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), only(aes256));
      expect(made.atServer.error).toMatchObject({ code: "no_common_cipher_suite", alert: Alert.handshakeFailure });
    });

    it("has key exchanges of its own", () => {
      const suite = TLS_RSA_WITH_AES_128_GCM_SHA256;
      const rsa = tls12With({ cipherSuites: [suite], keyExchanges: [rsaKeyExchange] });
      const made = play(rsa, rsa, { certificates: [sharedPki().certificateOf("rsaEncryption")] });
      expect(made.atClient.info?.cipherSuite).toBe(suite);
    });

    it("fails, for whoever made it, with records that the first can't write", () => {
      const own = tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256], cbc });
      const made = play(own, own);
      expect(made.atServer.error).toMatchObject({ kind: "caller", code: "unsupported_choice" });
      expect(made.atClient.info).toBeUndefined();
    });
  });

  it("has the provider of the first, which protects the records", () => {
    const made = connect(pair({ server: { contextFor: () => context({ provider: nobleProvider }) } }));
    expect(made.atServer.error).toMatchObject({ kind: "caller", code: "unsupported_choice" });
    expect(made.atClient.error).toMatchObject({ code: "alert_internal_error" });
    expect(made.atClient.info).toBeUndefined();
  });
});

describe("a certificate's own signature schemes", () => {
  const scheme = (name: string) => signatureSchemes.filter((each) => each.name === name);
  const rsa = () => sharedPki().certificateOf("rsaEncryption");

  it("are all that its key is used for", () => {
    const certificates = [{ ...rsa(), signatureSchemes: scheme("rsa_pss_rsae_sha512") }];
    expect(connect(pair({ server: { certificates } })).atClient.info?.signatureScheme?.name).toBe(
      "rsa_pss_rsae_sha512",
    );
  });

  it("decide whether a client can use it", () => {
    const certificates = [
      { ...rsa(), signatureSchemes: scheme("rsa_pss_rsae_sha512") },
      { ...rsa(), signatureSchemes: scheme("rsa_pss_rsae_sha256") },
    ];
    const client = { signatureSchemes: [...scheme("rsa_pss_rsae_sha256"), ...scheme("ecdsa_secp256r1_sha256")] };
    const made = connect(pair({ client, server: { certificates } }));
    expect(made.atClient.info?.signatureScheme?.name).toBe("rsa_pss_rsae_sha256");
  });

  it("are an error if the key can't sign with one", () => {
    for (const name of ["ed25519", "rsa_pss_pss_sha256"]) {
      expect(() => context({ certificates: [{ ...rsa(), signatureSchemes: scheme(name) }] })).toThrow(
        expect.objectContaining({ code: "unsupported_choice" }),
      );
    }
  });
});
