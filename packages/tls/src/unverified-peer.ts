import type { TlsError } from "@tlskit/wire";
import type { Certificate } from "@tlskit/x509";

/** A peer that could not be verified: anybody may be on the other end of the connection. */
export class UnverifiedPeer {
  /** What it showed, its own certificate first. That it has the private key of that, it has proved. */
  readonly certificates: readonly Certificate[];
  /** Why it would have been refused. */
  readonly refusal: TlsError;

  /** @internal */
  constructor(certificates: readonly Certificate[], refusal: TlsError) {
    this.certificates = certificates;
    this.refusal = refusal;
  }
}
