import { hashOf, type PasswordCryptography, signerFor } from "@tlskit/crypto";
import { noblePasswordCryptography, nobleProvider } from "@tlskit/crypto-noble";
import { nodePasswordCryptography } from "@tlskit/crypto-node";
import { concat } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { encodeData } from "../src/cms/content-info.ts";
import { CmsOid } from "../src/cms/oids.ts";
import { DerReader } from "../src/der-reader.ts";
import {
  derElement,
  derExplicit,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
} from "../src/der-writer.ts";
import {
  createCertificateSync,
  createPkcs12Async,
  createPkcs12Sync,
  Oid,
  openPkcs12Async,
  openPkcs12Sync,
  type Pkcs12Parts,
} from "../src/index.ts";
import { PasswordOid } from "../src/passwords/oids.ts";
import { Pkcs12Oid } from "../src/pkcs12/oids.ts";
import { codeOf, kinds, ourKey } from "./keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "./pki.ts";

const random = countingRandom();
const cryptography = nodePasswordCryptography;
const password = "pässwörd 🔑";
const keyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 500 } as const;
const common = { password, cryptography, random, keyDerivation };

const caKey = generateKey();
const signing = { provider, random, signer: signerFor(provider, caKey, random), validity: { from: now, days: 30 } };
const root = createCertificateSync({ ...signing, publicKey: caKey, subject: { commonName: "Root" }, ca: {} });
const middle = createCertificateSync({
  ...signing,
  issuer: root,
  publicKey: caKey,
  subject: { commonName: "Middle" },
  ca: {},
});
const leafOf = (kind: (typeof kinds)[number]) =>
  createCertificateSync({
    ...signing,
    issuer: middle,
    publicKey: ourKey(kind).privateKey,
    dnsNames: ["example.org"],
  });

describe("what is written is read", () => {
  test.each(kinds)("a key (%s), its certificate and their name", (kind) => {
    const leaf = leafOf(kind);
    const parts = {
      ...common,
      key: ourKey(kind),
      certificates: [leaf, middle, root],
      friendlyName: "mein Schlüssel 🔑",
    };
    const file = createPkcs12Sync(parts);
    const { identities, keys, certificates, passedOver } = openPkcs12Sync(file, { password, cryptography });
    expect(identities).toHaveLength(1);
    expect(identities[0]?.key).toEqual(ourKey(kind));
    expect(identities[0]?.chain).toEqual([leaf, middle, root]);
    expect(identities[0]?.friendlyName).toBe("mein Schlüssel 🔑");
    expect(keys[0]?.localKeyId).toEqual(certificates[0]?.localKeyId);
    expect(certificates.map(({ friendlyName }) => friendlyName)).toEqual(["mein Schlüssel 🔑", undefined, undefined]);
    expect(passedOver).toEqual([]);
  });

  test("with PBMAC1, and with scrypt", () => {
    const parts: Pkcs12Parts = { ...common, key: ourKey("P-256"), certificates: [leafOf("P-256")], mac: "PBMAC1" };
    const opened = openPkcs12Sync(createPkcs12Sync(parts), { password, cryptography: noblePasswordCryptography });
    expect(opened.identities).toHaveLength(1);
    const scrypt = { name: "scrypt", cost: 1024, blockSize: 8, parallelization: 1 } as const;
    const file = createPkcs12Sync({ ...parts, keyDerivation: scrypt });
    expect(openPkcs12Sync(file, { password, cryptography }).identities).toHaveLength(1);
    expect(() => createPkcs12Sync({ ...parts, keyDerivation: scrypt, mac: "PKCS#12" })).toThrow("PBMAC1");
  });

  test("certificates alone, or a key alone", () => {
    const anchors = openPkcs12Sync(createPkcs12Sync({ ...common, certificates: [root] }), { password, cryptography });
    expect(anchors).toMatchObject({ identities: [], keys: [], certificates: [{ certificate: root }] });
    const key = createPkcs12Sync({ ...common, key: ourKey("P-521"), certificates: [] });
    expect(openPkcs12Sync(key, { password, cryptography })).toMatchObject({ identities: [], certificates: [] });
    expect(codeOf(() => createPkcs12Sync({ ...common, certificates: [] }))).toBe("invalid_argument");
  });

  test("the chain is in order whatever the file's is, and without what isn't in it", () => {
    const leaf = leafOf("P-256");
    // the key's certificate has to be first, so another order comes from a file of certificates and one of the key
    const file = createPkcs12Sync({ ...common, key: ourKey("P-256"), certificates: [leaf, root, middle] });
    expect(openPkcs12Sync(file, { password, cryptography }).identities[0]?.chain).toEqual([leaf, middle, root]);
    const alone = createPkcs12Sync({ ...common, key: ourKey("P-256"), certificates: [leaf, root] });
    expect(openPkcs12Sync(alone, { password, cryptography }).identities[0]?.chain).toEqual([leaf]);
  });

  test("an EdDSA key is completed by its certificate, or by a provider", () => {
    const file = createPkcs12Sync({ ...common, key: ourKey("Ed25519"), certificates: [leafOf("Ed25519")] });
    for (const options of [{}, { provider: nobleProvider }]) {
      expect(openPkcs12Sync(file, { password, cryptography, ...options }).keys[0]?.key).toEqual(ourKey("Ed25519"));
    }
    const alone = createPkcs12Sync({ ...common, key: ourKey("Ed25519"), certificates: [] });
    expect(codeOf(() => openPkcs12Sync(alone, { password, cryptography }))).toBe("missing_public_key");
  });

  test("by cryptography that answers later", async () => {
    const late: PasswordCryptography = { ...cryptography, pbkdf2: async (...all) => await cryptography.pbkdf2(...all) };
    const parts = { ...common, cryptography: late, key: ourKey("P-256"), certificates: [leafOf("P-256")] };
    const file = await createPkcs12Async(parts);
    expect((await openPkcs12Async(file, { password, cryptography: late })).identities).toHaveLength(1);
    expect(() => openPkcs12Sync(file, { password, cryptography: late })).toThrow("answers later");
  });
});

