/** The hellos by which a server's certificates are asked for. */
import { type RawExtension, signatureAlgorithmsCert } from "@tlskit/messages";
import { encode } from "@tlskit/wire";
import { certificateQuestions } from "../probe/client-hello.ts";
import { registeredSignatureSchemes } from "../probe/default-offer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { cipherSuitesOf, type KnownCipherSuite } from "../registry/cipher-suite.ts";
import type { Version } from "../version.ts";
import { type KeyKind, keyKinds } from "./key-kinds.ts";

/**
 * Curves that keys of certificates lie on, which a server before TLS 1.3 shows to those alone who name them (RFC 8422
 * §5.1.1), and the others that are in use: x25519, P-256, P-384, P-521, x448, Brainpool's, secp256k1, P-224, P-192.
 */
const groups = [0x001d, 0x0017, 0x0018, 0x0019, 0x001e, 0x001a, 0x001b, 0x001c, 0x0016, 0x0015, 0x0013];

/** What comes along with a certificate for who asks; and that no signature in a certificate is a reason not to show it. */
const besides: readonly RawExtension[] = [
  ...certificateQuestions,
  { code: signatureAlgorithmsCert.code, data: encode(signatureAlgorithmsCert.data, registeredSignatureSchemes) },
];

const suitesOfTls13 = cipherSuitesOf("TLS 1.3").map(({ code }) => code);

/** Asks in TLS 1.3 for a certificate of one of these kinds. */
export function tls13Offer(kinds: readonly KeyKind[]): HelloOffer {
  return {
    versions: ["TLS 1.3"],
    cipherSuites: suitesOfTls13,
    signatureSchemes: kinds.flatMap(({ schemes }) => schemes),
    extensions: besides,
  };
}

/** Asks before TLS 1.3 for a certificate of one of these kinds, by those of the suites that go with them. */
export function earlierOffer(
  kinds: readonly KeyKind[],
  versions: readonly Version[],
  suites: readonly KnownCipherSuite[],
): HelloOffer {
  return {
    versions,
    cipherSuites: suites
      .filter((suite) => kinds.some(({ authentication }) => authentication === suite.authentication))
      .map(({ code }) => code),
    signatureSchemes: [...new Set(kinds.flatMap(({ tls12Schemes }) => tls12Schemes))],
    groups,
    // RFC 6101 has no extensions
    extensions: versions.every((version) => version === "SSL 3.0") ? [] : besides,
  };
}

/** Asks for any certificate. */
export function anyOffer(versions: readonly Version[], suites: readonly KnownCipherSuite[]): HelloOffer {
  const { signatureSchemes: _, groups: __, cipherSuites, ...offer } = earlierOffer(keyKinds, versions, suites);
  const isTls13 = versions.includes("TLS 1.3");
  return { ...offer, cipherSuites: [...(isTls13 ? suitesOfTls13 : []), ...cipherSuites] };
}

/** Asks in SSL 2.0, which has RSA alone. */
export const ssl2Offer: HelloOffer = {
  versions: ["SSL 2.0"],
  cipherSuites: cipherSuitesOf("SSL 2.0").map(({ code }) => code),
};
