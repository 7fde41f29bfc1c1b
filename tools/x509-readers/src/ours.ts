import { nodePasswordCryptography, nodeProvider as provider } from "@tlskit/crypto-node";
import {
  Certificate,
  CertificateRevocationList,
  checkRevocation,
  notChecked,
  openPkcs12Sync,
  privateKeyFromPem,
  TrustAnchors,
  toPem,
  verifyCertificateRequestSync,
  verifyCertificateSync,
  X509Error,
} from "@tlskit/x509";
import type { Input, Measurements, Verdict } from "./input.ts";

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** The time for which verdicts are: the certificates are valid to the end of 2049. */
const at = new Date("2026-11-26T00:00:00Z");

/** What this project makes of an input. */
export function ourVerdict(input: Input, defaults: Measurements["defaults"]): Verdict {
  try {
    return takes(input, defaults) ? "taken" : "refused";
  } catch (error) {
    if (error instanceof X509Error) return "refused";
    throw error;
  }
}

/** @throws {X509Error} for what can't be read */
function takes(input: Input, defaults: Measurements["defaults"]): boolean {
  switch (input.kind) {
    case "chain":
    case "crl":
      return verifies(input, defaults);
    case "key":
      return privateKeyFromPem(toPem(input.label ?? "PRIVATE KEY", bytes(input.key ?? "")), { provider }) !== undefined;
    case "request":
      return verifyCertificateRequestSync({ provider, request: bytes(input.request ?? "") }) !== undefined;
    case "pkcs12": {
      const inputs = { password: "", cryptography: nodePasswordCryptography, provider };
      return openPkcs12Sync(bytes(input.pkcs12 ?? ""), inputs).identities.length === 1;
    }
  }
}

function verifies({ root, ca, leaf, crl, named }: Input, defaults: Measurements["defaults"]): boolean {
  const crls = crl === undefined ? undefined : [CertificateRevocationList.fromDer(bytes(crl))];
  const { ok } = verifyCertificateSync({
    provider,
    leaf: Certificate.fromDer(bytes(leaf ?? (ca === undefined ? defaults.leaf : defaults.leafOfCa))),
    intermediates: ca === undefined ? [] : [Certificate.fromDer(bytes(ca))],
    anchors: TrustAnchors.of([Certificate.fromDer(bytes(root ?? defaults.root))]),
    at,
    purpose: "serverAuth",
    hostname: named === false ? notChecked : "example.org",
    revocation: crls === undefined ? notChecked : checkRevocation({ mode: "required", certificates: "leaf", crls }),
  });
  return ok;
}
