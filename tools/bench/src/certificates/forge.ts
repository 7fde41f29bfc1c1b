import forge from "node-forge";
import { type BenchChain, type CertificateLibrary, host } from "./library.ts";

const { asn1, pki, util } = forge;

/** `node-forge`, all in JavaScript. It knows RSA and no elliptic curves. */
export function nodeForge(chain: BenchChain): CertificateLibrary {
  const read = (der: Uint8Array): forge.pki.Certificate =>
    pki.certificateFromAsn1(asn1.fromDer(util.createBuffer(Buffer.from(der).toString("latin1"))));
  const store = pki.createCaStore([read(chain.root)]);
  const issuer = read(chain.ca);
  const parsed = (der: Uint8Array): forge.asn1.Asn1 =>
    asn1.fromDer(util.createBuffer(Buffer.from(der).toString("latin1")));
  const caKey = pki.privateKeyFromAsn1(parsed(chain.caKey));
  const leafKey = pki.publicKeyFromAsn1(parsed(chain.leafKey));
  let serialNumber = 1;
  return {
    name: "node-forge",
    read,
    verify: (leaf, ca) => pki.verifyCertificateChain(store, [read(leaf), read(ca)], { validityCheckDate: chain.at }),
    create() {
      const certificate = pki.createCertificate();
      certificate.publicKey = leafKey;
      certificate.serialNumber = (serialNumber++).toString(16).padStart(4, "0");
      certificate.validity.notBefore = chain.at;
      certificate.validity.notAfter = new Date(chain.at.getTime() + 9 * 86_400_000);
      certificate.setSubject([{ name: "commonName", value: host }]);
      certificate.setIssuer(issuer.subject.attributes);
      certificate.setExtensions([
        { name: "basicConstraints", cA: false, critical: true },
        { name: "keyUsage", digitalSignature: true, critical: true },
        { name: "extKeyUsage", serverAuth: true },
        { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
        { name: "subjectKeyIdentifier" },
        { name: "authorityKeyIdentifier", keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
      ]);
      certificate.sign(caKey, forge.md.sha256.create());
      return Buffer.from(asn1.toDer(pki.certificateToAsn1(certificate)).getBytes(), "latin1");
    },
  };
}
