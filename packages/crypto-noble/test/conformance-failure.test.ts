import { randomFillSync } from "node:crypto";
import type { AeadAlgorithm, CryptoProvider, HashFunction, KeyExchange, SignatureKeys } from "@tlskit/crypto";
import { ConformanceFailure, conformanceCases } from "@tlskit/crypto/conformance";
import { nobleProvider } from "@tlskit/crypto-noble";
import { describe, expect, test } from "vitest";

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** The cases of a provider that has only this, which fail. */
async function failing(parts: Partial<Omit<CryptoProvider, "name">>): Promise<string[]> {
  const provider = { name: "broken", hashes: [], aeads: [], keyExchanges: [], signatures: [], ...parts };
  const names: string[] = [];
  for (const { name, run } of conformanceCases(provider, random)) {
    try {
      await run();
    } catch (error) {
      expect(error, name).toBeInstanceOf(ConformanceFailure);
      names.push(name);
    }
  }
  return names;
}

function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((item) => item.name === name);
  if (found === undefined) throw new RangeError(name);
  return found;
}

const chacha = named(nobleProvider.aeads, "CHACHA20-POLY1305");
const sha256 = named(nobleProvider.hashes, "SHA-256");
const x25519 = named(nobleProvider.keyExchanges, "X25519");
const p256 = named(nobleProvider.keyExchanges, "P-256");
const ed25519 = nobleProvider.signatures.find(({ type }) => type === "Ed25519") as SignatureKeys;

describe("the conformance suite fails a provider", () => {
  test("and passes one that does everything", async () => {
    const { hashes, keyExchanges } = nobleProvider;
    expect(await failing({ hashes, keyExchanges, aeads: [chacha], signatures: [ed25519] })).toEqual([]);
  });

  test("whose AEAD takes an empty message with any tag", async () => {
    const lenient: AeadAlgorithm = {
      ...chacha,
      withKey: (key) => {
        const aead = chacha.withKey(key);
        return {
          ...aead,
          open: (nonce, data, sealed) => (sealed.length === 16 ? new Uint8Array(0) : aead.open(nonce, data, sealed)),
        };
      },
    };
    expect(await failing({ aeads: [lenient] })).toContain("CHACHA20-POLY1305: any changed byte is refused");
  });

  test("whose AEAD takes a ciphertext with any tag", async () => {
    const lenient: AeadAlgorithm = {
      ...chacha,
      withKey: (key) => {
        const aead = chacha.withKey(key);
        return {
          ...aead,
          seal: (nonce, data, plaintext) => aead.seal(nonce, data, plaintext),
          // ChaCha20 is its own inverse.
          open: (nonce, data, sealed) =>
            (aead.seal(nonce, data, sealed.subarray(0, -16)) as Uint8Array).subarray(
              0,
              Math.max(0, sealed.length - 16),
            ),
        };
      },
    };
    expect(await failing({ aeads: [lenient] })).toEqual([
      "CHACHA20-POLY1305: any changed byte is refused",
      "CHACHA20-POLY1305: another nonce, other additional data, another key or a cut are refused",
    ]);
  });

  /** Header protection that is given other samples. */
  function withSamples(change: (sample: Uint8Array) => Uint8Array): AeadAlgorithm {
    return {
      ...chacha,
      headerProtection: (key) => {
        const protection = (chacha.headerProtection as NonNullable<typeof chacha.headerProtection>)(key);
        return { mask: (sample) => protection.mask(change(sample)) };
      },
    };
  }

  test("whose header protection takes a packet for a sample", async () => {
    const lenient = withSamples((packet) => (packet.length < 16 ? packet : packet.subarray(0, 16)));
    expect(await failing({ aeads: [lenient] })).toEqual([
      "CHACHA20-POLY1305: header protection refuses keys and samples of another length",
    ]);
  });

  test("whose header protection counts in the wrong order", async () => {
    const turned = withSamples((sample) =>
      Uint8Array.from([...sample.subarray(0, 4).toReversed(), ...sample.subarray(4)]),
    );
    expect(await failing({ aeads: [turned] })).toEqual([
      "CHACHA20-POLY1305: header protection gives the mask of the specifications",
    ]);
  });

  test("and passes one whose AEAD has none", async () => {
    expect(await failing({ aeads: [{ ...chacha, headerProtection: undefined }] })).toEqual([]);
  });

  test("whose AEAD opens in place", async () => {
    const inPlace: AeadAlgorithm = {
      ...chacha,
      withKey: (key) => {
        const aead = chacha.withKey(key);
        return {
          seal: (nonce, data, plaintext) => aead.seal(nonce, data, plaintext),
          open: (nonce, data, sealed) => {
            const plaintext = aead.open(nonce, data, sealed) as Uint8Array;
            sealed.set(plaintext);
            return plaintext;
          },
        };
      },
    };
    expect(await failing({ aeads: [inPlace] })).toContain(
      "CHACHA20-POLY1305: what is handed in may be a view, and is never written to",
    );
  });

  test("whose X25519 takes points of small order", async () => {
    const lenient: KeyExchange = {
      ...x25519,
      respond: (share, source) => {
        try {
          return x25519.respond(share, source);
        } catch (error) {
          if (share.length !== 32) throw error;
          return { share: source(32), secret: new Uint8Array(32) };
        }
      },
    };
    expect(await failing({ keyExchanges: [lenient] })).toEqual([
      "X25519: shares of another length or form are refused on both sides",
    ]);
  });

  test("whose P-256 takes compressed points", async () => {
    const lenient: KeyExchange = {
      ...p256,
      respond: (share, source) =>
        share.length === 33 ? x25519.respond(share.subarray(1), source) : p256.respond(share, source),
    };
    expect(await failing({ keyExchanges: [lenient] })).toHaveLength(1);
  });

  test("whose key exchange uses one key pair for ever", async () => {
    const fixed: KeyExchange = {
      ...x25519,
      offer: () => x25519.offer((length) => new Uint8Array(length).fill(1)),
      respond: (share) => x25519.respond(share, (length) => new Uint8Array(length).fill(2)),
    };
    expect(await failing({ keyExchanges: [fixed] })).toEqual([
      "X25519: both sides get one secret, a new one each time",
    ]);
  });

  test("whose verifier says yes to everything", async () => {
    const credulous: SignatureKeys = {
      ...ed25519,
      verifier: (key) => ({ ...ed25519.verifier(key), verify: () => true }),
    };
    expect(await failing({ signatures: [credulous] })).toEqual([
      "Ed25519 with Ed25519: a signature verifies, and nothing else does",
      "Ed25519: algorithms of other keys are refused, not answered",
    ]);
  });

  test("whose answers share their memory", async () => {
    const output = new Uint8Array(32);
    const shared: HashFunction = {
      ...sha256,
      start: () => sha256.start(),
      hmac: (key, message) => sha256.hmac(key, message),
      digest: (message) => {
        output.set(sha256.digest(message));
        return output;
      },
    };
    expect(await failing({ hashes: [shared] })).toContain("SHA-256: answers are buffers of their own");
  });

  test("whose running hash can't go on", async () => {
    const once: HashFunction = {
      ...sha256,
      digest: (message) => sha256.digest(message),
      hmac: (key, message) => sha256.hmac(key, message),
      start: () => {
        const running = sha256.start();
        let digest: Uint8Array | undefined;
        return {
          ...running,
          update: (part) => running.update(part),
          digest: () => (digest ??= running.digest()),
        };
      },
    };
    expect(await failing({ hashes: [once] })).toContain(
      "SHA-256: a running hash gives the digest of what was added, and goes on",
    );
  });
});
