import type { PasswordCryptography } from "@tlskit/crypto";
import { noblePasswordCryptography } from "@tlskit/crypto-noble";
import { nodePasswordCryptography, nodeTripleDesCbc } from "@tlskit/crypto-node";
import { describe, expect, it } from "vitest";
import { openPkcs12Sync, pkcs12TripleDes } from "../src/index.ts";
import { codeOf } from "./keys/samples.ts";
import { provider } from "./pki.ts";

// openssl pkcs12 -export -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1 -iter 2048, with the passwords
// "password" and "".
const withPassword = bytes(`
  MIIDggIBAzCCA0gGCSqGSIb3DQEHAaCCAzkEggM1MIIDMTCCAicGCSqGSIb3DQEHBqCCAhgwggIUAgEAMIICDQYJKoZIhvcNAQcBMBwGCiqGSI
  b3DQEMAQMwDgQIdVOmNPByIlMCAggAgIIB4OjZsN3Jygdu1bxG71yIE/6O9y8uvd6E+RDpknNS0vGRyJUnfYZVwRDajkaO1w2qcnhn5ZVfIWvH
  vefmEf6eYo6F7Eh8pyZUC2um2OM6jVpHUcc+QeLfBVDUrC7QuIkpeTdeTY9erwktxs5Kmjx13rn4C78KBB053Hp3qT+llnvAkjEdU6Ijz52TR+
  cwIel1Rusw+D2dRixDr/Zkib1jKT2LkC8DBuOfBOjHv0Mh9qwVHMHCPOuIVJGP3uiRWl/k9fmX72ddCFmPN8pY4Nv9SeUMsX3oCOxVxGFwvfMT
  pZFp+iKVwZP4eoNT9PN/+RVn7sFMSnf+4/h6XsNCnN3ggj6YVDC9F4TbY2LAq6YzZdd1Nmyw5rNJf+X5X9k3iNprQgSgUtbsvH6FFhghCW8D8N
  DkmdRUFtUIbyMWZVNeDt59VgxDkL4Brh6vP5aZjxnOcnTYJ6tK+sRvJmboSIy5e8A0EYPy15JG0tFZFvPTcsiHFpyAZJH4jpNBYkJujFnFPM+1
  ESQoX6XPKq5V+XRHPlrafdUM1/cmj4KXa145bLKUVrEQ4knB9KTKNVZq3ySOGda05XyAfQnQq7v5Ler2IYEVWMcyzrzX7Oof8GSFDHHZ1kFBC/
  /l7fU7qQEDtVdyCTCCAQIGCSqGSIb3DQEHAaCB9ASB8TCB7jCB6wYLKoZIhvcNAQwKAQKggbQwgbEwHAYKKoZIhvcNAQwBAzAOBAg+Y4XOK57K
  ngICCAAEgZCr2Ji0Qc5YGJTCeKDshJ2jdQOllMtZsyD04gX7em/LTiIyxFWf44N8oK+gnItjw+KlegVmlfZsamKMuoUG8BrBvp3ASJgnnAg7rk
  8f49D1KkizGTU45KMY61UZHlgnGzV7SGlqbfd/3v/YmhCw4nQIlH/KusIDtc0qmWLmO/kIORnbzWQZTTjACMo5244GRD4xJTAjBgkqhkiG9w0B
  CRUxFgQUS24yVXwkXXI38WUVbOceP+Nz7GQwMTAhMAkGBSsOAwIaBQAEFIJs4w/CXfJzpZ1SdCmJPMjJH/hNBAjvdMJ+PxY7pAICCAA=`);
