import {
  ecdsa_secp256r1_sha256,
  ecdsa_secp384r1_sha384,
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha512,
  rsa_pss_rsae_sha256,
  rsa_pss_rsae_sha384,
  type SignatureScheme,
} from "@tlskit/ciphersuites";
import { ownCertificates, tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { expectEstablished } from "./helpers/scenarios.ts";
import { clientPki, connect, type Pair, pair, sharedPki } from "./helpers/world.ts";

/** A server whose keys sign by these, and a client that takes those, besides what signs the certificates. */
function connected(keys: readonly (readonly SignatureScheme[])[], taken: readonly SignatureScheme[]): Pair {
  const certificate = sharedPki().certificateOf("rsaEncryption");
  return connect(
    pair({
      client: { versions: [tls12], signatureSchemes: [...taken, ecdsa_secp256r1_sha256] },
      server: {
        versions: [tls13, tls12],
        certificates: keys.map((signatureSchemes) => ({ ...certificate, signatureSchemes })),
      },
    }),
  );
}

// RFC 9846 §4.3.3#tls12-meaning, §4.3.3#tls12-curves
describe("what a handshake of TLS 1.2 is signed with", () => {
  it("may be RSA by PKCS#1 v1.5 alone, at a server", () => {
    const made = connected([[rsa_pkcs1_sha256]], [rsa_pss_rsae_sha256, rsa_pkcs1_sha256]);
    expectEstablished(made);
    expect(made.atClient.info?.signatureScheme).toBe(rsa_pkcs1_sha256);
  });

  it("may be RSA by PKCS#1 v1.5 alone, at a client", () => {
    const certificate = clientPki().certificateOf("rsaEncryption");
    const versions = [tls12];
    const made = connect(
      pair({
        client: { versions, certificates: ownCertificates([{ ...certificate, signatureSchemes: [rsa_pkcs1_sha512] }]) },
        server: { versions, clientCertificates: { demand: "required", anchors: clientPki().anchors } },
      }),
    );
    expect(made.atServer.info?.clientSignatureScheme).toBe(rsa_pkcs1_sha512);
  });

  it("isn't that where there is TLS 1.3 alone", () => {
    const certificates = [{ ...sharedPki().certificateOf("rsaEncryption"), signatureSchemes: [rsa_pkcs1_sha256] }];
    expect(() => pair({ server: { versions: [tls13], certificates } })).toThrow(
      expect.objectContaining({ code: "unsupported_choice", kind: "caller" }),
    );
  });

  it("decides which of two certificates is shown", () => {
    const made = connected([[rsa_pss_rsae_sha384], [rsa_pss_rsae_sha256]], [rsa_pss_rsae_sha256]);
    expectEstablished(made);
    expect(made.atClient.info?.signatureScheme).toBe(rsa_pss_rsae_sha256);
  });

  it("is nothing where the only certificate has another", () => {
    const { atServer } = connected([[rsa_pss_rsae_sha384]], [rsa_pss_rsae_sha256]);
    expect(atServer.error).toMatchObject({ code: "no_certificate", alert: 40 });
  });

  const onP384 = (taken: readonly SignatureScheme[]): SignatureScheme | undefined => {
    const versions = [tls12];
    const made = connect(
      pair({
        client: { versions, signatureSchemes: taken },
        server: { versions, certificates: [sharedPki().certificateOf("P-384")] },
      }),
    );
    expectEstablished(made);
    return made.atClient.info?.signatureScheme;
  };

  it("has the hash of the key's curve if the peer takes that, whatever it likes best", () => {
    expect(onP384([ecdsa_secp256r1_sha256, ecdsa_secp384r1_sha384])).toBe(ecdsa_secp384r1_sha384);
  });

  it("has another if not", () => {
    expect(onP384([ecdsa_secp256r1_sha256])).toBe(ecdsa_secp256r1_sha256);
  });
});
