/** A library of OpenSSL's: the number in its errors, and how it is called in them. */
const libraries = {
  SSL: [20, "SSL routines", "ERR_SSL_"],
  PEM: [9, "PEM routines", "ERR_OSSL_PEM_"],
  DECODER: [60, "DECODER routines", "ERR_OSSL_"],
  ASN1: [13, "asn1 encoding routines", "ERR_OSSL_ASN1_"],
  provider: [57, "Provider routines", "ERR_OSSL_"],
  X509: [11, "x509 certificate routines", "ERR_OSSL_X509_"],
} as const;

export type OpensslLibrary = keyof typeof libraries;

/** What OpenSSL finds wrong: the number of the reason in its library, and its text. */
export type Reason = readonly [number: number, text: string];

/** An error as `node:tls` makes it of one of OpenSSL's. */
export interface OpensslError extends Error {
  readonly code: string;
  readonly library: string;
  readonly reason: string;
}

/**
 * An error as `node:tls` makes it of one of OpenSSL's: `error:0A0000C1:SSL routines::no shared cipher`, and what there is to
 * say besides.
 * @param cause ours, whose sentence it tells.
 * @param detail what OpenSSL adds to it.
 * @param untold the `cause`, where its sentence isn't told, since programs look at the whole message.
 */
export function opensslError(
  library: OpensslLibrary,
  [number, text]: Reason,
  cause: Error | undefined,
  detail = "",
  untold?: unknown,
): OpensslError {
  const [libraryNumber, name, prefix] = libraries[library];
  const id = (libraryNumber * 0x80_0000 + number).toString(16).toUpperCase().padStart(8, "0");
  const added = [detail === "" ? "" : `:${detail}`, cause === undefined ? "" : ` (${cause.message})`].join("");
  const error = new Error(`error:${id}:${name}::${text}${added}`, withCause(cause ?? untold));
  return Object.assign(error, { library: name, reason: text, code: `${prefix}${word(text)}` });
}

function word(text: string): string {
  return text.replaceAll(" ", "_").toUpperCase();
}

function withCause(cause: unknown): ErrorOptions | undefined {
  return cause === undefined ? undefined : { cause };
}
