import { createHmac } from "node:crypto";
import { type HashFunction, hashOf } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  ExternalPsk,
  externalPskOf,
  MainSecret,
  maxPrfOutput,
  PreliminarySecret,
  type Prf,
  type PskProtocol,
  prf,
} from "@tlskit/keyschedule";
import { legacyPrf } from "@tlskit/keyschedule/legacy";
import { describeVectors } from "@tlskit/vectors";
import { asciiBytes, concat, toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";

const hex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, "hex"));
const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const nodeHmac = (name: string, length: number): Pick<HashFunction, "hmac" | "length"> => ({
  length,
  hmac: (key, message) => Uint8Array.from(createHmac(name, key).update(message).digest()),
});

const prfs: Readonly<Record<string, Prf>> = {
  sha256: prf(hashOf(nobleProvider, "SHA-256")),
  sha384: prf(hashOf(nobleProvider, "SHA-384")),
  sha512: prf(hashOf(nobleProvider, "SHA-512")),
  "md5-sha1": legacyPrf(nodeHmac("md5", 16), nodeHmac("sha1", 20)),
};
const sha256 = prf(hashOf(nobleProvider, "SHA-256"));
const hellos = { client: bytes(32, 1), server: bytes(32, 2) };
const caller = (code: string) => expect.objectContaining({ kind: "caller", code });

interface PrfCases {
  readonly cases: readonly {
    readonly name: string;
    readonly hash: string;
    readonly secret: string;
    readonly label: string;
    readonly seed: string;
    readonly output: string;
  }[];
}

describeVectors<PrfCases>("published samples of the PRF", "rfc/tls-prf.json", ({ cases }) => {
  test("there are some for each hash", () => {
    expect(cases).toHaveLength(43);
    expect(new Set(cases.map(({ hash }) => hash))).toEqual(new Set(Object.keys(prfs)));
  });

  test.each(cases)("$name, $hash", ({ hash, secret, label, seed, output }) => {
    expect(toHex(prfs[hash]?.(hex(secret), label, hex(seed), output.length / 2) ?? bytes(0, 0))).toBe(output);
  });

  // NIST's samples come in pairs: a main secret, and the key block made of it.
  const extended = cases.filter(({ label }) => label === "extended master secret");
  test.each(extended)("an extended main secret: $name", ({ hash, secret, seed, output }) => {
    const main = PreliminarySecret.ofEcdhe(hex(secret)).extendedMainSecret(prfs[hash] ?? sha256, hex(seed));
    expect(toHex(main.dangerouslyExpose())).toBe(output);
    expect(main.extended).toBe(true);
  });

  const blocks = cases.filter(({ label, secret }) => label === "key expansion" && secret.length === 96);
  // RFC 5246 §6.2.3.3#implicit-nonce
  test.each(blocks)("a key block: $name", ({ hash, secret, seed, output }) => {
    const main = new MainSecret(prfs[hash] ?? sha256, hex(secret), true);
    const [server, client] = [hex(seed.slice(0, 64)), hex(seed.slice(64))];
    const length = output.length / 4;
    const block = main.keyBlock({ client, server }, { mac: 20, key: length - 20 - 4, iv: 4 });
    expect(
      [
        [block.client.macKey, block.server.macKey],
        [block.client.key, block.server.key],
        [block.client.iv, block.server.iv],
      ]
        .flat()
        .map(toHex)
        .join(""),
    ).toBe(output);
  });
});

test("a PRF gives as many bytes as are asked for, the first of which are those of a shorter output", () => {
  for (const one of Object.values(prfs)) {
    const long = one(bytes(48, 3), "label", bytes(64, 4), 200);
    for (const length of [0, 1, 31, 32, 33, 199]) {
      expect(one(bytes(48, 3), "label", bytes(64, 4), length)).toEqual(long.subarray(0, length));
    }
  }
});

test("a PRF gives 65,535 bytes, and not one more", () => {
  for (const one of [sha256, prfs["md5-sha1"] ?? sha256]) {
    expect(one(bytes(48, 3), "label", bytes(64, 4), maxPrfOutput)).toHaveLength(maxPrfOutput);
    for (const length of [maxPrfOutput + 1, -1, 1.5]) {
      expect(() => one(bytes(48, 3), "label", bytes(64, 4), length)).toThrow(caller("out_of_range"));
    }
  }
});

