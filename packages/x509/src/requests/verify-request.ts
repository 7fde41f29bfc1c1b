import { type CryptoProvider, run, runSync, type Steps } from "@tlskit/crypto";
import { x509Error } from "../error.ts";
import { decodePem, isPem } from "../pem.ts";
import { verifySignature } from "../signature.ts";
import { CertificateRequest, readRequest } from "./certificate-request.ts";

/** A request as it came, and what its signature is verified by. */
export interface RequestInputs {
  readonly provider: CryptoProvider;
  /** A PEM text, of which the first block `CERTIFICATE REQUEST` is taken, or a file's bytes, in PEM or DER. */
  readonly request: string | Uint8Array;
}

/**
 * Reads a request for a certificate, and verifies that whoever made it has the private key (RFC 2986 §3), as steps;
 * {@link verifyCertificateRequestSync} and {@link verifyCertificateRequestAsync} run them.
 * @throws {X509Error} `invalid_signature`, `unsupported_algorithm`, `invalid_pem`, `invalid_der`, `invalid_request`,
 *   `invalid_certificate` for the extensions, `too_large`
 */
export function* verifyCertificateRequest({ provider, request }: RequestInputs): Steps<CertificateRequest> {
  const parts = readRequest(typeof request === "string" || isPem(request) ? requestBlock(request) : request);
  const result = yield* verifySignature({
    provider,
    signer: parts.subjectPublicKeyInfo,
    algorithm: parts.signatureAlgorithm,
    data: parts.info,
    signature: parts.signature,
  });
  if (result.verdict === "bad")
    throw x509Error("invalid_signature", "the request was not signed with the key that it names");
  if (result.verdict === "unsupported") throw x509Error("unsupported_algorithm", result.message);
  return CertificateRequest.ofVerified(parts);
}

/**
 * {@link verifyCertificateRequest}, at once.
 * @throws {CryptoError} `would_wait` with a provider that answers later
 */
export function verifyCertificateRequestSync(inputs: RequestInputs): CertificateRequest {
  return runSync(verifyCertificateRequest(inputs));
}

/** {@link verifyCertificateRequest}, with any provider. */
export async function verifyCertificateRequestAsync(inputs: RequestInputs): Promise<CertificateRequest> {
  return await run(verifyCertificateRequest(inputs));
}

function requestBlock(text: string | Uint8Array): Uint8Array {
  const blocks = decodePem(text);
  // RFC 7468 §7: the second label is an old one, which Java's keytool and Windows' certreq still write
  const block = blocks.find(({ label }) => label === "CERTIFICATE REQUEST" || label === "NEW CERTIFICATE REQUEST");
  if (block !== undefined) return block.bytes;
  const others = [...new Set(blocks.map(({ label }) => label))].join(", ");
  throw x509Error("invalid_pem", `the text has no block CERTIFICATE REQUEST${others === "" ? "" : `, but ${others}`}`);
}
