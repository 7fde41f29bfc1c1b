import { createHash, createHmac } from "node:crypto";
import { inspect } from "node:util";
import { hashOf } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import {
  EarlyStage,
  ExternalPsk,
  ImportedIdentity,
  maxPskIdentityLength,
  maxTls12PskIdentityLength,
  maxTls12PskLength,
  minPskLength,
  PresharedKey,
  type PskHash,
  parseImportedIdentity,
} from "@tlskit/keyschedule";
import { asciiBytes, concat, encode, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const identity = asciiBytes("client 1");
const key = bytes(32, 0x5a);
const plain = new ExternalPsk({ identity, key });
const importContext = asciiBytes("context");
const imported = new ExternalPsk({ identity, key, importContext });
const node: Readonly<Record<PskHash, string>> = { "SHA-256": "sha256", "SHA-384": "sha384" };

/** RFC 9846 §7.1: HKDF-Expand-Label by Node, for what fits into one block or two. */
function nodeExpandLabel(
  hash: PskHash,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Buffer {
  const full = Buffer.from(`tls13 ${label}`);
  const info = concat(Uint8Array.of(0, length, full.length), full, Uint8Array.of(context.length), context);
  const block = (before: Uint8Array, counter: number): Buffer =>
    createHmac(node[hash], secret).update(before).update(info).update(Uint8Array.of(counter)).digest();
  const first = block(new Uint8Array(0), 1);
  return Buffer.concat([first, block(first, 2)]).subarray(0, length);
}

/** What binders are made with, computed by Node alone. */
function nodeBinder(hash: PskHash, psk: Uint8Array, label: string, transcriptHash: Uint8Array): string {
  const { length } = createHash(node[hash]).digest();
  const early = createHmac(node[hash], bytes(length, 0)).update(psk).digest();
  const binderKey = nodeExpandLabel(hash, early, label, createHash(node[hash]).digest(), length);
  const finishedKey = nodeExpandLabel(hash, binderKey, "finished", new Uint8Array(0), length);
  return createHmac(node[hash], finishedKey).update(transcriptHash).digest("hex");
}

/** RFC 9258 §5.1, computed by Node alone, with the ImportedIdentity written out. */
function nodeImport(own: PskHash, target: PskHash): Buffer {
  const written = concat(
    Uint8Array.of(0, identity.length),
    identity,
    Uint8Array.of(0, importContext.length),
    importContext,
    Uint8Array.of(0x03, 0x04, 0, target === "SHA-256" ? 1 : 2),
  );
  const { length } = createHash(node[own]).digest();
  const epskx = createHmac(node[own], bytes(length, 0)).update(key).digest();
  const hashed = createHash(node[own]).update(written).digest();
  return nodeExpandLabel(own, epskx, "derived psk", hashed, target === "SHA-256" ? 32 : 48);
}

describe("a pre-shared key that is used as it is", () => {
  it("goes by its own name, with its own hash alone", () => {
    expect(plain.identityFor("SHA-256")).toEqual(identity);
    expect(plain.hashesAmong(["SHA-384", "SHA-256", "SHA-256"])).toEqual(["SHA-256"]);
    expect(() => plain.keyFor(nobleProvider, "SHA-384")).toThrow(
      expect.objectContaining({ kind: "caller", code: "psk_hash" }),
    );
  });

  it("has SHA-256 unless told otherwise (RFC 9846 §4.3.11#external-hash, RFC 9258 §5.1#hash, RFC 8773 §4#hash)", () => {
    expect(plain.hash).toBe("SHA-256");
    const other = new ExternalPsk({ identity, key, hash: "SHA-384" });
    expect(other.hashesAmong(["SHA-256", "SHA-384"])).toEqual(["SHA-384"]);
    expect(other.keyFor(nobleProvider, "SHA-384").hash.name).toBe("SHA-384");
  });

  it.each(["SHA-256", "SHA-384"] as const)("binds with the label of keys from outside, by %s", (hash) => {
    const psk = new ExternalPsk({ identity, key, hash }).keyFor(nobleProvider, hash);
    const transcriptHash = bytes(psk.hash.length, 2);
    expect(psk.kind).toBe("external");
    expect(toHex(EarlyStage.withPsk(psk).binder(transcriptHash))).toBe(
      nodeBinder(hash, key, "ext binder", transcriptHash),
    );
  });
});

describe("a pre-shared key that is imported (RFC 9258)", () => {
  // RFC 9258 §5.1#target-protocol, §5.1#tls13-alone
  it("is offered for each hash, under a name that says everything it is made for (RFC 9258 §5.1#each-suite)", () => {
    expect(imported.hashesAmong(["SHA-384", "SHA-256", "SHA-1"])).toEqual(["SHA-384", "SHA-256"]);
    for (const [hash, targetKdf] of [
      ["SHA-256", 1],
      ["SHA-384", 2],
    ] as const) {
      expect(parseImportedIdentity(imported.identityFor(hash))).toEqual({
        externalIdentity: identity,
        context: importContext,
        targetProtocol: 0x0304,
        targetKdf,
      });
    }
  });

  it.each([
    ["SHA-256", "SHA-256"],
    ["SHA-256", "SHA-384"],
    ["SHA-384", "SHA-256"],
    ["SHA-384", "SHA-384"],
  ] as const)(
    "with %s for %s is what another implementation makes of it, and binds with a label of its own",
    (own, target) => {
      const psk = new ExternalPsk({ identity, key, hash: own, importContext }).keyFor(nobleProvider, target);
      const transcriptHash = bytes(psk.hash.length, 2);
      expect([psk.kind, psk.hash.name]).toEqual(["imported", target]);
      expect(toHex(EarlyStage.withPsk(psk).binder(transcriptHash))).toBe(
        nodeBinder(target, nodeImport(own, target), "imp binder", transcriptHash),
      );
    },
  );

  it("is another one for another name, context or target", () => {
    const made = [
      imported.keyFor(nobleProvider, "SHA-256"),
      new ExternalPsk({ identity: asciiBytes("client 2"), key, importContext }).keyFor(nobleProvider, "SHA-256"),
      new ExternalPsk({ identity, key, importContext: new Uint8Array(0) }).keyFor(nobleProvider, "SHA-256"),
      new ExternalPsk({ identity, key, importContext, hash: "SHA-384" }).keyFor(nobleProvider, "SHA-256"),
      plain.keyFor(nobleProvider, "SHA-256"),
    ];
    const binders = made.map((psk) => toHex(EarlyStage.withPsk(psk).binder(bytes(32, 2))));
    expect(new Set(binders).size).toBe(made.length);
  });

  it("can't be taken for a ticket's or one that is used as it is: the binders differ though the key is one", () => {
    const raw = nodeImport("SHA-256", "SHA-256");
    const transcriptHash = bytes(32, 2);
    const binders = [
      imported.keyFor(nobleProvider, "SHA-256"),
      new ExternalPsk({ identity, key: raw }).keyFor(nobleProvider, "SHA-256"),
      PresharedKey.ofTicket(hashOf(nobleProvider, "SHA-256"), raw),
    ].map((psk) => toHex(EarlyStage.withPsk(psk).binder(transcriptHash)));
    expect(new Set(binders).size).toBe(3);
  });
});

describe("the identity of an imported key", () => {
  it("is nothing if there is an octet more or less, or no name", () => {
    const whole = imported.identityFor("SHA-256");
    expect(parseImportedIdentity(whole.subarray(1))).toBeUndefined();
    expect(parseImportedIdentity(whole.subarray(0, -1))).toBeUndefined();
    expect(parseImportedIdentity(concat(whole, Uint8Array.of(0)))).toBeUndefined();
    expect(parseImportedIdentity(Uint8Array.of(0, 0, 0, 0, 3, 4, 0, 1))).toBeUndefined();
    expect(parseImportedIdentity(identity)).toBeUndefined();
  });

  it("is read with whatever protocol and KDF it names", () => {
    const other = { externalIdentity: identity, context: new Uint8Array(0), targetProtocol: 0xfefc, targetKdf: 0x1234 };
    expect(parseImportedIdentity(encode(ImportedIdentity, other))).toEqual(other);
  });
});

describe("a pre-shared key from outside", () => {
  it("has at least 128 bits (RFC 9257 §6)", () => {
    expect(new ExternalPsk({ identity, key: bytes(minPskLength, 1) }).hash).toBe("SHA-256");
    expect(() => new ExternalPsk({ identity, key: bytes(minPskLength - 1, 1) })).toThrow(
      expect.objectContaining({ kind: "caller", code: "psk_too_short" }),
    );
  });

  it("has a name that fits into a ClientHello with others (RFC 9258 §5.1#length)", () => {
    const outOfRange = expect.objectContaining({ kind: "caller", code: "out_of_range" });
    expect(() => new ExternalPsk({ identity: new Uint8Array(0), key })).toThrow(outOfRange);
    expect(() => new ExternalPsk({ identity: new Uint8Array(0), key, importContext })).toThrow(outOfRange);
    expect(new ExternalPsk({ identity: bytes(maxPskIdentityLength, 1), key }).identity).toHaveLength(16_384);
    expect(() => new ExternalPsk({ identity: bytes(maxPskIdentityLength + 1, 1), key })).toThrow(outOfRange);
    const rest = maxPskIdentityLength - 8 - identity.length;
    expect(new ExternalPsk({ identity, key, importContext: bytes(rest, 1) }).identityFor("SHA-384")).toHaveLength(
      16_384,
    );
    expect(() => new ExternalPsk({ identity, key, importContext: bytes(rest + 1, 1) })).toThrow(outOfRange);
  });

  it("refuses options that mean nothing", () => {
    expect(() => new ExternalPsk({ identity, key, context: importContext } as never)).toThrow(
      expect.objectContaining({ code: "unknown_option" }),
    );
  });

  it("tells of a key that is used in two ways (RFC 9258 §4#importer-alone, §4#one-hash)", () => {
    const other = new ExternalPsk({ identity, key: bytes(32, 1) });
    const found = [
      [plain, imported],
      [imported, plain],
      [plain, new ExternalPsk({ identity, key, hash: "SHA-384" })],
      [imported, new ExternalPsk({ identity, key, importContext, hash: "SHA-384" })],
    ].map(([one = other, another = other]) => one.isUsedOtherwise(another));
    expect(found).toEqual([true, true, true, true]);
    expect(imported.isUsedOtherwise(new ExternalPsk({ identity, key, importContext: bytes(3, 1) }))).toBe(false);
    expect([other.isUsedOtherwise(imported), plain.isUsedOtherwise(plain)]).toEqual([false, false]);
  });

  it("is told by the secrets that come of it, until the server's Finished", () => {
    const early = EarlyStage.withPsk(imported.keyFor(nobleProvider, "SHA-256"));
    expect(early.externalPsk).toBe(imported);
    expect(early.withSharedSecret(bytes(32, 1), bytes(32, 2)).externalPsk).toBe(imported);
    const ofTicket = EarlyStage.withPsk(PresharedKey.ofTicket(hashOf(nobleProvider, "SHA-256"), key));
    expect(ofTicket.withSharedSecret(bytes(32, 1), bytes(32, 2)).externalPsk).toBeUndefined();
  });

  it("never shows its key, nor does what is made of it", () => {
    const made = [plain, imported, plain.keyFor(nobleProvider, "SHA-256"), imported.keyFor(nobleProvider, "SHA-256")];
    const shown = made.flatMap((psk) => [inspect(psk, { depth: 9, showHidden: true }), JSON.stringify(psk)]).join();
    expect(shown).not.toMatch(/90,\s*90|5a5a/i);
  });

  it("is a copy: what it was made of is the caller's to wipe", () => {
    const [name, secret] = [Uint8Array.from(identity), Uint8Array.from(key)];
    const psk = new ExternalPsk({ identity: name, key: secret });
    name.fill(0);
    secret.fill(0);
    expect(psk.identity).toEqual(identity);
    const binder = (from: ExternalPsk) =>
      EarlyStage.withPsk(from.keyFor(nobleProvider, "SHA-256")).binder(bytes(32, 2));
    expect(binder(psk)).toEqual(binder(plain));
  });
});

// RFC 4279
describe("a pre-shared key for TLS 1.2", () => {
  const protocol = "TLS 1.2";
  const psk = new ExternalPsk({ identity, key, protocol });

  it("is for TLS 1.2 alone, and one that doesn't say so for TLS 1.3 alone (RFC 9257 §4.2)", () => {
    expect([psk.protocol, psk.hash, psk.importContext]).toEqual([protocol, undefined, undefined]);
    expect([plain.protocol, imported.protocol]).toEqual(["TLS 1.3", "TLS 1.3"]);
    expect(psk.hashesAmong(["SHA-256", "SHA-384"])).toEqual([]);
    expect(() => psk.keyFor(nobleProvider, "SHA-256")).toThrow(expect.objectContaining({ code: "psk_hash" }));
  });

  it("has no hash of its own, and isn't imported", () => {
    for (const more of [{ hash: "SHA-256" }, { importContext }] as const) {
      expect(() => new ExternalPsk({ identity, key, protocol, ...more })).toThrow(
        expect.objectContaining({ kind: "caller", code: "psk_protocol" }),
      );
    }
    expect(() => new ExternalPsk({ identity, key, protocol: "TLS 1.1" as never })).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  // RFC 4279 §5.3#lengths, §5.3#longer
  it("has 16 to 65,535 bytes, under a name of 8,192 at most", () => {
    const outOfRange = expect.objectContaining({ kind: "caller", code: "out_of_range" });
    expect(() => new ExternalPsk({ identity, key: bytes(maxTls12PskLength, 1), protocol })).not.toThrow();
    expect(() => new ExternalPsk({ identity, key: bytes(maxTls12PskLength + 1, 1), protocol })).toThrow(outOfRange);
    expect(() => new ExternalPsk({ identity: bytes(maxTls12PskIdentityLength, 1), key, protocol })).not.toThrow();
    expect(() => new ExternalPsk({ identity: bytes(maxTls12PskIdentityLength + 1, 1), key, protocol })).toThrow(
      outOfRange,
    );
    expect(() => new ExternalPsk({ identity, key: bytes(minPskLength - 1, 1), protocol })).toThrow(
      expect.objectContaining({ code: "psk_too_short" }),
    );
  });

  it("may be shorter where that is asked for, for TLS 1.2 alone", () => {
    const short = { identity, dangerousShortKey: true };
    const psk = new ExternalPsk({ ...short, key: bytes(1, 1), protocol });
    expect(psk.nobodys(() => bytes(1, 2)).mark(nobleProvider, "SHA-256")).not.toEqual(
      psk.mark(nobleProvider, "SHA-256"),
    );
    expect(() => new ExternalPsk({ ...short, key: bytes(0, 1), protocol })).toThrow(
      expect.objectContaining({ kind: "caller", code: "psk_too_short" }),
    );
    expect(() => new ExternalPsk({ ...short, key })).toThrow(
      expect.objectContaining({ kind: "caller", code: "psk_protocol" }),
    );
  });

  it("may have an empty name (RFC 4279 §2)", () => {
    expect(new ExternalPsk({ identity: bytes(0, 0), key, protocol }).identity).toEqual(bytes(0, 0));
  });

  it("isn't used in TLS 1.3 besides (RFC 9258 §8#versions-apart)", () => {
    expect([plain.isUsedOtherwise(psk), psk.isUsedOtherwise(imported)]).toEqual([true, true]);
  });
});

describe("what a session keeps of a pre-shared key", () => {
  const mark = (psk: ExternalPsk, hash: PskHash = "SHA-256"): string =>
    toHex(psk.mark(nobleProvider, hash) ?? new Uint8Array(0));

  it("is another one for another key, name, protocol or context", () => {
    const marks = [
      plain,
      imported,
      new ExternalPsk({ identity, key, protocol: "TLS 1.2" }),
      new ExternalPsk({ identity, key: bytes(32, 0x5b) }),
      new ExternalPsk({ identity: asciiBytes("client 2"), key }),
      new ExternalPsk({ identity, key, importContext: asciiBytes("another") }),
    ].map((psk) => mark(psk));
    expect(new Set([...marks, mark(imported, "SHA-384")]).size).toBe(7);
    expect(mark(new ExternalPsk({ identity, key }))).toBe(mark(plain));
  });

  it("is nothing where the key doesn't go with the cipher suite; one of TLS 1.2 goes with any", () => {
    expect(plain.mark(nobleProvider, "SHA-384")).toBeUndefined();
    const psk = new ExternalPsk({ identity, key, protocol: "TLS 1.2" });
    expect(mark(psk, "SHA-384")).toBe(mark(psk));
  });
});
