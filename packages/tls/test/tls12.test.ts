import {
  availableNamedGroups,
  availableTls12CipherSuites,
  defaultTls12CipherSuites,
  type NamedGroup,
  namedGroups,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import type { CryptoProvider } from "@tlskit/crypto";
import { decodeMessage, encryptThenMac, extensionIn, ServerHello } from "@tlskit/messages";
import { LateTasks } from "@tlskit/testing";
import {
  dangerouslyTakeTrafficSecrets,
  ownCertificates,
  type ServerOptions,
  tls12,
  tls12With,
  tls13,
  VerifiedChain,
} from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { expectData, expectEstablished, text } from "./helpers/scenarios.ts";
import { clientPki, connect, type Pair, type PairOptions, pair, providers, sharedPki } from "./helpers/world.ts";

const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"] as const;
const tls12Groups = (provider: CryptoProvider): readonly NamedGroup[] =>
  availableNamedGroups(provider, namedGroups).filter(
    ({ name, postQuantum }) => !postQuantum && !name.startsWith("ffdhe"),
  );

/** Two connections that have TLS 1.2 alone, unless told otherwise. */
function pairOf12({ client, server, ...options }: PairOptions = {}): Pair {
  return pair({ ...options, client: { versions: [tls12], ...client }, server: { versions: [tls12], ...server } });
}

const namesOf = (side: Pair["atClient"] | Pair["atServer"], direction: "sent" | "received"): readonly string[] =>
  side.traced.flatMap((event) => {
    if (event.direction !== direction) return [];
    if (event.type === "message") return [event.messageType.name];
    return event.type === "changeCipherSpec" ? ["change_cipher_spec"] : [];
  });

describe("a handshake of TLS 1.2 (RFC 5246 §7.3)", () => {
  // RFC 5246 §7.4#order, §7.1#new-keys
  it("has its messages in their order, two round trips", () => {
    const made = connect(pairOf12());
    expectEstablished(made);
    expect(made.atClient.info).toMatchObject({ version: 0x0303, resumed: false, helloRetryRequest: false });
    expect(namesOf(made.atClient, "sent")).toEqual([
      "ClientHello",
      "ClientKeyExchange",
      "change_cipher_spec",
      "Finished",
    ]);
    expect(namesOf(made.atServer, "sent")).toEqual([
      "ServerHello",
      "Certificate",
      "ServerKeyExchange",
      "ServerHelloDone",
      "change_cipher_spec",
      "Finished",
    ]);
    expect(namesOf(made.atClient, "received")).toEqual(namesOf(made.atServer, "sent"));
    expect(namesOf(made.atServer, "received")).toEqual(namesOf(made.atClient, "sent"));
    expectData(made);
  });

  const suitesFor = (rsa: boolean): readonly Tls12CipherSuite[] =>
    availableTls12CipherSuites(providers.node, defaultTls12CipherSuites).filter(
      ({ certificateKey }) => (certificateKey === "RSA") === rsa,
    );

  for (const keyType of keyTypes) {
    const isRsa = keyType === "rsaEncryption" || keyType === "id-RSASSA-PSS";
    for (const suite of suitesFor(isRsa)) {
      // RFC 8422 §5.4#eddsa, RFC 5246 §7.4.9#hash
      it(`goes with ${keyType}, ${suite.name}, every group`, () => {
        for (const group of tls12Groups(providers.node)) {
          const versions = [tls12With({ cipherSuites: [suite] })];
          // The curve of the certificate has to be offered as well (RFC 8422 §5.1.1).
          const groups = [group, ...tls12Groups(providers.node).filter((other) => other !== group)];
          const made = connect(
            pair({
              namedGroups: groups,
              client: { versions },
              server: { versions, certificates: [sharedPki().certificateOf(keyType)] },
            }),
          );
          expectEstablished(made);
          expect([made.atClient.info?.cipherSuite, made.atClient.info?.namedGroup]).toEqual([suite, group]);
          expectData(made, 1000);
        }
      });
    }
  }

  it("is the same by noble, to the byte each time", () => {
    const made = [1, 2].map(() => connect(pairOf12({ provider: providers.noble })));
    for (const each of made) {
      expectEstablished(each);
      expectData(each, 100);
    }
    const [first, second] = made.map(({ link }) => [...link.left.written, ...link.right.written].map(toHex));
    expect(second).toEqual(first);
  });

  it("is the same where cryptography answers later", () => {
    const made = connect(pairOf12({ tasks: new LateTasks() }));
    expectEstablished(made);
    expectData(made);
  });

  it("logs its main secret as CLIENT_RANDOM, and nothing of TLS 1.3", () => {
    const made = connect(pairOf12());
    expect(made.clientKeyLog).toHaveLength(1);
    expect(made.clientKeyLog[0]).toMatch(/^CLIENT_RANDOM [0-9a-f]{64} [0-9a-f]{96}$/);
    expect(made.serverKeyLog).toEqual(made.clientKeyLog);
  });

  // RFC 7627 §5.1#derived
  it("exports keying material and binds channels, with an extended main secret", () => {
    const { client, server } = connect(pairOf12());
    const exported = client.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40);
    expect(server.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40)).toEqual(exported);
    // RFC 5705 §4
    expect(client.exportKeyingMaterial("EXPERIMENTAL test", text(""), 40)).not.toEqual(exported);
    for (const [type, length] of [
      ["tls-exporter", 32],
      ["tls-unique", 12],
    ] as const) {
      expect(client.channelBinding(type)).toHaveLength(length);
      expect(server.channelBinding(type)).toEqual(client.channelBinding(type));
    }
  });

  it("negotiates an application protocol", () => {
    const made = connect(pairOf12({ client: { alpnProtocols: ["h2", "x"] }, server: { alpnProtocols: ["x"] } }));
    expect(made.atClient.info?.alpnProtocol).toBe("x");
    expect(made.atServer.info?.alpnProtocol).toBe("x");
    const none = connect(pairOf12({ client: { alpnProtocols: ["h2"] }, server: { alpnProtocols: ["x"] } }));
    expect(none.atServer.error).toMatchObject({ code: "no_application_protocol" });
    expect(none.atClient.error).toMatchObject({ kind: "alert", alert: 120 });
  });
});

