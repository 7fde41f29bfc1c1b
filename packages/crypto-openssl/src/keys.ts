import { check, checkAddress, failure } from "./answers.ts";
import type { Address } from "./foreign.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { Cell, type Region, region, temporaryRegion } from "./memory.ts";
import { type Owned, Owner } from "./owned.ts";

/** Bytes of the longest thing that goes in or comes out: an offer of X25519MLKEM768 has 1216. */
const longest = 2048;

/** openssl/evp.h: `EVP_PKEY_KEY_PARAMETERS` */
const parametersAlone = 0x84n;

/** What everything with keys of libcrypto's (`EVP_PKEY`) works with, one call after the other. */
export class KeyDesk {
  readonly libcrypto: Libcrypto;
  readonly #keys: Owner;
  readonly #contexts: Owner;
  readonly #input: Region;
  readonly #output: Region;
  readonly #length: Cell;
  readonly #second: Region;
  readonly #secondLength: Cell;
  readonly #pointer: Cell;

  constructor(libcrypto: Libcrypto) {
    this.libcrypto = libcrypto;
    this.#keys = new Owner(libcrypto, "EVP_PKEY_free");
    this.#contexts = new Owner(libcrypto, "EVP_PKEY_CTX_free");
    this.#input = region(libcrypto, longest);
    this.#output = region(libcrypto, longest);
    this.#length = new Cell(libcrypto);
    this.#second = region(libcrypto, 128);
    this.#secondLength = new Cell(libcrypto);
    this.#pointer = new Cell(libcrypto);
  }

  /** What makes keys of an algorithm, by OpenSSL's name; nothing where it hasn't got it. */
  generator(algorithm: string, configure: (context: Address) => number = () => 1): Owned | undefined {
    const { call, cString } = this.libcrypto;
    const context = call.EVP_PKEY_CTX_new_from_name(0n, cString(algorithm), 0n);
    if (context === 0n) {
      call.ERR_clear_error();
      return undefined;
    }
    const owned = this.#contexts.own(context);
    if (call.EVP_PKEY_keygen_init(context) === 1 && configure(context) === 1) return owned;
    owned.dispose();
    call.ERR_clear_error();
    return undefined;
  }

