import { describe, expect, it } from "vitest";
import type { DiffieHellmanFact, FoundFacts, GroupsFact } from "../../src/facts.ts";
import { knownGroups } from "../../src/registry/group.ts";
import { found } from "../facts.ts";
import { seen } from "./rows.ts";

const value = new Uint8Array(1);

/** RFC 8422 §5.1.1: parameters that the peer says. It has no row of its own. */
const explicitPrimeCurve = 0xff01;

function prime(bits: number, more: { known?: string; safe?: boolean } = {}): Partial<FoundFacts> {
  return {
    diffieHellman: found({ primes: [{ bits, prime: value, generator: value, ...more }], publicValueReused: false }),
  };
}

function groups(
  version: GroupsFact["version"],
  names: readonly string[],
  more: Partial<GroupsFact> = {},
): Partial<FoundFacts> {
  const accepted = names.map((name) => ({
    code: knownGroups.find((group) => group.name === name)?.code ?? explicitPrimeCurve,
    name,
  }));
  return { groups: found([{ version, accepted, order: "server", reusedShares: [], ...more }]) };
}

function signing(code: number, name: string): Partial<FoundFacts> {
  return { signatureSchemes: found([{ version: "TLS 1.2", accepted: [{ code, name }] }]) };
}

describe("findings about Diffie-Hellman's groups", () => {
  const known = { known: "RFC 2409 group 2" };

  it("dh-below-1024-bits", () => {
    expect(seen("dh-below-1024-bits", prime(1023))).toEqual(["A prime of 1023 bits."]);
    expect(seen("dh-below-1024-bits", prime(1024))).toEqual([]);
  });

  it("dh-below-2048-bits", () => {
    expect(seen("dh-below-2048-bits", prime(1024))).toEqual(["A prime of 1024 bits."]);
    expect(seen("dh-below-2048-bits", prime(2047))).toEqual(["A prime of 2047 bits."]);
    expect(seen("dh-below-2048-bits", prime(1023))).toEqual([]);
    expect(seen("dh-below-2048-bits", prime(2048))).toEqual([]);
  });

  it("dh-common-1024-bit-prime", () => {
    expect(seen("dh-common-1024-bit-prime", prime(1024, known))).toEqual(["A prime of 1024 bits, RFC 2409 group 2."]);
    expect(seen("dh-common-1024-bit-prime", prime(1024))).toEqual([]);
    expect(seen("dh-common-1024-bit-prime", prime(1536, { known: "RFC 3526 group 5" }))).toEqual([]);
    expect(seen("dh-common-1024-bit-prime", prime(2048, { known: "RFC 7919 ffdhe2048" }))).toEqual([]);
  });

  it("dh-unsafe-prime", () => {
    expect(seen("dh-unsafe-prime", prime(2048, { safe: false }))).toEqual(["A prime of 2048 bits."]);
    expect(seen("dh-unsafe-prime", prime(2048, { safe: true }))).toEqual([]);
    expect(seen("dh-unsafe-prime", prime(2048))).toBe("not judged");
    // weak anyhow
    expect(seen("dh-unsafe-prime", prime(2047))).toEqual([]);
  });

  it("dh-unknown-group", () => {
    expect(seen("dh-unknown-group", prime(2048))).toEqual(["A prime of 2048 bits."]);
    expect(seen("dh-unknown-group", prime(2048, { known: "RFC 7919 ffdhe2048" }))).toEqual([]);
  });

  it("dh-value-reused", () => {
    const fact: DiffieHellmanFact = { primes: [], publicValueReused: true };
    expect(seen("dh-value-reused", { diffieHellman: found(fact) })).toHaveLength(1);
    expect(seen("dh-value-reused", prime(2048))).toEqual([]);
  });
});

