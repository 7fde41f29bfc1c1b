/** What signs a handshake. */
export interface KnownSignatureScheme {
  readonly code: number;
  /** IANA's name; of pairs of a hash and a key before TLS 1.3 that have none, one like it. */
  readonly name: string;
  /** Whether TLS 1.3 lets handshakes be signed by it (RFC 9846 §4.3.3). */
  readonly inTls13: boolean;
}

type Row = readonly [code: number, name: string];

/** RFC 9846 §4.3.3: a handshake of TLS 1.3 isn't signed by these. RFC 5246 §7.4.1.4.1 has them as pairs of a hash and a key. */
const beforeTls13: readonly Row[] = [
  [0x0101, "rsa_pkcs1_md5"],
  [0x0102, "dsa_md5"],
  [0x0103, "ecdsa_md5"],
  [0x0201, "rsa_pkcs1_sha1"],
  [0x0202, "dsa_sha1"],
  [0x0203, "ecdsa_sha1"],
  [0x0301, "rsa_pkcs1_sha224"],
  [0x0302, "dsa_sha224"],
  [0x0303, "ecdsa_sha224"],
  [0x0402, "dsa_sha256"],
  [0x0502, "dsa_sha384"],
  [0x0602, "dsa_sha512"],
  [0x0601, "rsa_pkcs1_sha512"],
  [0x0501, "rsa_pkcs1_sha384"],
  [0x0401, "rsa_pkcs1_sha256"],
  // RFC 9189 §8.5
  [0x0840, "gostr34102012_256"],
  [0x0841, "gostr34102012_512"],
];

/** IANA "TLS SignatureScheme". */
const inEveryVersion: readonly Row[] = [
  // draft-wang-tls-raw-public-key-with-ibc
  [0x0704, "eccsi_sha256"],
  [0x0705, "iso_ibs1"],
  [0x0706, "iso_ibs2"],
  [0x0707, "iso_chinese_ibs"],
  [0x0708, "sm2sig_sm3"],
  // RFC 9367
  [0x0709, "gostr34102012_256a"],
  [0x070a, "gostr34102012_256b"],
  [0x070b, "gostr34102012_256c"],
  [0x070c, "gostr34102012_256d"],
  [0x070d, "gostr34102012_512a"],
  [0x070e, "gostr34102012_512b"],
  [0x070f, "gostr34102012_512c"],
  [0x081c, "ecdsa_brainpoolP512r1tls13_sha512"],
  [0x081b, "ecdsa_brainpoolP384r1tls13_sha384"],
  [0x081a, "ecdsa_brainpoolP256r1tls13_sha256"],
  [0x080b, "rsa_pss_pss_sha512"],
  [0x080a, "rsa_pss_pss_sha384"],
  [0x0809, "rsa_pss_pss_sha256"],
  [0x0806, "rsa_pss_rsae_sha512"],
  [0x0805, "rsa_pss_rsae_sha384"],
  [0x0804, "rsa_pss_rsae_sha256"],
  [0x0906, "mldsa87"],
  [0x0905, "mldsa65"],
  [0x0904, "mldsa44"],
  [0x0808, "ed448"],
  [0x0807, "ed25519"],
  [0x0603, "ecdsa_secp521r1_sha512"],
  [0x0503, "ecdsa_secp384r1_sha384"],
  [0x0403, "ecdsa_secp256r1_sha256"],
];

/** All of them, in the order in which they are offered: that of no server, so that none is hidden behind another. */
export const knownSignatureSchemes: readonly KnownSignatureScheme[] = [
  ...beforeTls13.map(([code, name]) => ({ code, name, inTls13: false })),
  ...inEveryVersion.map(([code, name]) => ({ code, name, inTls13: true })),
];

const byCode: ReadonlyMap<number, KnownSignatureScheme> = new Map(
  knownSignatureSchemes.map((scheme) => [scheme.code, scheme]),
);

export function knownSignatureScheme(code: number): KnownSignatureScheme | undefined {
  return byCode.get(code);
}