const withoutPassword = bytes(`
  MIIDggIBAzCCA0gGCSqGSIb3DQEHAaCCAzkEggM1MIIDMTCCAicGCSqGSIb3DQEHBqCCAhgwggIUAgEAMIICDQYJKoZIhvcNAQcBMBwGCiqGSI
  b3DQEMAQMwDgQIHwNAN5W1viICAggAgIIB4HnhY7v4tykkr+ulOHCvUQ9Bi6G+vb9fC7r+Mir90t/xbzgrKNwCe6Jlr6e9UOATLz2Ha+OxEPWh
  dOpMW0IWdLloP0ZvZrg84oNmUjXYu2SHpIo3MJiEBxy9Niv5A1tIyjiwPKDMSv2eHmg6oTwLwsG9c1cQ79K+7vqI8xr/xFoZ/Go8TKFeebFl8I
  hYwCi+8BdQZmydJMbKoAM8NNXvjIRMIFwlmslFvDOyjNTMvSHDGypX0kmjENQf9bQiiG8d7Djgm8smXRadBEOPKiiT6kSdIYZKvfIlyenQQ0V2
  PAgwLGqJDpxjKc/BhNRTLM5jBZMvKS+ZtLxlQOuORf8uUyRI0PQL4vwzfUISTkHXrftFDi94MK81SewSiG977JDZlBuHDH2MNTNFQG0BxyI/X7
  7oYUQwZqOwAfIxQo8T0Z7oXxl3R7FE5QQqhiLM/pb0UIDOdpZxjp06ALB9QxFeJjNI99eSOqq6XhtTCL0CU9zJPVItCajMiISXc8b1qLkoIbYM
  fesoyCcky4/LLmoy67RhjlgkCB5IcTfGZve2vptqBf5Id0UM+hJ2+hMoOKKLRyWI9OiYTR2dOU9nlswVTXWyt2LLyHayhqSpJs3zxFoMbtwTzx
  nYNpRABZhZHFac3jCCAQIGCSqGSIb3DQEHAaCB9ASB8TCB7jCB6wYLKoZIhvcNAQwKAQKggbQwgbEwHAYKKoZIhvcNAQwBAzAOBAixSx4Z8B9P
  /wICCAAEgZCLK0xKVKl9QynH0mmi2593X5EuxzDtSIFJRpE0g/dRzKPXY/eC3Wx1fiBq2OsltTkmQwnlGYESBMV8htznCd9uOWV327pxkKKw9X
  Z0BVLXnbN/rIoCrSVXTzD+6nFhBqmY/w+HzgdRk3GMDSt4sI7aug26NklLzGD0bjzLje9PFguXIPupMIpdQbw/3drLRwUxJTAjBgkqhkiG9w0B
  CRUxFgQUS24yVXwkXXI38WUVbOceP+Nz7GQwMTAhMAkGBSsOAwIaBQAEFNMBBVnppq5QCAqKWLbvifYuykwABAi9JASleLSlMAICCAA=`);

const cryptography = nodePasswordCryptography;
const dangerousOldEncryption = pkcs12TripleDes(nodeTripleDesCbc);
const old = { password: "password", cryptography, provider, dangerousOldEncryption };

describe("a PKCS#12 file encrypted by triple DES", () => {
  it.each([
    ["password", withPassword],
    ["", withoutPassword],
  ])("is opened by whoever says so, with the password %j", (password, file) => {
    const { identities, passedOver } = openPkcs12Sync(file, { ...old, password });
    expect(passedOver).toEqual([]);
    expect(identities.map(({ chain }) => chain[0]?.subject.toString())).toEqual(["CN=old.example"]);
  });

  it("has its key derived by whatever provider", () => {
    const { identities } = openPkcs12Sync(withPassword, { ...old, cryptography: noblePasswordCryptography });
    expect(identities).toHaveLength(1);
  });

  it("is outdated for everybody else", () => {
    const { dangerousOldEncryption: _, ...others } = old;
    expect(codeOf(() => openPkcs12Sync(withPassword, others))).toBe("outdated_encryption");
  });

  it("isn't opened with a wrong password, whatever shows it", () => {
    expect(codeOf(() => openPkcs12Sync(withPassword, { ...old, password: "passwort" }))).toBe("wrong_password");
    const hasMac = { ...old, dangerousWithoutMac: true } as const;
    expect(codeOf(() => openPkcs12Sync(withPassword, { ...hasMac, password: "" }))).toBe("wrong_password");
  });

  it("has its derivations counted: three digests' worth for each decryption, beside the MAC", () => {
    const needed = 2048 * (1 + 3 + 3);
    expect(openPkcs12Sync(withPassword, { ...old, maximumIterations: needed }).keys).toHaveLength(1);
    expect(codeOf(() => openPkcs12Sync(withPassword, { ...old, maximumIterations: needed - 1 }))).toBe("too_large");
  });

  it("needs SHA-1 of the provider", () => {
    const hashes = cryptography.hashes.filter(({ name }) => name !== "SHA-1");
    const without: PasswordCryptography = { ...cryptography, hashes };
    expect(codeOf(() => openPkcs12Sync(withPassword, { ...old, cryptography: without }))).toBe("unsupported_algorithm");
  });
});

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
