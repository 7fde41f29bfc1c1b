import { checkRsaPublicKey, type Random, type RsaPublicKey, rsaSignatureLength } from "@tlskit/crypto";
import { HandshakeType } from "@tlskit/messages";
import { ContentType } from "@tlskit/record";
import { alertName, concat, toHex } from "@tlskit/wire";
import { Certificate } from "@tlskit/x509";
import type { Scanning } from "../scanning.ts";
import { versions } from "../version.ts";
import { type Flaw, type FlawVerdict, type LegacyVersion, notVulnerable, unclear, vulnerable } from "./flaw.ts";
import { exchangeAfterFlight, type RawExchange, type RawRecord } from "./raw-exchange.ts";
import { rsaSuites } from "./usual-suites.ts";

/** RFC 5246 §7.4.7.1: octets of a preliminary secret. */
const secretLength = 48;

/** How a block is malformed that a server is sent, encrypted (Böck, Somorovsky, Young: "ROBOT", USENIX Security 2018). */
type Block = (block: Uint8Array) => void;

/** The first of them is what a client sends, but that it knows the keys: what a server does about that is no sign of a flaw. */
const wellFormed = "well formed";

/** Blocks of PKCS #1 v1.5, each wrong in another way but the first: RFC 5246 §7.4.7.1 has none of them told from another. */
const blocks: Readonly<Record<string, Block>> & { readonly [wellFormed]: Block } = {
  [wellFormed]: () => {},
  "of another type": (block) => block.set([0x41, 0x17]),
  "with its zero at another place": (block) => {
    block[block.length - secretLength - 1] = 0x11;
    block[block.length - 2] = 0;
  },
  "without a zero": (block) => {
    block[block.length - secretLength - 1] = 0x11;
  },
  "with another version": (block) => block.set([2, 2], block.length - secretLength),
};

/**
 * Where the server says nothing to a block that is well formed, so long is waited for what it says to others: so many
 * milliseconds, and so many times as long as its flight took, which has a key's operation and the way there and back in it.
 */
const afterSilence = { milliseconds: 1000, times: 4 } as const;

/** Whether a client goes on, as if nothing were, or waits for what the server makes of the block. */
const courses = ["with a Finished", "without"] as const;

/**
 * Bleichenbacher's oracle: whether a server behaves in another way as to how what it decrypts is formed. Each block is sent on a
 * connection of its own; a difference counts if it is there a second time.
 */
export const robot: Flaw = {
  id: "robot",
  look: async (scanning, version) => {
    for (const course of courses) {
      const first = await behaviours(scanning, version, course === "with a Finished", true);
      if ("state" in first) return first;
      if (new Set(first.values()).size === 1) continue;
      const second = await behaviours(scanning, version, course === "with a Finished", false);
      if ("state" in second) return second;
      const same = [...first].every(([block, behaviour]) => second.get(block) === behaviour);
      if (!same) return unclear("it behaves now in one way and now in another");
      return vulnerable(`what it decrypts shows in its answers: ${described(first)}`);
    }
    return notVulnerable("its answers don't tell how what it decrypts was formed");
  },
};

function described(behaviours: ReadonlyMap<string, string>): string {
  return [...behaviours].map(([block, behaviour]) => `${behaviour} to a block ${block}`).join(", ");
}

