import {
  Certificate,
  CertificateRevocationList,
  certificateFromPem,
  crlsFromPem,
  decodePem,
  describePassedOver,
  isPem,
  nothingLeft,
  type PassedOver,
  type PemBlock,
  readEach,
  TrustAnchors,
  X509Error,
} from "@tlskit/x509";
import { readBytes } from "../files.ts";
import { UsageError } from "../usage.ts";
import { asDer, inSignedData, signedDataLabels } from "./encodings.ts";

/** Whether a file is what is asked about, or was given along: then one with nothing of its kind in it is the wrong one. */
export type FileRole = "subject" | "option";

/** The certificates of a file, in PEM, DER or PKCS#7, at least one; of those that can't be read stderr tells. */
export function certificatesIn(file: string, role: FileRole): readonly Certificate[] {
  return readablePieces(file, piecesOf(file, certificates, role));
}

/** The first certificate of a file, which has to be readable. */
export function firstCertificateIn(file: string): Certificate {
  const [first] = piecesOf(file, certificates, "subject");
  if (first === undefined) throw new X509Error("invalid_pem", `${file}: it has no certificate`);
  return inFile(file, first.read);
}

/** The CRLs of a file, in PEM, DER or PKCS#7, at least one; of those that can't be read stderr tells. */
export function crlsIn(file: string): readonly CertificateRevocationList[] {
  return readablePieces(file, piecesOf(file, crls, "option"));
}

/** Trust anchors out of files. */
export function anchorsIn(files: readonly string[]): TrustAnchors {
  return TrustAnchors.of(files.flatMap((file) => certificatesIn(file, "option")));
}

/** On stderr, what was to be used and can't be. */
export function tellPassedOver(passedOver: readonly PassedOver[], where: string): void {
  for (const one of passedOver) process.stderr.write(`tlskit: passed over: ${where}, ${describePassedOver(one)}\n`);
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

/** A kind of what files hold, under its label in PEM. */
interface Kind<T> {
  readonly label: string;
  readonly isLabel: (label: string) => boolean;
  readonly fromBlock: (block: PemBlock) => T | undefined;
  readonly fromDer: (der: Uint8Array) => T;
}

const certificates: Kind<Certificate> = {
  label: "CERTIFICATE",
  isLabel: (label) => label.endsWith("CERTIFICATE"),
  fromBlock: (block) => certificateFromPem(`${block}`),
  fromDer: Certificate.fromDer,
};

const crls: Kind<CertificateRevocationList> = {
  label: "X509 CRL",
  isLabel: (label) => label.endsWith("CRL"),
  fromBlock: (block) => crlsFromPem(`${block}`).crls[0],
  fromDer: CertificateRevocationList.fromDer,
};

/** One of several things in a file, not read yet. */
interface Piece<T> {
  readonly source: string;
  readonly read: () => T;
}

/** What a file has of a kind, whether it can be read or not; or what there is of it in PKCS#7 (`.p7b`), in either form. */
function piecesOf<T>(file: string, kind: Kind<T>, role: FileRole): readonly Piece<T>[] {
  const bytes = readBytes(file);
  const none = (what: string): Error => {
    const message = `${file}: it has no block ${kind.label}${what}`;
    return role === "option" ? new UsageError(message) : new X509Error("invalid_pem", message);
  };
  return inFile(file, () => {
    if (!isPem(bytes)) {
      if (bytes[0] !== 0x30) throw none("");
      const bundled = inSignedData(bytes, kind.label);
      if (bundled === undefined) return [{ source: "the file", read: () => kind.fromDer(asDer(bytes)) }];
      if (bundled.length === 0) throw new X509Error("invalid_der", `there is no ${kind.label} in it`);
      return bundled.map((der, index) => pieceOfBundle(kind, der, `number ${index + 1}`));
    }
    const blocks = decodePem(bytes);
    const pieces = blocks.flatMap((block) => piecesOfBlock(kind, block));
    if (pieces.length > 0) return pieces;
    const others = [...new Set(blocks.map(({ label }) => label))].join(", ");
    throw none(others === "" ? "" : `, but ${others}`);
  });
}

function piecesOfBlock<T>(kind: Kind<T>, block: PemBlock): readonly Piece<T>[] {
  const source = `line ${block.line}`;
  if (signedDataLabels.includes(block.label)) {
    const bundled = inSignedData(block.bytes, kind.label) ?? [];
    return bundled.map((der, index) => pieceOfBundle(kind, der, `${source}, number ${index + 1}`));
  }
  if (!kind.isLabel(block.label)) return [];
  const read = (): T => {
    const found = kind.fromBlock(block);
    if (found === undefined) throw new X509Error("invalid_pem", `a block ${block.label} is not known here`);
    return found;
  };
  return [{ source, read }];
}

function pieceOfBundle<T>(kind: Kind<T>, der: Uint8Array, source: string): Piece<T> {
  return { source, read: () => kind.fromDer(der) };
}

/** Those that can be read: at least one, else there is nothing to go on with. */
function readablePieces<T>(file: string, pieces: readonly Piece<T>[]): readonly T[] {
  const found = readEach(
    pieces,
    ({ source }) => source,
    ({ read }) => read(),
  );
  if (found.read.length === 0) return inFile(file, () => throwError(nothingLeft(found)));
  tellPassedOver(found.passedOver, file);
  return found.read;
}

function throwError(error: Error): never {
  throw error;
}