// RFC 5246 §7.4.4, §7.4.6, §7.4.8
describe("a client's certificate in TLS 1.2", () => {
  const asking = (
    demand: "required" | "optional" | "later",
    anchors = clientPki().anchors,
  ): Partial<ServerOptions> => ({
    clientCertificates: { demand, anchors },
  });

  for (const keyType of keyTypes) {
    // RFC 5246 §7.4.4#types, §7.4.4#key, §7.4.6#key-exchange, §7.4.6#rsa, §7.4.6#ecdsa, §7.4.8#position, RFC 8422 §3.1#key
    it(`is shown, verified and told of: ${keyType}`, () => {
      const made = connect(
        pairOf12({
          client: { certificates: ownCertificates([clientPki().certificateOf(keyType)]) },
          server: asking("required"),
        }),
      );
      expect([made.atClient.error, made.atServer.error]).toEqual([undefined, undefined]);
      expect(made.atServer.info?.peer).toBeInstanceOf(VerifiedChain);
      expect(made.atServer.info?.clientCertificates).toEqual(made.atClient.info?.clientCertificates);
      expect(made.atServer.info?.clientCertificates).toHaveLength(clientPki().certificateOf(keyType).chain.length);
      expect(made.atServer.info?.clientSignatureScheme).toBe(made.atClient.info?.clientSignatureScheme);
      expect(namesOf(made.atClient, "sent")).toEqual([
        "ClientHello",
        "Certificate",
        "ClientKeyExchange",
        "CertificateVerify",
        "change_cipher_spec",
        "Finished",
      ]);
      expectData(made, 100);
    });
  }

  it("is required or not: whoever has none shows none", () => {
    const refused = connect(pairOf12({ server: asking("required") }));
    expect(refused.atServer.error).toMatchObject({ code: "certificate_required", alert: 40 });
    expect(refused.atClient.error).toMatchObject({ kind: "alert", alert: 40 });
    expect(refused.atClient.info).toBeUndefined();
    const anonymous = connect(pairOf12({ server: asking("optional") }));
    expectEstablished(anonymous);
    expect(anonymous.atServer.info?.clientCertificates).toEqual([]);
    expect(namesOf(anonymous.atClient, "sent")).not.toContain("CertificateVerify");
  });

  it("isn't asked for later, which TLS 1.2 has no messages for", () => {
    const made = connect(pairOf12({ server: asking("later") }));
    expectEstablished(made);
    expect(namesOf(made.atServer, "sent")).not.toContain("CertificateRequest");
    expect(() => made.server.requestClientCertificate()).toThrow(
      expect.objectContaining({ code: "client_not_askable" }),
    );
  });

  it("has to lead to an authority that the server trusts", () => {
    const made = connect(
      pairOf12({
        client: { certificates: ownCertificates([clientPki().certificateOf("P-256")]) },
        server: asking("required", sharedPki().anchors),
      }),
    );
    expect(made.atServer.error).toMatchObject({ kind: "peer", alert: 42 });
    expect([made.atServer.info, made.atClient.info]).toEqual([undefined, undefined]);
  });
});

