import { ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384, type SignatureScheme } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import type { CredentialRequest } from "@tlskit/handshake";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { type CertificateWithKey, maxAuthoritiesLookedAt, ServerContext, selectCredential } from "@tlskit/tls";
import { createCertificateSync } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { now } from "./helpers/world.ts";

const random = seededRandom(50);
const pki = (hosts: string, options = {}) => throwawayPki(nodeProvider, random, hosts, now, options);
const common = { provider: nodeProvider, random, validity: { from: new Date(now) } };

/** A certificate of an authority of this name. */
function issuedBy(commonName: string, host = "a.example"): CertificateWithKey {
  const { key } = pki(host).certificate;
  const ca = createCertificateSync({ ...common, signer: key, publicKey: key, subject: { commonName }, ca: {} });
  const leaf = createCertificateSync({ ...common, signer: key, issuer: ca, publicKey: key, dnsNames: [host] });
  return { chain: [leaf, ca], key };
}

const [p256, p384] = [ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384];

const request = (changes: Partial<CredentialRequest> = {}): CredentialRequest => ({
  serverName: undefined,
  signatureSchemes: [p256, p384],
  signatureSchemesInCertificates: [p256.code, p384.code],
  certificateAuthorities: [],
  attestations: { ocspResponses: false, signedCertificateTimestamps: false },
  ...changes,
});

/** Which of these certificates is shown. */
function chosen(certificates: readonly CertificateWithKey[], changes: Partial<CredentialRequest>): number {
  const { credentials } = new ServerContext({ provider: nodeProvider, random, clock: () => now, certificates });
  const credential = selectCredential(credentials, request(changes));
  return credential === undefined ? -1 : credentials.indexOf(credential);
}

/** Names that a certificate's authorities have. */
const authoritiesOf = ({ chain }: CertificateWithKey) => chain.map(({ issuer }) => issuer.der);

describe("of several certificates a server shows", () => {
  const [first, second] = [issuedBy("First"), issuedBy("Second")];
  const ofHost = issuedBy("Third", "b.example");
  const inOrder = [first, second, ofHost];

  it("the first, if the client says nothing that tells between them", () => {
    expect(chosen(inOrder, {})).toBe(0);
    expect(chosen(inOrder, { serverName: "a.example" })).toBe(0);
    expect(chosen(inOrder, { serverName: "c.example" })).toBe(0);
  });

  // RFC 9846 §4.3.4, §4.5.1.2
  it("one that leads to an authority that the client names, be it the leaf's issuer or above", () => {
    expect(chosen(inOrder, { certificateAuthorities: authoritiesOf(second).slice(0, 1) })).toBe(1);
    const { root, certificate } = pki("a.example");
    const below = { ...certificate };
    expect(chosen([first, below], { certificateAuthorities: [root.certificate.subject.der] })).toBe(1);
    const nobody = Uint8Array.of(0x30, 0);
    expect(chosen(inOrder, { certificateAuthorities: [nobody, ...authoritiesOf(second)] })).toBe(1);
    expect(chosen(inOrder, { certificateAuthorities: [nobody, Uint8Array.of(1)] })).toBe(0);
  });

  it("by the first thousand authorities that the client names", () => {
    const others = (count: number) => Array.from({ length: count }, () => Uint8Array.of(0x30, 0));
    const last = authoritiesOf(second).slice(0, 1);
    expect(chosen(inOrder, { certificateAuthorities: [...others(maxAuthoritiesLookedAt - 1), ...last] })).toBe(1);
    expect(chosen(inOrder, { certificateAuthorities: [...others(maxAuthoritiesLookedAt), ...last] })).toBe(0);
  });

  it("one for the name, whatever its authority", () => {
    expect(chosen(inOrder, { serverName: "b.example", certificateAuthorities: authoritiesOf(second) })).toBe(2);
  });

  it("one that the client can verify, whatever its authority", () => {
    const byP384 = pki("a.example", { authorityKeyType: "P-384" }).certificate;
    const onlyP256 = { signatureSchemesInCertificates: [p256.code] };
    expect(chosen([byP384, first, second], onlyP256)).toBe(1);
    expect(chosen([byP384, first], { ...onlyP256, certificateAuthorities: authoritiesOf(byP384) })).toBe(1);
    expect(chosen([byP384, first, second], { ...onlyP256, certificateAuthorities: authoritiesOf(second) })).toBe(2);
  });

  it("none whose key can't sign what the client takes, whatever its name", () => {
    const signatureSchemes: readonly SignatureScheme[] = [p384];
    expect(chosen(inOrder, { signatureSchemes })).toBe(-1);
    const other = pki("c.example", { keyTypes: ["P-384"] }).certificate;
    expect(chosen([...inOrder, other], { signatureSchemes, serverName: "b.example" })).toBe(3);
  });
});
