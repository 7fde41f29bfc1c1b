import { dlopen, getRawPointer } from "node:ffi";
import type { AeadName } from "@tlskit/crypto";
import type { FullRecord } from "../rows/full-records.ts";
import type { BareCalls } from "./bare-calls.ts";

const tagLength = 16;
/** openssl/evp.h */
const [getTag, setTag] = [0x10n, 0x11n];

const pointers = (count: number): "pointer"[] => new Array<"pointer">(count).fill("pointer");

/** libcrypto, by Node's foreign function interface: a context that is kept, and places whose addresses are known. */
export function libcryptoCalls({ key, nonce, header, pieces }: FullRecord, aead: AeadName): BareCalls {
  const call = dlopen(null, {
    EVP_CIPHER_fetch: { return: "pointer", arguments: pointers(3) },
    EVP_CIPHER_CTX_new: { return: "pointer", arguments: [] },
    EVP_CIPHER_CTX_ctrl: { return: "int32", arguments: pointers(4) },
    EVP_CipherInit_ex: { return: "int32", arguments: pointers(6) },
    EVP_CipherUpdate: { return: "int32", arguments: pointers(5) },
    EVP_CipherFinal_ex: { return: "int32", arguments: pointers(3) },
  }).functions;
  const content = pieces.reduce((sum, { length }) => sum + length, 0);
  const [keyAt, nonceAt, headerAt, writtenAt] = [key, nonce, header, new Uint8Array(8)].map(lay);
  const plainAt = pieces.map((piece) => [lay(piece), BigInt(piece.length)] as const);
  const [sealedAt, openedAt] = [lay(new Uint8Array(content + tagLength)), lay(new Uint8Array(content))];
  const tagAt = sealedAt + BigInt(content);
  const name = Buffer.from(`${aead === "AES-128-GCM" ? aead : "ChaCha20-Poly1305"}\0`);
  const cipher = call.EVP_CIPHER_fetch(0n, lay(name), 0n);
  const context = (seals: bigint): bigint => {
    const made = call.EVP_CIPHER_CTX_new();
    call.EVP_CipherInit_ex(made, cipher, 0n, keyAt ?? 0n, 0n, seals);
    return made;
  };
  const start = (made: bigint, seals: bigint): void => {
    call.EVP_CipherInit_ex(made, 0n, 0n, 0n, nonceAt ?? 0n, seals);
    call.EVP_CipherUpdate(made, 0n, writtenAt ?? 0n, headerAt ?? 0n, BigInt(header.length));
  };
  const [sealing, opening] = [context(1n), context(0n)];
  const seal = (): void => {
    start(sealing, 1n);
    let to = sealedAt;
    for (const [from, length] of plainAt) {
      call.EVP_CipherUpdate(sealing, to, writtenAt ?? 0n, from, length);
      to += length;
    }
    call.EVP_CipherFinal_ex(sealing, to, writtenAt ?? 0n);
    call.EVP_CIPHER_CTX_ctrl(sealing, getTag, BigInt(tagLength), tagAt);
  };
  seal();
  return {
    seal,
    open() {
      start(opening, 0n);
      call.EVP_CIPHER_CTX_ctrl(opening, setTag, BigInt(tagLength), tagAt);
      call.EVP_CipherUpdate(opening, openedAt, writtenAt ?? 0n, sealedAt, BigInt(content));
      if (call.EVP_CipherFinal_ex(opening, openedAt, writtenAt ?? 0n) !== 1) throw new Error("it isn't authentic");
    },
  };
}

/** What has been laid somewhere, for as long as the process lives. */
const laid: Uint8Array[] = [];

/** The address of bytes in a place that stays where it is: V8 moves small arrays. */
function lay(bytes: Uint8Array): bigint {
  const place = new Uint8Array(Math.max(1024, bytes.length));
  place.set(bytes);
  laid.push(place);
  return getRawPointer(place);
}
