import { runSync, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { PeerKeyUse } from "@tlskit/handshake";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { ClientContext } from "@tlskit/tls";
import { Alert } from "@tlskit/wire";
import {
  createCertificateSync,
  DeclaredPrivateKey,
  type KeyUsage,
  keyUsageExtension,
  TrustAnchors,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { serverVerifier } from "../src/server-verifier.ts";
import { host, now, sharedPki } from "./helpers/world.ts";

const pki = throwawayPki(nodeProvider, seededRandom(20), host, now);
const [leaf, ...intermediates] = pki.certificate.chain.map(({ der }) => der);
if (leaf === undefined) throw new RangeError("a leaf");

/** What no reader takes for a certificate. */
const unreadable = Uint8Array.of(0x30, 0);

/** What a client makes of these certificates, the server's own first. */
function verified(...ders: readonly Uint8Array[]) {
  const context = new ClientContext({
    provider: nodeProvider,
    random: seededRandom(1),
    clock: () => now,
    anchors: pki.anchors,
  });
  const entries = ders.map((certData) => ({ certData, extensions: [] }));
  return runSync(serverVerifier(context.trust, host, undefined)(entries));
}

describe("of a server's certificates only the leaf has to be readable", () => {
  test("another one that isn't needed doesn't end the handshake, wherever it stands", () => {
    const unrelated = [unreadable, ...intermediates, unreadable];
    expect(verified(leaf, ...unrelated).evidence.certificates[0]?.der).toEqual(leaf);
  });

  test("one that is needed is as good as absent, and the refusal tells of it", () => {
    expect(() => verified(leaf, unreadable)).toThrow(
      expect.objectContaining({
        code: "certificate_unknown_issuer",
        alert: Alert.unknownCa,
        message: expect.stringMatching(/is not known; passed over: certificate 2: the TBSCertificate/),
      }),
    );
  });

  test("of many, the refusal tells of three", () => {
    expect(() => verified(leaf, ...Array.from({ length: 9 }, () => unreadable))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/certificate 4: [^;]*$/) }),
    );
  });

  test("the leaf is refused as what it is", () => {
    expect(() => verified(unreadable, leaf, ...intermediates)).toThrow(
      expect.objectContaining({ code: "bad_certificate", alert: Alert.badCertificate }),
    );
  });
});

// RFC 5246 §7.4.2#rsa-encryption
describe("a server's certificate is for what its key does in the handshake", () => {
  const random = seededRandom(21);
  const validity = { notBefore: new Date(now - 86_400_000), notAfter: new Date(now + 86_400_000) };
  const sources = { provider: nodeProvider, random };
  const { key: rsa } = sharedPki().certificateOf("rsaEncryption");
  const { key: ca } = sharedPki().certificateOf("P-256");
  if (!(rsa instanceof DeclaredPrivateKey && ca instanceof DeclaredPrivateKey)) throw new RangeError("declared keys");
  const signer = signerFor(nodeProvider, ca, random);
  const issuer = createCertificateSync({
    ...sources,
    validity,
    signer,
    publicKey: ca.subjectPublicKeyInfo,
    subject: { commonName: "root" },
    ca: {},
  });

  /** A client's verdict of an RSA certificate with this key usage. */
  const verdict = (use: PeerKeyUse | undefined, ...usages: readonly KeyUsage[]) => {
    const { der: certData } = createCertificateSync({
      ...sources,
      validity,
      signer,
      issuer,
      publicKey: rsa.subjectPublicKeyInfo,
      subject: {},
      dnsNames: [host],
      extensions: [keyUsageExtension(usages)],
    });
    const { trust } = new ClientContext({ ...sources, clock: () => now, anchors: TrustAnchors.of([issuer]) });
    return runSync(serverVerifier(trust, host)([{ certData, extensions: [] }], use));
  };

  test("one that is for keyEncipherment alone may decrypt, and nothing else", () => {
    expect(verdict("decrypt", "keyEncipherment").encryptionKey).toBeDefined();
    for (const use of ["sign", undefined] as const) {
      expect(() => verdict(use, "keyEncipherment")).toThrow(
        expect.objectContaining({ code: "certificate_key_usage", alert: Alert.unsupportedCertificate }),
      );
    }
  });

  test("one that is for digitalSignature alone has no key to encrypt to", () => {
    expect(verdict("decrypt", "digitalSignature").encryptionKey).toBeUndefined();
    expect(verdict("sign", "digitalSignature").verifier).toBeDefined();
  });
});
