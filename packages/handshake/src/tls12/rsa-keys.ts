import { CryptoError, type CryptoProvider, type Decrypter, decrypterFor, type RsaPublicKey } from "@tlskit/crypto";
import type { Credential } from "../credential.ts";
import { illegalParameter } from "../extension-rules.ts";

/** Those made ready: a credential is for one provider. */
const decrypters = /* @__PURE__ */ new WeakMap<Credential, Decrypter>();

/** RFC 5246 §7.4.2: the key has to be RSA's, and one that may encrypt. */
export function encryptionKeyOf(key: RsaPublicKey | undefined): RsaPublicKey {
  if (key !== undefined) return key;
  throw illegalParameter("certificate_key_usage", "the certificate's key is not for the key exchange by RSA");
}

/** What decrypts with a certificate's key; nothing if it may not, isn't here, or the provider has no such thing. */
export function decrypterOf(provider: CryptoProvider, credential: Credential): Decrypter | undefined {
  const { decryptionKey } = credential;
  if (decryptionKey === undefined) return undefined;
  try {
    const decrypter = decrypters.get(credential) ?? decrypterFor(provider, decryptionKey);
    decrypters.set(credential, decrypter);
    return decrypter;
  } catch (error) {
    if (error instanceof CryptoError && error.code === "unsupported") return undefined;
    throw error;
  }
}
