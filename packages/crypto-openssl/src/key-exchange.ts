import { cryptoError, type KeyExchange, type KeyExchangeName, type KeyShareAnswer } from "@tlskit/crypto";
import { check } from "./answers.ts";
import { KeyDesk } from "./keys.ts";
import type { Libcrypto } from "./libcrypto.ts";
import type { Owned } from "./owned.ts";

interface Group {
  readonly name: KeyExchangeName;
  /** OpenSSL's names for the algorithm and, if it has several, the curve. */
  readonly algorithm: string;
  readonly curve?: string;
  /** Whether the answer is a ciphertext, and no key. */
  readonly isKem?: true;
  /** Whether there are private keys of as many bytes as the share has. */
  readonly hasRawKeys?: true;
  readonly offerLength: number;
  readonly answerLength: number;
}

/** In order of preference. */
const groups: readonly Group[] = [
  // draft-ietf-tls-ecdhe-mlkem §4: ML-KEM-768 in front of X25519, in shares and secret
  {
    name: "X25519MLKEM768",
    algorithm: "X25519MLKEM768",
    isKem: true,
    offerLength: 1184 + 32,
    answerLength: 1088 + 32,
  },
  { name: "X25519", algorithm: "X25519", hasRawKeys: true, offerLength: 32, answerLength: 32 },
  { name: "P-256", algorithm: "EC", curve: "P-256", offerLength: 65, answerLength: 65 },
  { name: "P-384", algorithm: "EC", curve: "P-384", offerLength: 97, answerLength: 97 },
  { name: "P-521", algorithm: "EC", curve: "P-521", offerLength: 133, answerLength: 133 },
  { name: "X448", algorithm: "X448", hasRawKeys: true, offerLength: 56, answerLength: 56 },
];

/** What this libcrypto has: X25519MLKEM768 from OpenSSL 3.5 on. */
export function keyExchanges(libcrypto: Libcrypto): readonly KeyExchange[] {
  const desk = new KeyDesk(libcrypto);
  const { call, cString } = libcrypto;
  return groups.flatMap((group) => {
    const { algorithm, curve } = group;
    const generator = desk.generator(algorithm, (context) =>
      curve === undefined ? 1 : call.EVP_PKEY_CTX_set_group_name(context, cString(curve)),
    );
    return generator === undefined ? [] : [keyExchange(desk, group, generator)];
  });
}

function keyExchange(desk: KeyDesk, group: Group, generator: Owned): KeyExchange {
  const { name, isKem, hasRawKeys, offerLength, answerLength } = group;
  const { call, cString } = desk.libcrypto;
  // A key that is told of the algorithm alone: what peers' keys are made like.
  let likeness: Owned | undefined;
  const kind = (): Owned => (likeness ??= desk.generate(generator));
  const finish = isKem ? decapsulated : derived;

  const respond = (peerShare: Uint8Array): KeyShareAnswer => {
    checkForm(group, peerShare, offerLength);
    if (isKem) return encapsulated(desk, group, kind(), peerShare);
    const own = desk.generate(generator);
    try {
      return { share: desk.octets(own, encoded), secret: derived(desk, group, own, peerShare) };
    } finally {
      own.dispose();
    }
  };

  const shareOf = (privateKey: Uint8Array): Uint8Array => {
    const key =
      privateKey.length === offerLength
        ? desk.imported(privateKey, (bytes, length) =>
            call.EVP_PKEY_new_raw_private_key_ex(0n, cString(group.algorithm), 0n, bytes, length),
          )
        : undefined;
    if (key === undefined) throw cryptoError("invalid_private_key", `an ${name} private key has ${offerLength} bytes`);
    try {
      return desk.octets(key, encoded);
    } finally {
      key.dispose();
    }
  };

  return {
    name,
    offer: () => {
      const own = desk.generate(generator);
      return {
        share: desk.octets(own, encoded),
        finish: (peerShare) => {
          checkForm(group, peerShare, answerLength);
          return finish(desk, group, own, peerShare);
        },
        dispose: () => own.dispose(),
      };
    },
    respond,
    ...(hasRawKeys ? { shareOf } : {}),
  };
}

/** openssl/core_names.h: `OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY`, a key as TLS sends it. */
const encoded = "encoded-pub-key";

function checkForm({ name, algorithm }: Group, share: Uint8Array, length: number): void {
  if (share.length !== length) {
    throw cryptoError("invalid_key_share", `a ${name} key share has ${length} bytes, got ${share.length}`);
  }
  // RFC 9846 §4.3.8.2, RFC 8422 §5.1.2#uncompressed-alone: uncompressed points alone. OpenSSL also reads hybrid ones, of the same length.
  if (algorithm === "EC" && share[0] !== 4) {
    throw cryptoError("invalid_key_share", `a ${name} key share is an uncompressed point`);
  }
}

function invalidShare({ name }: Group): Error {
  return cryptoError("invalid_key_share", `not a valid ${name} key share`);
}

/**
 * RFC 9846 §7.4.2: Diffie-Hellman. OpenSSL refuses points that aren't on the curve, and an all-zero secret of X25519 and
 * X448 (RFC 7748 §6.1, §6.2, RFC 9846 §7.4.2#all-zero, RFC 8422 §5.10#all-zero, §5.11#all-zero).
 */
function derived(desk: KeyDesk, group: Group, own: Owned, peerShare: Uint8Array): Uint8Array {
  const { call } = desk.libcrypto;
  const peer = desk.publicLike(own, peerShare);
  if (peer === undefined) throw invalidShare(group);
  try {
    const secret = desk.withContext(own, (context) => {
      check(desk.libcrypto, call.EVP_PKEY_derive_init(context), group.name);
      return desk.output(maxSecretLength, (place, length) =>
        call.EVP_PKEY_derive_set_peer(context, peer.address) === 1 ? call.EVP_PKEY_derive(context, place, length) : 0,
      );
    });
    if (secret === undefined) throw invalidShare(group);
    return secret;
  } finally {
    peer.dispose();
  }
}

/** Bytes: P-521's. */
const maxSecretLength = 66;

function encapsulated(desk: KeyDesk, group: Group, kind: Owned, peerShare: Uint8Array): KeyShareAnswer {
  const { call } = desk.libcrypto;
  const peer = desk.publicLike(kind, peerShare);
  if (peer === undefined) throw invalidShare(group);
  try {
    return desk.withContext(peer, (context) => {
      check(desk.libcrypto, call.EVP_PKEY_encapsulate_init(context, 0n), group.name);
      const both = desk.outputs(group.answerLength, maxSecretLength, (share, shareLength, secret, secretLength) =>
        call.EVP_PKEY_encapsulate(context, share, shareLength, secret, secretLength),
      );
      if (both === undefined) throw invalidShare(group);
      return { share: both[0], secret: both[1] };
    });
  } finally {
    peer.dispose();
  }
}

function decapsulated(desk: KeyDesk, group: Group, own: Owned, peerShare: Uint8Array): Uint8Array {
  const { call } = desk.libcrypto;
  const secret = desk.withContext(own, (context) => {
    check(desk.libcrypto, call.EVP_PKEY_decapsulate_init(context, 0n), group.name);
    return desk.withInput(peerShare, (ciphertext, ciphertextLength) =>
      desk.output(maxSecretLength, (place, length) =>
        call.EVP_PKEY_decapsulate(context, place, length, ciphertext, ciphertextLength),
      ),
    );
  });
  if (secret === undefined) throw invalidShare(group);
  return secret;
}
