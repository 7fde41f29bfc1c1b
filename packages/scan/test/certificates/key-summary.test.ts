import { decodeBase64 } from "@tlskit/wire";
import { SubjectPublicKeyInfo } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { type KeySummary, keySummary } from "../../src/certificates/key-summary.ts";

/** Public keys as OpenSSL writes them. */
const keys: readonly (readonly [what: string, spki: string, expected: KeySummary])[] = [
  [
    "RSA",
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCfPC43vXt7xKEcdqT7sbAFGj0eU+CPns0cD0AKILcqihNgngcHk/0uD0+JXCkTeFl9u1XsZNaKikQm3ItqXt07sSgaRlKR3Dsfhyz54/xp2moX2riBaPLhdElQvH5745T9pkGKkC/KTX3MEdQPTuU5WRpB+xw6VYQb/tdBaGMvsQIDAQAB",
    { keyType: "RSA", keyBits: 1024 },
  ],
  [
    "DSA",
    "MIIBvjCCATMGByqGSM44BAEwggEmAoGBALrp8BGCJDwgsWhmma/nJ9jDer6CcCNF0tgvcF359aGUGyuBN9FwH0LAJaXvXM8KnJpgWyE+pAOiBhnfXfQKOM0zWXeX9Bi9qfoMm2rnW4zoa/bOZJ+v0m2rE69qflVe4XDFI4X3tz3E7BZRkqKgwQnAzw4i/iDbLyHDpsBvMVCHAh0A32MZrEDAS39IiywPm27Hvm5GFLNJUjrRy2ILOQKBgCnU5QM2e0Bp+Ky/zLtmp/LszgMmEeYm+0UR+DyouX7Id/Kyk8tobcGDD7ckESNDu5ffGNXvZVykF+5Ps8wNFS8DM7vT6CIfFxC0AQlXT6Y55AOA4T+LIz/YyD6LYQ0FSF8zLUIIfYY4WbuM40M5K0c7KwXYZDQz1GuYUiUlp9JxA4GEAAKBgHAvEG9X/v4WLGb5JADhNWImuSWph1MXybr5TMgb6vIDKEE14+cHVKErMumBnqV/f36zO5XOMPUPJY6EoZESKV22XumH4JuJpWY6zi7JJiaA2KMkWInNyHRQ7X+ZwguGdhPnkDEPVmK3+wlkjgoLjp5YukWA6P4DtQwLUaV6ef3E",
    { keyType: "DSA", keyBits: 1024 },
  ],
  [
    "a curve of Bitcoin's",
    "MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAE3yfxKwNG15pGowYPg2bSd4hKGTTggP/ieqHTBnwXRHGfnKf/koX+r5zp7b5kHOce8JOjLbCBnWMAvQ8nlvayGg==",
    { keyType: "EC", keyBits: 256, curve: "secp256k1" },
  ],
  [
    "P-224",
    "ME4wEAYHKoZIzj0CAQYFK4EEACEDOgAEkn2dZ7RJ7v2fnOhK3y9QCUJiT0L3gef4TYmxa6yjZxBG/pLuAMVUvLZRt+8cE4pkUlF1oLpARlE=",
    { keyType: "EC", keyBits: 224, curve: "P-224" },
  ],
  [
    "a Brainpool curve",
    "MFowFAYHKoZIzj0CAQYJKyQDAwIIAQEHA0IABFhCJ3D5+Yck6ZD9VperS8kM8ENbClM4vwJnDm89c26aJHXofvUKgC5LMXpNqkGEg5uNFfYiLJTFQ/YASiepI6o=",
    { keyType: "EC", keyBits: 256, curve: "brainpoolP256r1" },
  ],
  [
    "a curve over a binary field",
    "MEAwEAYHKoZIzj0CAQYFK4EEAAEDLAAEA+4VGgZxu8BURDu8m/CAiPBTlwfKBVMd1wdOn6G2dwClEAXVmQNZ6dLJ",
    { keyType: "EC", keyBits: 163, curve: "sect163k1" },
  ],
  [
    "a curve that nobody has a name for here, by the length of its point",
    "MDIwEAYHKoZIzj0CAQYFK4EEAAYDHgAEzE5L40lgNLyV1SVDx6HbYvo0N9P0Ae7HrvMgPQ==",
    { keyType: "EC", keyBits: 112, curve: "1.3.132.0.6" },
  ],
  [
    "a curve given by parameters",
    "MIIBMzCB7AYHKoZIzj0CATCB4AIBATAsBgcqhkjOPQEBAiEA/////////////////////////////////////v///C8wRAQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHBEEEeb5mfvncu6xVoGKVzocLBwKb/NstzijZWfKBWxb4F5hIOtp3JqPEZV2k+/wOEQio/Re0SKaFVBmcR9CP+xDUuAIhAP////////////////////66rtzmr0igO7/SXozQNkFBAgEBA0IABLUVihWSNNSMW5hcePZDK/URPgR3cuRWE/AltQDAbtRK62oWgvt6IytuzAnkoW65wtK/cWmjjcZo8/jtqY+iobI=",
    { keyType: "EC", keyBits: 256 },
  ],
];

describe("what kind of key a certificate has", () => {
  for (const [what, spki, expected] of keys) {
    it(what, () => {
      const der = decodeBase64(spki);
      expect(der && keySummary(SubjectPublicKeyInfo.fromDer(der))).toEqual(expected);
    });
  }

  // RFC 9881 §4: 1312 octets
  it("ML-DSA-44", () => {
    const der = new Uint8Array(1334);
    der.set(hex("30820532300b060960864801650304031103820521"));
    expect(keySummary(SubjectPublicKeyInfo.fromDer(der))).toEqual({
      keyType: "ML-DSA",
      keyBits: 10_496,
      curve: "ML-DSA-44",
    });
  });

  it("one of an algorithm that nobody knows here", () => {
    const key = SubjectPublicKeyInfo.fromDer(hex("300e300606042a030405030400ffffff"));
    expect(keySummary(key)).toEqual({ keyType: "other", keyBits: 24 });
  });
});

function hex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
}
