import type { CurveName } from "@tlskit/crypto";

interface EllipticCurve {
  readonly openssl: string;
  /** Bytes of a coordinate. */
  readonly coordinateLength: number;
  /** DER of a SubjectPublicKeyInfo (RFC 5480) up to the uncompressed point. */
  readonly spkiPrefix: Buffer;
}

export const ellipticCurves: Readonly<Record<CurveName, EllipticCurve>> = {
  "P-256": {
    openssl: "prime256v1",
    coordinateLength: 32,
    spkiPrefix: Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex"),
  },
  "P-384": {
    openssl: "secp384r1",
    coordinateLength: 48,
    spkiPrefix: Buffer.from("3076301006072a8648ce3d020106052b81040022036200", "hex"),
  },
  "P-521": {
    openssl: "secp521r1",
    coordinateLength: 66,
    spkiPrefix: Buffer.from("30819b301006072a8648ce3d020106052b8104002303818600", "hex"),
  },
};
