import { constants } from "node:crypto";
import { tls12CipherSuites } from "@tlskit/ciphersuites";
import { oldestVersion } from "@tlskit/ciphersuites/openssl-names";
import { nodeProvider } from "@tlskit/crypto-node";
import { ExternalPsk, tls12, tls12With, tls13 } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import {
  type ClientContextOptions,
  createClientContext,
  createPskClientContext,
  createServerContext,
} from "../src/index.ts";
import { tls12SuitesNamed } from "../src/options/ciphers.ts";
import { pki } from "./helpers/world.ts";

const certificates = [pki.certificate];
const externalPsks = [new ExternalPsk({ identity: Uint8Array.of(1), key: new Uint8Array(32).fill(1) })];

/** The versions of both roles' contexts, which are the same. */
function versionsWith(options: ClientContextOptions): readonly string[] {
  const names = ({ settings }: { readonly settings: { readonly versions: readonly { readonly name: string }[] } }) =>
    settings.versions.map(({ name }) => name);
  const client = names(createClientContext({ ca: pki.anchors, ...options }));
  expect(names(createServerContext({ certificates, ...options } as object))).toEqual(client);
  return client;
}

const refusal = (code: string, sentence = "") =>
  expect.objectContaining({ kind: "caller", code, message: expect.stringContaining(sentence) });

