import type { ClientCertificates } from "@tlskit/tls";
import { X509Error } from "@tlskit/x509";
import { anchorsIn } from "./cert/read.ts";
import { UsageError } from "./usage.ts";

/** Whether clients are asked for certificates, and whose are trusted. */
export interface ClientCertificateOptions {
  readonly "client-ca"?: string | undefined;
  readonly "require-client-cert"?: boolean | undefined;
  readonly "request-client-cert"?: boolean | undefined;
}

/** What a server asks of its clients; nothing unless it is told. */
export function clientCertificates({
  "client-ca": ca,
  "require-client-cert": required = false,
  "request-client-cert": requested = false,
}: ClientCertificateOptions): ClientCertificates | undefined {
  if (required && requested)
    throw new UsageError("--require-client-cert and --request-client-cert contradict each other");
  if ((ca !== undefined) !== (required || requested)) {
    throw new UsageError("--client-ca goes together with --require-client-cert or --request-client-cert");
  }
  if (ca === undefined) return undefined;
  try {
    return { demand: required ? "required" : "optional", anchors: anchorsIn([ca]) };
  } catch (error) {
    if (error instanceof X509Error) throw new UsageError(error.message);
    throw error;
  }
}
