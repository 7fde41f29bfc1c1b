import {
  availableTls12CipherSuites,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_CBC_SHA,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { TLS_RSA_WITH_NULL_SHA } from "@tlskit/ciphersuites/dangerous";
import { isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import { nobleTls12Provider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  ClientHello,
  decodeMessage,
  encryptThenMac,
  extensionIn,
  ServerHello,
  signatureAlgorithms,
} from "@tlskit/messages";
import { LateTasks } from "@tlskit/testing";
import { ownCertificates, type TlsVersion, VerifiedChain } from "@tlskit/tls";
import { dhe } from "@tlskit/tls/dhe";
import { type LegacyOptions, tls10, tls10With, tls11, tls11With } from "@tlskit/tls/legacy";
import { dhePsk, ecdhePsk, psk, rsaPsk } from "@tlskit/tls/psk";
import { rsa } from "@tlskit/tls/rsa";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { connectedByPsk, exchanged, ours } from "./helpers/psk12.ts";
import { expectData, expectEstablished } from "./helpers/scenarios.ts";
import { clientPki, connect, type Pair, type PairOptions, pair, sharedPki } from "./helpers/world.ts";

const unsupported = expect.objectContaining({ kind: "caller", code: "unsupported_choice" });

interface Legacy {
  readonly version: TlsVersion;
  readonly code: number;
  told(options: LegacyOptions): TlsVersion;
}

const legacy: readonly Legacy[] = [
  { version: tls11, code: 0x0302, told: tls11With },
  { version: tls10, code: 0x0301, told: tls10With },
];

const messageOf = (side: Pair["atClient"] | Pair["atServer"], name: string): Uint8Array => {
  for (const event of side.traced) if (event.type === "message" && event.messageType.name === name) return event.bytes;
  throw new TypeError(`no ${name}`);
};

/** Types and versions of the records of one side. */
const outside = ({ written }: Pair["link"]["left"]): readonly string[] =>
  written.map(([type = 0, major = 0, minor = 0]) => `${type} ${major}.${minor}`);

describe.each(legacy.map((each) => [each.version.name, each] as const))("%s", (_, { version, code, told }) => {
  const alone = ({ client, server, ...options }: PairOptions = {}): Pair =>
    pair({ ...options, client: { versions: [version], ...client }, server: { versions: [version], ...server } });

  it("is spoken where both list it, with its own record versions", () => {
    const made = connect(alone());
    expectEstablished(made);
    expect(made.atClient.info).toMatchObject({ version: code, signatureScheme: { name: "ecdsa_sha1" } });
    expectData(made);
    const own = `3.${code & 0xff}`;
    expect(new Set(outside(made.link.left).slice(1))).toEqual(new Set([`22 ${own}`, `20 ${own}`, `23 ${own}`]));
    expect(new Set(outside(made.link.right))).toEqual(new Set([`22 ${own}`, `20 ${own}`, `23 ${own}`]));
  });

  // RFC 4346 §7.4.1.2, RFC 5246 §7.4.1.4.1
  it("says nothing of later versions, nor of signature algorithms, where it is the newest", () => {
    const made = connect(alone());
    const hello = decodeMessage(ClientHello, messageOf(made.atClient, "ClientHello"));
    expect(hello.legacyVersion).toBe(code);
    expect(extensionIn(hello, signatureAlgorithms)).toBeUndefined();
    expect(hello.extensions?.map((extension) => extension.code)).not.toContain(43);
  });

  it.each(["P-256", "P-384", "P-521", "rsaEncryption"] as const)("goes with a certificate of %s", (keyType) => {
    const made = connect(alone({ server: { certificates: [sharedPki().certificateOf(keyType)] } }));
    expectEstablished(made);
    expect(made.atClient.info?.signatureScheme?.name).toBe(
      keyType === "rsaEncryption" ? "rsa_pkcs1_md5_sha1" : "ecdsa_sha1",
    );
    expectData(made, 1000);
  });

  // RFC 8422 §5.10: EdDSA and RSA-PSS came with TLS 1.2
  it.each(["Ed25519", "Ed448", "id-RSASSA-PSS"] as const)("doesn't with one of %s", (keyType) => {
    const made = connect(alone({ server: { certificates: [sharedPki().certificateOf(keyType)] } }));
    expect(made.atServer.error).toMatchObject({ code: "no_certificate", alert: 40 });
    expect([made.atClient.info, made.atServer.info]).toEqual([undefined, undefined]);
  });

  const suites = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(
    (suite) => isLegacyCipherSuite(suite) && ["ECDHE", "DHE", "RSA"].includes(suite.keyExchange),
  );
  it.each(suites.map((suite) => [suite.name, suite] as const))("has %s", (_, suite) => {
    const versions = [told({ cipherSuites: [suite], keyExchanges: [dhe, rsa] })];
    const certificates = [sharedPki().certificateOf(suite.certificateKey === "RSA" ? "rsaEncryption" : "P-256")];
    const made = connect(pair({ client: { versions }, server: { versions, certificates } }));
    expectEstablished(made);
    expect(made.atServer.info?.cipherSuite).toBe(suite);
    expectData(made, 40_000);
    const answer = decodeMessage(ServerHello, messageOf(made.atClient, "ServerHello"));
    expect(extensionIn(answer, encryptThenMac)).toBeNull();
  });

  it("has no suites but those with SHA-1's HMAC", () => {
    for (const suite of [
      TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
      TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
      TLS_RSA_WITH_NULL_SHA,
    ]) {
      expect(() => told({ cipherSuites: [suite], keyExchanges: [rsa] })).toThrow(unsupported);
    }
    expect(() => told({ cipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA] })).toThrow(unsupported);
  });

  it("needs a provider with MD5", () => {
    expect(() => alone({ provider: { ...nodeProvider, md5: undefined } })).toThrow(unsupported);
  });

  it.each(["P-256", "P-384", "P-521", "rsaEncryption"] as const)(
    "shows and verifies clients' certificates: %s",
    (keyType) => {
      const made = connect(
        alone({
          client: { certificates: ownCertificates([clientPki().certificateOf(keyType)]) },
          server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
        }),
      );
      expect([made.atClient.error, made.atServer.error]).toEqual([undefined, undefined]);
      expect(made.atServer.info?.peer).toBeInstanceOf(VerifiedChain);
      expect(made.atServer.info?.clientSignatureScheme?.name).toBe(
        keyType === "rsaEncryption" ? "rsa_pkcs1_md5_sha1" : "ecdsa_sha1",
      );
      expect(made.atClient.info?.clientSignatureScheme).toBe(made.atServer.info?.clientSignatureScheme);
      // RFC 4346 §7.4.8: a length and the signature, and no scheme in front.
      const verify = messageOf(made.atClient, "CertificateVerify");
      expect(((verify[4] ?? 0) << 8) | (verify[5] ?? 0)).toBe(verify.length - 6);
      expectData(made, 100);
    },
  );

  // RFC 4279, RFC 5489
  const pskSuites = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(
    (suite) => isLegacyCipherSuite(suite) && suite.keyExchange.endsWith("PSK"),
  );
  it.each(pskSuites.map((suite) => [suite.name, suite] as const))("has %s", (_name, suite) => {
    const versions = [told({ cipherSuites: [suite], keyExchanges: [ecdhePsk, dhePsk, psk, rsaPsk] })];
    const client = suite.certificateKey === undefined ? {} : { anchors: sharedPki().anchors };
    const made = connectedByPsk({ versions, client });
    expect([made.atClient.error, made.atServer.error]).toEqual([undefined, undefined]);
    for (const { info } of [made.atClient, made.atServer]) {
      expect(info).toMatchObject({ version: code, cipherSuite: suite, externalPsk: { identity: ours.identity } });
    }
    expect(exchanged(made)).toEqual(["there", "back"]);
  });

  it("is the same by noble, to the byte each time", () => {
    const made = [1, 2].map(() => connect(alone({ provider: nobleTls12Provider })));
    for (const each of made) {
      expectEstablished(each);
      expectData(each, 100);
    }
    const [first, second] = made.map(({ link }) => [...link.left.written, ...link.right.written].map(toHex));
    expect(second).toEqual(first);
  });

  it("is the same where cryptography answers later", () => {
    const made = connect(alone({ tasks: new LateTasks() }));
    expectEstablished(made);
    expectData(made);
  });

  it("exports keying material and binds channels, with an extended main secret", () => {
    const { client, server } = connect(alone());
    expect(client.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40)).toEqual(
      server.exportKeyingMaterial("EXPERIMENTAL test", undefined, 40),
    );
    expect(client.channelBinding("tls-unique")).toHaveLength(12);
    expect(client.channelBinding("tls-unique")).toEqual(server.channelBinding("tls-unique"));
  });
});
