import * as tls from "node:tls";
import { type Certificate, certificatesFromPem } from "@tlskit/x509";

/** The roots that this Node ships, whatever the machine trusts besides. */
export function bundledRoots(): readonly Certificate[] {
  return certificatesFromPem(tls.getCACertificates("bundled").join("\n"));
}
