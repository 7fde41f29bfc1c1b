import { type Pem, pemText } from "../options/pem.ts";

/** One or many, as `node:tls` takes them: what is falsy is as if it weren't there. */
export function given<T>(oneOrMany: T | readonly T[] | null | undefined): readonly NonNullable<T>[] {
  const many: readonly (T | null | undefined)[] = isList(oneOrMany) ? oneOrMany : [oneOrMany];
  return many.filter((one): one is NonNullable<T> => Boolean(one));
}

function isList<T>(value: T | readonly T[] | null | undefined): value is readonly T[] {
  return Array.isArray(value);
}

/**
 * Certificates as a PEM text. What OpenSSL calls a trusted certificate is one with settings behind it, and is read as far as
 * it has none: what is more than a certificate can't be read.
 */
export function certificateText(pem: Pem | ArrayBufferView): string {
  return textOf(pem).replace(/(?<=^-----(?:BEGIN|END) )TRUSTED (?=CERTIFICATE-----)/gm, "");
}

export function textOf(pem: Pem | ArrayBufferView): string {
  return pemText(typeof pem === "string" ? pem : new Uint8Array(pem.buffer, pem.byteOffset, pem.byteLength));
}
