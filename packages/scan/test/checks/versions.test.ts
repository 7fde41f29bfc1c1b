import { Alert } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { cipherSuitesCheck } from "../../src/checks/cipher-suites.ts";
import { versionsCheck } from "../../src/checks/versions.ts";
import { knownGroups } from "../../src/registry/group.ts";
import { knownSignatureSchemes } from "../../src/registry/signature-scheme.ts";
import type { Version } from "../../src/version.ts";
import { type Model, ModelScanning } from "../helpers/model-server.ts";

const ecdheRsa = 0xc02f;
const dheRsa = 0x009e;

/** The versions that are found, and the suites of them. */
async function found(model: Partial<Model>) {
  const scanning = new ModelScanning(model);
  const versions = await scanning.outcomeOf(versionsCheck);
  const { hellos } = scanning;
  const suites = await scanning.outcomeOf(cipherSuitesCheck, { versions });
  return {
    hellos,
    versions:
      versions.state === "found" ? versions.value.filter(({ spoken }) => spoken).map((fact) => fact.version) : [],
    suites: suites.state === "found" ? suites.value.map(({ accepted }) => accepted.map(({ code }) => code)) : suites,
    refusals: versions.state === "found" ? versions.value.map(({ refusal }) => refusal) : [],
  };
}

describe("a version is found of a server that has", () => {
  it.each(knownGroups.filter(({ versions }) => versions !== "TLS 1.3"))(
    "$name and no other group, before TLS 1.3",
    async ({ code, kind }) => {
      const suite = kind === "finite field" ? dheRsa : ecdheRsa;
      const { versions, suites } = await found({ suites: { "TLS 1.2": [suite] }, groups: [code] });
      expect(versions).toEqual(["TLS 1.2"]);
      expect(suites).toEqual([[suite]]);
    },
  );

  it.each(knownGroups.filter(({ versions }) => versions !== "before TLS 1.3"))(
    "$name and no other group, in TLS 1.3",
    async ({ code }) => {
      const { versions, suites } = await found({ suites: { "TLS 1.3": [0x1301] }, groups: [code] });
      expect(versions).toEqual(["TLS 1.3"]);
      expect(suites).toEqual([[0x1301]]);
    },
  );

  it.each(knownSignatureSchemes)("$name and no other signature scheme", async ({ code }) => {
    expect(await found({ suites: { "TLS 1.2": [ecdheRsa] }, schemes: [code] })).toMatchObject({
      versions: ["TLS 1.2"],
      suites: [[ecdheRsa]],
    });
  });

  it.each([
    ["anonymous suites", "TLS 1.2", 0x0034],
    ["suites of pre-shared keys", "TLS 1.2", 0x00a8],
    ["suites that encrypt nothing", "TLS 1.1", 0x0001],
    ["export suites", "TLS 1.0", 0x0003],
    ["GOST's suites", "TLS 1.2", 0xc102],
    ["GOST's suites", "TLS 1.3", 0xc103],
    ["SM4's suites", "TLS 1.3", 0x00c6],
    ["suites of integrity alone", "TLS 1.3", 0xc0b4],
    ["suites with SRP", "TLS 1.0", 0xc01d],
    ["suites with Kerberos", "SSL 3.0", 0x001e],
  ] as const)("%s alone, in %s", async (_, version, suite) => {
    const { versions, suites } = await found({ suites: { [version]: [suite] } });
    expect(versions).toEqual([version]);
    expect(suites).toEqual([[suite]]);
  });
});

describe("a version that isn't spoken", () => {
  it("is asked for once, if the server says that, or hasn't got the name", async () => {
    for (const description of [Alert.protocolVersion, Alert.unrecognizedName]) {
      const { hellos, versions } = await found({ refusal: { how: "alert", level: 2, description } });
      expect(versions).toEqual([]);
      expect(hellos).toBe(6);
    }
  });

  it("is asked for once, if the server hangs up, or says nothing", async () => {
    expect((await found({ refusal: { how: "closed" } })).hellos).toBe(6);
    expect((await found({ refusal: { how: "silent", seconds: 5 } })).hellos).toBe(6);
  });

  it("is told with how it was refused", async () => {
    const { refusals } = await found({ suites: { "TLS 1.2": [ecdheRsa] } });
    const others: readonly Version[] = ["TLS 1.3", "TLS 1.1", "TLS 1.0", "SSL 3.0", "SSL 2.0"];
    expect(refusals).toEqual([
      "alert handshake_failure",
      undefined,
      ...others.slice(1).map(() => "alert handshake_failure"),
    ]);
  });
});
