import type { SignatureAlgorithm } from "@tlskit/crypto";
import { RemoteSigner, type ServedKey, type SignedFormName } from "@tlskit/keyless";
import { describe, expect, it } from "vitest";
import { algorithm, certificateVerify, forAlice, serverKeyExchange, signer, verifier, world } from "./helpers/world.ts";

const internal = (code: string) => expect.objectContaining({ name: "TlsError", kind: "internal", code, alert: 80 });

describe("a key at a key server", () => {
  it("signs a TLS 1.3 server's CertificateVerify", async () => {
    const { client, events } = world();
    const message = certificateVerify();
    const signature = await client.sign("www", algorithm, message);
    expect(await verifier.verify(algorithm, message, signature)).toBe(true);
    expect(events).toEqual([{ type: "signed", client: "alice", key: "www", algorithm, form: "tls13" }]);
  });

  it("says what it signs with in TLS 1.3", async () => {
    const { client, events } = world();
    expect(await client.algorithms("www")).toEqual([algorithm]);
    expect(events).toEqual([{ type: "described", client: "alice", key: "www" }]);
  });

  it("says what it signs with in TLS 1.2 as well, if that is allowed", async () => {
    const { client } = world({ keys: { www: { ...forAlice, forms: ["tls13", "tls12-ecdhe"] } } });
    expect(await client.algorithms("www")).toEqual(signer.algorithms.filter((each) => !each.endsWith("SHA-1")));
  });

  it("is a signer", async () => {
    const { client } = world();
    const remote = new RemoteSigner(client, "www", [algorithm]);
    const message = certificateVerify(48);
    expect(await verifier.verify(algorithm, message, await remote.sign(algorithm, message))).toBe(true);
    expect(() => remote.sign("Ed25519", certificateVerify())).toThrow(
      expect.objectContaining({ name: "CryptoError", code: "unsupported" }),
    );
  });

  it("has many requests at a time, which are answered in whatever order", async () => {
    const owed: (() => void)[] = [];
    const slow: ServedKey<string> = {
      ...forAlice,
      signer: {
        ...signer,
        sign: (by, message) => new Promise((done) => owed.push(() => done(signer.sign(by, message) as Uint8Array))),
      },
    };
    const { client } = world({ keys: { www: forAlice, slow } });
    const finished: string[] = [];
    const ask = async (key: string): Promise<void> => {
      await client.sign(key, algorithm, certificateVerify());
      finished.push(key);
    };
    const asked = ["slow", "www", "slow"].map(ask);
    await asked[1];
    for (const answer of owed.reverse()) answer();
    await Promise.all(asked);
    expect(finished).toEqual(["www", "slow", "slow"]);
  });
});

it("TLS 1.3 has no PKCS#1 v1.5, and each curve with its own hash", async () => {
  const curves = ["P-256", "P-384", "P-521"] as const;
  const hashes = ["SHA-256", "SHA-384", "SHA-512"] as const;
  const all: readonly SignatureAlgorithm[] = [
    ...curves.flatMap((curve) => hashes.map((hash) => `ECDSA/${curve}/${hash}` as const)),
    ...hashes.flatMap((hash) => [`RSA-PSS/${hash}`, `RSA-PKCS1/${hash}`] as const),
    ...(["Ed25519", "Ed448"] as const),
  ];
  const everything: ServedKey<string> = { ...forAlice, signer: { algorithms: all, sign: () => Uint8Array.of(1) } };
  const { client } = world({ keys: { tls13: everything, both: { ...everything, forms: ["tls13", "tls12-ecdhe"] } } });
  const inTls13: readonly string[] = [
    ...["ECDSA/P-256/SHA-256", "ECDSA/P-384/SHA-384", "ECDSA/P-521/SHA-512", "Ed25519", "Ed448"],
    ...hashes.map((hash) => `RSA-PSS/${hash}`),
  ];
  expect([...(await client.algorithms("tls13"))].toSorted()).toEqual(inTls13.toSorted());
  expect([...(await client.algorithms("both"))].toSorted()).toEqual(all.toSorted());
  for (const by of all) {
    const signed = await client.sign("both", by, certificateVerify()).then(
      () => true,
      () => false,
    );
    expect([by, signed]).toEqual([by, inTls13.includes(by)]);
  }
});

describe("TLS 1.2", () => {
  const named: ServedKey<string> = { ...forAlice, forms: ["tls13", "tls12-ecdhe"] };

  it("is signed for if the key's rule names it", async () => {
    const { client, events } = world({ keys: { www: named } });
    await client.sign("www", "ECDSA/P-256/SHA-384", serverKeyExchange());
    expect(events).toMatchObject([{ type: "signed", form: "tls12-ecdhe" }]);
  });

  it("isn't otherwise", async () => {
    const { client, events } = world();
    await expect(client.sign("www", algorithm, serverKeyExchange())).rejects.toEqual(internal("form_not_allowed"));
    expect(events).toMatchObject([{ type: "refused", reason: "form_not_allowed", form: "tls12-ecdhe" }]);
  });

  it("has algorithms that TLS 1.3 hasn't, and does not lend them", async () => {
    const { client } = world({ keys: { www: named } });
    await expect(client.sign("www", "ECDSA/P-256/SHA-384", certificateVerify())).rejects.toEqual(
      internal("algorithm_not_allowed"),
    );
  });

  it("can be all that a key is for", async () => {
    const { client } = world({ keys: { old: { ...forAlice, forms: ["tls12-ecdhe"] } } });
    await client.sign("old", algorithm, serverKeyExchange(0x0017, new Uint8Array(65).fill(4)));
    await expect(client.sign("old", algorithm, certificateVerify())).rejects.toEqual(internal("form_not_allowed"));
  });
});

