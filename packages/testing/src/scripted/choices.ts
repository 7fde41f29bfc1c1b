import {
  availableCipherSuites,
  availableNamedGroups,
  byCode,
  type CipherSuite,
  cipherSuites,
  type NamedGroup,
  namedGroups,
  type SignatureScheme,
  signatureSchemes,
} from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { clientShares, type KeyShareEntry, supportedGroups } from "@tlskit/messages";
import { callerError, decode } from "@tlskit/wire";
import type { TestCertificate } from "../pki/certify.ts";
import { extensionData, type RawClientHello, type RawExtended } from "./raw-messages.ts";

/** The suites that a ClientHello offers and that the provider has, in its order. */
export function offeredSuites(hello: RawClientHello, provider: CryptoProvider): readonly CipherSuite[] {
  const available = availableCipherSuites(provider, cipherSuites);
  return hello.cipherSuites.flatMap((code) => byCode(available, code) ?? []);
}

/** The groups that a ClientHello offers and that the provider has, in its order. */
export function offeredGroups(hello: RawClientHello, provider: CryptoProvider): readonly NamedGroup[] {
  const data = extensionData(hello, supportedGroups.code);
  const codes = data === undefined ? [] : decode(supportedGroups.data, data);
  const available = availableNamedGroups(provider, namedGroups);
  return codes.flatMap((code) => byCode(available, code) ?? []);
}

/** The key shares in a ClientHello. */
export function offeredShares(hello: RawExtended): readonly KeyShareEntry[] {
  const data = extensionData(hello, clientShares.code);
  return data === undefined ? [] : decode(clientShares.data, data);
}

/** The first scheme that goes with a certificate's key. */
export function schemeOf({ key }: TestCertificate): SignatureScheme {
  const { type } = key.privateKey;
  const keyType = type !== "RSA" ? type : key.algorithm === "id-RSASSA-PSS" ? "id-RSASSA-PSS" : "rsaEncryption";
  const scheme = signatureSchemes.find((candidate) => candidate.keyType === keyType);
  if (scheme === undefined) throw callerError("unsupported_key", `no signature scheme goes with ${keyType}`);
  return scheme;
}
