import { type DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, contextPrimitive } from "../der-tag.ts";
import { derElement, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { encodeGeneralName, type GeneralName, readSubtreeBase } from "../general-name.ts";

/** RFC 5280 §4.2.1.10: which names the certificates below a CA may have, as the bases of subtrees. */
export interface NameConstraints {
  /** For each form that is among them, a name must lie in one of these. */
  readonly permittedSubtrees: readonly GeneralName[];
  readonly excludedSubtrees: readonly GeneralName[];
}

/**
 * ```
 * NameConstraints ::= SEQUENCE { permittedSubtrees [0] GeneralSubtrees OPTIONAL, excludedSubtrees [1] GeneralSubtrees OPTIONAL }
 * GeneralSubtrees ::= SEQUENCE SIZE (1..MAX) OF GeneralSubtree
 * GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] BaseDistance DEFAULT 0, maximum [1] BaseDistance OPTIONAL }
 * ```
 */
export function decodeNameConstraints(value: Uint8Array): NameConstraints {
  const what = "the name constraints";
  return decodeDer(value, what, (reader) => {
    const parts = reader.sequence(what);
    const permittedSubtrees = readSubtrees(parts, 0, what);
    const excludedSubtrees = readSubtrees(parts, 1, what);
    parts.finish(what);
    // RFC 5280 §4.2.1.10: not an empty sequence
    if (permittedSubtrees === undefined && excludedSubtrees === undefined) {
      throw x509Error("invalid_certificate", `${what} neither permit nor exclude anything`);
    }
    return { permittedSubtrees: permittedSubtrees ?? [], excludedSubtrees: excludedSubtrees ?? [] };
  });
}

/** @throws {X509Error} `invalid_argument` for constraints that neither permit nor exclude anything */
export function encodeNameConstraints({ permittedSubtrees, excludedSubtrees }: NameConstraints): Uint8Array {
  if (permittedSubtrees.length + excludedSubtrees.length === 0) {
    throw x509Error("invalid_argument", "name constraints permit or exclude something");
  }
  const subtrees = (number: number, bases: readonly GeneralName[]): readonly Uint8Array[] =>
    bases.length === 0
      ? []
      : [derElement(contextConstructed(number), ...bases.map((base) => derSequence(encodeGeneralName(base))))];
  return derSequence(...subtrees(0, permittedSubtrees), ...subtrees(1, excludedSubtrees));
}

function readSubtrees(reader: DerReader, number: number, what: string): readonly GeneralName[] | undefined {
  const tag = contextConstructed(number);
  if (reader.nextTag !== tag) return undefined;
  const list = reader.open(tag, what);
  const bases: GeneralName[] = [];
  do {
    const subtree = list.sequence(what);
    const base = readSubtreeBase(subtree, what);
    // RFC 5280 §4.2.1.10: the minimum is zero, which DER leaves out, and there is no maximum
    if (subtree.nextTag === contextPrimitive(0)) refuseMinimum(subtree.content(contextPrimitive(0), what), what);
    subtree.finish("a subtree of the name constraints");
    if (base.type === "iPAddress" && !isPrefix(base.value)) {
      // RFC 4632 §3.1: a prefix of the address, which a mask with holes isn't
      throw x509Error("invalid_certificate", `${what} have an address whose mask isn't a prefix`);
    }
    bases.push(base);
  } while (!list.done);
  return bases;
}

/** `minimum [0] BaseDistance DEFAULT 0` */
function refuseMinimum(content: Uint8Array, what: string): void {
  if (content.length !== 1 || content[0] !== 0) {
    throw x509Error("invalid_certificate", `${what} have a subtree with a minimum other than zero`);
  }
}

/** Whether the mask behind an address is ones followed by zeros. */
function isPrefix(addressAndMask: Uint8Array): boolean {
  let ended = false;
  for (const octet of addressAndMask.subarray(addressAndMask.length / 2)) {
    if (ended ? octet !== 0 : (~octet & 0xff & ((~octet & 0xff) + 1)) !== 0) return false;
    if (octet !== 0xff) ended = true;
  }
  return true;
}