describe("a request is refused", () => {
  it.each<[string, string, Partial<ServedKey<string>>, string]>([
    ["for a key that isn't there", "other", {}, "no_such_key"],
    ["for a name that objects have", "constructor", {}, "no_such_key"],
    ["for a key that is somebody else's, in the same words", "www", { mayUse: () => false }, "no_such_key"],
    ["if the rule isn't plain about it", "www", { mayUse: () => "yes" as unknown as boolean }, "no_such_key"],
    [
      "if the rule fails",
      "www",
      {
        mayUse: () => {
          throw new TypeError("!");
        },
      },
      "no_such_key",
    ],
    [
      "for an algorithm that isn't the key's to use",
      "www",
      { algorithms: ["ECDSA/P-256/SHA-384"], forms: ["tls13", "tls12-ecdhe"] },
      "algorithm_not_allowed",
    ],
    [
      "if its signer fails",
      "www",
      {
        signer: {
          ...signer,
          sign: () => {
            throw new TypeError("secret");
          },
        },
      },
      "signer_failed",
    ],
    [
      "if its signer fails later",
      "www",
      { signer: { ...signer, sign: () => Promise.reject(new TypeError("secret")) } },
      "signer_failed",
    ],
    ["if its signer gives nothing", "www", { signer: { ...signer, sign: () => new Uint8Array(0) } }, "signer_failed"],
    [
      "if its signer gives text",
      "www",
      { signer: { ...signer, sign: async () => "signature" as unknown as Uint8Array } },
      "signer_failed",
    ],
    [
      "if its signer gives more than any signature has",
      "www",
      { signer: { ...signer, sign: () => new Uint8Array(1025) } },
      "signer_failed",
    ],
  ])("%s", async (_, key, served, reason) => {
    const { client, events, ended } = world({ keys: { www: { ...forAlice, ...served } } });
    await expect(client.sign(key, algorithm, certificateVerify())).rejects.toEqual(internal(reason));
    expect(events).toMatchObject([{ type: "refused", key, reason, client: "alice" }]);
    await expect(client.sign(key, algorithm, certificateVerify())).rejects.not.toThrow(/secret/);
    expect(ended).toEqual({});
  });

  it("to be described for who may not use the key", async () => {
    const { client, events } = world({ keys: { www: { ...forAlice, mayUse: () => false } } });
    await expect(client.algorithms("www")).rejects.toEqual(internal("no_such_key"));
    expect(events).toEqual([{ type: "refused", client: "alice", key: "www", reason: "no_such_key", cause: undefined }]);
  });

  it("by a rule that is asked each time", async () => {
    let allowed = true;
    const { client } = world({ keys: { www: { ...forAlice, mayUse: () => allowed } } });
    await client.sign("www", algorithm, certificateVerify());
    allowed = false;
    await expect(client.sign("www", algorithm, certificateVerify())).rejects.toEqual(internal("no_such_key"));
  });

  it("telling who runs the server what the signer threw, and nobody else", async () => {
    const cause = new TypeError("the HSM is out of order");
    const sign = () => Promise.reject(cause);
    const { client, events } = world({ keys: { www: { ...forAlice, signer: { ...signer, sign } } } });
    await expect(client.sign("www", algorithm, certificateVerify())).rejects.not.toThrow(/HSM/);
    expect(events).toMatchObject([{ reason: "signer_failed", cause }]);
  });
});

describe("a client asks for nothing but a TLS server's signature", () => {
  it.each<[string, Uint8Array]>([
    ["a client's CertificateVerify", certificateVerify(32, "TLS 1.3, client CertificateVerify")],
    ["an exported authenticator", certificateVerify(32, "Exported Authenticator")],
    ["a hash that TLS 1.3 hasn't", certificateVerify(64)],
    ["a hash cut short", certificateVerify(31)],
    ["nothing", new Uint8Array(0)],
    ["a digest", new Uint8Array(32)],
    ["a point that is too short", serverKeyExchange(0x001d, new Uint8Array(31))],
    ["a compressed point", serverKeyExchange(0x0017, new Uint8Array(33).fill(2))],
    ["a point of the right length that is no uncompressed one", serverKeyExchange(0x0017, new Uint8Array(65).fill(6))],
    ["a curve that isn't known", serverKeyExchange(0x0100, new Uint8Array(32))],
  ])("%s", async (_, message) => {
    const { client, toServer } = world();
    await expect(client.sign("www", algorithm, message)).rejects.toEqual(internal("not_a_server_signature"));
    expect(toServer).toEqual([]);
  });
});

it.each<[SignedFormName, Uint8Array]>([
  ["tls13", certificateVerify(32)],
  ["tls13", certificateVerify(48)],
  ["tls12-ecdhe", serverKeyExchange(0x0017, new Uint8Array(65).fill(4))],
  ["tls12-ecdhe", serverKeyExchange(0x0018, new Uint8Array(97).fill(4))],
  ["tls12-ecdhe", serverKeyExchange(0x0019, new Uint8Array(133).fill(4))],
  ["tls12-ecdhe", serverKeyExchange(0x001d, new Uint8Array(32))],
  ["tls12-ecdhe", serverKeyExchange(0x001e, new Uint8Array(56))],
])("%s: the signature is of the very octets that the handshake has", async (form, message) => {
  const signed: Uint8Array[] = [];
  const sign = (_: unknown, content: Uint8Array): Uint8Array => {
    signed.push(content);
    return Uint8Array.of(1);
  };
  const { client } = world({ keys: { www: { ...forAlice, forms: [form], signer: { ...signer, sign } } } });
  await client.sign("www", algorithm, message);
  expect(signed).toEqual([message]);
});
