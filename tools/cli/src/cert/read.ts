import { readFileSync } from "node:fs";
import { Certificate, decodePem, TrustAnchors, X509Error } from "@tlskit/x509";
import { UsageError } from "../usage.ts";
import { asDer, inSignedData, signedDataLabels } from "./encodings.ts";

/** A file named on the command line. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Whether bytes are PEM, or any other text that has a block of it, rather than DER, which begins with a SEQUENCE. */
export function isPem(bytes: Uint8Array): boolean {
  return bytes[0] !== 0x30 || Buffer.from(bytes).includes("-----BEGIN ");
}

/** The blocks of a label, or the whole file if it is in DER; or what there is of it in PKCS#7 (`.p7b`), in either form. */
export function blocksOf(file: string, label: string): readonly Uint8Array[] {
  const bytes = readBytes(file);
  return inFile(file, () => {
    if (!isPem(bytes)) {
      const bundled = inSignedData(bytes, label);
      if (bundled?.length === 0) throw new X509Error("invalid_der", `there is no ${label} in it`);
      return bundled ?? [asDer(bytes)];
    }
    const blocks = decodePem(Buffer.from(bytes).toString("latin1"));
    const found = blocks.flatMap((block) => {
      if (signedDataLabels.includes(block.label)) return inSignedData(block.bytes, label) ?? [];
      return block.label === label ? [block.bytes] : [];
    });
    if (found.length > 0) return found;
    const others = [...new Set(blocks.map((block) => block.label))].join(", ");
    throw new X509Error("invalid_pem", `it has no block ${label}${others === "" ? "" : `, but ${others}`}`);
  });
}

/** The certificates of a file, in PEM or DER, at least one. */
export function certificatesIn(file: string): readonly Certificate[] {
  return inFile(file, () => blocksOf(file, "CERTIFICATE").map((der) => Certificate.fromDer(der)));
}

/** Trust anchors out of files. */
export function anchorsIn(files: readonly string[]): TrustAnchors {
  return TrustAnchors.of(files.flatMap(certificatesIn));
}

/** Says in which file it is that something is wrong. */
export function inFile<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof X509Error) || error.message.startsWith(`${file}: `)) throw error;
    throw new X509Error(error.code, `${file}: ${error.message}`, { cause: error });
  }
}

/** The same for what the command line got wrong, if the file can't be used. */
export function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(error.message);
    throw error;
  }
}
