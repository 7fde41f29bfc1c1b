import { runSync } from "@tlskit/crypto";
import { nodePasswordCryptography as cryptography } from "@tlskit/crypto-node";
import { encodeData, encodeEncryptedData } from "../../src/cms/content-info.ts";
import { derElement, derExplicit, derOctetString, derOid, derSequence, derSmallInteger } from "../../src/der-writer.ts";
import { type Certificate, type DeclaredPrivateKey, privateKeyToPkcs8 } from "../../src/index.ts";
import { encryptPkcs8 } from "../../src/keys/encrypted-private-key.ts";
import { encryptPbes2 } from "../../src/passwords/pbes2.ts";
import { makeMac } from "../../src/pkcs12/mac.ts";
import { Pkcs12Oid } from "../../src/pkcs12/oids.ts";
import { countingRandom } from "../pki.ts";
import { berOf, streamed } from "./writing.ts";

/**
 * A PKCS#12 file as NSS and Bouncy Castle write it: indefinite lengths and strings in pieces outside, in what the MAC is
 * over, and in what is encrypted. The MAC is over the BER.
 */
export function streamedPkcs12(
  key: DeclaredPrivateKey,
  certificates: readonly Certificate[],
  password: string,
): Uint8Array {
  const random = countingRandom();
  const keyDerivation = { name: "PBKDF2", hash: "SHA-256", iterations: 500 } as const;
  const options = { cryptography, random, keyDerivation };
  const bag = (type: string, value: Uint8Array): Uint8Array => derSequence(derOid(type), derExplicit(0, value));
  const certificateBags = certificates.map(({ der }) =>
    bag(Pkcs12Oid.certBag, bag(Pkcs12Oid.x509Certificate, derOctetString(der))),
  );
  const { identifier, ciphertext } = runSync(
    encryptPbes2(asBer(derSequence(...certificateBags)), { ...options, password }),
  );
  const pkcs8 = asBer(privateKeyToPkcs8(key));
  const keyBag = bag(Pkcs12Oid.pkcs8ShroudedKeyBag, runSync(encryptPkcs8(pkcs8, { ...options, password })));
  const safes = [encodeEncryptedData(identifier, ciphertext), encodeData(asBer(derSequence(keyBag)))];
  const authenticatedSafe = asBer(derSequence(...safes));
  const mac = runSync(makeMac(authenticatedSafe, { password, cryptography }, random, keyDerivation, "PKCS#12"));
  return asBer(derElement(0x30, derSmallInteger(3), encodeData(authenticatedSafe), mac));
}

/** The ciphertext alone has a tag of its own: its pieces are OCTET STRINGs all the same (RFC 5652 §6.1). */
function asBer(der: Uint8Array): Uint8Array {
  return berOf(der, (element) => ({
    ...streamed,
    implicitString: element.is(4) || (element.tagClass === "context-specific" && !element.constructed),
  }));
}
