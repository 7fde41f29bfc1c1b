/**
 * What a key server signs. There is no request that brings octets to be signed: it brings the parts that a TLS server's
 * signature is about, which are read by their description, and the server composes what it signs out of them.
 */
import type { SignatureAlgorithm } from "@tlskit/crypto";
import {
  asciiBytes,
  type Codec,
  concat,
  decode,
  decodeError,
  encode,
  enumeration,
  equalBytes,
  explained,
  mapped,
  opaque,
  opaqueVector,
  struct,
  TlsError,
  uint8,
} from "@tlskit/wire";
import { mayBeDer } from "./der.ts";

/**
 * A form in which TLS servers sign:
 * - `tls13`: CertificateVerify of TLS 1.3, of a server (RFC 9846 §4.5.2).
 * - `tls12-ecdhe`: ServerKeyExchange of TLS 1.2, with a named curve (RFC 8422 §5.4).
 */
export type SignedFormName = "tls13" | "tls12-ecdhe";

/** What is signed, in its parts. */
export interface ToBeSigned {
  readonly form: SignedFormName;
  /** As the form's description composes it: what the signer is given. */
  readonly content: Uint8Array;
}

interface SignedForm {
  readonly code: number;
  /** Reads the parts that a request brings, and gives what they make; writes the parts of what is made. */
  readonly codec: Codec<Uint8Array>;
  /** Whether such content is of this form, which is what a signer is asked to sign. */
  matches(content: Uint8Array): boolean;
  /** Whether a server of this version signs so. */
  allows(algorithm: SignatureAlgorithm): boolean;
}

/** RFC 9846 §4.5.2: what stands before the transcript's hash. No signature of a client, or of anything else, is of this. */
const serverPrefix: Uint8Array = concat(
  new Uint8Array(64).fill(0x20),
  asciiBytes("TLS 1.3, server CertificateVerify"),
  Uint8Array.of(0),
);

/** RFC 9846 §B.4: the hashes of TLS 1.3's cipher suites are SHA-256 and SHA-384. */
const hashLengths = [32, 48];

/** RFC 9846 §4.3.3: what a server's CertificateVerify is signed by. PKCS#1 v1.5 is not, nor a curve with another's hash. */
const tls13Algorithms: readonly SignatureAlgorithm[] = [
  "ECDSA/P-256/SHA-256",
  "ECDSA/P-384/SHA-384",
  "ECDSA/P-521/SHA-512",
  "Ed25519",
  "Ed448",
  "RSA-PSS/SHA-256",
  "RSA-PSS/SHA-384",
  "RSA-PSS/SHA-512",
];

const tls13: SignedForm = {
  code: 1,
  codec: mapped(opaqueVector(32, 48), {
    read: (transcriptHash) => {
      if (!hashLengths.includes(transcriptHash.length)) {
        throw decodeError(`a transcript's hash has 32 or 48 bytes, not ${transcriptHash.length}`);
      }
      return concat(serverPrefix, transcriptHash);
    },
    write: (content) => content.subarray(serverPrefix.length),
    meaning: () => "a transcript's hash",
  }),
  matches: (content) =>
    equalBytes(content.subarray(0, serverPrefix.length), serverPrefix) &&
    hashLengths.includes(content.length - serverPrefix.length),
  allows: (algorithm) => tls13Algorithms.includes(algorithm),
};

/** RFC 8422 §5.4: what ServerKeyExchange signs. */
interface SignedEcdhParameters {
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly curveType: number;
  readonly namedCurve: number;
  readonly point: Uint8Array;
}

const namedCurveType = 3;

/** RFC 8422 §5.1.1, §5.4: bytes of a point on each curve, and what an uncompressed one begins with (§5.1.2). */
const points: Readonly<Record<number, { readonly name: string; readonly length: number; readonly first?: number }>> = {
  0x0017: { name: "secp256r1", length: 65, first: 4 },
  0x0018: { name: "secp384r1", length: 97, first: 4 },
  0x0019: { name: "secp521r1", length: 133, first: 4 },
  0x001d: { name: "x25519", length: 32 },
  0x001e: { name: "x448", length: 56 },
};

