import { readFileSync } from "node:fs";
import { callerError } from "@tlskit/tls";
import { anyOf, aString, type Expectation, expectation, listOf } from "@tlskit/wire/arguments";
import { decodeFileText } from "@tlskit/x509";
import { type Binary, bytesOf, someBytes } from "../binary.ts";

/** A PEM text, its bytes, or the file that has it (`Bun.file`), which is read at once. */
export type Pem = string | Binary | NamedFile;

/** A `BunFile`, as far as it matters. */
interface NamedFile extends Blob {
  readonly name?: string | undefined;
}

const aFile = expectation("a file", (value) => value instanceof Blob && "name" in value);
export const aPem: Expectation = anyOf("a PEM text, its bytes or a Bun.file", aString, someBytes, aFile);

/** What may be one, or a list of them. */
export function oneOrMany(expected: Expectation): Expectation {
  return (value, name) => (Array.isArray(value) ? listOf(expected)(value, name) : expected(value, name));
}

/** @throws {TlsError} `unreadable_file` (the caller's fault) */
export function pemText(pem: Pem): string {
  if (typeof pem === "string") return pem;
  return decodeFileText("size" in pem ? fileBytes(pem) : bytesOf(pem));
}

/** `Bun.listen` answers at once, and a file of Bun's gives what it has later alone: so it is read by its name. */
function fileBytes({ name, size }: NamedFile): Uint8Array {
  if (name === undefined) throw callerError("unreadable_file", "a Bun.file without a name can't be read at once");
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(name);
  } catch (error) {
    throw callerError("unreadable_file", `the file ${name} can't be read`, error);
  }
  // A part of a file has its name as well.
  if (bytes.length !== size) throw callerError("unreadable_file", `a part of the file ${name} is no PEM file`);
  return bytes;
}

export function listed<T>(oneOrMany: T | readonly T[] | undefined): readonly T[] {
  if (oneOrMany === undefined) return [];
  return isList(oneOrMany) ? oneOrMany : [oneOrMany];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
