import type { Certificate } from "../certificate.ts";
import type { DeclaredPrivateKey } from "../keys/private-key.ts";
import type { PassedOver } from "../passed-over.ts";

/** What a PKCS#12 file says of a key or a certificate. */
export interface Pkcs12Labels {
  /** A name to show to people. */
  readonly friendlyName: string | undefined;
  /** The same octets at a key and its certificate: a hint, which nothing here relies on. */
  readonly localKeyId: Uint8Array | undefined;
}

export interface Pkcs12Key extends Pkcs12Labels {
  readonly key: DeclaredPrivateKey;
}

export interface Pkcs12Certificate extends Pkcs12Labels {
  readonly certificate: Certificate;
}

/** A key with its certificate and what certifies it, as far as the file has it: the leaf first, then issuer by issuer. */
export interface Pkcs12Identity {
  readonly key: DeclaredPrivateKey;
  /** Put in order by names and key identifiers; nothing of it was verified. */
  readonly chain: readonly Certificate[];
  readonly friendlyName: string | undefined;
}

/** What a PKCS#12 file holds. */
export interface Pkcs12Contents {
  /** The keys for which the file has a certificate. */
  readonly identities: readonly Pkcs12Identity[];
  /** All keys, in the file's order. */
  readonly keys: readonly Pkcs12Key[];
  /** All certificates, in the file's order. */
  readonly certificates: readonly Pkcs12Certificate[];
  /** What it has besides: CRLs, secrets, whatever isn't in RFC 7292; and keys and certificates that can't be read. */
  readonly passedOver: readonly PassedOver[];
}
