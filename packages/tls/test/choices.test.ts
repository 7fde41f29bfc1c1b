import {
  ecdsa_secp256r1_sha256,
  ecdsa_secp384r1_sha384,
  ed25519,
  rsa_pkcs1_sha256,
  secp256r1,
  secp384r1,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
  X25519MLKEM768,
  x25519,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { ClientHello, clientShares, extensionIn } from "@tlskit/messages";
import { InMemoryNetwork, scriptedClient, seededRandom } from "@tlskit/testing";
import { ServerContext, type ServerInfo, TlsServer, tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it, test } from "vitest";
import { received } from "./helpers/received.ts";
import { Recorder } from "./helpers/under-test.ts";
import { connect, now, pair, sharedPki } from "./helpers/world.ts";

describe("the cipher suite", () => {
  const chosen = (
    client: NonNullable<Parameters<typeof pair>[0]>["cipherSuites"],
    server: NonNullable<Parameters<typeof pair>[0]>["cipherSuites"],
  ) => connect(pair({ client: { cipherSuites: client }, server: { cipherSuites: server } })).atServer.info?.cipherSuite;

  it("is the server's first that the client offers", () => {
    const server = [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256];
    expect(chosen([TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384], server)).toBe(TLS_AES_256_GCM_SHA384);
    expect(chosen([TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256], server)).toBe(TLS_AES_128_GCM_SHA256);
  });

  it("is ChaCha20-Poly1305 for a client that likes it best, since it has no AES in hardware", () => {
    const client = [TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256];
    expect(chosen(client, undefined)).toBe(TLS_CHACHA20_POLY1305_SHA256);
    expect(chosen([TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256], undefined)).not.toBe(
      TLS_CHACHA20_POLY1305_SHA256,
    );
  });

  it("is the server's first, whatever the client likes best, if the server was told its order", () => {
    const client = [TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256];
    expect(chosen(client, [TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256])).toBe(TLS_AES_128_GCM_SHA256);
  });
});

describe("the group", () => {
  it("is one that the client has sent a share for, where none resists quantum computers", () => {
    const made = connect(
      pair({
        client: { namedGroups: [secp384r1, x25519], keyShareGroups: [secp384r1] },
        server: { namedGroups: [x25519, secp384r1] },
      }),
    );
    expect(made.atServer.info).toMatchObject({ namedGroup: secp384r1, helloRetryRequest: false });
  });

  it("is asked for if it resists quantum computers, though the client has sent a share for another", () => {
    const made = connect(
      pair({
        client: { namedGroups: [x25519, X25519MLKEM768], keyShareGroups: [x25519] },
        server: { namedGroups: [X25519MLKEM768, x25519] },
      }),
    );
    expect(made.atServer.info).toMatchObject({ namedGroup: X25519MLKEM768, helloRetryRequest: true });
  });
});

describe("a client's key shares", () => {
  it.each([
    ["the hybrid first", [X25519MLKEM768, x25519, secp256r1], [X25519MLKEM768, x25519]],
    ["the hybrid last", [secp256r1, x25519, X25519MLKEM768], [secp256r1, X25519MLKEM768]],
    ["no hybrid", [secp256r1, x25519], [secp256r1]],
  ])("are for the first group of each kind: %s", (_, namedGroups, expected) => {
    const made = connect(pair({ client: { namedGroups } }));
    const hello = received(made.atServer, ClientHello);
    expect(extensionIn(hello, clientShares)?.map(({ group }) => group)).toEqual(expected.map(({ code }) => code));
  });
});

describe("the certificate", () => {
  // RFC 6066 §3 says nothing of their form but that they are ASCII: a client that asks for nobody gets what one gets
  // that asks for somebody else.
  it.each(["a..b", `${"a".repeat(64)}.example`, `${"a.".repeat(126)}bc`, "server.123", "a-.example", "192.0.2.1"])(
    "is the first for a client that asks for %s, which nobody is called",
    (name) => {
      const network = new InMemoryNetwork({ now });
      const { left, right } = network.link();
      const recorder = new Recorder<ServerInfo>(right.write, right.end);
      const context = new ServerContext({
        provider: nodeProvider,
        random: seededRandom(3),
        clock: network.clock,
        certificates: sharedPki().certificates.slice(0, 2),
      });
      const server = new TlsServer(context, recorder);
      const client = scriptedClient({
        provider: nodeProvider,
        random: seededRandom(4),
        ciphertext: left.write,
        ended: left.end,
        host: name,
      });
      right.attach(server);
      left.attach(client);
      server.start();
      client.start();
      network.run();
      expect(client.alert).toBeUndefined();
      expect(recorder.info?.serverName).toBe(name);
      expect(recorder.info?.signatureScheme?.keyType).toBe("P-256");
    },
  );
});

// RFC 9846 §4.3.3
test("a server tells which signature schemes it shares with its client, in its own order", () => {
  const server = { signatureSchemes: [ed25519, rsa_pkcs1_sha256, ecdsa_secp256r1_sha256] };
  for (const versions of [[tls13], [tls12]]) {
    const client = { signatureSchemes: [ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, ed25519], versions };
    const made = connect(pair({ client, server: { ...server, versions } }));
    expect(made.atServer.info?.sharedSignatureSchemes).toEqual([ed25519, ecdsa_secp256r1_sha256]);
    expect(made.atClient.info?.sharedSignatureSchemes).toEqual([]);
  }
});
