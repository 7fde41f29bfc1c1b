import { availableNamedGroups, namedGroups, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";

/**
 * The groups that a provider has, X25519 first: nearly every server of TLS 1.3 has it, and its share is short, so that the
 * hello goes into one packet.
 */
export function defaultGroups(provider: CryptoProvider): readonly number[] {
  const available = availableNamedGroups(provider, namedGroups).map(({ code }) => code);
  return [...available.filter((code) => code === x25519.code), ...available.filter((code) => code !== x25519.code)];
}

/** IANA "TLS SignatureScheme", all of it that servers were ever seen to sign by, what is good first. */
export const registeredSignatureSchemes: readonly number[] = [
  // ECDSA and EdDSA (RFC 9846 §4.3.3)
  ...[0x0403, 0x0503, 0x0603, 0x0807, 0x0808],
  // ECDSA on brainpool's curves (RFC 8734)
  ...[0x081a, 0x081b, 0x081c],
  // RSASSA-PSS
  ...[0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b],
  // ML-DSA (draft-ietf-tls-mldsa)
  ...[0x0904, 0x0905, 0x0906],
  // RSASSA-PKCS1-v1_5
  ...[0x0401, 0x0501, 0x0601],
  // DSA (RFC 5246 §7.4.1.4.1)
  ...[0x0402, 0x0502, 0x0602],
  // SHA-224, SHA-1 (RFC 9155 has the latter deprecated), MD5
  ...[0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101],
];
