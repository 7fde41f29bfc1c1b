import { decodeSignedData, X509Error } from "@tlskit/x509";
import { berToDer } from "@tlskit/x509/ber";

/** The same as DER, if it is BER; else as it is, for whoever reads it to say what is wrong with it. */
export function asDer(bytes: Uint8Array): Uint8Array {
  try {
    return berToDer(bytes);
  } catch (error) {
    if (error instanceof X509Error) return bytes;
    throw error;
  }
}

/** What PEM calls PKCS#7 (RFC 7468 §8, §9). */
export const signedDataLabels: readonly string[] = ["PKCS7", "CMS"];

/** What has a label of its own and may come in PKCS#7 instead, by that label; nothing if it isn't PKCS#7. */
export function inSignedData(der: Uint8Array, label: string): readonly Uint8Array[] | undefined {
  // the type of contents stands behind one header, or two octets of one, and before everything else (RFC 5652 §3)
  if (!Buffer.from(der.subarray(0, 20)).includes(signedData)) return undefined;
  const { certificates, crls } = decodeSignedData(asDer(der));
  if (label === "CERTIFICATE") return certificates;
  return label === "X509 CRL" ? crls : [];
}

/** The object identifier id-signedData, 1.2.840.113549.1.7.2, as it is encoded. */
const signedData = Buffer.from("06092a864886f70d010702", "hex");
