import type { CryptoProvider, KeyExchangeName } from "@tlskit/crypto";

/** A group for key exchange (RFC 9846 §4.3.7; IANA "TLS Supported Groups"). */
export interface NamedGroup {
  /** IANA's name. */
  readonly name: string;
  readonly code: number;
  readonly keyExchange: KeyExchangeName;
  /** Whether it holds against quantum computers, to whom recorded traffic may be given some day. */
  readonly postQuantum: boolean;
  /** Other names under which people know it, OpenSSL's first. */
  readonly aliases: readonly string[];
}

// RFC 9325 §4.2.1#groups
export const x25519: NamedGroup = {
  name: "x25519",
  code: 0x001d,
  keyExchange: "X25519",
  postQuantum: false,
  aliases: ["X25519"],
};
/** RFC 9846 §9.1#group, RFC 9325 §4.2.1#groups, §4.2#p256, RFC 8422 §5.9#curves. */
export const secp256r1: NamedGroup = {
  name: "secp256r1",
  code: 0x0017,
  keyExchange: "P-256",
  postQuantum: false,
  aliases: ["P-256", "prime256v1"],
};
export const secp384r1: NamedGroup = {
  name: "secp384r1",
  code: 0x0018,
  keyExchange: "P-384",
  postQuantum: false,
  aliases: ["P-384"],
};
export const secp521r1: NamedGroup = {
  name: "secp521r1",
  code: 0x0019,
  keyExchange: "P-521",
  postQuantum: false,
  aliases: ["P-521"],
};
/** Stronger than P-384, and rare. */
export const x448: NamedGroup = {
  name: "x448",
  code: 0x001e,
  keyExchange: "X448",
  postQuantum: false,
  aliases: ["X448"],
};
/** draft-ietf-tls-ecdhe-mlkem: ML-KEM-768 (FIPS 203) and X25519 together. */
export const X25519MLKEM768: NamedGroup = {
  name: "X25519MLKEM768",
  code: 0x11ec,
  keyExchange: "X25519MLKEM768",
  postQuantum: true,
  aliases: [],
};

/**
 * RFC 7919: finite fields, for peers that have nothing else. They are slower than the curves, the longer ones much, and no
 * safer.
 */
export const ffdhe2048: NamedGroup = {
  name: "ffdhe2048",
  code: 0x0100,
  keyExchange: "ffdhe2048",
  postQuantum: false,
  aliases: [],
};
export const ffdhe3072: NamedGroup = {
  name: "ffdhe3072",
  code: 0x0101,
  keyExchange: "ffdhe3072",
  postQuantum: false,
  aliases: [],
};
export const ffdhe4096: NamedGroup = {
  name: "ffdhe4096",
  code: 0x0102,
  keyExchange: "ffdhe4096",
  postQuantum: false,
  aliases: [],
};
export const ffdhe6144: NamedGroup = {
  name: "ffdhe6144",
  code: 0x0103,
  keyExchange: "ffdhe6144",
  postQuantum: false,
  aliases: [],
};
export const ffdhe8192: NamedGroup = {
  name: "ffdhe8192",
  code: 0x0104,
  keyExchange: "ffdhe8192",
  postQuantum: false,
  aliases: [],
};

/** What is offered unless told otherwise, as far as the provider has it. */
export const defaultNamedGroups: readonly NamedGroup[] = [X25519MLKEM768, x25519, secp256r1, secp384r1, secp521r1];

/** All groups that can be negotiated. */
export const namedGroups: readonly NamedGroup[] = [
  ...defaultNamedGroups,
  x448,
  ffdhe2048,
  ffdhe3072,
  ffdhe4096,
  ffdhe6144,
  ffdhe8192,
];

/** Those of some groups that a provider has, in its order of preference. */
export function availableNamedGroups(provider: CryptoProvider, groups: readonly NamedGroup[]): readonly NamedGroup[] {
  return provider.keyExchanges.flatMap(({ name }) => groups.filter((group) => group.keyExchange === name));
}
