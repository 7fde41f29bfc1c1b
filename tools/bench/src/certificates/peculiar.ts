import "reflect-metadata"; // which its dependency asks for
import * as x509 from "@peculiar/x509";
import { type BenchChain, type CertificateLibrary, host } from "./library.ts";

/** `@peculiar/x509` over Node's WebCrypto. Its chain builder checks signatures and names; dates are asked for each. */
export async function peculiar(chain: BenchChain): Promise<CertificateLibrary> {
  x509.cryptoProvider.set(crypto);
  const isRsa = chain.keys === "RSA";
  const algorithm = isRsa
    ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
    : { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const { subtle } = crypto;
  const signingKey = await subtle.importKey("pkcs8", copy(chain.caKey), algorithm, false, ["sign"]);
  const publicKey = await subtle.importKey("spki", copy(chain.leafKey), algorithm, true, ["verify"]);
  const root = new x509.X509Certificate(copy(chain.root));
  const issuer = new x509.X509Certificate(copy(chain.ca));
  const day = 86_400_000;
  return {
    name: "@peculiar/x509",
    // it decodes what it is asked for; this much everybody else gives at once
    read(der) {
      const certificate = new x509.X509Certificate(copy(der));
      return [certificate.subject, certificate.issuer, certificate.notAfter, certificate.extensions];
    },
    async verify(leafDer, caDer) {
      const [leaf, ca] = [new x509.X509Certificate(copy(leafDer)), new x509.X509Certificate(copy(caDer))];
      const path = await new x509.X509ChainBuilder({ certificates: [ca, root] }).build(leaf);
      if (path.length !== 3) return false;
      for (const [index, certificate] of path.entries()) {
        const by = path[index + 1] ?? certificate;
        if (!(await certificate.verify({ publicKey: by, date: chain.at }))) return false;
      }
      return true;
    },
    async create() {
      const certificate = await x509.X509CertificateGenerator.create({
        subject: `CN=${host}`,
        issuer: issuer.subject,
        notBefore: chain.at,
        notAfter: new Date(chain.at.getTime() + 9 * day),
        signingAlgorithm: algorithm,
        publicKey,
        signingKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          new x509.SubjectAlternativeNameExtension([{ type: "dns", value: host }]),
          await x509.SubjectKeyIdentifierExtension.create(publicKey),
          await x509.AuthorityKeyIdentifierExtension.create(issuer),
        ],
      });
      return new Uint8Array(certificate.rawData);
    },
  };
}

/** It takes buffers that aren't shared. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
