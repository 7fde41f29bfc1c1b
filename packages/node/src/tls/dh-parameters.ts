import { ffdhe2048, ffdhe3072, ffdhe4096, ffdhe6144, ffdhe8192, type NamedGroup } from "@tlskit/ciphersuites";
import { Reader, TlsError } from "@tlskit/wire";
import { decodePem, X509Error } from "@tlskit/x509";
import { invalidArgumentValue } from "./argument-errors.ts";

/** The groups that everybody can look up (RFC 7919), by the bits of their primes. */
const groups: readonly (readonly [bits: number, group: NamedGroup])[] = [
  [2048, ffdhe2048],
  [3072, ffdhe3072],
  [4096, ffdhe4096],
  [6144, ffdhe6144],
  [8192, ffdhe8192],
];

/** OpenSSL takes none with a prime that is shorter than this, in bits. */
const minimumBits = 1024;

/**
 * The group that stands for a server's parameters: one of RFC 7919 that is as long at least. Parameters of one's own are hard to
 * verify, and gain nothing. Nothing for `auto`, and for what can't be read, as in `node:tls`.
 * @param parameters PEM, as `openssl dhparam` writes it.
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for a prime of less than 1,024 bits
 */
export function groupForDhParameters(parameters: string | Uint8Array): NamedGroup | undefined {
  if (parameters === "auto") return undefined;
  const bits = primeBits(parameters);
  if (bits === undefined) return undefined;
  if (bits < minimumBits) {
    throw invalidArgumentValue("options.dhparam", bits, `DH parameter is less than ${minimumBits} bits`);
  }
  return groups.find(([atLeast]) => bits <= atLeast)?.[1] ?? ffdhe8192;
}

/** PKCS #3 §9: DHParameter ::= SEQUENCE { prime INTEGER, base INTEGER, … } */
function primeBits(pem: string | Uint8Array): number | undefined {
  try {
    const block = decodePem(pem).find(({ label }) => label === "DH PARAMETERS");
    if (block === undefined) return undefined;
    const sequence = content(new Reader(block.bytes), 0x30);
    const prime = content(sequence, 0x02).rest();
    const first = prime.findIndex((octet) => octet !== 0);
    return first < 0 ? 0 : (prime.length - first) * 8 - (Math.clz32(prime[first] ?? 0) - 24);
  } catch (error) {
    if (error instanceof X509Error || error instanceof TlsError) return undefined;
    throw error;
  }
}

/** Inside a structure of DER (X.690 §8.1). */
function content(reader: Reader, tag: number): Reader {
  if (reader.u8() !== tag) return new Reader(new Uint8Array(0));
  const first = reader.u8();
  const length = first < 0x80 ? first : first === 0x81 ? reader.u8() : reader.u16();
  return reader.sub(length);
}
