import {
  type FfdheName,
  type FiniteField,
  ffdheKeyExchange,
  finiteField as fieldWith,
  type KeyExchange,
} from "@tlskit/crypto";
import { check, failure } from "./answers.ts";
import { KeyDesk } from "./keys.ts";
import type { Libcrypto } from "./libcrypto.ts";
import { temporaryRegion } from "./memory.ts";
import type { Owned } from "./owned.ts";
import { parameterType, temporaryParameters } from "./parameters.ts";

/** Diffie-Hellman over finite fields; nothing where this libcrypto was built without. */
export function finiteField(libcrypto: Libcrypto): FiniteField | undefined {
  const desk = new KeyDesk(libcrypto);
  if (!desk.has("DH")) return undefined;
  return fieldWith(({ prime, generator }) => {
    const group = parametersKey(desk, prime, generator);
    return () => {
      const own = desk.generateLike(group);
      return {
        publicValue: desk.octets(own, "encoded-pub-key"),
        secretWith: (peerValue) => derived(desk, own, peerValue),
        dispose: () => own.dispose(),
      };
    };
  });
}

const names: readonly FfdheName[] = ["ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"];

/** RFC 7919. */
export function ffdheKeyExchanges(field: FiniteField | undefined): readonly KeyExchange[] {
  return field === undefined ? [] : names.map((name) => ffdheKeyExchange(name, field));
}

/** A key that has a group and nothing else. */
function parametersKey(desk: KeyDesk, prime: Uint8Array, generator: number): Owned {
  const { libcrypto } = desk;
  // Integers are written as the machine has them.
  const p = temporaryRegion(libcrypto, prime.length);
  p.bytes.set(prime.toReversed());
  const g = temporaryRegion(libcrypto, 4);
  g.bytes.set([generator, generator >>> 8, generator >>> 16, generator >>> 24]);
  const { unsignedInteger } = parameterType;
  const list = temporaryParameters(
    libcrypto,
    { name: "p", type: unsignedInteger, address: p.address, length: prime.length },
    { name: "g", type: unsignedInteger, address: g.address, length: 4 },
  );
  const made = desk.fromParameters("DH", list.address);
  for (const { bytes } of [p, g, list]) bytes.fill(0);
  return made;
}

/** Bytes of the longest prime. */
const maxSecretLength = 1024;

function derived(desk: KeyDesk, own: Owned, peerValue: Uint8Array): Uint8Array {
  const { call } = desk.libcrypto;
  const peer = desk.publicLike(own, peerValue);
  if (peer === undefined) throw failure(desk.libcrypto, "DH");
  try {
    const secret = desk.withContext(own, (context) => {
      check(desk.libcrypto, call.EVP_PKEY_derive_init(context), "DH");
      check(desk.libcrypto, call.EVP_PKEY_CTX_set_dh_pad(context, 1n), "DH");
      return desk.output(maxSecretLength, (place, length) =>
        call.EVP_PKEY_derive_set_peer(context, peer.address) === 1 ? call.EVP_PKEY_derive(context, place, length) : 0,
      );
    });
    if (secret === undefined) throw failure(desk.libcrypto, "DH");
    return secret;
  } finally {
    peer.dispose();
  }
}
