import type { CipherSuite, NamedGroup, Tls12CipherSuite } from "@tlskit/ciphersuites";

/** A key exchange as `node:tls` tells it; empty where there was none. */
export type EphemeralKeyInfo =
  | { readonly type: "ECDH"; readonly name: string; readonly size: number }
  | { readonly type: "DH"; readonly name?: string; readonly size: number }
  | { readonly type: "TLSGroup"; readonly name: string }
  | Record<string, never>;

/** Curves by their code points, as OpenSSL names them, and bits of their keys. */
const curves: Readonly<Record<number, readonly [name: string, size: number]>> = {
  0x0017: ["prime256v1", 256],
  0x0018: ["secp384r1", 384],
  0x0019: ["secp521r1", 521],
  0x001d: ["X25519", 253],
  0x001e: ["X448", 448],
};

export function ephemeralKeyInfo(group: NamedGroup | undefined): EphemeralKeyInfo {
  if (group === undefined) return {};
  const [name, size] = curves[group.code] ?? [];
  if (name !== undefined && size !== undefined) return { type: "ECDH", name, size };
  const [, bits] = /^ffdhe(\d+)$/.exec(group.name) ?? [];
  return bits === undefined
    ? { type: "TLSGroup", name: group.name }
    : { type: "DH", name: group.name, size: Number(bits) };
}

/** The oldest version that has a suite, as OpenSSL names it. */
export function oldestVersion(suite: CipherSuite | Tls12CipherSuite): string {
  if (!("protection" in suite)) return "TLSv1.3";
  const { keyExchange, protection } = suite;
  if (protection.type === "AEAD") return "TLSv1.2";
  const isPsk = keyExchange.endsWith("PSK");
  if (protection.mac !== "SHA-1") return isPsk ? "TLSv1.0" : "TLSv1.2";
  return keyExchange.startsWith("ECDHE") ? "TLSv1.0" : "SSLv3";
}
