/**
 * Does the same thing again and again, and prints by how many megabytes the process has grown after the first tenth.
 *
 *   node --expose-gc leaks.ts records 1000000
 *   node --expose-gc leaks.ts handshakes 100000
 *   node --expose-gc leaks.ts tls12 100000          what TLS 1.2 asks for beside these
 *   node --expose-gc leaks.ts forgotten 100000      what nobody disposes of
 *   node --expose-gc leaks.ts workers 30            Workers that are terminated with a thousand keys each
 */
import { randomFillSync } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import {
  aeadOf,
  blockCipherOf,
  decrypterFor,
  encrypterFor,
  ffdheGroup,
  finiteFieldOf,
  hashOf,
  keyExchangeOf,
  signatureKeysOf,
} from "@tlskit/crypto";
import { opensslProvider } from "@tlskit/crypto-openssl";

const provider = opensslProvider();
const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const [nonce, header] = [new Uint8Array(12), new Uint8Array(5)];

/** Sealed and opened; at times the key is changed, and what comes is not authentic. */
function records(): () => void {
  const algorithms = provider.aeads;
  const place = new Uint8Array(2016);
  const back = new Uint8Array(2000);
  let count = 0;
  let algorithm = aeadOf(provider, "AES-128-GCM");
  let aead = algorithm.withKey(random(16));
  return () => {
    count += 1;
    if (count % 100 === 0) {
      aead.dispose();
      algorithm = algorithms[(count / 100) % algorithms.length] ?? algorithm;
      aead = algorithm.withKey(random(algorithm.keyLength));
    }
    const length = count % 2 === 0 ? 2000 : 50;
    const sealed = place.subarray(0, length + algorithm.tagLength);
    aead.seal(nonce, header, [back.subarray(0, length)], sealed, 0);
    if (count % 10 === 0) {
      sealed[0] = (sealed[0] ?? 0) ^ 1;
      fails(() => aead.open(nonce, header, sealed, back, 0));
    } else aead.open(nonce, header, sealed, back, 0);
  };
}

/** What a handshake asks of both sides: a key share answered, a bad one, a signature made, verified and refused, hashes. */
function handshakes(): () => Promise<void> {
  const types = ["P-256", "Ed25519", "RSA"] as const;
  const signing = types.map((type) => {
    const keys = signatureKeysOf(provider, type);
    const key = Promise.resolve(keys.generate(random));
    return { keys, key, signer: key.then((made) => keys.signer(made, random)) };
  });
  const sha256 = hashOf(provider, "SHA-256");
  const { keyExchanges } = provider;
  let count = 0;
  return async () => {
    count += 1;
    // The quick ones more often: they are what is used.
    const quick = keyExchangeOf(provider, count % 2 === 0 ? "X25519" : "P-256");
    const exchange = count % 20 === 0 ? (keyExchanges[(count / 20) % keyExchanges.length] ?? quick) : quick;
    const offer = await exchange.offer(random);
    const { share, secret } = await exchange.respond(offer.share, random);
    const finished = await offer.finish(share);
    if (Buffer.compare(secret, finished) !== 0) throw new Error("two secrets");
    // A point off its curve, or of small order.
    fails(() => offer.finish(share.fill(0, exchange.name.startsWith("P-") ? 1 : 0)));
    fails(() => exchange.respond(offer.share.subarray(1), random));
    offer.dispose();

    const { keys, key, signer } = signing[count % 20 === 0 ? 2 : count % 2] ?? (signing[0] as (typeof signing)[0]);
    const algorithm = keys.algorithms[0] ?? "ECDSA/P-256/SHA-256";
    const signature = await (await signer).sign(algorithm, secret);
    const verifier = keys.verifier(await key);
    if (!(await verifier.verify(algorithm, secret, signature))) throw new Error("a signature of no worth");
    if (await verifier.verify(algorithm, secret, signature.fill(0, 1))) throw new Error("no signature");

    const transcript = sha256.start();
    for (let i = 0; i < 6; i += 1) {
      transcript.update(share);
      sha256.hmac(secret, transcript.digest());
    }
  };
}

