import {
  aeadOf,
  decrypterFor,
  encrypterFor,
  ffdheGroup,
  finiteFieldOf,
  isWaitable,
  keyExchangeOf,
  openOnce,
  run,
  sealOnce,
  signatureKeysOf,
  signerFor,
  verifierFor,
  wait,
} from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describe, expect, it } from "vitest";
import { LateTasks, lateProvider, seededRandom } from "../src/index.ts";

const drain = (tasks: LateTasks): void => {
  while (tasks.step());
};

describe("a provider that answers late", () => {
  it("answers what the other does, when it is let", async () => {
    const tasks = new LateTasks();
    const late = lateProvider(nobleProvider, tasks);
    const key = new Uint8Array(16).fill(1);
    const nonce = new Uint8Array(12);
    const sealed = sealOnce(aeadOf(late, "AES-128-GCM"), key, nonce, new Uint8Array(0), Uint8Array.of(1, 2));
    expect(isWaitable(sealed)).toBe(true);
    expect(tasks.pending).toBe(1);
    drain(tasks);
    expect(await sealed).toEqual(
      sealOnce(aeadOf(nobleProvider, "AES-128-GCM"), key, nonce, new Uint8Array(0), Uint8Array.of(1, 2)),
    );
  });

  it("encrypts and decrypts with RSA, and agrees in finite fields", async () => {
    const tasks = new LateTasks();
    const late = lateProvider(nodeProvider, tasks);
    const random = seededRandom(1);
    const both = run(
      (function* () {
        const key = yield* wait(signatureKeysOf(nodeProvider, "RSA").generate(random, 1024));
        if (key.type !== "RSA") return [];
        const encrypted = yield* wait(encrypterFor(late, key).encrypt(Uint8Array.of(7), random));
        const block = yield* wait(decrypterFor(late, key).decrypt(encrypted));
        const group = finiteFieldOf(late).in(ffdheGroup("ffdhe2048"));
        const offer = yield* wait(group.offer(random));
        const answer = yield* wait(group.respond(offer.share, random));
        return [block.at(-1), answer.secret, yield* wait(offer.finish(answer.share))];
      })(),
    );
    expect(isWaitable(both)).toBe(true);
    drain(tasks);
    const [last, one, other] = await both;
    expect(last).toBe(7);
    expect(one).toEqual(other);
    expect(lateProvider(nobleProvider, tasks)).toMatchObject({ rsaEncryption: undefined, finiteField: undefined });
  });

  it("agrees on keys, signs and verifies", async () => {
    const tasks = new LateTasks("last in, first out");
    const late = lateProvider(nobleProvider, tasks);
    const random = seededRandom(1);
    const agreement = run(
      (function* () {
        const x25519 = keyExchangeOf(late, "X25519");
        const offer = yield* wait(x25519.offer(random));
        const answer = yield* wait(x25519.respond(offer.share, random));
        return [answer.secret, yield* wait(offer.finish(answer.share))];
      })(),
    );
    const signature = run(
      (function* () {
        const keys = late.signatures.find(({ type }) => type === "Ed25519");
        if (keys === undefined) return undefined;
        const privateKey = yield* wait(keys.generate(random));
        const message = Uint8Array.of(1);
        const signed = yield* wait(signerFor(late, privateKey, random).sign("Ed25519", message));
        return yield* wait(verifierFor(late, privateKey).verify("Ed25519", message, signed));
      })(),
    );
    drain(tasks);
    const [one, other] = await agreement;
    expect(one).toEqual(other);
    expect(await signature).toBe(true);
  });

  it("fails late too", async () => {
    const tasks = new LateTasks();
    const late = lateProvider(nobleProvider, tasks);
    const [key, nonce, forged] = [new Uint8Array(32), new Uint8Array(12), new Uint8Array(20)];
    const opened = openOnce(aeadOf(late, "CHACHA20-POLY1305"), key, nonce, new Uint8Array(0), forged);
    drain(tasks);
    await expect(opened).rejects.toMatchObject({ code: "authentication_failed" });
  });

  it("computes only then, so that a buffer that was changed is noticed", async () => {
    const tasks = new LateTasks();
    const aead = aeadOf(lateProvider(nobleProvider, tasks), "AES-128-GCM");
    const plaintext = Uint8Array.of(1, 2, 3);
    const seal = () => sealOnce(aead, new Uint8Array(16), new Uint8Array(12), new Uint8Array(0), plaintext);
    const before = seal();
    drain(tasks);
    const changed = seal();
    plaintext[0] = 9;
    drain(tasks);
    expect(await changed).not.toEqual(await before);
  });

  it("answers in the order that was asked for", () => {
    const order = (tasks: LateTasks): number[] => {
      const done: number[] = [];
      for (const number of [1, 2, 3, 4, 5]) tasks.later(() => done.push(number));
      drain(tasks);
      return done;
    };
    expect(order(new LateTasks())).toEqual([1, 2, 3, 4, 5]);
    expect(order(new LateTasks("last in, first out"))).toEqual([5, 4, 3, 2, 1]);
    const shuffled = order(new LateTasks(seededRandom(2)));
    expect(shuffled.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(order(new LateTasks(seededRandom(2)))).toEqual(shuffled);
    expect(shuffled).not.toEqual([1, 2, 3, 4, 5]);
  });
});
