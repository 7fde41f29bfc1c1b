import { availableSignatureSchemes, byName, type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { callerError } from "@tlskit/tls";
import { opensslError } from "./openssl-error.ts";

/** Schemes by an algorithm and a hash, as OpenSSL names them: of several the first, so that `RSA-PSS` is with keys for RSA. */
const pairs: Readonly<Record<string, string>> = {
  "ECDSA+SHA256": "ecdsa_secp256r1_sha256",
  "ECDSA+SHA384": "ecdsa_secp384r1_sha384",
  "ECDSA+SHA512": "ecdsa_secp521r1_sha512",
  "RSA-PSS+SHA256": "rsa_pss_rsae_sha256",
  "RSA-PSS+SHA384": "rsa_pss_rsae_sha384",
  "RSA-PSS+SHA512": "rsa_pss_rsae_sha512",
  "RSA+SHA256": "rsa_pkcs1_sha256",
  "RSA+SHA384": "rsa_pkcs1_sha384",
  "RSA+SHA512": "rsa_pkcs1_sha512",
};

/** Schemes that OpenSSL knows and nobody has here: with hashes that prove nothing. In a list they are passed over. */
const outdated =
  /^((RSA|DSA|ECDSA)\+(SHA1|SHA224|MD5)|DSA\+SHA\d+|rsa_pkcs1_(sha1|sha224)|ecdsa_(sha1|sha224)|dsa_\w+)$/;

/**
 * Reads a list of signature algorithms as OpenSSL does (SSL_CTX_set1_sigalgs_list(3)): `ECDSA+SHA256`, or names of schemes,
 * `:` between them, `?` before one that may be unknown.
 * @throws {Error} as of `node:tls`, without a code there, for one that there isn't, and if there is nothing in it
 */
export function readSignatureAlgorithmList(list: string): readonly SignatureScheme[] {
  const available = availableSignatureSchemes(nodeProvider, signatureSchemes);
  const found = list.split(":").flatMap((item) => {
    const name = item.replace(/^\?/, "");
    const scheme = byName(available, pairs[name.replace(/^PSS\+/, "RSA-PSS+")] ?? name);
    if (scheme === undefined && name === item && !outdated.test(name)) throw unknown(item);
    return scheme ?? [];
  });
  if (found.length === 0) throw unknown(list);
  return [...new Set(found)];
}

function unknown(item: string): Error {
  const cause = callerError("unsupported_choice", `there is no signature algorithm ${JSON.stringify(item)}`);
  return opensslError("SSL", [360, "signature algorithms error"], cause);
}
