import { constants } from "node:crypto";
import { callerError } from "@tlskit/tls";

/** A version as `node:tls` names it. */
export type VersionName = "TLSv1" | "TLSv1.1" | "TLSv1.2" | "TLSv1.3";

const names: readonly VersionName[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/** Which versions may be spoken, as `node:tls` is told it. */
export interface VersionOptions {
  /** The oldest version that may be spoken. Only TLS 1.3 is, so this holds whatever it says. */
  readonly minVersion?: VersionName | undefined;
  /** The newest version that may be spoken: `TLSv1.3`, for there is no other. */
  readonly maxVersion?: VersionName | undefined;
  /** OpenSSL's `SSL_OP_*` (`crypto.constants`). */
  readonly secureOptions?: number | undefined;
}

/**
 * Whoever asks for older versions alone must not get a newer one instead.
 * @throws {TlsError} `no_common_version` (the caller's fault)
 */
export function checkVersions({ minVersion, maxVersion, secureOptions }: VersionOptions): void {
  for (const version of [minVersion, maxVersion]) {
    if (version !== undefined && !names.includes(version)) {
      throw callerError("no_common_version", `there is no version ${JSON.stringify(version)}`);
    }
  }
  if (maxVersion !== undefined && maxVersion !== "TLSv1.3") {
    throw callerError("no_common_version", `maxVersion is ${maxVersion}, and only TLSv1.3 is spoken`);
  }
  if (secureOptions !== undefined && (secureOptions & constants.SSL_OP_NO_TLSv1_3) !== 0) {
    throw callerError("no_common_version", "secureOptions has SSL_OP_NO_TLSv1_3, and only TLSv1.3 is spoken");
  }
}