describe("a preliminary secret", () => {
  const main = (secret: PreliminarySecret): string => toHex(secret.mainSecret(sha256, hellos).dangerouslyExpose());
  const of = (secret: Uint8Array): string =>
    toHex(sha256(secret, "master secret", concat(hellos.client, hellos.server), 48));

  // RFC 8422 §5.10#leading-zeros
  test("of elliptic curves keeps its leading zeros", () => {
    const secret = concat(bytes(2, 0), bytes(30, 5));
    expect(main(PreliminarySecret.ofEcdhe(secret))).toBe(of(secret));
  });

  test("of finite fields loses them", () => {
    expect(main(PreliminarySecret.ofDhe(concat(bytes(2, 0), bytes(254, 5))))).toBe(of(bytes(254, 5)));
    expect(main(PreliminarySecret.ofDhe(bytes(256, 5)))).toBe(of(bytes(256, 5)));
    expect(main(PreliminarySecret.ofDhe(bytes(256, 0)))).toBe(of(bytes(0, 0)));
  });

  test("of RSA has 48 bytes", () => {
    expect(main(PreliminarySecret.ofRsa(bytes(48, 3)))).toBe(of(bytes(48, 3)));
    for (const length of [47, 49])
      expect(() => PreliminarySecret.ofRsa(bytes(length, 3))).toThrow(caller("out_of_range"));
  });

  const psk = (length: number, protocol: PskProtocol = "TLS 1.2"): ExternalPsk =>
    new ExternalPsk({ identity: bytes(1, 1), key: bytes(length, 7), protocol });
  const zeros = "00".repeat(16);
  const sevens = "07".repeat(16);

  // RFC 4279 §2
  test("of a pre-shared key has as many zeros before it", () => {
    expect(main(PreliminarySecret.ofExternalPsk(psk(16)))).toBe(of(hex(`0010${zeros}0010${sevens}`)));
  });

  test("may be of a key exchange and a pre-shared key", () => {
    const other = PreliminarySecret.ofDhe(hex("00000809"));
    expect(main(other.withExternalPsk(psk(16)))).toBe(of(hex(`000208090010${sevens}`)));
    expect(() => other.mainSecret(sha256, hellos)).toThrow(caller("stage_over"));
    // RFC 5489 §2: an elliptic curve's with its leading zeros
    const padded = PreliminarySecret.ofEcdhe(hex("00000809"));
    expect(main(padded.withExternalPsk(psk(16)))).toBe(of(hex(`0004000008090010${sevens}`)));
    // RFC 4279 §4
    const rsa = PreliminarySecret.ofRsa(bytes(48, 3));
    expect(main(rsa.withExternalPsk(psk(16)))).toBe(of(hex(`0030${"03".repeat(48)}0010${sevens}`)));
  });

  test("knows a secret of 65,535 bytes beside a pre-shared key, and not one more", () => {
    expect(PreliminarySecret.ofEcdhe(bytes(65_535, 7)).withExternalPsk(psk(16))).toBeInstanceOf(PreliminarySecret);
    expect(() => PreliminarySecret.ofEcdhe(bytes(65_536, 7)).withExternalPsk(psk(16))).toThrow(caller("out_of_range"));
  });

  // RFC 9257 §4.2
  test("is of no pre-shared key for TLS 1.3", () => {
    expect(() => PreliminarySecret.ofExternalPsk(psk(16, "TLS 1.3"))).toThrow(caller("psk_protocol"));
    const other = PreliminarySecret.ofEcdhe(bytes(32, 5));
    expect(() => other.withExternalPsk(psk(16, "TLS 1.3"))).toThrow(caller("psk_protocol"));
  });

  test("tells the main secret which pre-shared key it came of, and nothing else does", () => {
    const one = psk(16);
    const secrets = [PreliminarySecret.ofExternalPsk(one), PreliminarySecret.ofRsa(bytes(48, 3)).withExternalPsk(one)];
    for (const secret of secrets) expect(externalPskOf(secret.mainSecret(sha256, hellos))).toBe(one);
    const extended = PreliminarySecret.ofExternalPsk(one).extendedMainSecret(sha256, bytes(32, 6));
    expect(externalPskOf(extended)).toBe(one);
    expect(externalPskOf(PreliminarySecret.ofRsa(bytes(48, 3)).mainSecret(sha256, hellos))).toBeUndefined();
    expect(externalPskOf(new MainSecret(sha256, extended.dangerouslyExpose(), true))).toBeUndefined();
  });

  test("makes one main secret", () => {
    const secret = PreliminarySecret.ofEcdhe(bytes(32, 5));
    secret.extendedMainSecret(sha256, bytes(32, 6));
    expect(() => secret.extendedMainSecret(sha256, bytes(32, 6))).toThrow(caller("stage_over"));
    expect(() => secret.mainSecret(sha256, hellos)).toThrow(caller("stage_over"));
  });

  test("is the caller's to wipe", () => {
    const given = bytes(48, 5);
    const secrets = [PreliminarySecret.ofEcdhe(given), PreliminarySecret.ofDhe(given), PreliminarySecret.ofRsa(given)];
    const before = [of(bytes(48, 5)), of(bytes(48, 5)), of(bytes(48, 5))];
    given.fill(0);
    expect(secrets.slice(0, 3).map(main)).toEqual(before);
  });
});