/** Block ciphers, records of MAC-then-encrypt that are good or bad, a finite field, and RSA. */
function tls12(): () => Promise<void> {
  const algorithm = blockCipherOf(provider, "AES-128-CBC");
  const [key, macKey, iv, head] = [random(16), random(20), random(16), new Uint8Array(11)];
  const content = new Uint8Array(43);
  const mac = hashOf(provider, "SHA-1").hmac(macKey, Uint8Array.of(...head, 0, content.length, ...content));
  const right = Uint8Array.of(...content, ...mac, 0);
  algorithm.withKey(key).encrypt(iv, [right], right, 0);
  const place = new Uint8Array(right.length);
  const group = finiteFieldOf(provider).in(ffdheGroup("ffdhe2048"));
  const made = Promise.resolve(signatureKeysOf(provider, "RSA").generate(random));
  let count = 0;
  return async () => {
    count += 1;
    const opening = algorithm.openMacThenEncrypt?.(key, "SHA-1", macKey);
    if (opening?.open(iv, head, right, place, 0) !== content.length) throw new Error("a record that doesn't open");
    fails(() => opening.open(random(16), head, right, place, 0));
    opening.dispose();
    if (count % 100 !== 0) return;
    const offer = await group.offer(random);
    const { share } = await group.respond(offer.share, random);
    await offer.finish(share);
    fails(() => group.respond(Uint8Array.of(1), random));
    offer.dispose();
    const rsa = await made;
    if (rsa.type !== "RSA") throw new Error("no key of RSA's");
    const decrypter = decrypterFor(provider, rsa);
    await decrypter.decrypt(await encrypterFor(provider, rsa).encrypt(head, random));
    fails(() => decrypter.decrypt(new Uint8Array(256).fill(0xff)));
  };
}

/** Keys that nobody disposes of. */
function forgotten(): () => Promise<void> {
  const keys = signatureKeysOf(provider, "Ed25519");
  let count = 0;
  return async () => {
    count += 1;
    const aead = aeadOf(provider, "AES-128-GCM").withKey(random(16));
    aead.seal(nonce, header, [header], new Uint8Array(21), 0);
    if (count % 10 === 0) {
      await keyExchangeOf(provider, "X25519").offer(random);
      keys.signer(await keys.generate(random), random);
    }
    if (count % 1000 === 0) await collected();
  };
}

/** A Worker that ends with a thousand keys. */
function workers(): () => Promise<void> {
  return () =>
    new Promise<void>((done, failed) => {
      const worker = new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
      worker.on("message", () => void worker.terminate());
      worker.on("error", failed);
      worker.on("exit", () => done());
    });
}

async function holdKeys(): Promise<void> {
  const held: unknown[] = [];
  for (let i = 0; i < 1000; i += 1) {
    const aead = aeadOf(provider, "AES-256-GCM").withKey(random(32));
    aead.seal(nonce, header, [header], new Uint8Array(21), 0);
    held.push(aead, await keyExchangeOf(provider, "P-256").offer(random));
  }
  parentPort?.postMessage(held.length);
  setInterval(() => held.length, 1000);
}

function fails(call: () => unknown): void {
  try {
    call();
  } catch {
    return;
  }
  throw new Error("it should have failed");
}

/** Has the runtime free what nobody has any more. */
async function collected(): Promise<void> {
  for (let i = 0; i < 3; i += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
}

const kinds: Readonly<Record<string, () => () => unknown>> = { records, handshakes, tls12, forgotten, workers };

if (isMainThread) {
  const [kind, times] = process.argv.slice(2);
  const once = kinds[kind ?? ""]?.();
  if (once === undefined) throw new Error(`one of ${Object.keys(kinds).join()}, and how many times`);
  const first = Math.ceil(Number(times) / 10);
  const repeat = async (count: number): Promise<number> => {
    for (let i = 0; i < count; i += 1) await once();
    await collected();
    return process.memoryUsage.rss() / 1e6;
  };
  const before = await repeat(first);
  const after = await repeat(Number(times) - first);
  console.log(`${kind}: ${(after - before).toFixed(1)} MB more after ${times}, of ${after.toFixed(0)} MB`);
} else await holdKeys();