describe("the version", () => {
  // RFC 9325 §3.1.1#tls12, §3.1.1#tls13-preferred
  it("is the newest that both have, whatever their order", () => {
    const both = [tls12, tls13];
    for (const [client, server, version] of [
      [both, both, 0x0304],
      [both, [tls12], 0x0303],
      [[tls12], both, 0x0303],
      [[tls13], both, 0x0304],
      [both, [tls13], 0x0304],
      [[tls12], [tls12], 0x0303],
    ] as const) {
      const made = connect(pair({ client: { versions: client }, server: { versions: server } }));
      expectEstablished(made);
      expect(made.atClient.info?.version).toBe(version);
      expectData(made, 100);
    }
  });

  it("is refused where they have none in common", () => {
    const older = connect(pair({ client: { versions: [tls12] } }));
    expect(older.atServer.error).toMatchObject({ code: "protocol_version", alert: 70 });
    expect(older.atClient.error).toMatchObject({ kind: "alert", alert: 70 });
    const newer = connect(pair({ server: { versions: [tls12] } }));
    expect(newer.atServer.error).toMatchObject({ code: "protocol_version", alert: 70 });
  });

  it("leaves the bytes of TLS 1.3 as they are if it is alone", () => {
    const bytes = ({ link }: Pair): readonly string[] => [...link.left.written, ...link.right.written].map(toHex);
    const { noble: provider } = providers;
    const versions = [tls13];
    expect(bytes(connect(pair({ provider, client: { versions }, server: { versions } })))).toEqual(
      bytes(connect(pair({ provider }))),
    );
  });
});

describe("a connection of TLS 1.2", () => {
  // RFC 5246 §7.2.1#close-answered
  it("answers a close_notify at once: there is no half-close", () => {
    const { client, network, atClient, atServer } = connect(pairOf12());
    client.close();
    network.run();
    expect(atServer.events.slice(-3)).toEqual(["ended", "sendEnded", "closed"]);
    expect([atClient.outcome, atServer.outcome]).toEqual(["orderly", "orderly"]);
  });

  it("has no key updates and no traffic secrets to give away", () => {
    const { client } = connect(pairOf12());
    expect(() => client.updateKeys()).toThrow(expect.objectContaining({ kind: "caller", code: "no_key_update" }));
    expect(() => dangerouslyTakeTrafficSecrets(client)).toThrow(
      expect.objectContaining({ kind: "caller", code: "no_traffic_secrets" }),
    );
  });

  it("ends where its keys have protected as much as they may", () => {
    const limited = (suite: Tls12CipherSuite): Tls12CipherSuite => {
      if (suite.protection.type !== "AEAD") throw new TypeError("a suite with an AEAD is needed");
      return { ...suite, protection: { ...suite.protection, recordLimit: 4 } };
    };
    const client = { versions: [tls12With({ cipherSuites: [limited(TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)] })] };
    const made = connect(pair({ client, server: { versions: [tls12] } }));
    // Its Finished was the first record, close_notify is the last.
    for (let i = 0; i < 2; i += 1) made.client.send(text("data"));
    made.network.run();
    expect([made.atClient.outcome, toHex(made.atServer.data)]).toEqual([undefined, toHex(text("datadata"))]);
    made.client.send(text("more"));
    made.network.run();
    expect(made.atClient.error).toMatchObject({ kind: "caller", code: "record_limit_reached" });
    expect([made.atServer.outcome, toHex(made.atServer.data)]).toEqual(["orderly", toHex(text("datadata"))]);
  });

  // 8 MiB of it, by what it is registered with (`tlskit/ciphersuites`); less here.
  it("ends where a key of 3DES has encrypted as many blocks as it may", () => {
    const suite: Tls12CipherSuite = {
      ...TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA,
      protection: { type: "CBC", cipher: "3DES-EDE-CBC", mac: "SHA-1", blockLimit: 2 ** 14 },
    };
    const certificates = [sharedPki().certificateOf("rsaEncryption")];
    const versions = [tls12With({ cipherSuites: [suite], cbc })];
    const made = connect(pair({ client: { versions }, server: { versions, certificates } }));
    expectEstablished(made);
    made.client.send(new Uint8Array(2 ** 17));
    made.network.run();
    expect(made.atClient.error).toMatchObject({ kind: "caller", code: "record_limit_reached" });
    // 2,053 blocks a record: seven would be the limit, of which the last is kept for close_notify.
    expect([made.atServer.outcome, made.atServer.data.length]).toEqual(["orderly", 6 * 2 ** 14]);
  });
});

