import { nodeProvider } from "@tlskit/crypto-node";
import {
  type CertifiedPurpose,
  certificateFilters,
  createCertificateSync,
  generatePrivateKeySync,
  matchesFilters,
  Oid,
  type WantedUsages,
} from "@tlskit/x509";
import { describe, expect, it } from "vitest";

const making = { provider: nodeProvider, random: (length: number) => new Uint8Array(length).fill(1) };
const key = generatePrivateKeySync(making);
const certificateFor = (...purposes: readonly CertifiedPurpose[]) =>
  createCertificateSync({
    ...making,
    publicKey: key,
    signer: key,
    subject: { commonName: "somebody" },
    validity: { from: new Date(0), days: 1 },
    purposes,
  });
const leaf = certificateFor("clientAuth", "emailProtection");

describe("what a certificate has to be good for", () => {
  it.each<[WantedUsages, boolean]>([
    [{}, true],
    [{ keyUsage: ["digitalSignature"] }, true],
    [{ keyUsage: ["digitalSignature", "keyAgreement"] }, false],
    [{ extendedKeyUsage: [Oid.clientAuth] }, true],
    [{ extendedKeyUsage: [Oid.clientAuth, Oid.emailProtection] }, true],
    [{ extendedKeyUsage: [Oid.clientAuth, Oid.codeSigning] }, false],
    [{ keyUsage: ["digitalSignature"], extendedKeyUsage: [Oid.clientAuth] }, true],
  ])("%o: %s", (wanted, expected) => {
    expect(matchesFilters(leaf, certificateFilters(wanted))).toBe(expected);
  });

  // RFC 9846 §4.3.5#no-duplicates
  it("is one filter for each extension, with its identifier in DER", () => {
    const filters = certificateFilters({ keyUsage: ["digitalSignature"], extendedKeyUsage: [Oid.clientAuth] });
    expect(filters.map(({ oid }) => Buffer.from(oid).toString("hex"))).toEqual(["0603551d0f", "0603551d25"]);
    expect(filters.map(({ values }) => Buffer.from(values).toString("hex"))).toEqual([
      "03020780",
      "300a06082b06010505070302",
    ]);
  });

  // RFC 9846 §4.3.5#no-any-usage
  it("is never anything at all", () => {
    expect(() => certificateFilters({ extendedKeyUsage: [Oid.anyExtendedKeyUsage] })).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });
});

// RFC 9846 §4.3.5#filters-kept
describe("filters that others made", () => {
  it("are passed over for extensions that there is no rule for", () => {
    expect(matchesFilters(leaf, [{ oid: Uint8Array.of(6, 3, 0x55, 0x1d, 0x20), values: Uint8Array.of(1) }])).toBe(true);
  });

  it("are met by nobody if they can't be read", () => {
    const [filter] = certificateFilters({ keyUsage: ["digitalSignature"] });
    if (filter === undefined) throw new RangeError("a filter");
    expect(matchesFilters(leaf, [filter])).toBe(true);
    expect(matchesFilters(leaf, [{ ...filter, values: Uint8Array.of(0x30, 0) }])).toBe(false);
  });
});