  generate(generator: Owned): Owned {
    const { call } = this.libcrypto;
    check(this.libcrypto, call.EVP_PKEY_generate(generator.address, this.#pointer.holding(0n)), "EVP_PKEY_generate");
    return this.#keys.own(this.#pointer.value);
  }

  /** Whether there are keys of an algorithm, by OpenSSL's name. */
  has(algorithm: string): boolean {
    const { call, cString } = this.libcrypto;
    const context = call.EVP_PKEY_CTX_new_from_name(0n, cString(algorithm), 0n);
    if (context === 0n) call.ERR_clear_error();
    else call.EVP_PKEY_CTX_free(context);
    return context !== 0n;
  }

  /** A key that has an algorithm's parameters alone, out of a list of them. */
  fromParameters(algorithm: string, list: Address): Owned {
    const { call, cString } = this.libcrypto;
    const made = call.EVP_PKEY_CTX_new_from_name(0n, cString(algorithm), 0n);
    const context = checkAddress(this.libcrypto, made, "EVP_PKEY_CTX_new_from_name");
    try {
      check(this.libcrypto, call.EVP_PKEY_fromdata_init(context), "EVP_PKEY_fromdata_init");
      const pointer = this.#pointer.holding(0n);
      check(this.libcrypto, call.EVP_PKEY_fromdata(context, pointer, parametersAlone, list), "EVP_PKEY_fromdata");
      return this.#keys.own(this.#pointer.value);
    } finally {
      call.EVP_PKEY_CTX_free(context);
    }
  }

  /** Makes a key that has the same parameters as another. */
  generateLike(other: Owned): Owned {
    const { call } = this.libcrypto;
    return this.withContext(other, (context) => {
      check(this.libcrypto, call.EVP_PKEY_keygen_init(context), "EVP_PKEY_keygen_init");
      check(this.libcrypto, call.EVP_PKEY_generate(context, this.#pointer.holding(0n)), "EVP_PKEY_generate");
      return this.#keys.own(this.#pointer.value);
    });
  }

  /** The key that a call makes of bytes, which are forgotten then; nothing if it makes none. */
  imported(bytes: Uint8Array, make: (input: Address, length: bigint) => Address): Owned | undefined {
    return this.withInput(bytes, (input, length) => {
      const address = make(input, length);
      if (address !== 0n) return this.#keys.own(address);
      this.libcrypto.call.ERR_clear_error();
      return undefined;
    });
  }

  /** As `imported`, of DER: a call is told where the address lies, and moves it on. */
  importedDer(der: Uint8Array, make: (pointer: Address, length: bigint) => Address): Owned | undefined {
    return this.imported(der, (address, length) => make(this.#pointer.holding(address), length));
  }

  /** The public key that is of the same kind as another and encoded like this; nothing if there is none. */
  publicLike(other: Owned, encoded: Uint8Array): Owned | undefined {
    const { call } = this.libcrypto;
    const made = this.#keys.own(checkAddress(this.libcrypto, call.EVP_PKEY_new(), "EVP_PKEY_new"));
    check(this.libcrypto, call.EVP_PKEY_copy_parameters(made.address, other.address), "EVP_PKEY_copy_parameters");
    const answer = this.withInput(encoded, (input, length) =>
      call.EVP_PKEY_set1_encoded_public_key(made.address, input, length),
    );
    if (answer === 1) return made;
    made.dispose();
    call.ERR_clear_error();
    return undefined;
  }

  /** A key's parameter that is a string of bytes. */
  octets(key: Owned, parameter: string): Uint8Array {
    const { call, cString } = this.libcrypto;
    const name = cString(parameter);
    const found = this.output(longest, (place, length) =>
      call.EVP_PKEY_get_octet_string_param(key.address, name, place, BigInt(longest), length),
    );
    if (found === undefined) throw failure(this.libcrypto, parameter);
    return found;
  }

  /** A key's parameter that is an integer, big-endian, in as many bytes as are wanted or else as it needs. */
  integer(key: Owned, parameter: string, length?: number): Uint8Array {
    const { call, cString } = this.libcrypto;
    const pointer = this.#pointer.holding(0n);
    check(this.libcrypto, call.EVP_PKEY_get_bn_param(key.address, cString(parameter), pointer), parameter);
    const number = this.#pointer.value;
    try {
      const bytes = length ?? Math.ceil(call.BN_num_bits(number) / 8);
      const answer = call.BN_bn2binpad(number, this.#output.address, BigInt(bytes));
      if (answer !== bytes) throw failure(this.libcrypto, parameter);
      return this.#output.bytes.slice(0, bytes);
    } finally {
      call.BN_clear_free(number);
      this.#output.bytes.fill(0);
    }
  }

  /** Works with a key. */
  withContext<T>(key: Owned, work: (context: Address) => T): T {
    const { call } = this.libcrypto;
    const made = call.EVP_PKEY_CTX_new_from_pkey(0n, key.address, 0n);
    const context = checkAddress(this.libcrypto, made, "EVP_PKEY_CTX_new_from_pkey");
    try {
      return work(context);
    } finally {
      call.EVP_PKEY_CTX_free(context);
    }
  }

  /** Calls with bytes where libcrypto can read them, and forgets them. */
  withInput<T>(bytes: Uint8Array, work: (input: Address, length: bigint) => T): T {
    const own = this.#inputOf(bytes.length);
    own.bytes.set(bytes);
    try {
      return work(own.address, BigInt(bytes.length));
    } finally {
      own.bytes.fill(0, 0, bytes.length);
    }
  }

  /** As `withInput`, with two. */
  withInputs<T>(
    first: Uint8Array,
    second: Uint8Array,
    work: (first: Address, firstLength: bigint, second: Address, secondLength: bigint) => T,
  ): T {
    const both = new Uint8Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    const [firstLength, secondLength] = [BigInt(first.length), BigInt(second.length)];
    return this.withInput(both, (input) => work(input, firstLength, input + firstLength, secondLength));
  }

  #inputOf(length: number): Region {
    return length <= longest ? this.#input : temporaryRegion(this.libcrypto, length);
  }

  /** What a call writes that is told where, and where the length lies that it may have; nothing if it fails. */
  output(maxLength: number, write: (place: Address, length: Address) => number): Uint8Array | undefined {
    const { bytes, address } = this.#output;
    try {
      if (write(address, this.#length.holding(BigInt(maxLength))) === 1) {
        return bytes.slice(0, Number(this.#length.value));
      }
      this.libcrypto.call.ERR_clear_error();
      return undefined;
    } finally {
      bytes.fill(0, 0, maxLength);
    }
  }

  /** As `output`, of a call that writes two. */
  outputs(
    maxFirst: number,
    maxSecond: number,
    write: (first: Address, firstLength: Address, second: Address, secondLength: Address) => number,
  ): readonly [Uint8Array, Uint8Array] | undefined {
    let second: Uint8Array | undefined;
    const first = this.output(maxFirst, (place, length) => {
      const { bytes, address } = this.#second;
      const answer = write(place, length, address, this.#secondLength.holding(BigInt(maxSecond)));
      second = bytes.slice(0, Number(this.#secondLength.value));
      bytes.fill(0);
      return answer;
    });
    return first === undefined || second === undefined ? undefined : [first, second];
  }
}
