import { isAnonymous, type Tls12CipherSuite } from "@tlskit/ciphersuites";
import { callerError } from "@tlskit/wire";
import { takesPsk } from "../external-psks.ts";
import type { ClientHandshakeSettings } from "../settings.ts";
import type { CheckedWithVersions } from "../versions.ts";
import { tls12Psks } from "./psks.ts";

/** Those that a client has everything for: it verifies certificates, has pre-shared keys, or asks nobody who they are. */
export function usableSuites(
  { verifyPeer, externalPsks, externalPskFor, dangerouslyAnonymous = false }: ClientHandshakeSettings<unknown>,
  suites: readonly Tls12CipherSuite[],
): readonly Tls12CipherSuite[] {
  const hasPsks = externalPskFor !== undefined || tls12Psks(externalPsks).length > 0;
  return suites.filter((suite) =>
    isAnonymous(suite)
      ? dangerouslyAnonymous
      : (suite.certificateKey === undefined || verifyPeer !== undefined) && (hasPsks || !takesPsk(suite)),
  );
}

/**
 * Suites with pre-shared keys want keys.
 * @throws {TlsError} `unsupported_choice` (the caller's fault)
 */
export function checkPsksFor(
  suites: readonly Tls12CipherSuite[],
  { externalPsks, externalPskFor }: Pick<CheckedWithVersions, "externalPsks" | "externalPskFor">,
): void {
  const suite = suites.find(takesPsk);
  if (suite === undefined || typeof externalPsks === "function" || externalPskFor !== undefined) return;
  if (tls12Psks(externalPsks).length > 0) return;
  throw callerError("unsupported_choice", `cipherSuites has ${suite.name}, and externalPsks has no key for TLS 1.2`);
}
