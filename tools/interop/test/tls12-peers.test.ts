import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeUnless } from "../src/describe-unless.ts";
import { gnutls } from "../src/gnutls.ts";
import { openssl } from "../src/openssl.ts";
import { certifiedSuites } from "../src/tls12-matrix.ts";
import { gnutlsCommands, keyExchangeTable, nodeTls, opensslCommand } from "../src/tls12-peers.ts";
import { describePeer } from "./helpers/describe-peer.ts";

const conformance = readFileSync(new URL("../../../docs/conformance.md", import.meta.url), "utf8");
const isDebians = openssl?.version.startsWith("OpenSSL 3.0") === true && gnutls?.version.startsWith("gnutls-cli 3.7");

describeUnless(isDebians ? undefined : "it is about OpenSSL 3.0 and GnuTLS 3.7", "docs/conformance.md", () => {
  it("says which peer has which key exchange", () => {
    expect(conformance).toContain(keyExchangeTable());
  });
});

// What a peer lacks is met with another one.
describePeer("openssl", "suites with certificates", () => {
  it("are all had by OpenSSL, but those with triple DES", () => {
    const lacking = certifiedSuites.filter((suite) => !opensslCommand.has(suite));
    expect(lacking.filter(({ name }) => !name.includes("3DES"))).toEqual([]);
  });

  it("are all had by Node, but those with triple DES", () => {
    const lacking = certifiedSuites.filter((suite) => !nodeTls.has(suite));
    expect(lacking.filter(({ name }) => !name.includes("3DES"))).toEqual([]);
  });
});

describePeer("gnutls", "suites with certificates", () => {
  it("are all had by GnuTLS", () => {
    expect(certifiedSuites.filter((suite) => !gnutlsCommands.has(suite))).toEqual([]);
  });
});
