import { signerFor } from "@tlskit/crypto";
import { nodePasswordCryptography as cryptography } from "@tlskit/crypto-node";
import { expect, test } from "vitest";
import { berToDer } from "../../src/ber/index.ts";
import { readBer } from "../../src/ber/read-ber.ts";
import { createCertificateSync, createPkcs12Sync, openPkcs12Sync } from "../../src/index.ts";
import { expectDer } from "../../src/pkcs12/open.ts";
import { codeOf, ourKey } from "../keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "../pki.ts";
import { streamedPkcs12 } from "./streamed-pkcs12.ts";

const random = countingRandom();
const password = "pässwörd";
const caKey = generateKey();
const signing = { provider, random, signer: signerFor(provider, caKey, random), validity: { from: now, days: 30 } };
const ca = createCertificateSync({ ...signing, publicKey: caKey, subject: { commonName: "CA" }, ca: {} });
const key = ourKey("P-256");
const leaf = createCertificateSync({ ...signing, issuer: ca, publicKey: key.privateKey, dnsNames: ["example.org"] });
const file = streamedPkcs12(key, [leaf, ca], password);

test("a file in BER throughout is opened", () => {
  const { identities } = openPkcs12Sync(file, { password, cryptography, toDer: berToDer });
  expect(identities).toMatchObject([{ key, chain: [leaf, ca] }]);
});

test("a file in DER is opened the same way", () => {
  const keyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 500 } as const;
  const der = createPkcs12Sync({ key, certificates: [leaf, ca], password, cryptography, random, keyDerivation });
  const { identities } = openPkcs12Sync(der, { password, cryptography, toDer: berToDer });
  expect(identities).toMatchObject([{ key, chain: [leaf, ca] }]);
});

test("the MAC is over the octets of the file: one that is changed is told, wherever it is", () => {
  const safe = readBer(file).elements[0]?.elements[1]?.elements[1]?.elements[0];
  expect(safe?.elements.length).toBeGreaterThan(100);
  for (const piece of [safe?.elements.at(0), safe?.elements.at(50), safe?.elements.at(-1)]) {
    const changed = file.slice();
    const at = piece?.position.contentOffset ?? 0;
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(codeOf(() => openPkcs12Sync(changed, { password, cryptography, toDer: berToDer }))).toBe("wrong_password");
  }
});

test("a wrong password is a wrong password", () => {
  expect(codeOf(() => openPkcs12Sync(file, { password: "wrong", cryptography, toDer: berToDer }))).toBe(
    "wrong_password",
  );
  const withoutMac = { password: "wrong", cryptography, toDer: berToDer, dangerousWithoutMac: true } as const;
  expect(codeOf(() => openPkcs12Sync(unprotected(file), withoutMac))).toBe("wrong_password");
  expect(openPkcs12Sync(unprotected(file), { ...withoutMac, password }).keys).toHaveLength(1);
});

test("without what makes DER of it, the error says what does", () => {
  const message = "`toDer: berToDer` of @tlskit/x509/ber";
  expect(() => openPkcs12Sync(file, { password, cryptography })).toThrow(message);
  // also where BER comes to light only within: the outermost encoding alone is DER, then what the MAC is over too
  for (const times of [1, 2]) {
    let asked = 0;
    const toDer = (encoding: Uint8Array): Uint8Array => (asked++ < times ? berToDer(encoding) : expectDer(encoding));
    expect(() => openPkcs12Sync(file, { password, cryptography, toDer })).toThrow(message);
  }
});

/** The same without its MAC. */
function unprotected(bytes: Uint8Array): Uint8Array {
  const mac = readBer(bytes).elements[0]?.elements[2]?.position;
  return Uint8Array.from([...bytes.subarray(0, mac?.offset), ...bytes.subarray(mac?.end)]);
}