describe("no password, of which there are two kinds (dotnet/runtime#103929)", () => {
  const file = createPkcs12Sync({ ...common, password: "", key: ourKey("P-256"), certificates: [leafOf("P-256")] });

  /** RFC 7292 appendix B.2, step 3, with one iteration: no octets of a password are no octets of I. */
  function withMacOfNothing(der: Uint8Array): Uint8Array {
    const sha256 = hashOf(nobleProvider, "SHA-256");
    const parts = new DerReader(der).sequence("the file");
    const version = parts.element("the version").der;
    const safe = parts.element("the contents");
    const contents = new DerReader(safe.content);
    contents.oid("the type");
    const octets = contents.explicit(0, "the contents", (reader) => reader.octetString("the contents"));
    const salt = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const filled = Uint8Array.from({ length: 64 }, (_, i) => salt[i % salt.length] ?? 0);
    const key = sha256.digest(concat(new Uint8Array(64).fill(3), filled));
    const algorithm = derSequence(derOid(Oid.idSha256), derNull());
    const digest = derOctetString(sha256.hmac(key, octets ?? new Uint8Array(0)));
    return derSequence(version, safe.der, derSequence(derSequence(algorithm, digest), derOctetString(salt)));
  }

  test("the empty one opens a file whose MAC is with either", () => {
    for (const der of [file, withMacOfNothing(file)]) {
      expect(openPkcs12Sync(der, { password: "", cryptography }).identities).toHaveLength(1);
    }
  });

  test("no other opens it", () => {
    for (const other of ["\0", " ", password]) {
      expect(codeOf(() => openPkcs12Sync(withMacOfNothing(file), { password: other, cryptography }))).toBe(
        "wrong_password",
      );
    }
  });

  test("what is tried twice counts twice", () => {
    const wrong = { password: "", cryptography, maximumIterations: 900 };
    const other = createPkcs12Sync({ ...common, key: ourKey("P-256"), certificates: [leafOf("P-256")] });
    expect(codeOf(() => openPkcs12Sync(other, wrong))).toBe("too_large");
    expect(codeOf(() => openPkcs12Sync(other, { ...wrong, maximumIterations: 1000 }))).toBe("wrong_password");
  });
});

