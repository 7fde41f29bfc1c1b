import { createCipheriv, createDecipheriv } from "node:crypto";
import type { AeadName } from "@tlskit/crypto";
import type { FullRecord } from "../rows/full-records.ts";

/** What sealing and opening a full record takes of a library, with nothing around it. */
export interface BareCalls {
  seal(): unknown;
  open(): unknown;
}

/** By the names of providers. */
export const bareCalls: Readonly<Record<string, (record: FullRecord, aead: AeadName) => Promise<BareCalls>>> = {
  /** The cipher's own results, in arrays of their own. */
  async node({ key, nonce, header, pieces }, aead) {
    const name = aead === "AES-128-GCM" ? "aes-128-gcm" : ("chacha20-poly1305" as "aes-128-gcm");
    const withTag = { authTagLength: 16 };
    const seal = () => {
      const cipher = createCipheriv(name, key, nonce, withTag);
      cipher.setAAD(header);
      const parts = pieces.map((piece) => cipher.update(piece));
      cipher.final();
      return [...parts, cipher.getAuthTag()];
    };
    const sealed = Buffer.concat(seal());
    const [ciphertext, tag] = [sealed.subarray(0, -16), sealed.subarray(-16)];
    return {
      seal,
      open() {
        const decipher = createDecipheriv(name, key, nonce, withTag);
        decipher.setAAD(header);
        decipher.setAuthTag(tag);
        const plaintext = decipher.update(ciphertext);
        decipher.final();
        return plaintext;
      },
    };
  },
  async openssl(record, aead) {
    return (await import("./libcrypto.ts")).libcryptoCalls(record, aead);
  },
  /** It takes the plaintext in one piece. */
  async noble({ key, nonce, header, pieces }, aead) {
    const { gcm } = await import("@noble/ciphers/aes.js");
    const { chacha20poly1305 } = await import("@noble/ciphers/chacha.js");
    const cipher = aead === "AES-128-GCM" ? gcm : chacha20poly1305;
    const plaintext = new Uint8Array(Buffer.concat(pieces));
    const sealed = cipher(key, nonce, header).encrypt(plaintext);
    return {
      seal: () => cipher(key, nonce, header).encrypt(plaintext),
      open: () => cipher(key, nonce, header).decrypt(sealed),
    };
  },
};
