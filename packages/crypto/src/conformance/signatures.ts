import type { Random } from "../random.ts";
import type {
  EdwardsCurveName,
  PrivateKey,
  SignatureAlgorithm,
  SignatureKeys,
  SignatureKeyType,
} from "../signature.ts";
import { type ConformanceCase, check, checkSame, unhex } from "./case.ts";
import { checkRefusal } from "./refusal.ts";

export function signatureCases(keys: SignatureKeys, random: Random): readonly ConformanceCase[] {
  const message = random(100);
  // RSA keys take long to make, so each case that needs a key shares these.
  let made: Promise<Awaited<ReturnType<typeof makeKeys>>> | undefined;
  const both = () => {
    made ??= makeKeys(keys, random);
    return made;
  };
  return [
    ...keys.algorithms.map((algorithm) => ({
      // RFC 8422 §5.10#ecdsa, §5.10#eddsa
      name: `${algorithm} with ${keys.type}: a signature verifies, and nothing else does`,
      run: async () => {
        const { first, second } = await both();
        const verifier = keys.verifier(first);
        const signature = await keys.signer(first, random).sign(algorithm, message);
        const verify = (m: Uint8Array, s: Uint8Array) => verifier.verify(algorithm, m, s);
        check(await verify(message, signature), "the signature");
        check(!(await verify(message.subarray(1), signature)), "another message");
        check(!(await keys.verifier(second).verify(algorithm, message, signature)), "another key");
        for (const at of [0, signature.length >> 1, signature.length - 1]) {
          const forged = Uint8Array.from(signature);
          forged[at] = (forged[at] ?? 0) ^ 1;
          check(!(await verify(message, forged)), `byte ${at} changed`);
        }
        for (const bad of [
          new Uint8Array(0),
          Uint8Array.of(0),
          signature.subarray(1),
          Uint8Array.of(...signature, 0),
        ]) {
          check(!(await verify(message, bad)), `a malformed signature of ${bad.length} bytes`);
        }
        check(!(await verify(message, new Uint8Array(signature.length))), "zeros");
      },
    })),
    ...(keys.type === "RSA" ? [leadingZeroCase(keys)] : []),
    {
      // RFC 8422 §5.9#eddsa
      name: `${keys.type}: algorithms of other keys are refused, not answered`,
      run: async () => {
        const { first } = await both();
        const foreign: SignatureAlgorithm = isEdwards(keys.type) ? "RSA-PSS/SHA-256" : "Ed25519";
        await checkRefusal(() => keys.signer(first, random).sign(foreign, message), "unsupported", "signing");
        await checkRefusal(() => keys.verifier(first).verify(foreign, message, message), "unsupported", "verifying");
      },
    },
    ...(keys.type === "RSA"
      ? []
      : [
          {
            name: `${keys.type}: a private key with another's public key is refused`,
            run: async () => {
              const { first, second } = await both();
              const mixed = { ...first, ...publicPart(second) };
              // Whoever answers later finds it out when something is to be signed.
              const sign = () => keys.signer(mixed, random).sign(keys.algorithms[0] ?? "Ed25519", message);
              await checkRefusal(sign, "invalid_private_key", "a public key of another");
            },
          },
        ]),
    ...(keys.fromSecret === undefined ? [] : [fromSecretCase(keys, keys.fromSecret, both)]),
    {
      name: `${keys.type}: keys of another type, and keys that are none, are refused`,
      run: async () => {
        const other = {
          type: isEdwards(keys.type) ? "P-256" : "Ed25519",
          point: new Uint8Array(65),
          publicKey: new Uint8Array(32),
        };
        const refused = (call: () => unknown, what: string) => checkRefusal(call, "invalid_public_key", what);
        await refused(() => keys.verifier(other as Parameters<typeof keys.verifier>[0]), "a key of another type");
        if (keys.type === "RSA") {
          const key = (bits: number, publicExponent: Uint8Array) =>
            ({ type: "RSA", modulus: new Uint8Array(bits / 8).fill(0xff), publicExponent }) as const;
          await refused(() => keys.verifier(key(512, Uint8Array.of(1, 0, 1))), "a modulus of 512 bits");
          await refused(() => keys.verifier(key(16384, Uint8Array.of(1, 0, 1))), "a modulus of 16384 bits");
          await refused(() => keys.verifier(key(2048, Uint8Array.of(2))), "an even exponent");
          await refused(() => keys.verifier(key(2048, Uint8Array.of(1))), "the exponent 1");
          await refused(() => keys.verifier(key(2048, new Uint8Array(9).fill(0xff))), "a huge exponent");
        } else if (isEdwards(keys.type)) {
          const { type } = keys;
          for (const length of [0, 31, 33, 56, 58]) {
            await refused(() => keys.verifier({ type, publicKey: new Uint8Array(length) }), `${length} bytes`);
          }
        } else {
          const { type } = keys;
          const { first } = await both();
          if (!("point" in first)) return;
          const point = Uint8Array.from(first.point);
          point[point.length - 1] = (point[point.length - 1] ?? 0) ^ 1;
          await refused(() => keys.verifier({ type, point }), "a point off the curve");
          await refused(() => keys.verifier({ type, point: first.point.subarray(1) }), "a short point");
          await refused(() => keys.verifier({ type, point: Uint8Array.of(0) }), "infinity");
        }
      },
    },
  ];
}

