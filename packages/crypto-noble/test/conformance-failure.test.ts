import { randomFillSync } from "node:crypto";
import {
  type Aead,
  type AeadAlgorithm,
  type CryptoProvider,
  checkPlace,
  type HashFunction,
  type KeyExchange,
  type SignatureKeys,
} from "@tlskit/crypto";
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
          open: (nonce, data, sealed, into, at) => {
            if (sealed.length !== 16) aead.open(nonce, data, sealed, into, at);
          },
        };
      },
    };
    expect(await failing({ aeads: [lenient] })).toContain("CHACHA20-POLY1305: any changed byte is refused");
  });

  /** ChaCha20-Poly1305 of which something is done otherwise. */
  function otherwise(change: (aead: Aead) => Partial<Aead>): AeadAlgorithm {
    return {
      ...chacha,
      withKey: (key) => {
        const aead = chacha.withKey(key);
        return { ...aead, ...change(aead) };
      },
    };
  }

  test("whose AEAD takes a ciphertext with any tag", async () => {
    const lenient = otherwise((aead) => ({
      // ChaCha20 is its own inverse.
      open: (nonce, data, ciphertext, into, at) => {
        const length = Math.max(0, ciphertext.length - 16);
        checkPlace([nonce, data], [ciphertext], into, at, length);
        const back = new Uint8Array(length + 16);
        aead.seal(nonce, data, [ciphertext.subarray(0, length)], back, 0);
        into.set(back.subarray(0, length), at);
      },
    }));
    expect(await failing({ aeads: [lenient] })).toEqual([
      "CHACHA20-POLY1305: any changed byte is refused",
      "CHACHA20-POLY1305: another nonce, other additional data, another key or a cut are refused",
      "CHACHA20-POLY1305: one key seals and opens again and again, also after a failure",
      "CHACHA20-POLY1305: what isn't authentic leaves zeros",
    ]);
  });

  test("whose AEAD seals its first piece alone", async () => {
    const forgetful = otherwise((aead) => ({
      seal: (nonce, data, pieces, into, at) => {
        const [first = new Uint8Array(0), ...others] = pieces;
        const zeros = others.map((piece) => new Uint8Array(piece.length));
        aead.seal(nonce, data, [first, ...zeros], into, at);
      },
    }));
    expect(await failing({ aeads: [forgetful] })).toContain(
      "CHACHA20-POLY1305: a plaintext in pieces is sealed as in one",
    );
  });

  test("whose AEAD writes beyond its place", async () => {
    const careless = otherwise((aead) => ({
      open: (nonce, data, ciphertext, into, at) => {
        aead.open(nonce, data, ciphertext, into, at);
        into.fill(0, at + ciphertext.length - 16);
      },
    }));
    expect(await failing({ aeads: [careless] })).toContain(
      "CHACHA20-POLY1305: nothing is written outside the place, nor to what is handed in",
    );
  });

  test("whose AEAD takes an overlap as it comes", async () => {
    const trusting = otherwise((aead) => ({
      seal: (nonce, data, pieces, into, at) => {
        const length = pieces.reduce((sum, piece) => sum + piece.length, 16);
        const apart = new Uint8Array(length);
        aead.seal(nonce, data, pieces, apart, 0);
        checkPlace([], [], into, at, length);
        into.set(apart, at);
      },
    }));
    expect(await failing({ aeads: [trusting] })).toEqual([
      "CHACHA20-POLY1305: any other overlap is refused, and a place that isn't there",
    ]);
  });

  test("whose AEAD leaves what isn't authentic", async () => {
    const leaky = otherwise((aead) => ({
      open: (nonce, data, ciphertext, into, at) => {
        const before = into.slice();
        try {
          aead.open(nonce, data, ciphertext, into, at);
        } catch (error) {
          into.set(before);
          throw error;
        }
      },
    }));
    expect(await failing({ aeads: [leaky] })).toEqual(["CHACHA20-POLY1305: what isn't authentic leaves zeros"]);
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

  test("whose AEAD writes to the ciphertext", async () => {
    const writing = otherwise((aead) => ({
      open: (nonce, data, ciphertext, into, at) => {
        aead.open(nonce, data, ciphertext, into, at);
        ciphertext.set(into.subarray(at, at + ciphertext.length - 16));
      },
    }));
    expect(await failing({ aeads: [writing] })).toContain(
      "CHACHA20-POLY1305: nothing is written outside the place, nor to what is handed in",
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
