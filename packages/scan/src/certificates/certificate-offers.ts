/** The hellos by which a server's certificates are asked for. */
import { type RawExtension, signatureAlgorithmsCert } from "@tlskit/messages";
import { encode } from "@tlskit/wire";
import { certificateQuestions } from "../probe/client-hello.ts";
import { registeredSignatureSchemes } from "../probe/default-offer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { cipherSuitesOf, type KnownCipherSuite } from "../registry/cipher-suite.ts";
import type { Version } from "../version.ts";
import { type KeyKind, keyKinds } from "./key-kinds.ts";

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
    // RFC 6101 has no extensions
    extensions: versions.every((version) => version === "SSL 3.0") ? [] : besides,
  };
}

/** Asks for any certificate. */
export function anyOffer(versions: readonly Version[], suites: readonly KnownCipherSuite[]): HelloOffer {
  const { signatureSchemes: _, cipherSuites, ...offer } = earlierOffer(keyKinds, versions, suites);
  const isTls13 = versions.includes("TLS 1.3");
  return { ...offer, cipherSuites: [...(isTls13 ? suitesOfTls13 : []), ...cipherSuites] };
}

/** Asks in SSL 2.0, which has RSA alone. */
export const ssl2Offer: HelloOffer = {
  versions: ["SSL 2.0"],
  cipherSuites: cipherSuitesOf("SSL 2.0").map(({ code }) => code),
};
