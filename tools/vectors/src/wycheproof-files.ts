/** How many of a file's cases come out how. */
type Verdicts = readonly [valid: number, invalid: number, acceptable: number, notApplicable: number];

/**
 * Every file for a primitive of ours, without `_test.json`, with what becomes of its cases. Not applicable are key
 * sizes, nonce lengths, salt lengths and lengths of seeds that TLS 1.3 doesn't have.
 */
export const wycheproofFiles: Readonly<Record<string, Verdicts>> = {
  aes_cbc_pkcs5: [48, 96, 0, 72],
  aes_ccm: [118, 54, 0, 380],
  aes_gcm: [79, 54, 0, 183],
  chacha20_poly1305: [256, 60, 0, 9],
  ecdh_secp256r1_ecpoint: [330, 24, 0, 1],
  ecdh_secp384r1_ecpoint: [771, 18, 0, 1],
  ecdh_secp521r1_ecpoint: [632, 28, 0, 1],
  ecdsa_secp256r1_sha256: [174, 310, 0, 0],
  ecdsa_secp256r1_sha512: [243, 311, 0, 0],
  ecdsa_secp384r1_sha256: [162, 310, 0, 0],
  ecdsa_secp384r1_sha384: [194, 310, 0, 0],
  ecdsa_secp384r1_sha512: [231, 311, 0, 0],
  ecdsa_secp521r1_sha512: [232, 310, 0, 0],
  ed25519: [88, 63, 0, 0],
  ed448: [17, 70, 0, 0],
  hkdf_sha1: [84, 3, 0, 0],
  hkdf_sha256: [83, 3, 0, 0],
  hkdf_sha384: [80, 3, 0, 0],
  hkdf_sha512: [80, 3, 0, 0],
  hmac_sha1: [66, 104, 0, 0],
  hmac_sha256: [66, 108, 0, 0],
  hmac_sha384: [66, 108, 0, 0],
  hmac_sha512: [66, 108, 0, 0],
  mlkem_768: [153, 20, 0, 20],
  mlkem_768_encaps: [133, 132, 0, 0],
  mlkem_768_keygen_seed: [100, 0, 0, 0],
  rsa_pkcs1_2048: [42, 25, 0, 0],
  rsa_pkcs1_3072: [41, 26, 0, 0],
  rsa_pss_2048_sha256_mgf1_0: [0, 0, 0, 103],
  rsa_pss_2048_sha256_mgf1_32: [63, 45, 0, 0],
  rsa_pss_2048_sha384_mgf1_48: [95, 46, 0, 0],
  rsa_pss_2048_sha512_mgf1sha256_32_params: [0, 0, 0, 178],
  rsa_pss_3072_sha256_mgf1_32: [63, 45, 0, 0],
  rsa_pss_4096_sha256_mgf1_32: [63, 45, 0, 0],
  rsa_pss_4096_sha384_mgf1_48: [95, 46, 0, 0],
  rsa_pss_4096_sha512_mgf1_32: [0, 0, 0, 177],
  rsa_pss_4096_sha512_mgf1_64: [132, 47, 0, 0],
  rsa_pss_misc_params: [3, 0, 0, 147],
  rsa_pss_misc: [3, 0, 0, 147],
  rsa_signature_2048_sha256: [9, 249, 1, 0],
  rsa_signature_2048_sha384: [7, 250, 1, 0],
  rsa_signature_2048_sha512: [8, 250, 1, 0],
  rsa_signature_3072_sha256: [8, 250, 1, 0],
  rsa_signature_3072_sha384: [7, 251, 1, 0],
  rsa_signature_3072_sha512: [8, 251, 1, 0],
  rsa_signature_4096_sha256: [7, 250, 1, 0],
  rsa_signature_4096_sha384: [7, 251, 1, 0],
  rsa_signature_4096_sha512: [7, 251, 1, 0],
  x25519: [264, 0, 254, 0],
  x448: [253, 12, 245, 0],
};

/** OpenSSL takes no private key for a key exchange, and what depends on one can't be asked. */
const notAskedOfOpenssl = ["x25519", "x448", "mlkem_768", "mlkem_768_keygen_seed"];

/** WebCrypto takes none either, and lacks what TLS 1.3 can do without. */
const notAskedOfWebCrypto = [
  ...notAskedOfOpenssl,
  "aes_cbc_pkcs5",
  "aes_ccm",
  "chacha20_poly1305",
  "ed448",
  "mlkem_768_encaps",
  "rsa_pkcs1_2048",
  "rsa_pkcs1_3072",
];

/** Files of which a provider can't be asked any case: noble has no AES-CCM, and decrypts nothing with RSA. */
export const wycheproofFilesNotAsked: Readonly<Record<string, readonly string[]>> = {
  noble: ["aes_ccm", "rsa_pkcs1_2048", "rsa_pkcs1_3072"],
  "node:crypto": notAskedOfOpenssl,
  "node:crypto, thread pool": notAskedOfOpenssl,
  openssl: notAskedOfOpenssl,
  WebCrypto: notAskedOfWebCrypto,
};

/** As `wycheproofFiles`, for what the protection of files by passwords needs. */
export const wycheproofPasswordFiles: Readonly<Record<string, Verdicts>> = {
  aes_cbc_pkcs5: [72, 144, 0, 0],
  pbes2_hmacsha1_aes_128: [84, 0, 0, 0],
  pbes2_hmacsha1_aes_256: [84, 0, 0, 0],
  pbes2_hmacsha256_aes_128: [84, 0, 0, 0],
  pbes2_hmacsha256_aes_256: [84, 0, 0, 0],
  pbes2_hmacsha512_aes_256: [84, 0, 0, 0],
  pbkdf2_hmacsha1: [64, 0, 0, 0],
  pbkdf2_hmacsha256: [60, 0, 0, 0],
  pbkdf2_hmacsha384: [58, 0, 0, 0],
  pbkdf2_hmacsha512: [58, 0, 0, 0],
};

/** The files that no provider here can be held to, and why. */
export const wycheproofFilesLeft: Readonly<Record<string, string>> = {
  aes_kwp: "no primitive of TLS",
  aes_wrap: "no primitive of TLS",
  ecdh_secp256r1: "the same points as in the ecpoint file, in a SubjectPublicKeyInfo, which no key share is",
  ecdh_secp384r1: "the same points as in the ecpoint file, in a SubjectPublicKeyInfo, which no key share is",
  ecdh_secp521r1: "the same points as in the ecpoint file, in a SubjectPublicKeyInfo, which no key share is",
  mldsa_44_verify: "no primitive of ours",
  mldsa_65_verify: "no primitive of ours",
  mldsa_87_verify: "no primitive of ours",
  mlkem_1024: "no primitive of ours",
  mlkem_1024_encaps: "no primitive of ours",
  mlkem_1024_semi_expanded_decaps: "no primitive of ours",
  mlkem_768_semi_expanded_decaps: "no interface takes an expanded decapsulation key",
  primality: "no primitive of TLS",
};
