import { type TrustAnchors, X509Error } from "@tlskit/x509";
import { anchorsIn } from "./cert/read.ts";
import { UsageError } from "./usage.ts";

/**
 * Whom to trust instead of the system, out of the files of an option.
 * @throws {UsageError}
 */
export function anchorsFrom(files: readonly string[]): TrustAnchors {
  try {
    return anchorsIn(files);
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(error.message);
    throw error;
  }
}
