import { signatureSchemes } from "@tlskit/ciphersuites";
import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { Certificate, signatureAlgorithms, signatureAlgorithmsCert } from "@tlskit/messages";
import {
  altered,
  type BadChainName,
  type Deviation,
  InMemoryNetwork,
  RawClientHello,
  rawExtension,
  type ScriptedClient,
  scriptedClient,
  seededRandom,
  type TestCertificate,
  throwawayPki,
} from "@tlskit/testing";
import { type CertificateWithKey, ServerContext, TlsServer } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { only, sent } from "./helpers/sent.ts";
import { Recorder } from "./helpers/under-test.ts";
import { host, now } from "./helpers/world.ts";

const byRsa = throwawayPki(nodeProvider, seededRandom(10), host, now, { authorityKeyType: "rsaEncryption" });
const byEcdsa = throwawayPki(nodeProvider, seededRandom(11), host, now);
const bad = (name: BadChainName): TestCertificate => runSync(byEcdsa.bad(name));

function serverWith(...certificates: readonly CertificateWithKey[]): ServerContext {
  return new ServerContext({ provider: nodeProvider, random: seededRandom(1), clock: () => now, certificates });
}

describe("a server's context refuses a certificate", () => {
  // RFC 9846 §4.5.1.2#x509v3, §4.5.1.2#key-for-signing, §4.5.1.2#sha1-fallback, §4.3.3#sha1-certificates, RFC 5246 §7.4.2#rsa-signing, §7.4.2#single, §7.4.2#x509, §7.4.6#x509, RFC 9325 §4.5#hash
  for (const name of ["of version 1", "key not for signing", "signed with SHA-1", "signed with MD5"] as const) {
    it(name, () => {
      expect(() => serverWith(bad(name))).toThrow(
        expect.objectContaining({ kind: "caller", code: "unsuitable_certificate" }),
      );
    });
  }

  it("but takes one of version 1 from whoever allows it, and nothing else that is wrong with a certificate", () => {
    expect(serverWith({ ...bad("of version 1"), allowVersion1: true }).credentials).toHaveLength(1);
    for (const name of ["key not for signing", "signed with SHA-1"] as const) {
      expect(() => serverWith({ ...bad(name), allowVersion1: true })).toThrow(
        expect.objectContaining({ code: "unsuitable_certificate" }),
      );
    }
  });

  it("but none whose signature nobody verifies, since it is its own", () => {
    expect(serverWith(bad("self-signed")).credentials).toHaveLength(1);
  });
});

describe("the certificate that a client is shown", () => {
  const unknown = bad("signed with something unknown");
  const all = [unknown, byRsa.certificate, byEcdsa.certificate];
  const codes = (names: readonly string[]): readonly number[] =>
    signatureSchemes.filter(({ name }) => names.includes(name)).map(({ code }) => code);

  /** Which one it is, for a client that says by which schemes it verifies handshakes, and certificates. */
  function shown(
    certificates: readonly TestCertificate[],
    schemes: readonly string[],
    forCertificates?: readonly string[],
  ) {
    const network = new InMemoryNetwork({ now });
    const { left, right } = network.link();
    const deviation: Deviation<ScriptedClient> = {
      name: "choosy",
      section: "4.5.1.2#chain-schemes",
      expected: "accepted",
      phase: "handshake",
      apply: altered<ScriptedClient, RawClientHello>("ClientHello", RawClientHello, (hello) => ({
        ...hello,
        extensions: [
          ...hello.extensions.filter(({ code }) => code !== signatureAlgorithms.code),
          rawExtension(signatureAlgorithms, codes(schemes)),
          ...(forCertificates === undefined ? [] : [rawExtension(signatureAlgorithmsCert, codes(forCertificates))]),
        ],
      })),
    };
    const atServer = new Recorder<unknown>(right.write, right.end);
    const server = new TlsServer(serverWith(...certificates), atServer);
    const peer = scriptedClient({
      provider: nodeProvider,
      random: seededRandom(2),
      ciphertext: left.write,
      ended: left.end,
      host,
      deviation,
    });
    right.attach(server);
    left.attach(peer);
    server.start();
    peer.start();
    network.run();
    expect(peer.finishedWasRight).toBe(true);
    const leaf = only(sent(atServer, Certificate)).certificateList[0]?.certData.join();
    return certificates.find(({ chain }) => chain[0]?.der.join() === leaf);
  }

  // RFC 9846 §4.5.1.2#chain-schemes, §9.2#extensions
  it("is the first whose chain it says it can verify", () => {
    expect(shown(all, ["ecdsa_secp256r1_sha256"])).toBe(byEcdsa.certificate);
    expect(shown(all, ["ecdsa_secp256r1_sha256", "rsa_pkcs1_sha256"])).toBe(byRsa.certificate);
  });

  // RFC 9846 §4.5.1.2#chain-schemes, §9.2#extensions
  it("is so by signature_algorithms_cert, if it sends that", () => {
    const handshake = ["ecdsa_secp256r1_sha256", "rsa_pkcs1_sha256"];
    expect(shown(all, handshake, ["ecdsa_secp256r1_sha256"])).toBe(byEcdsa.certificate);
    expect(shown(all, ["ecdsa_secp256r1_sha256"], ["rsa_pkcs1_sha256"])).toBe(byRsa.certificate);
  });

  it("is the first of all if it can verify none, as far as it says", () => {
    expect(shown([byRsa.certificate, unknown], ["ecdsa_secp256r1_sha256"])).toBe(byRsa.certificate);
  });
});
