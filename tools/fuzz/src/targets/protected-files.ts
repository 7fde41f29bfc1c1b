import { nodePasswordCryptography } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import {
  createPkcs12Sync,
  type DeclaredPrivateKey,
  decryptPrivateKeySync,
  encryptPrivateKeySync,
  type KeyDerivation,
  openPkcs12Sync,
  type Pkcs12Parts,
  privateKeyToPkcs8,
} from "@tlskit/x509";
import { askEverything } from "../ask.ts";
import { der, derDictionary, oid, sequence, text } from "../der.ts";
import type { Budget } from "../meter.ts";
import type { Target } from "../target.ts";
import { pki, provider } from "../world.ts";
import { derTarget } from "./certificates.ts";
import { sampleKeys } from "./sample-keys.ts";

const password = "password";
/** A file may ask for few: what their number costs is known, and bounded. */
const maximumIterations = 100;

/** What an iteration costs, in steps and bytes; the budget is for what else a file can do. */
const budget = (length: number): Budget => ({ steps: 100_000 + 100 * length, bytes: 1_000_000 + 100 * length });

const derivations: readonly KeyDerivation[] = [
  { name: "PBKDF2", hash: "SHA-256", iterations: 2 },
  { name: "PBKDF2", hash: "SHA-512", iterations: 1 },
  { name: "scrypt", cost: 2, blockSize: 1, parallelization: 1 },
];

const dictionary: readonly Uint8Array[] = [
  ...derDictionary,
  ...["1", "2", "3", "4", "5", "6"].map((bag) => oid(`1.2.840.113549.1.12.10.1.${bag}`)),
  ...["1", "2", "3", "6"].map((type) => oid(`1.2.840.113549.1.7.${type}`)),
  ...["12", "13", "14", "3"].map((algorithm) => oid(`1.2.840.113549.1.5.${algorithm}`)),
  ...["7", "9", "10", "11"].map((hmac) => oid(`1.2.840.113549.2.${hmac}`)),
  ...["20", "21", "22.1"].map((attribute) => oid(`1.2.840.113549.1.9.${attribute}`)),
  oid("1.3.6.1.4.1.11591.4.11"),
  oid("2.16.840.1.101.3.4.1.42"),
];

/** Private keys that are protected by a password. */
export const encryptedKeyTarget: Target = {
  ...derTarget,
  name: "encrypted-key",
  what: 'an encrypted PKCS#8 private key, whose password is "password"',
  maxLength: 4096,
  dictionary,
  budget,
  seeds() {
    const common = { password, cryptography: nodePasswordCryptography, random: seededRandom(1) };
    return sampleKeys().flatMap((key) =>
      derivations.map((keyDerivation) => pemBytes(encryptPrivateKeySync(key, { ...common, keyDerivation }))),
    );
  },
  run(input) {
    const cryptography = nodePasswordCryptography;
    askEverything(decryptPrivateKeySync(input, { password, cryptography, maximumIterations, provider }));
  },
};

/** The bytes of the one block of a PEM text. */
function pemBytes(pem: string): Uint8Array {
  return Uint8Array.from(Buffer.from(pem.replaceAll(/-----[^-]*-----/g, ""), "base64"));
}

const data = (contents: Uint8Array): Uint8Array => sequence(oid("1.2.840.113549.1.7.1"), der(0xa0, der(4, contents)));
const bag = (type: number, value: Uint8Array): Uint8Array =>
  sequence(
    oid(`1.2.840.113549.1.12.10.1.${type}`),
    der(0xa0, value),
    der(
      0x31,
      sequence(oid("1.2.840.113549.1.9.20"), der(0x31, text(0x1e, "\0n\0a\0m\0e"))),
      sequence(oid("1.2.840.113549.1.9.21"), der(0x31, der(4, Uint8Array.of(1)))),
    ),
  );

/** A file without a MAC and without encryption, whose every byte can be changed to some effect. */
function plainFile(key: DeclaredPrivateKey): Uint8Array {
  const certificates = pki().certificate.chain.map((certificate) =>
    bag(3, sequence(oid("1.2.840.113549.1.9.22.1"), der(0xa0, der(4, certificate.der)))),
  );
  const keys = [bag(1, privateKeyToPkcs8(key))];
  const nested = bag(6, sequence(...certificates));
  return sequence(der(2, Uint8Array.of(3)), data(sequence(data(sequence(...keys, ...certificates, nested)))));
}

/** PKCS#12 files. */
export const pkcs12Target: Target = {
  ...derTarget,
  name: "pkcs12",
  what: 'a PKCS#12 file, whose password is "password", and which may be without a MAC',
  maxLength: 4096,
  dictionary,
  budget,
  seeds() {
    const [key] = sampleKeys();
    const common: Omit<Pkcs12Parts, "certificates"> = {
      password,
      cryptography: nodePasswordCryptography,
      random: seededRandom(1),
      friendlyName: "name",
    };
    const { certificate } = pki();
    return [
      ...sampleKeys().map(plainFile),
      ...derivations.flatMap((keyDerivation) => [
        createPkcs12Sync({ ...common, keyDerivation, certificates: certificate.chain, mac: "PBMAC1" }),
        createPkcs12Sync({
          ...common,
          keyDerivation,
          certificates: certificate.chain,
          key: certificate.key,
          mac: "PBMAC1",
        }),
      ]),
      createPkcs12Sync({
        ...common,
        keyDerivation: { name: "PBKDF2", hash: "SHA-384", iterations: 2 },
        certificates: [],
        ...(key === undefined ? {} : { key }),
      }),
    ];
  },
  run(input) {
    const cryptography = nodePasswordCryptography;
    const inputs = { password, cryptography, maximumIterations, provider, dangerousWithoutMac: true } as const;
    askEverything(openPkcs12Sync(input, inputs));
  },
};
