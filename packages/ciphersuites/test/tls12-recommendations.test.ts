import {
  namedGroups,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import { describe, expect, test } from "vitest";

const all = [...tls12CipherSuites, ...dangerousCipherSuites];

describe("a cipher suite of TLS 1.2 that nobody should have isn't there, not even among the dangerous ones:", () => {
  test.each([
    // RFC 5246 §A.5#null
    ["none at all", /^TLS_NULL_WITH_NULL_NULL$/],
    // RFC 9325 §4.1#no-rc4
    ["RC4", /RC4/],
    // RFC 9325 §4.1#bits-112
    ["of 40 or 56 bits", /EXPORT|WITH_DES_|DES40|RC2/],
    // RFC 9325 §4.1#no-static-dh
    ["with a certificate's own Diffie-Hellman key", /^TLS_(EC)?DH_(?!anon)/],
    ["with DSA", /DSS/],
    ["of MD5", /MD5/],
  ])("%s", (_what, names) => {
    expect(all.filter(({ name }) => names.test(name))).toEqual([]);
  });

  // RFC 5246 §A.5#null
  test("that of a connection's beginning, by its code", () => {
    expect(all.filter(({ code }) => code === 0)).toEqual([]);
  });
});

// RFC 9325 §4.1#no-null
test("a cipher suite without encryption has to be imported as dangerous", () => {
  expect(tls12CipherSuites.filter(({ protection }) => protection.type === "NULL")).toEqual([]);
});

// RFC 5246 §A.5#anonymous
test("a cipher suite without authentication has to be imported as dangerous", () => {
  expect(tls12CipherSuites.filter(({ keyExchange }) => keyExchange.endsWith("anon"))).toEqual([]);
  const neither = dangerousCipherSuites.filter(
    ({ keyExchange, protection }) => protection.type !== "NULL" && !keyExchange.endsWith("anon"),
  );
  expect(neither).toEqual([]);
});

// RFC 8422 §6#suites, §6#suite
test("the cipher suites that whoever has elliptic curves should have are there", () => {
  for (const suite of [
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,

    TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
    TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,

    TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  ]) {
    expect(tls12CipherSuites).toContain(suite);
  }
});

// RFC 9325 §4.5#curve-bits, RFC 8422 §5.9#curves
test("no group is on a curve of less than 224 bits", () => {
  const curves = { x25519: 255, secp256r1: 256, secp384r1: 384, secp521r1: 521, x448: 448, X25519MLKEM768: 255 };
  const onCurves = namedGroups.filter(({ name }) => !name.startsWith("ffdhe"));
  expect(new Set(onCurves.map(({ name }) => name))).toEqual(new Set(Object.keys(curves)));
});