describe("a main secret", () => {
  const secret = new MainSecret(sha256, bytes(48, 9), false);

  test("has 48 bytes, which are copied", () => {
    for (const length of [47, 49]) {
      expect(() => new MainSecret(sha256, bytes(length, 9), true)).toThrow(caller("out_of_range"));
    }
    const given = bytes(48, 9);
    const copied = new MainSecret(sha256, given, true);
    given.fill(0);
    copied.dangerouslyExpose().fill(0);
    expect(copied.dangerouslyExpose()).toEqual(bytes(48, 9));
  });

  test("says whether it is bound to its handshake", () => {
    expect(PreliminarySecret.ofEcdhe(bytes(32, 5)).mainSecret(sha256, hellos).extended).toBe(false);
    expect(PreliminarySecret.ofEcdhe(bytes(32, 5)).extendedMainSecret(sha256, bytes(32, 6)).extended).toBe(true);
  });

  test("gives each side's Finished 12 bytes of its own", () => {
    const transcriptHash = bytes(32, 8);
    expect(secret.verifyData("client", transcriptHash)).toEqual(
      sha256(bytes(48, 9), "client finished", transcriptHash, 12),
    );
    expect(secret.verifyData("server", transcriptHash)).toEqual(
      sha256(bytes(48, 9), "server finished", transcriptHash, 12),
    );
  });

  test("gives keys that say whose they are", () => {
    const block = secret.keyBlock(hellos, { mac: 0, key: 16, iv: 4 });
    expect([block.client.role, block.server.role]).toEqual(["client", "server"]);
    expect(block.client.macKey).toHaveLength(0);
    // @ts-expect-error: one side's keys don't pass for the other's.
    const swapped: typeof block.server = block.client;
    expect(swapped.role).toBe("client");
  });
});

// RFC 5705 §4
describe("an exporter of TLS 1.2", () => {
  const exporter = new MainSecret(sha256, bytes(48, 9), true).exporter(hellos);
  const of = (label: string, context: Uint8Array, length: number): Uint8Array =>
    sha256(bytes(48, 9), label, concat(hellos.client, hellos.server, context), length);

  test("tells no context from an empty one", () => {
    expect(exporter.export("EXPERIMENTAL", undefined, 40)).toEqual(of("EXPERIMENTAL", bytes(0, 0), 40));
    expect(exporter.export("EXPERIMENTAL", bytes(0, 0), 40)).toEqual(of("EXPERIMENTAL", bytes(2, 0), 40));
    expect(exporter.export("EXPERIMENTAL", asciiBytes("ab"), 40)).toEqual(of("EXPERIMENTAL", hex("00026162"), 40));
  });

  test("takes an empty label", () => {
    expect(exporter.export("", undefined, 40)).toEqual(
      sha256(bytes(48, 9), "", concat(hellos.client, hellos.server), 40),
    );
  });

  test("takes a context of 65,535 bytes, and not one more", () => {
    expect(exporter.export("EXPERIMENTAL", bytes(65_535, 1), 1)).toHaveLength(1);
    expect(() => exporter.export("EXPERIMENTAL", bytes(65_536, 1), 1)).toThrow(caller("out_of_range"));
  });

  test("gives 1 to 65,535 bytes", () => {
    expect(exporter.export("EXPERIMENTAL", undefined, maxPrfOutput)).toHaveLength(maxPrfOutput);
    for (const length of [0, maxPrfOutput + 1, 1.5]) {
      expect(() => exporter.export("EXPERIMENTAL", undefined, length)).toThrow(caller("out_of_range"));
    }
  });

  // They would give away the connection's own secrets.
  test.each(["client finished", "server finished", "master secret", "key expansion", "extended master secret"])(
    "takes no label of the protocol's own: %j",
    (label) => {
      expect(() => exporter.export(label, undefined, 12)).toThrow(caller("out_of_range"));
    },
  );

  test("takes no label beyond ASCII", () => {
    expect(() => exporter.export("ä", undefined, 12)).toThrow(caller("not_ascii"));
  });
});
