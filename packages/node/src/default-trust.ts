import { readFileSync } from "node:fs";
import * as tls from "node:tls";
import { callerError, TrustAnchors } from "@tlskit/tls";

/** What newer runtimes have: Node from 22.15 and 23.10 on. */
interface CaCertificates {
  getCACertificates?(type: "default"): readonly string[];
}

let anchors: TrustAnchors | undefined;

/**
 * Whom this runtime trusts, exactly as its own `tls` does: its `tls.getCACertificates("default")` says so, with
 * `--use-system-ca`, `--use-openssl-ca` and `NODE_EXTRA_CA_CERTS` heeded. A Node without that function has the roots
 * that come with it, and `NODE_EXTRA_CA_CERTS` is read here.
 *
 * Read once for each process, when it is first needed. A certificate that breaks the rules of X.509 is left out.
 * @throws {TlsError} `unreadable_trust_anchors` (the caller's fault) if `NODE_EXTRA_CA_CERTS` names no readable file
 */
export function defaultTrustAnchors(): TrustAnchors {
  anchors ??= TrustAnchors.fromPem(defaultCertificates().join("\n"), () => undefined);
  return anchors;
}

function defaultCertificates(): readonly string[] {
  const { getCACertificates }: CaCertificates = tls;
  return getCACertificates?.("default") ?? [...tls.rootCertificates, ...extraCertificates()];
}

function extraCertificates(): readonly string[] {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  if (file === undefined || file === "") return [];
  try {
    return [readFileSync(file, "utf8")];
  } catch (error) {
    throw callerError(
      "unreadable_trust_anchors",
      `NODE_EXTRA_CA_CERTS names a file that can't be read: ${file}`,
      error,
    );
  }
}