describe("the versions that are spoken", () => {
  it.each<[readonly string[], ClientContextOptions]>([
    [["TLS 1.3", "TLS 1.2"], {}],
    [["TLS 1.3", "TLS 1.2"], { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" }],
    [["TLS 1.3"], { minVersion: "TLSv1.3" }],
    [["TLS 1.2"], { maxVersion: "TLSv1.2" }],
    [["TLS 1.3"], { versions: [tls13] }],
    [["TLS 1.2"], { versions: [tls13, tls12], maxVersion: "TLSv1.2" }],
    [["TLS 1.3", "TLS 1.2"], { secureProtocol: "TLS_method" }],
    [["TLS 1.3", "TLS 1.2"], { secureProtocol: "SSLv23_client_method" }],
    [["TLS 1.2"], { secureProtocol: "TLSv1_2_method" }],
    [["TLS 1.2"], { secureProtocol: "TLSv1_2_server_method" }],
    [["TLS 1.2"], { secureOptions: constants.SSL_OP_NO_TLSv1_3 }],
    [["TLS 1.3"], { secureOptions: constants.SSL_OP_NO_TLSv1_2 }],
    [["TLS 1.3", "TLS 1.2"], { secureOptions: constants.SSL_OP_NO_SSLv3 | constants.SSL_OP_NO_TLSv1 }],
  ])("are %j with %o", (versions, options) => {
    expect(versionsWith(options)).toEqual(versions);
  });

  // RFC 8996: older ones come by `versions` alone, never because a range would allow them.
  it("are no older ones, though a range begins with them", () => {
    expect(versionsWith({ minVersion: "TLSv1" })).toEqual(["TLS 1.3", "TLS 1.2"]);
  });

  it.each<[string, object]>([
    ["TLS 1.3, TLS 1.2", { minVersion: "TLSv1", maxVersion: "TLSv1.1" }],
    ["TLS 1.3, TLS 1.2", { minVersion: "TLSv1.3", maxVersion: "TLSv1.2" }],
    ["TLS 1.3, TLS 1.2", { secureProtocol: "TLSv1_method" }],
    ["TLS 1.3, TLS 1.2", { secureOptions: constants.SSL_OP_NO_TLSv1_3 | constants.SSL_OP_NO_TLSv1_2 }],
    ["TLS 1.3", { versions: [tls13], maxVersion: "TLSv1.2" }],
  ])("are an error where nothing of %s is left: %o", (there, options) => {
    expect(() => versionsWith(options)).toThrow(refusal("no_common_version", `there is ${there}, and none`));
  });

  it.each<[string, string, object]>([
    ["ERR_TLS_INVALID_PROTOCOL_VERSION", '"TLSv1.4" is not a valid minimum TLS', { minVersion: "TLSv1.4" }],
    ["ERR_TLS_INVALID_PROTOCOL_VERSION", '"SSLv3" is not a valid maximum TLS', { maxVersion: "SSLv3" }],
    ["ERR_TLS_INVALID_PROTOCOL_METHOD", "SSLv3 methods disabled", { secureProtocol: "SSLv3_method" }],
    ["ERR_TLS_INVALID_PROTOCOL_METHOD", "Unknown method: foo", { secureProtocol: "foo" }],
    ["ERR_TLS_INVALID_PROTOCOL_METHOD", "Unknown method: constructor", { secureProtocol: "constructor_method" }],
    [
      "ERR_TLS_PROTOCOL_VERSION_CONFLICT",
      'TLS protocol version "TLSv1.2" conflicts with secureProtocol "TLS_method"',
      { minVersion: "TLSv1.2", secureProtocol: "TLS_method" },
    ],
  ])("are refused as by node:tls: %s, %s", (code, sentence, options) => {
    expect(() => versionsWith(options)).toThrow(refusal(code, sentence));
  });

  it("are TLS 1.3 alone where servers have no certificates, or keys beside them, which TLS 1.2 hasn't", () => {
    expect(createPskClientContext({ externalPsks }).settings.versions).toEqual([tls13]);
    expect(createPskClientContext({ externalPsks, ca: pki.anchors }).settings.versions).toEqual([tls13, tls12]);
    expect(createServerContext({ externalPsks }).settings.versions).toEqual([tls13]);
    const both = { externalPsks, certificateWithExternalPsk: true };
    expect(createClientContext({ ca: pki.anchors, ...both }).settings.versions).toEqual([tls13]);
    expect(createServerContext({ certificates, ...both }).settings.versions).toEqual([tls13]);
  });
});

describe("a list of cipher suites as OpenSSL has it", () => {
  const all = tls12SuitesNamed(undefined, nodeProvider).map(({ aliases }) => aliases[0]);
  const named = (ciphers: string) => tls12SuitesNamed(ciphers, nodeProvider).map(({ aliases }) => aliases[0]);

  it.each<[string, readonly (string | undefined)[]]>([
    ["ECDHE-RSA-AES128-GCM-SHA256", ["ECDHE-RSA-AES128-GCM-SHA256"]],
    ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", ["ECDHE-RSA-AES128-GCM-SHA256"]],
    [
      "ECDHE-RSA-CHACHA20-POLY1305 ECDHE-RSA-AES256-GCM-SHA384,AES128-SHA",
      ["ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES256-GCM-SHA384"],
    ],
    ["HIGH:!aNULL:!MD5", all],
    ["DEFAULT@SECLEVEL=0", all],
    ["ECDHE+AESGCM:!aRSA", ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"]],
    ["EECDH+AES256+aRSA", ["ECDHE-RSA-AES256-GCM-SHA384"]],
    ["!CHACHA20:aRSA:CHACHA20", ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"]],
    ["aECDSA:-AESGCM:CHACHA20", ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"]],
    ["aRSA:+AES128", ["ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-GCM-SHA256"]],
    ["SUITEB192", ["ECDHE-ECDSA-AES256-GCM-SHA384"]],
    ["HIGH:!ECDHE", []],
    ["AES128-SHA:DHE-RSA-AES128-GCM-SHA256:RC4", []],
    ["TLS_AES_128_GCM_SHA256", []],
  ])("%j has of TLS 1.2 %j", (ciphers, suites) => {
    expect(named(ciphers)).toEqual(suites);
  });

  it("leaves TLS 1.2 out where it has none of it, and TLS 1.3 as it is where it has none of that", () => {
    expect(versionsWith({ ciphers: "TLS_AES_128_GCM_SHA256" })).toEqual(["TLS 1.3"]);
    expect(versionsWith({ ciphers: "AES128-SHA" })).toEqual(["TLS 1.3"]);
    expect(versionsWith({ ciphers: "ECDHE-RSA-AES128-GCM-SHA256" })).toEqual(["TLS 1.3", "TLS 1.2"]);
    expect(() => versionsWith({ ciphers: "AES128-SHA", maxVersion: "TLSv1.2" })).toThrow(refusal("no_common_version"));
  });

  it("is for the versions that are listed, unless one of them has suites of its own", () => {
    const ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    const { settings } = createClientContext({ ca: pki.anchors, versions: [tls13, tls12], ciphers });
    const suites = settings.versions[1]?.earlier?.cipherSuites(nodeProvider);
    expect(suites?.map(({ aliases }) => aliases[0])).toEqual([ciphers]);
    expect(() => versionsWith({ versions: [tls13, tls12With({})], ciphers })).toThrow(refusal("conflicting_options"));
  });
});

describe("the oldest version that has a suite", () => {
  it.each([
    ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLSv1.2"],
    ["TLS_RSA_WITH_AES_128_CBC_SHA256", "TLSv1.2"],
    ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLSv1.0"],
    ["TLS_RSA_WITH_AES_128_CBC_SHA", "SSLv3"],
  ])("of %s is %s, as OpenSSL has it", (name, version) => {
    const suite = tls12CipherSuites.find((each) => each.name === name);
    expect(suite && oldestVersion(suite)).toBe(version);
  });
});