test("a key that isn't the first certificate's makes no file", () => {
  const parts = { ...common, key: ourKey("P-256"), certificates: [root] };
  expect(codeOf(() => createPkcs12Sync(parts))).toBe("invalid_argument");
});

describe("a file is opened with its password alone", () => {
  const file = createPkcs12Sync({ ...common, key: ourKey("P-256"), certificates: [leafOf("P-256")] });
  const opened = (der: Uint8Array, options: object = {}): string =>
    codeOf(() => openPkcs12Sync(der, { password, cryptography, ...options }));

  test("another password is one error", () => {
    for (const wrong of ["", "p", `${password} `]) {
      expect(() => openPkcs12Sync(file, { password: wrong, cryptography })).toThrow(
        "the password is wrong, or the file is damaged",
      );
    }
  });

  test("any changed byte of what the MAC is over is the same error", () => {
    // behind the header and the types of contents; the MAC itself is at the end
    for (let at = 40; at < file.length; at += 97) {
      const changed = Uint8Array.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(["wrong_password", "invalid_der", "unsupported_algorithm"]).toContain(opened(changed));
    }
    const inContents = Uint8Array.from(file);
    inContents[600] = (inContents[600] ?? 0) ^ 1;
    expect(opened(inContents)).toBe("wrong_password");
  });

  test("cut off it is none", () => {
    for (let length = 0; length < file.length; length += 1)
      expect(opened(file.subarray(0, length))).toBe("invalid_der");
    expect(opened(Uint8Array.of(...file, 0))).toBe("invalid_der");
  });

  test("more iterations than are taken, in all derivations together, by one", () => {
    // the MAC, the certificates, the key
    expect(opened(file, { maximumIterations: 1500 })).toBe("none");
    expect(opened(file, { maximumIterations: 1499 })).toBe("too_large");
  });

  /** A file whose MAC's key is made by so many iterations, and is so long. */
  const withPbmac1 = (iterations: number, keyLength: number): Uint8Array => {
    const hmac = derSequence(derOid(PasswordOid.hmacWithSHA256), derNull());
    const integers = [iterations, keyLength].map(derSmallInteger);
    const derivation = derSequence(
      derOid(PasswordOid.pbkdf2),
      derSequence(derOctetString(new Uint8Array(8)), ...integers, hmac),
    );
    const algorithm = derSequence(derOid(PasswordOid.pbmac1), derSequence(derivation, hmac));
    const digest = derSequence(algorithm, derOctetString(new Uint8Array(32)));
    return derSequence(
      derSmallInteger(3),
      encodeData(derSequence()),
      derSequence(digest, derOctetString(Uint8Array.of(1))),
    );
  };

  test("a long key counts as many iterations as it has blocks, so that no file asks for hours", () => {
    expect(opened(withPbmac1(750, 64), { maximumIterations: 1500 })).toBe("wrong_password");
    expect(opened(withPbmac1(750, 65), { maximumIterations: 1500 })).toBe("too_large");
  });

  test("a MAC's key longer than any hash's block is refused", () => {
    expect(opened(withPbmac1(1, 128))).toBe("wrong_password");
    expect(opened(withPbmac1(1, 129))).toBe("too_large");
  });

  test("of more than a megabyte", () => {
    expect(opened(new Uint8Array(1_048_577))).toBe("too_large");
    expect(opened(new Uint8Array(1_048_576))).toBe("invalid_der");
  });

  test("in BER it isn't read, and the way out is told", () => {
    expect(opened(Uint8Array.of(0x30, 0x80, 2, 1, 3))).toBe("invalid_pkcs12");
  });
});