/** @param isBrief whether silence is waited for no longer than is needed once it was the answer to the first block */
async function behaviours(
  scanning: Scanning,
  version: LegacyVersion,
  finishes: boolean,
  isBrief: boolean,
): Promise<ReadonlyMap<string, string> | FlawVerdict> {
  const ask = (name: string, spoil: Block, silenceAfter: (exchange: RawExchange) => number | undefined) => {
    const offer = { versions: [version], cipherSuites: rsaSuites(version) };
    return exchangeAfterFlight(scanning, offer, async ({ chain, end }, exchange): Promise<Met> => {
      if (exchange === undefined) {
        return end.how === "alert" ? notVulnerable("it has no key exchange by RSA") : unclear("there was no handshake");
      }
      const key = rsaKeyOf(chain);
      if (key === undefined) return unclear("its certificate has no RSA key that can be used");
      exchange.send(...secondFlight(encrypted(key, version, spoil, scanning.random), version, finishes));
      return [name, await behaviourOf(exchange, silenceAfter(exchange))];
    });
  };
  const first = await ask(wellFormed, blocks[wellFormed], () => undefined);
  if ("state" in first) return first;
  const waits = isBrief && first[1] === silence;
  const patience = ({ flightTime }: RawExchange) =>
    Math.min(scanning.silence ?? Number.POSITIVE_INFINITY, afterSilence.milliseconds + afterSilence.times * flightTime);
  const others = Object.entries(blocks).filter(([name]) => name !== wellFormed);
  const met = await Promise.all(others.map(([name, spoil]) => ask(name, spoil, waits ? patience : () => undefined)));
  const behaviour = new Map([first]);
  for (const one of met) {
    if ("state" in one) return one;
    behaviour.set(...one);
  }
  return behaviour;
}

/** A block, and what the server did about it; or what there is to say without. */
type Met = readonly [name: string, behaviour: string] | FlawVerdict;

function rsaKeyOf(chain: readonly Uint8Array[] | undefined): RsaPublicKey | undefined {
  const [der] = chain ?? [];
  try {
    const key = der && Certificate.fromDer(der).subjectPublicKeyInfo.publicKey;
    if (key?.type !== "RSA") return undefined;
    checkRsaPublicKey(key);
    return key;
  } catch {
    // Whatever is wrong with it: there is nothing to encrypt by.
    return undefined;
  }
}

/** RFC 8017 §7.2.1, spoilt, and §5.1.1. Nothing of it is secret. */
function encrypted(key: RsaPublicKey, version: LegacyVersion, spoil: Block, random: Random): Uint8Array {
  const length = rsaSignatureLength(key);
  const block = random(length).map((octet) => (octet === 0 ? 1 : octet));
  block.set([0, 2]);
  block[length - secretLength - 1] = 0;
  block.set([versions[version] >> 8, versions[version] & 0xff], length - secretLength);
  spoil(block);
  const [modulus, exponent] = [number(key.modulus), number(key.publicExponent)];
  return octets(power(number(block) % modulus, exponent, modulus), length);
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}

function octets(value: bigint, length: number): Uint8Array {
  const digits = value.toString(16).padStart(2 * length, "0");
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let [square, left] = [base, exponent]; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** ClientKeyExchange, and behind it what would be a Finished to whoever had the keys. */
function secondFlight(secret: Uint8Array, version: LegacyVersion, finishes: boolean): readonly RawRecord[] {
  // RFC 5246 §7.4.7.1: SSL 3.0 alone has no length in front.
  const length = version === "SSL 3.0" ? [] : [secret.length >> 8, secret.length & 0xff];
  const body = concat(Uint8Array.from(length), secret);
  const header = Uint8Array.of(HandshakeType.clientKeyExchange, 0, body.length >> 8, body.length & 0xff);
  const keyExchange = { type: ContentType.handshake, content: concat(header, body) };
  if (!finishes) return [keyExchange];
  const changeCipherSpec = { type: ContentType.changeCipherSpec, content: Uint8Array.of(1) };
  return [keyExchange, changeCipherSpec, { type: ContentType.handshake, content: new Uint8Array(finishedLength) }];
}

/** Octets of an encrypted Finished, as AES in CBC with SHA-1 has it: any will do. */
const finishedLength = 64;

const silence = "silence";

/** What a server does, in a word: its alert, or that there is none. */
async function behaviourOf(exchange: RawExchange, patience: number | undefined): Promise<string> {
  const answer = await exchange.next(patience);
  if (!("type" in answer)) return answer.how === "silent" ? silence : "an end";
  if (answer.type !== ContentType.alert) return `a record of type ${answer.type}`;
  return `the alert ${alertName(answer.content[1] ?? 0)}`;
}
