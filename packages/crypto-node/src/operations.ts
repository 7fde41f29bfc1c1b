import * as crypto from "node:crypto";
import type { Awaitable } from "@tlskit/crypto";
import { bytesOf } from "./bytes.ts";

/** A kind of key, as node:crypto is told what to make. */
export type KeyKind =
  | { readonly type: "ec"; readonly namedCurve: string }
  | { readonly type: "rsa"; readonly modulusLength: number }
  | { readonly type: "dh"; readonly prime: Buffer; readonly generator: number }
  | { readonly type: "ed25519" | "ed448" | "x25519" | "x448" | "ml-kem-768" };

export interface KeyPair {
  readonly privateKey: crypto.KeyObject;
  readonly publicKey: crypto.KeyObject;
}

/** A key, and how node:crypto is told an algorithm beside the hash: the padding of RSA, the form of ECDSA's signatures. */
export type SigningKey = crypto.SigningOptions & { readonly key: crypto.KeyObject };

/** What takes long enough for node:crypto to have it in two forms: on this thread, or on libuv's thread pool. */
export interface Operations {
  generateKeyPair(kind: KeyKind): Awaitable<KeyPair>;
  sign(hash: string | null, message: Uint8Array, key: SigningKey): Awaitable<Uint8Array>;
  /** A signature that OpenSSL can't even parse is `false`, and so is one of a key that is too small for the padding. */
  verify(hash: string | null, message: Uint8Array, key: SigningKey, signature: Uint8Array): Awaitable<boolean>;
  diffieHellman(keys: KeyPair): Awaitable<Uint8Array>;
  encapsulate(publicKey: crypto.KeyObject): Awaitable<Encapsulated>;
  decapsulate(privateKey: crypto.KeyObject, ciphertext: Uint8Array): Awaitable<Uint8Array>;
}

export interface Encapsulated {
  readonly sharedKey: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** On this thread. */
export const atOnce: Operations = {
  generateKeyPair: ({ type, ...options }) => generateKeyPairSync(type, options),
  sign: (hash, message, key) => bytesOf(crypto.sign(hash, message, key)),
  verify: (hash, message, key, signature) => {
    try {
      return crypto.verify(hash, message, key, signature);
    } catch {
      return false;
    }
  },
  diffieHellman: (keys) => bytesOf(crypto.diffieHellman(keys)),
  encapsulate: (publicKey) => crypto.encapsulate(publicKey),
  decapsulate: (privateKey, ciphertext) => crypto.decapsulate(privateKey, ciphertext),
};

/** On libuv's thread pool, which copies what it is given. */
export const onThreadPool: Operations = {
  generateKeyPair: ({ type, ...options }) =>
    new Promise((resolve, reject) => {
      generateKeyPair(type, options, (error, publicKey, privateKey) => {
        if (error === null) resolve({ publicKey, privateKey });
        else reject(error);
      });
    }),
  sign: (hash, message, key) =>
    later<Uint8Array<ArrayBuffer>>((done) => crypto.sign(hash, message, key, done)).then(bytesOf),
  verify: (hash, message, key, signature) =>
    later<boolean>((done) => crypto.verify(hash, message, key, signature, done)).catch(() => false),
  diffieHellman: (keys) => later<Uint8Array<ArrayBuffer>>((done) => crypto.diffieHellman(keys, done)).then(bytesOf),
  encapsulate: (publicKey) => later((done) => crypto.encapsulate(publicKey, done)),
  decapsulate: (privateKey, ciphertext) => later((done) => crypto.decapsulate(privateKey, ciphertext, done)),
};

/** What node:crypto calls back with. A form that knows no callback (`diffieHellman` before Node 23.11) returns it. */
function later<T>(start: (done: (error: Error | null, value?: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const value = start((error, value) => {
      // without an error there is always a value
      if (error === null) resolve(value as T);
      else reject(error);
    });
    // what these forms return otherwise is nothing
    if (value !== undefined) resolve(value as T);
  });
}

// The types have an overload for each type of key, and none for one of several: options and answer are always the same.
const generateKeyPairSync = crypto.generateKeyPairSync as (type: string, options: object) => KeyPair;
const generateKeyPair = crypto.generateKeyPair as (
  type: string,
  options: object,
  done: (error: Error | null, publicKey: crypto.KeyObject, privateKey: crypto.KeyObject) => void,
) => void;
