import { ffdheGroup } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { expect, test } from "vitest";
import { diffieHellmanCheck } from "../../src/checks/diffie-hellman.ts";
import { knownFiniteFieldGroup, knownFiniteFieldGroups } from "../../src/registry/finite-field-group.ts";
import { type Model, ModelScanning, takingSuites } from "../helpers/model-server.ts";

const dheRsa = 0x009e;
const exportDhe = 0x0014;

async function found(model: Partial<Model> & Pick<Model, "suites">) {
  const scanning = new ModelScanning(model);
  const outcome = await scanning.outcomeOf(diffieHellmanCheck, takingSuites(model.suites));
  return { scanning, value: outcome.state === "found" ? outcome.value : undefined };
}

/** RFC 3526: 2^b - 2^(b-64) - 1 + 2^64 · (⌊2^(b-130) · π⌋ + added). */
function primeOfPi(bits: bigint, added: bigint): Uint8Array {
  const guard = 64n;
  const one = 1n << (bits - 130n + guard);
  const arctan = (x: bigint): bigint => {
    let [sum, term] = [0n, one / x];
    for (let k = 1n; term !== 0n; k += 2n) {
      sum += term / k;
      term = -term / (x * x);
    }
    return sum;
  };
  const pi = (4n * (4n * arctan(5n) - arctan(239n))) >> guard;
  const prime = (1n << bits) - (1n << (bits - 64n)) - 1n + ((pi + added) << 64n);
  return Uint8Array.from(prime.toString(16).match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}

test.each([
  ["RFC 2409 group 1", 768n, 149686n],
  ["RFC 2409 group 2", 1024n, 129093n],
  ["RFC 3526 group 5", 1536n, 741804n],
  ["RFC 3526 group 14", 2048n, 124476n],
  ["RFC 3526 group 15", 3072n, 1690314n],
  ["RFC 3526 group 16", 4096n, 240904n],
  ["RFC 3526 group 17", 6144n, 929484n],
  ["RFC 3526 group 18", 8192n, 4743158n],
])("%s is known", (source, bits, added) => {
  expect(knownFiniteFieldGroup(primeOfPi(bits, added), nodeProvider)).toMatchObject({ source, safe: true });
  expect(knownFiniteFieldGroups.find((group) => group.source === source)?.bits).toBe(Number(bits));
});

test("no group is there twice", () => {
  expect(new Set(knownFiniteFieldGroups.map(({ sha256 }) => sha256)).size).toBe(knownFiniteFieldGroups.length);
  for (const { sha256 } of knownFiniteFieldGroups) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("a group of RFC 7919 is known by its name", async () => {
  const { value } = await found({ suites: { "TLS 1.2": [dheRsa] } });
  expect(value).toEqual({
    primes: [
      {
        bits: 3072,
        known: "RFC 7919 ffdhe3072",
        safe: true,
        prime: ffdheGroup("ffdhe3072").prime,
        generator: Uint8Array.of(2),
      },
    ],
    publicValueReused: false,
  });
});

test("a public value that comes twice is told", async () => {
  const { value } = await found({ suites: { "TLS 1.2": [dheRsa] }, reusesShares: true });
  expect(value?.publicValueReused).toBe(true);
});

test("export suites may have a group of their own", async () => {
  const { value } = await found({ suites: { "TLS 1.0": [0x0033, exportDhe] } });
  expect(value?.primes.map(({ bits }) => bits)).toEqual([3072, 512]);
});

test("a prime of nobody else's is tested where that is quick: this one isn't", async () => {
  const prime = ffdheGroup("ffdhe2048").prime.slice();
  prime[100] = (prime[100] ?? 0) ^ 1;
  const { value } = await found({ suites: { "TLS 1.2": [dheRsa] }, prime });
  expect(value?.primes).toMatchObject([{ bits: 2048, known: undefined, safe: false }]);
});

test("one that is short, or longer than is tested, is left as it is", async () => {
  for (const length of [128, 513]) {
    const { value } = await found({ suites: { "TLS 1.2": [dheRsa] }, prime: new Uint8Array(length).fill(0xfd) });
    expect(value?.primes).toMatchObject([{ bits: length * 8, known: undefined, safe: undefined }]);
  }
});

test("zeros in front of a prime don't make it longer", async () => {
  const prime = Uint8Array.of(0, 0, ...ffdheGroup("ffdhe2048").prime);
  const { value } = await found({ suites: { "TLS 1.2": [dheRsa] }, prime });
  expect(value?.primes).toMatchObject([{ bits: 2048, known: "RFC 7919 ffdhe2048" }]);
});

test("a prime that is nothing but zeros has no bits", async () => {
  const { value } = await found({ suites: { "TLS 1.2": [dheRsa] }, prime: new Uint8Array(4) });
  expect(value?.primes).toMatchObject([{ bits: 0, known: undefined, safe: undefined }]);
});

test("a server without DHE has none, and isn't asked", async () => {
  const { value, scanning } = await found({ suites: { "TLS 1.2": [0xc02f], "TLS 1.3": [0x1301] } });
  expect(value).toEqual({ primes: [], publicValueReused: false });
  expect(scanning.hellos).toBe(0);
});