const SignedEcdhParameters: Codec<SignedEcdhParameters> = struct<SignedEcdhParameters>("SignedEcdhParameters", {
  clientRandom: opaque(32),
  serverRandom: opaque(32),
  curveType: mapped(uint8, {
    read: (type) => {
      if (type !== namedCurveType) throw decodeError(`a curve by its name has the type 3, not ${type}`);
      return type;
    },
    write: (type) => type,
  }),
  namedCurve: enumeration("NamedCurve", 2, (code) => points[code]?.name),
  point: opaqueVector(1, 255),
});

const tls12Ecdhe: SignedForm = {
  code: 2,
  codec: mapped(SignedEcdhParameters, {
    read: (parameters) => {
      const { namedCurve, point } = parameters;
      const expected = points[namedCurve];
      if (expected === undefined) throw decodeError(`no curve ${namedCurve}`);
      if (point.length !== expected.length || (expected.first ?? point[0]) !== point[0]) {
        throw decodeError(`not a point on ${expected.name}`);
      }
      const content = encode(SignedEcdhParameters, parameters);
      // All but a few bytes of this form are anybody's choice. What certificates, requests for them, revocation lists and
      // OCSP's answers sign is a SEQUENCE in DER, which such bytes can be made to spell; randomness isn't one by chance
      // but once in millions.
      if (mayBeDer(content)) throw decodeError("what is to be signed for TLS 1.2 is DER as well");
      return content;
    },
    write: (content) => decode(SignedEcdhParameters, content),
    meaning: () => "random values, curve and point",
  }),
  matches: (content) => {
    try {
      return decode(tls12Ecdhe.codec, encode(tls12Ecdhe.codec, content)).length === content.length;
    } catch (error) {
      if (error instanceof TlsError && error.kind === "peer") return false;
      throw error;
    }
  },
  // RFC 5246 §7.4.1.4.1, RFC 8422 §5.1.3, RFC 9846 §4.3.3: any hash, PKCS#1 too
  // RFC 9155 §3, §4: what TLS 1.1 signs has the same form, and is not for others to ask for.
  allows: (algorithm) => !algorithm.endsWith("SHA-1"),
};

/** In the order in which what is to be signed is looked at. */
const forms: Readonly<Record<SignedFormName, SignedForm>> = { tls13, "tls12-ecdhe": tls12Ecdhe };
export const signedFormNames: readonly SignedFormName[] = ["tls13", "tls12-ecdhe"];

const formByCode = (code: number): SignedFormName | undefined =>
  signedFormNames.find((name) => forms[name].code === code);
const SignedFormCode: Codec<number> = enumeration("SignedForm", 1, formByCode);

/** `SignedForm form; select (form) { … }` */
export const ToBeSigned: Codec<ToBeSigned> = {
  type: "ToBeSigned",
  read: (reader, name) =>
    explained(reader, name, "ToBeSigned", (from) => {
      const code = SignedFormCode.read(from, "form");
      const form = formByCode(code);
      if (form === undefined) throw decodeError(`there is no signed form ${code}`);
      return { form, content: forms[form].codec.read(from, form) };
    }),
  write: (writer, { form, content }) => {
    SignedFormCode.write(writer, forms[form].code);
    forms[form].codec.write(writer, content);
  },
};

/** What a handshake wants signed, as what a key server can be asked for; nothing if it isn't a TLS server's. */
export function toBeSigned(content: Uint8Array): ToBeSigned | undefined {
  const form = signedFormNames.find((name) => forms[name].matches(content));
  return form === undefined ? undefined : { form, content };
}

/** Whether a TLS server signs by the algorithm in this form. */
export function formAllows(form: SignedFormName, algorithm: SignatureAlgorithm): boolean {
  return forms[form].allows(algorithm);
}
