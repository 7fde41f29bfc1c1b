import * as tls from "node:tls";

/** What newer runtimes have: Node from 22.15 and 23.10 on. */
interface CaCertificates {
  getCACertificates?(type?: "default" | "system" | "bundled" | "extra"): string[];
}

/**
 * The runtime's own `node:tls`, as it was when this was first loaded: an import of it gives what stands in its place as soon
 * as something does (`@tlskit/node/register`), and here that would be asking oneself.
 */
export const runtimeTls: Readonly<Omit<typeof tls, keyof CaCertificates> & CaCertificates> = { ...tls };
