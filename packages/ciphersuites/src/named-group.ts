import type { CryptoProvider, KeyExchangeName } from "@tlskit/crypto";

/** A group for key exchange (RFC 9846 §4.3.7; IANA "TLS Supported Groups"). */
export interface NamedGroup {
  /** IANA's name. */
  readonly name: "x25519" | "secp256r1" | "secp384r1" | "secp521r1" | "X25519MLKEM768";
  readonly code: number;
  readonly keyExchange: KeyExchangeName;
  /** Whether it holds against quantum computers, to whom recorded traffic may be given some day. */
  readonly postQuantum: boolean;
  /** Other names under which people know it, OpenSSL's among them. */
  readonly aliases: readonly string[];
}

export const x25519: NamedGroup = {
  name: "x25519",
  code: 0x001d,
  keyExchange: "X25519",
  postQuantum: false,
  aliases: ["X25519"],
};
/** RFC 9846 §9.1#group. */
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
/** draft-ietf-tls-ecdhe-mlkem: ML-KEM-768 (FIPS 203) and X25519 together. */
export const X25519MLKEM768: NamedGroup = {
  name: "X25519MLKEM768",
  code: 0x11ec,
  keyExchange: "X25519MLKEM768",
  postQuantum: true,
  aliases: [],
};

/** All groups that can be negotiated. */
export const namedGroups: readonly NamedGroup[] = [X25519MLKEM768, x25519, secp256r1, secp384r1, secp521r1];

/** The groups that a provider can do, in its order of preference. */
export function supportedNamedGroups(provider: CryptoProvider): readonly NamedGroup[] {
  return provider.keyExchanges.flatMap(({ name }) => namedGroups.filter((group) => group.keyExchange === name));
}
