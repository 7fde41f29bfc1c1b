import type { webcrypto } from "node:crypto";
import type { SignatureAlgorithm } from "@tlskit/crypto";
import { webCryptoSigner } from "@tlskit/crypto-web";
import { privateKeyToPkcs8 } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { connect, pair, sharedPki } from "./helpers/world.ts";

const { subtle } = crypto;
type Algorithm = webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams;

/** A certificate whose key nobody can have out of WebCrypto any more. */
async function certificateFor(
  keyType: Parameters<ReturnType<typeof sharedPki>["certificateOf"]>[0],
  algorithm: Algorithm,
) {
  const { chain, key } = sharedPki().certificateOf(keyType);
  const der = new Uint8Array(privateKeyToPkcs8(key));
  return { chain, key: webCryptoSigner(subtle, await subtle.importKey("pkcs8", der, algorithm, false, ["sign"])) };
}

/** Until both ends are done: WebCrypto answers when it likes. */
async function shaken(certificates: readonly Awaited<ReturnType<typeof certificateFor>>[]) {
  const made = connect(pair({ server: { certificates } }));
  while (made.server.info === undefined && made.atServer.error === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    made.network.run();
  }
  return made;
}

describe("a server's key that WebCrypto doesn't hand out signs handshakes", () => {
  it.each<[Parameters<typeof certificateFor>[0], Algorithm, string]>([
    ["P-256", { name: "ECDSA", namedCurve: "P-256" }, "ecdsa_secp256r1_sha256"],
    ["P-384", { name: "ECDSA", namedCurve: "P-384" }, "ecdsa_secp384r1_sha384"],
    ["P-521", { name: "ECDSA", namedCurve: "P-521" }, "ecdsa_secp521r1_sha512"],
    ["Ed25519", { name: "Ed25519" } as Algorithm, "ed25519"],
    ["rsaEncryption", { name: "RSA-PSS", hash: "SHA-256" }, "rsa_pss_rsae_sha256"],
    ["rsaEncryption", { name: "RSA-PSS", hash: "SHA-512" }, "rsa_pss_rsae_sha512"],
  ])("%s, %j", async (keyType, algorithm, scheme) => {
    const { server, client } = await shaken([await certificateFor(keyType, algorithm)]);
    expect([server.info?.signatureScheme?.name, client.info?.signatureScheme?.name]).toEqual([scheme, scheme]);
  });

  it("but not by PKCS#1 v1.5, which TLS 1.3 hasn't got: the context says so", async () => {
    const certificate = await certificateFor("rsaEncryption", { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" });
    const only: readonly SignatureAlgorithm[] = ["RSA-PKCS1/SHA-256"];
    expect(certificate.key.algorithms).toEqual(only);
    expect(() => pair({ server: { certificates: [certificate] } })).toThrow(
      expect.objectContaining({ code: "unsupported_choice" }),
    );
  });
});