describe("findings about groups", () => {
  it("weak-groups", () => {
    expect(seen("weak-groups", groups("TLS 1.2", ["secp256r1", "secp192r1", "sect163k1"]))).toEqual([
      "TLS 1.2: secp192r1, sect163k1.",
    ]);
    expect(seen("weak-groups", groups("TLS 1.2", ["secp224r1", "x25519"]))).toEqual([]);
  });

  it("deprecated-groups, without those that are weak as well", () => {
    expect(seen("deprecated-groups", groups("TLS 1.2", ["secp192r1", "secp224r1", "secp256k1"]))).toEqual([
      "TLS 1.2: secp224r1, secp256k1.",
    ]);
    expect(seen("deprecated-groups", groups("TLS 1.2", ["explicit prime curve"]))).toHaveLength(1);
    expect(seen("deprecated-groups", groups("TLS 1.2", ["secp192r1", "brainpoolP256r1", "secp521r1"]))).toEqual([]);
  });

  it("key-share-reused", () => {
    const reusedShares = [{ code: 0x1d, name: "x25519" }];
    expect(seen("key-share-reused", groups("TLS 1.3", ["x25519"], { reusedShares }))).toEqual(["TLS 1.3: x25519."]);
    expect(seen("key-share-reused", groups("TLS 1.3", ["x25519"]))).toEqual([]);
  });

  it("no-post-quantum-group", () => {
    const id = "no-post-quantum-group";
    expect(seen(id, groups("TLS 1.3", ["x25519", "secp256r1"]))).toEqual(["TLS 1.3: x25519, secp256r1."]);
    expect(seen(id, groups("TLS 1.3", ["x25519", "X25519Kyber768Draft00"]))).toHaveLength(1);
    for (const name of ["MLKEM768", "X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024"]) {
      expect(seen(id, groups("TLS 1.3", ["x25519", name])), name).toEqual([]);
    }
    expect(seen(id, groups("TLS 1.2", ["x25519"]))).toEqual([]);
  });

  it("post-quantum-not-preferred", () => {
    const id = "post-quantum-not-preferred";
    expect(seen(id, groups("TLS 1.3", ["x25519", "X25519MLKEM768"]))).toEqual([
      "TLS 1.3: x25519 is chosen before X25519MLKEM768.",
    ]);
    expect(seen(id, groups("TLS 1.3", ["X25519MLKEM768", "x25519"]))).toEqual([]);
    expect(seen(id, groups("TLS 1.3", ["x25519", "X25519MLKEM768"], { order: "client" }))).toEqual([]);
    expect(seen(id, groups("TLS 1.3", ["x25519"]))).toEqual([]);
  });

  it("draft-post-quantum-groups", () => {
    const id = "draft-post-quantum-groups";
    expect(seen(id, groups("TLS 1.3", ["x25519", "X25519Kyber768Draft00"]))).toEqual([
      "TLS 1.3: X25519Kyber768Draft00.",
    ]);
    expect(seen(id, groups("TLS 1.3", ["X25519MLKEM768"]))).toEqual([]);
  });

  it("required-group-missing", () => {
    expect(seen("required-group-missing", groups("TLS 1.3", ["x25519"]))).toEqual(["TLS 1.3: x25519."]);
    expect(seen("required-group-missing", groups("TLS 1.3", ["x25519", "secp256r1"]))).toEqual([]);
    expect(seen("required-group-missing", groups("TLS 1.2", ["x25519"]))).toEqual([]);
  });
});

describe("findings about how handshakes are signed", () => {
  it("md5-signatures", () => {
    expect(seen("md5-signatures", signing(0x0101, "rsa_pkcs1_md5"))).toEqual(["TLS 1.2: rsa_pkcs1_md5."]);
    expect(seen("md5-signatures", signing(0x0201, "rsa_pkcs1_sha1"))).toEqual([]);
  });

  it("sha1-signatures", () => {
    expect(seen("sha1-signatures", signing(0x0203, "ecdsa_sha1"))).toEqual(["TLS 1.2: ecdsa_sha1."]);
    expect(seen("sha1-signatures", signing(0x0401, "rsa_pkcs1_sha256"))).toEqual([]);
  });
});
