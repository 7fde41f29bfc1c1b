import { decodeDer } from "../der-reader.ts";
import { Tag } from "../der-tag.ts";
import { derSequence, derSmallInteger, derTrue } from "../der-writer.ts";

/**
 * RFC 5280 §4.2.1.9: whether the subject is a CA, and how many CAs may follow below it. Where there is no CA, a path
 * length means nothing.
 */
export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | undefined;
}

/** `BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }` */
export function decodeBasicConstraints(value: Uint8Array): BasicConstraints {
  const what = "the basic constraints";
  return decodeDer(value, what, (reader) => {
    const parts = reader.sequence(what);
    const ca = parts.nextTag === Tag.boolean && parts.boolean(what);
    const pathLength = parts.done ? undefined : parts.smallInteger(0x7fffffff, "the path length constraint");
    parts.finish(what);
    return { ca, pathLength };
  });
}

export function encodeBasicConstraints({ ca, pathLength }: BasicConstraints): Uint8Array {
  if (!ca) return derSequence();
  return derSequence(derTrue(), ...(pathLength === undefined ? [] : [derSmallInteger(pathLength)]));
}