describe("a file without a MAC", () => {
  const certificateBag = derSequence(
    derOid(Pkcs12Oid.certBag),
    derExplicit(0, derSequence(derOid(Pkcs12Oid.x509Certificate), derExplicit(0, derOctetString(root.der)))),
  );
  const file = (...bags: readonly Uint8Array[]): Uint8Array =>
    derSequence(derSmallInteger(3), encodeData(derSequence(encodeData(derSequence(...bags)))));
  const open = (der: Uint8Array) => openPkcs12Sync(der, { password: "", cryptography, dangerousWithoutMac: true });

  test("is refused, unless it is asked for by a name that says what it is", () => {
    expect(codeOf(() => openPkcs12Sync(file(certificateBag), { password: "", cryptography }))).toBe("invalid_pkcs12");
    expect(open(file(certificateBag)).certificates).toMatchObject([{ certificate: root }]);
  });

  test("what is no key and no certificate is passed over, and named", () => {
    const secret = derSequence(derOid(Pkcs12Oid.secretBag), derExplicit(0, derSequence()));
    const sdsi = derSequence(derOid("1.2.840.113549.1.9.22.2"), derExplicit(0, derElement(0x16)));
    const other = derSequence(derOid(Pkcs12Oid.certBag), derExplicit(0, sdsi));
    expect(open(file(secret, other)).passedOver).toEqual([
      { source: "bag 1", reason: expect.stringContaining(Pkcs12Oid.secretBag) },
      { source: "bag 2", reason: expect.stringContaining("1.2.840.113549.1.9.22.2") },
    ]);
  });

  test("a certificate or key that can't be read takes nothing from the others; if nothing is left it is an error", () => {
    const bag = (type: string, value: Uint8Array): Uint8Array => derSequence(derOid(type), derExplicit(0, value));
    const certificate = derSequence(derOid(Pkcs12Oid.x509Certificate), derExplicit(0, derOctetString(derSequence())));
    const dsa = derSequence(derOid("1.2.840.10040.4.1"));
    const key = derSequence(derSmallInteger(0), dsa, derOctetString(new Uint8Array(1)));
    const bad = [bag(Pkcs12Oid.certBag, certificate), bag(Pkcs12Oid.keyBag, key)] as const;
    const opened = open(file(...bad, certificateBag));
    expect(opened.certificates).toHaveLength(1);
    expect(opened.passedOver).toEqual([
      { source: "bag 1", reason: expect.stringContaining("TBSCertificate") },
      { source: "bag 2", reason: expect.stringContaining("1.2.840.10040.4.1") },
    ]);
    expect(codeOf(() => open(file(...bad)))).toBe("invalid_der");
  });

  test("bags in bags are read, to a depth", () => {
    const nested = (depth: number): Uint8Array =>
      depth === 0
        ? certificateBag
        : derSequence(derOid(Pkcs12Oid.safeContentsBag), derExplicit(0, derSequence(nested(depth - 1))));
    expect(open(file(nested(3))).certificates).toHaveLength(1);
    expect(codeOf(() => open(file(nested(4))))).toBe("too_large");
    expect(codeOf(() => open(file(nested(2000))))).toBe("too_large");
  });

  test("has at most a thousand bags", () => {
    const empty = derSequence(derOid(Pkcs12Oid.crlBag), derExplicit(0, derSequence()));
    const many = (count: number): Uint8Array => file(...Array.from({ length: count }, () => empty));
    expect(open(many(1000)).passedOver).toHaveLength(1000);
    expect(codeOf(() => open(many(1001)))).toBe("too_large");
  });

  test.each([
    ["signed", CmsOid.idSignedData, "unsupported_algorithm"],
    ["of an unknown type", Oid.commonName, "invalid_pkcs12"],
  ])("%s", (_, type, code) => {
    const der = derSequence(derSmallInteger(3), derSequence(derOid(type), derExplicit(0, derOctetString(root.der))));
    expect(codeOf(() => open(der))).toBe(code);
  });

  test("of another version", () => {
    expect(codeOf(() => open(derSequence(derSmallInteger(1), encodeData(derSequence()))))).toBe("invalid_pkcs12");
  });
});
