import { type Codec, enumeration, struct } from "@tlskit/wire";

/** RFC 5246 §7.1: what a change_cipher_spec record holds. */
export interface ChangeCipherSpec {
  /** 1: change_cipher_spec, the only one. */
  readonly type: number;
}

/** RFC 5246 §7.1: `struct { enum { change_cipher_spec(1), (255) } type; } ChangeCipherSpec;` */
export const changeCipherSpec: Codec<ChangeCipherSpec> = struct<ChangeCipherSpec>("ChangeCipherSpec", {
  type: enumeration("enum", 1, (code) => (code === 1 ? "change_cipher_spec" : undefined)),
});