// RFC 5246 §6.2.3.2, RFC 7366
describe("suites with CBC, where they are asked for,", () => {
  const suites = tls12CipherSuites.filter(
    ({ keyExchange, protection }) => keyExchange === "ECDHE" && protection.type === "CBC",
  );
  const versions = (suite: Tls12CipherSuite) => [tls12With({ cipherSuites: [suite], cbc })];

  for (const suite of suites) {
    // RFC 7366 §2#extension, §2#both-sides
    it(`go with encrypt-then-MAC, and without where somebody lacks it: ${suite.name}`, () => {
      const certificates = [sharedPki().certificateOf(suite.certificateKey === "RSA" ? "rsaEncryption" : "P-256")];
      const options = { client: { versions: versions(suite) }, server: { versions: versions(suite), certificates } };
      const made = connect(pair(options));
      expectEstablished(made);
      expect(made.atClient.info?.cipherSuite).toBe(suite);
      expectData(made, 20_000);
      const answer = made.atServer.traced.find((event) => event.type === "message" && event.direction === "sent");
      const hello = answer?.type === "message" ? decodeMessage(ServerHello, answer.bytes) : undefined;
      expect(hello && extensionIn(hello, encryptThenMac)).toBeNull();
    });
  }

  // RFC 7366 §3#cbc-alone
  it("don't get encrypt-then-MAC with an AEAD", () => {
    const all = [tls12With({ cipherSuites: [...defaultTls12CipherSuites, ...suites], cbc })];
    const made = connect(pair({ client: { versions: all }, server: { versions: all } }));
    expectEstablished(made);
    const answer = made.atServer.traced.find((event) => event.type === "message" && event.direction === "sent");
    const hello = answer?.type === "message" ? decodeMessage(ServerHello, answer.bytes) : undefined;
    expect(hello && extensionIn(hello, encryptThenMac)).toBeUndefined();
  });

  it("are refused without the entry that has them", () => {
    for (const suite of suites) {
      expect(() => tls12With({ cipherSuites: [suite] })).toThrow(
        expect.objectContaining({ kind: "caller", code: "unsupported_choice" }),
      );
    }
  });
});

describe("what can't be had", () => {
  const unsupported = expect.objectContaining({ kind: "caller", code: "unsupported_choice" });

  it("is refused when a version is made, or a context with it", () => {
    for (const suite of [TLS_RSA_WITH_AES_128_GCM_SHA256, ...dangerousCipherSuites]) {
      expect(() => tls12With({ cipherSuites: [suite], cbc })).toThrow(unsupported);
    }
    for (const versions of [
      [],
      [tls13, tls13],
      [tls12With({ cipherSuites: [] })],
      [
        tls12With({
          cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256],
        }),
      ],
    ]) {
      expect(() => pair({ client: { versions } })).toThrow(unsupported);
      expect(() => pair({ server: { versions } })).toThrow(unsupported);
    }
    const poor = { ...providers.node, aeads: providers.node.aeads.filter(({ name }) => name !== "AES-128-GCM") };
    const versions = [tls12With({ cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256] })];
    expect(() => pair({ provider: poor, client: { versions } })).toThrow(unsupported);
  });
});
