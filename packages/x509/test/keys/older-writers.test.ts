/** Keys as widespread writers made them, or still do: each means one key, and is read as that. */
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { expect, test } from "vitest";
import { encodeCurve, encodeEcKeyAlgorithm } from "../../src/algorithm-identifier.ts";
import { contextConstructed, contextPrimitive } from "../../src/der-tag.ts";
import {
  derBitString,
  derElement,
  derExplicit,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
} from "../../src/der-writer.ts";
import { Oid, privateKeyFromPem, privateKeyFromPkcs8, toPem } from "../../src/index.ts";
import { encodeRsaPrivateKey } from "../../src/keys/rsa-private-key.ts";
import { codeOf, ourKey } from "./samples.ts";

const curves = ["P-256", "P-384", "P-521"] as const;

/** A key of ours in its parts. */
function ecKey(curve: (typeof curves)[number]) {
  const { privateKey } = ourKey(curve);
  if (!("scalar" in privateKey)) throw new RangeError("an elliptic curve key is expected");
  return privateKey;
}

const publicKeyIn = (point: Uint8Array): Uint8Array => derExplicit(1, derBitString(point));
const sec1 = (...parts: readonly Uint8Array[]): string =>
  toPem("EC PRIVATE KEY", derSequence(derSmallInteger(1), ...parts));

test.each(curves)("GnuTLS left the curve of a SEC 1 key out: the public key tells it (%s)", (curve) => {
  const key = ecKey(curve);
  const text = sec1(derOctetString(key.scalar), publicKeyIn(key.point));
  expect(privateKeyFromPem(text).privateKey).toEqual(key);
});

test.each(curves)("without a public key in the file either, the certificate's tells it (%s)", (curve) => {
  const key = ecKey(curve);
  const text = sec1(derOctetString(key.scalar));
  const { subjectPublicKeyInfo: publicKey } = ourKey(curve);
  expect(privateKeyFromPem(text, { publicKey }).privateKey).toEqual(key);
  expect(codeOf(() => privateKeyFromPem(text, { provider: nodeProvider }))).toBe("invalid_private_key");
  expect(() => privateKeyFromPem(text)).toThrow("give the certificate's along with it");
});

test("a public key that is on no curve, or isn't the private key's, tells nothing", () => {
  const key = ecKey("P-256");
  const off = Uint8Array.from(key.point);
  off[64] = (off[64] ?? 0) ^ 1;
  expect(codeOf(() => privateKeyFromPem(sec1(derOctetString(key.scalar), publicKeyIn(off))))).toBe(
    "invalid_private_key",
  );
  const other = sec1(derOctetString(key.scalar), publicKeyIn(ecKey("P-384").point));
  expect(codeOf(() => privateKeyFromPem(other, { provider: nobleProvider }))).toBe("invalid_private_key");
});

/** PKCS#8 of an Ed25519 key, with its public key behind it. */
function edwards(version: 0 | 1, tag: number): Uint8Array {
  const { privateKey } = ourKey("Ed25519");
  if (!("seed" in privateKey)) throw new RangeError("an Ed25519 key is expected");
  const bits = Uint8Array.of(0, ...privateKey.publicKey);
  return derSequence(
    derSmallInteger(version),
    derSequence(derOid(Oid.idEd25519)),
    derOctetString(derOctetString(privateKey.seed)),
    tag === contextPrimitive(1) ? derElement(tag, bits) : derElement(tag, derElement(3, bits)),
  );
}

test.each([
  ["as RFC 5958 has it", 1, contextPrimitive(1)],
  ["as ring had it before 0.17, tagged explicitly", 1, contextConstructed(1)],
  ["in version 1, where there was none", 0, contextPrimitive(1)],
] as const)("a public key in PKCS#8, %s", (_, version, tag) => {
  expect(privateKeyFromPkcs8(edwards(version, tag))).toEqual(ourKey("Ed25519"));
});

test("RSA keys in PKCS#8 without the NULL, and EdDSA keys with one", () => {
  const { privateKey } = ourKey("RSA");
  if (privateKey.type !== "RSA") throw new RangeError("an RSA key is expected");
  const inner = derOctetString(encodeRsaPrivateKey(privateKey));
  const rsa = derSequence(derSmallInteger(0), derSequence(derOid(Oid.rsaEncryption)), inner);
  expect(privateKeyFromPkcs8(rsa)).toEqual(ourKey("RSA"));
  const { privateKey: edKey } = ourKey("Ed25519");
  if (!("seed" in edKey)) throw new RangeError("an Ed25519 key is expected");
  const algorithm = derSequence(derOid(Oid.idEd25519), derNull());
  const ed = derSequence(derSmallInteger(0), algorithm, derOctetString(derOctetString(edKey.seed)));
  expect(privateKeyFromPkcs8(ed, { provider: nobleProvider })).toEqual(ourKey("Ed25519"));
});

test("the curve inside and outside, as NSS writes it", () => {
  const key = ecKey("P-256");
  const inner = derSequence(
    derSmallInteger(1),
    derOctetString(key.scalar),
    derExplicit(0, encodeCurve("P-256")),
    publicKeyIn(key.point),
  );
  const pkcs8 = derSequence(derSmallInteger(0), encodeEcKeyAlgorithm("P-256"), derOctetString(inner));
  expect(privateKeyFromPkcs8(pkcs8).privateKey).toEqual(key);
});

test("an OpenSSH key names the command that converts it", () => {
  expect(() => privateKeyFromPem(toPem("OPENSSH PRIVATE KEY", Uint8Array.of(1)))).toThrow("ssh-keygen -p -m PKCS8");
});
