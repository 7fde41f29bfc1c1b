import { type SignatureScheme, signatureSchemes } from "@tlskit/ciphersuites";
import { type PrivateKey, type Signer, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import { Alert, type CertificateWithKey, ServerContext } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { connect, now, pair, sharedPki } from "./helpers/world.ts";

const [ecdsa, ecdsa384] = sharedPki().certificates;
if (ecdsa === undefined || ecdsa384 === undefined) throw new TypeError("the PKI has a certificate for each key type");
const { chain } = ecdsa;
const privateKey: PrivateKey = ecdsa.key.privateKey;
const signer = signerFor(nodeProvider, privateKey, seededRandom(5));
/** Says that it is the certificate's, and signs with another key of the same kind. */
const anothers = signerFor(nodeProvider, otherKey(), seededRandom(6));

function otherKey(): PrivateKey {
  const keys = nodeProvider.signatures.find(({ type }) => type === "P-256");
  const made = keys?.generate(seededRandom(7));
  if (made === undefined || "then" in made) throw new TypeError("node:crypto makes a key at once");
  return made;
}

function shaken(certificate: CertificateWithKey) {
  return connect(pair({ server: { certificates: [certificate] } }));
}

describe("a server's key", () => {
  it.each<[string, CertificateWithKey["key"]]>([
    ["a declared private key", ecdsa.key],
    ["a private key in its parts", privateKey],
    ["a declared private key that another copy of x509 made", { privateKey }],
    ["a signer", signer],
    ["a signer that answers later", { ...signer, sign: async (...given) => signer.sign(...given) }],
  ])("may be %s", async (_, key) => {
    const made = shaken({ chain, key });
    await new Promise((resolve) => setImmediate(resolve));
    made.network.run();
    expect(made.server.info?.signatureScheme?.name).toBe("ecdsa_secp256r1_sha256");
  });

  it("is the certificate's, in whatever form it is given", () => {
    for (const key of [ecdsa384.key, ecdsa384.key.privateKey, otherKey()]) {
      expect(() => shaken({ chain, key })).toThrow(expect.objectContaining({ code: "certificate_key_mismatch" }));
    }
  });
});

describe("a context for which no client could choose anything is the caller's error", () => {
  const context = (certificate: CertificateWithKey, schemes?: readonly SignatureScheme[]) => () =>
    new ServerContext({
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      certificates: [certificate],
      signatureSchemes: schemes,
    });

  it.each<[string, Signer["algorithms"]]>([
    ["signs nothing", []],
    ["signs for another kind of key", ["Ed25519"]],
    ["signs by another hash", ["ECDSA/P-256/SHA-384"]],
  ])("since its signer %s", (_, algorithms) => {
    expect(context({ chain, key: { ...signer, algorithms } })).toThrow(
      expect.objectContaining({
        kind: "caller",
        code: "unsuitable_key",
        message: expect.stringContaining("take one of ecdsa_secp256r1_sha256"),
      }),
    );
  });

  it("since its certificate may sign with nothing", () => {
    expect(context({ chain, key: signer, signatureSchemes: [] })).toThrow(
      expect.objectContaining({ code: "unsupported_choice" }),
    );
  });

  it("since the server's schemes have none of its certificate's", () => {
    const others = signatureSchemes.filter(({ name }) => name === "ed25519");
    expect(context({ chain, key: signer }, others)).toThrow(
      expect.objectContaining({
        code: "unsupported_choice",
        message: expect.stringContaining("ecdsa_secp256r1_sha256"),
      }),
    );
  });
});

describe("a signature that a server can't send", () => {
  const failing = (key: Signer, options: Partial<CertificateWithKey> = {}) => {
    const { atServer, atClient } = shaken({ chain, key, ...options });
    return { server: atServer.error, client: atClient.error };
  };
  const failed = expect.objectContaining({ kind: "internal", code: "signer_failed", alert: Alert.internalError });
  const told = expect.objectContaining({ kind: "alert", alert: Alert.internalError });

  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["an array", [1, 2]],
    ["an ArrayBuffer", new ArrayBuffer(64)],
    ["no byte", new Uint8Array(0)],
  ])("is our own failure: %s", (_, given) => {
    const signature: Uint8Array = given as Uint8Array; // as a signer in JavaScript may
    expect(failing({ ...signer, sign: () => signature })).toEqual({ server: failed, client: told });
    expect(failing({ ...signer, sign: () => signature }, { verifySignatures: false })).toEqual({
      server: failed,
      client: told,
    });
  });

  it("is one of another key, which a signer's are held against the certificate for", () => {
    expect(failing(anothers)).toEqual({ server: failed, client: told });
  });

  it("goes to the client if it isn't to be verified", () => {
    expect(failing(anothers, { verifySignatures: false }).client).toMatchObject({
      kind: "peer",
      code: "bad_signature",
    });
  });

  it("is noticed for a key that is here too, if asked for", () => {
    const verified: Uint8Array[] = [];
    const provider = {
      ...nodeProvider,
      signatures: nodeProvider.signatures.map((keys) => ({
        ...keys,
        verifier: (publicKey: Parameters<typeof keys.verifier>[0]) => {
          const verifier = keys.verifier(publicKey);
          const verify: typeof verifier.verify = (algorithm, message, signature) => {
            verified.push(signature);
            return verifier.verify(algorithm, message, signature);
          };
          return { ...verifier, verify };
        },
      })),
    };
    const count = (verifySignatures?: boolean): number => {
      verified.length = 0;
      connect(pair({ server: { provider, certificates: [{ chain, key: ecdsa.key, verifySignatures }] } }));
      return verified.length;
    };
    expect([count(), count(false), count(true)]).toEqual([0, 0, 1]);
  });
});