/** Signatures of SHA-256 by one key of 1024 bits, made for this by node:crypto; they begin with zero. */
const leadingZero = {
  modulus:
    "decb0911f15c81ad0c7f0fbdce521fda566eec0e44ceea41bc61e5901926d151798bb3747e642bd4ceee5f9bb3bbfc0c77973622f77c948f55bfd3028184800ab68b2518921ae4bdaf7cbfeaccd61a5d846c509de2f45026d09055ba2bac776d648bc2151ef7d4e9dd620870bf64a664eb4e2788c3e10ac2621ad374e96b0bd1",
  signatures: [
    {
      algorithm: "RSA-PSS/SHA-256",
      message: "006c",
      signature:
        "006fb5a9c21c402fdc7af33ee1054afc9abe48ae4a77ad5a11ff15ec6e02531fc373103e2f43122fe4542e74a739de776b363384d2bdd78426f3f01a89703e6bfadeda3680f548a269d8253dff9d0d1688e2ecde2df847997760ae1259102619f8790350621ce73bef2428d2243dafd4a2635ddd25a592097d234b0a17d426eb",
    },
    {
      algorithm: "RSA-PKCS1/SHA-256",
      message: "0052",
      signature:
        "00672c9c406593490cca949c3350dc3574b5750e8bdadfe7c310d017ae57b5c80146bff0eabab5ee155b6beecdea4dc446c286eac6aa5d4f7e4592e90fac69f55cec19b96f648de161822a17b29388ab4ea2cfcfb3448c7ca9a85633935c4b1be5ed731de36da1ae6110a117a4704b60e5d68870fcd75e30c4056ae405756aa1",
    },
  ],
} as const;

/** RFC 8017 §8.1.2, §8.2.2. */
function leadingZeroCase(keys: SignatureKeys): ConformanceCase {
  return {
    name: "RSA: a signature that begins with zero is none without it",
    run: async () => {
      const modulus = unhex(leadingZero.modulus);
      const verifier = keys.verifier({ type: "RSA", modulus, publicExponent: Uint8Array.of(1, 0, 1) });
      for (const { algorithm, message, signature } of leadingZero.signatures) {
        if (!keys.algorithms.includes(algorithm)) continue;
        const [text, whole] = [unhex(message), unhex(signature)];
        check(await verifier.verify(algorithm, text, whole), `${algorithm}: the signature`);
        check(!(await verifier.verify(algorithm, text, whole.subarray(1))), `${algorithm}: the signature, cut`);
      }
    },
  };
}

function isEdwards(type: SignatureKeyType): type is EdwardsCurveName {
  return type === "Ed25519" || type === "Ed448";
}

/** What of a private key is public. */
function publicPart(key: PrivateKey): object {
  if (key.type === "RSA") return { modulus: key.modulus, publicExponent: key.publicExponent };
  return "publicKey" in key ? { publicKey: key.publicKey } : { point: key.point };
}

/** What of a private key isn't: a scalar or a seed. */
function secretPart(key: PrivateKey): Uint8Array {
  if (key.type === "RSA") return key.privateExponent;
  return "publicKey" in key ? key.seed : key.scalar;
}

function fromSecretCase(
  { type }: SignatureKeys,
  fromSecret: (secret: Uint8Array) => PrivateKey,
  both: () => Promise<{ readonly first: PrivateKey }>,
): ConformanceCase {
  return {
    name: `${type}: a secret gives the key that it is the secret of`,
    run: async () => {
      const { first } = await both();
      const secret = secretPart(first);
      const whole = fromSecret(secret);
      check(JSON.stringify(publicPart(whole)) === JSON.stringify(publicPart(first)), "the public key");
      checkSame(secretPart(whole), secret, "the secret");
      for (const wrong of [secret.subarray(1), Uint8Array.of(...secret, 0), new Uint8Array(0)]) {
        await checkRefusal(() => fromSecret(wrong), "invalid_private_key", `a secret of ${wrong.length} bytes`);
      }
      if (!isEdwards(type)) {
        await checkRefusal(() => fromSecret(new Uint8Array(secret.length)), "invalid_private_key", "zero");
        await checkRefusal(
          () => fromSecret(new Uint8Array(secret.length).fill(0xff)),
          "invalid_private_key",
          "too much",
        );
      }
    },
  };
}

async function makeKeys(keys: SignatureKeys, random: Random) {
  return { first: await keys.generate(random), second: await keys.generate(random) };
}
