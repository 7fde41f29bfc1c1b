import type { webcrypto } from "node:crypto";
import { type Signer, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { webCryptoSigner } from "@tlskit/crypto-web";
import { seededRandom } from "@tlskit/testing";
import { type CertificateWithKey, ownCertificates } from "@tlskit/tls";
import { privateKeyToPkcs8 } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { clientPki, connect, type PairOptions, pair, sharedPki } from "./helpers/world.ts";

const { subtle } = crypto;
type Algorithm = webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams;
type Pki = ReturnType<typeof sharedPki>;
type KeyType = Parameters<Pki["certificateOf"]>[0];

/** A certificate whose key nobody can have out of WebCrypto any more. */
async function inWebCrypto(pki: Pki, keyType: KeyType, algorithm: Algorithm): Promise<CertificateWithKey> {
  const { chain, key } = pki.certificateOf(keyType);
  const der = new Uint8Array(privateKeyToPkcs8(key));
  return { chain, key: webCryptoSigner(subtle, await subtle.importKey("pkcs8", der, algorithm, false, ["sign"])) };
}

/** What shows a certificate in each role, to whom that is asked for. */
const shown = {
  server: (certificate: CertificateWithKey) => ({ server: { certificates: [certificate] } }),
  client: (certificate: CertificateWithKey) => ({
    client: { certificates: ownCertificates([certificate]) },
    server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
  }),
} satisfies Record<string, (certificate: CertificateWithKey) => PairOptions>;
const pkiOf = { server: sharedPki, client: clientPki } as const;
const roles = ["server", "client"] as const;

/** Until both ends are done: what is elsewhere answers when it likes. */
async function shaken(role: (typeof roles)[number], certificate: CertificateWithKey) {
  const made = connect(pair(shown[role](certificate)));
  while ((made.server.info ?? made.atServer.error) === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    made.network.run();
  }
  return made;
}

describe.each(roles)("a %s's key that WebCrypto doesn't hand out signs handshakes", (role) => {
  it.each<[KeyType, Algorithm, string]>([
    ["P-256", { name: "ECDSA", namedCurve: "P-256" }, "ecdsa_secp256r1_sha256"],
    ["P-384", { name: "ECDSA", namedCurve: "P-384" }, "ecdsa_secp384r1_sha384"],
    ["P-521", { name: "ECDSA", namedCurve: "P-521" }, "ecdsa_secp521r1_sha512"],
    ["Ed25519", { name: "Ed25519" } as Algorithm, "ed25519"],
    ["rsaEncryption", { name: "RSA-PSS", hash: "SHA-256" }, "rsa_pss_rsae_sha256"],
    ["rsaEncryption", { name: "RSA-PSS", hash: "SHA-512" }, "rsa_pss_rsae_sha512"],
  ])("%s, %j", async (keyType, algorithm, scheme) => {
    const { server, client } = await shaken(role, await inWebCrypto(pkiOf[role](), keyType, algorithm));
    const name = role === "server" ? "signatureScheme" : "clientSignatureScheme";
    expect([server.info?.[name]?.name, client.info?.[name]?.name]).toEqual([scheme, scheme]);
  });

  it("but not by PKCS#1 v1.5, which TLS 1.3 hasn't got: the context says so", async () => {
    const certificate = await inWebCrypto(pkiOf[role](), "rsaEncryption", {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
    });
    expect(() => pair(shown[role](certificate))).toThrow(expect.objectContaining({ code: "unsupported_choice" }));
  });
});

describe.each(roles)("a %s's signer that answers later", (role) => {
  const { chain, key } = pkiOf[role]().certificateOf("P-256");
  const here = signerFor(nodeProvider, key, seededRandom(3));
  const later = (sign: Signer["sign"]): CertificateWithKey => ({ chain, key: { algorithms: here.algorithms, sign } });

  it("signs the handshake when it does", async () => {
    const { server } = await shaken(
      role,
      later(async (...given) => {
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        return here.sign(...given);
      }),
    );
    expect(server.info?.role).toBe("server");
  });

  it("and fails, is our own failure, which the peer is told nothing of but internal_error", async () => {
    const cause = new TypeError("the key server is out of order");
    const { atServer, atClient } = await shaken(
      role,
      later(() => Promise.reject(cause)),
    );
    const [ours, peers] = role === "server" ? [atServer, atClient] : [atClient, atServer];
    expect(ours.error).toMatchObject({ kind: "internal", alert: 80, cause });
    expect(peers.error).toMatchObject({ kind: "alert", alert: 80 });
  });
});
