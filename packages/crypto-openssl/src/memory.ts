import { cryptoError } from "@tlskit/crypto";
import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";

/**
 * Memory of ours at an address that stays. What is short is copied here before libcrypto reads it: that costs less than
 * asking where it lies, and an engine that moves or frees a caller's array in between does no harm.
 */
export interface Region {
  readonly bytes: Uint8Array;
  readonly address: Address;
}

/** For as long as there is the libcrypto: to an engine, an address is no use of what lies there. */
export function region(libcrypto: Pick<Libcrypto, "addressOf" | "kept">, length: number): Region {
  const made = temporaryRegion(libcrypto, length);
  libcrypto.kept.push(made.bytes);
  return made;
}

/** Until whoever asked for it has filled it with zeros: it is in use up to there, whatever is done with its address. */
export function temporaryRegion(libcrypto: Pick<Libcrypto, "addressOf">, length: number): Region {
  const bytes = new Uint8Array(new ArrayBuffer(Math.max(1, length)));
  return { bytes, address: libcrypto.addressOf(bytes) };
}

/** Names as C has them, each made once. */
export function cStrings(libcrypto: Pick<Libcrypto, "addressOf" | "kept">): (text: string) => Address {
  const made = new Map<string, Address>();
  return (text) => {
    const known = made.get(text);
    if (known !== undefined) return known;
    const { bytes, address } = region(libcrypto, text.length + 1);
    for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
    made.set(text, address);
    return address;
  };
}

/** An address or a length of 64 bits, or an `int`, that libcrypto writes. */
export class Cell {
  readonly #address: Address;
  readonly #word: BigUint64Array;
  readonly #int: Int32Array;

  constructor(libcrypto: Libcrypto) {
    const { bytes, address } = region(libcrypto, 8);
    this.#address = address;
    this.#word = new BigUint64Array(bytes.buffer);
    this.#int = new Int32Array(bytes.buffer);
  }

  /** Where it lies, with a value in it. */
  holding(value: bigint): Address {
    this.#word[0] = value;
    return this.#address;
  }

  /** Where it lies, with nothing in it. */
  get cleared(): Address {
    this.#int[0] = 0;
    this.#int[1] = 0;
    return this.#address;
  }

  get value(): bigint {
    return this.#word[0] ?? 0n;
  }

  /** The `int` that was written here. */
  get int(): number {
    return this.#int[0] ?? 0;
  }
}

/**
 * Refuses bytes that another thread may change, or that may grow smaller, while native code has their address; and
 * whatever says of itself that it is longer than it is.
 * @throws {CryptoError} `invalid_argument`
 */
export function checkFixed(bytes: Uint8Array): void {
  let isFixed: boolean;
  try {
    isFixed = !isResizable.call(bytes.buffer) && byteLength.call(bytes) === bytes.length;
  } catch {
    // Of a SharedArrayBuffer, or of what is no array at all, neither can be asked.
    isFixed = false;
  }
  if (!isFixed) {
    throw cryptoError(
      "invalid_argument",
      "native code takes Uint8Arrays alone, over buffers of one thread and a fixed size",
    );
  }
}

// The language's own, which no subclass overrides.
const isResizable = getter<boolean>(ArrayBuffer.prototype, "resizable");
const byteLength = getter<number>(Object.getPrototypeOf(Uint8Array.prototype), "byteLength");

function getter<T>(prototype: object, name: string): (this: unknown) => T {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  if (get === undefined) throw cryptoError("unsupported", `the runtime has no ${name} of buffers`);
  return get;
}
