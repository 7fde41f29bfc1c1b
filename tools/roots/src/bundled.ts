import * as tls from "node:tls";
import { type Certificate, certificatesFromPem, describePassedOver } from "@tlskit/x509";

/** The roots that this Node ships, whatever the machine trusts besides. */
export function bundledRoots(): readonly Certificate[] {
  const { certificates, passedOver } = certificatesFromPem(tls.getCACertificates("bundled").join("\n"));
  for (const one of passedOver) throw new Error(`a root of Node's can't be read: ${describePassedOver(one)}`);
  return certificates;
}
