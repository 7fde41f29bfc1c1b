import { byCode, type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import { isLegacyCipherSuite } from "@tlskit/ciphersuites/legacy";
import { aeadOf, blockCipherOf, type CryptoProvider, hashOf, md5Of } from "@tlskit/crypto";
import { type HelloRandoms, type KeyBlock, type KeyBlockLengths, MainSecret, type Prf, prf } from "@tlskit/keyschedule";
import { legacyPrf } from "@tlskit/keyschedule/legacy";
import { type MessageType, tls12MessageTypes, tls12MessageTypesOf } from "@tlskit/messages";
import { inLegacyForm } from "@tlskit/messages/legacy";
import { type Opening, tls12AeadOpening } from "@tlskit/record";
import { tls12CbcOpening } from "@tlskit/record/cbc";
import { dangerousNullOpening } from "@tlskit/record/dangerous-null";
import { type Tls10CbcKeys, tls10CbcOpening, tls11CbcOpening } from "@tlskit/record/legacy";
import { callerError } from "@tlskit/wire";
import { cipherSuiteText, noSecret } from "./failures.ts";
import { tls10, tls11, tls12 } from "./versions.ts";

/** Bytes of a nonce that stand in the record (RFC 5288 §3). */
const explicitNonceLength = 8;

/** What a handshake before TLS 1.3 came to. */
export interface EarlierHandshake {
  /** ProtocolVersion. */
  readonly version: number;
  /** CipherSuite code point. */
  readonly cipherSuite: number;
  readonly randoms: HelloRandoms;
  /** RFC 7366: whether block ciphers' MACs are over the ciphertext. */
  readonly encryptThenMac: boolean;
}

const knownSuites: readonly Tls12CipherSuite[] = [...tls12CipherSuites, ...dangerousCipherSuites];

/** The messages that may come, in the form of version and key exchange. */
export function earlierMessageTypes({ version, cipherSuite }: EarlierHandshake): readonly MessageType<unknown>[] {
  const suite = byCode(knownSuites, cipherSuite);
  const types = suite === undefined ? tls12MessageTypes : tls12MessageTypesOf(suite);
  return version === tls12 ? types : types.map((type) => inLegacyForm(type));
}

/**
 * What opens an end's records under the main secret.
 * @throws {TlsError} `no_secret`, `unknown_cipher_suite`; {CryptoError} `unsupported`
 */
export function earlierOpening(
  provider: CryptoProvider,
  handshake: EarlierHandshake,
  mainSecret: Uint8Array | undefined,
  role: keyof KeyBlock,
): Opening {
  const { version, cipherSuite, randoms, encryptThenMac } = handshake;
  const suite = byCode(knownSuites, cipherSuite);
  if (suite === undefined || !(version === tls12 || isLegacyCipherSuite(suite))) {
    throw callerError("unknown_cipher_suite", `${cipherSuiteText(cipherSuite)} isn't known in this version`);
  }
  if (mainSecret === undefined) throw noSecret("the key log has no main secret of this connection");
  if (mainSecret.length !== 48) throw noSecret(`the key log's main secret has ${mainSecret.length} bytes, and not 48`);
  const main = new MainSecret(prfOf(provider, version, suite), mainSecret, false);
  const { protection } = suite;
  const { key, iv, macKey } = main.keyBlock(randoms, keyLengths(provider, version, suite))[role];
  switch (protection.type) {
    case "AEAD": {
      const { nonce, recordLimit } = protection;
      return tls12AeadOpening({ aead: aeadOf(provider, protection.aead), key, iv, nonce, recordLimit });
    }
    case "NULL":
      if (version !== tls12)
        throw callerError("unknown_cipher_suite", "records without encryption are read in TLS 1.2 alone");
      return dangerousNullOpening({ hash: hashOf(provider, protection.mac), macKey });
    case "CBC": {
      const [cipher, hash] = [blockCipherOf(provider, protection.cipher), hashOf(provider, protection.mac)];
      const { blockLimit } = protection;
      return cbcOpening(version, { cipher, hash, key, macKey, iv, blockLimit, encryptThenMac });
    }
  }
}

function cbcOpening(version: number, keys: Tls10CbcKeys): Opening {
  if (version === tls10) return tls10CbcOpening(keys);
  return version === tls11 ? tls11CbcOpening(keys) : tls12CbcOpening(keys);
}

function prfOf(provider: CryptoProvider, version: number, { hash }: Tls12CipherSuite): Prf {
  return version === tls12 ? prf(hashOf(provider, hash)) : legacyPrf(md5Of(provider), hashOf(provider, "SHA-1"));
}

/** RFC 5246 §6.3: what a suite takes out of the key block for each direction; in TLS 1.0 a vector too (RFC 2246 §6.3). */
function keyLengths(provider: CryptoProvider, version: number, { protection }: Tls12CipherSuite): KeyBlockLengths {
  if (protection.type === "AEAD") {
    const { keyLength, nonceLength } = aeadOf(provider, protection.aead);
    return { mac: 0, key: keyLength, iv: nonceLength - (protection.nonce === "explicit" ? explicitNonceLength : 0) };
  }
  const mac = hashOf(provider, protection.mac).length;
  if (protection.type === "NULL") return { mac, key: 0, iv: 0 };
  const { keyLength, blockLength } = blockCipherOf(provider, protection.cipher);
  return { mac, key: keyLength, iv: version === tls10 ? blockLength : 0 };
}
