import { CertificateRevocationList, OcspResponse } from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { corpusOf, folders, storedInputs } from "../src/files.ts";
import { recorded } from "../src/recorded.ts";
import { targets } from "../src/targets/index.ts";
import { crlTarget, isGood, ocspResponseTarget, stapledWith } from "../src/targets/revocation.ts";
import { tried } from "../src/trial.ts";

/** What became of inputs that must not be findings: the names of those that are. */
function findings(name: string, inputs: readonly { readonly name: string; readonly bytes: Uint8Array }[]): string[] {
  const target = targets.find((candidate) => candidate.name === name);
  return inputs.flatMap((input) => {
    const outcome = target === undefined ? undefined : tried(target, input.bytes);
    return outcome?.type === "finding" ? [`${input.name}: ${outcome.signature}`] : [];
  });
}

describe.each(targets.map((target) => ({ name: target.name, target })))("$name", ({ name, target }) => {
  test("ends well for what fuzzing begins with", () => {
    const seeds = target.seeds().map((bytes, index) => ({ name: `seed ${index}`, bytes }));
    expect(seeds.length).toBeGreaterThan(0);
    expect(findings(name, seeds)).toEqual([]);
  });

  test("accepts some of it, so that fuzzing doesn't stop at the first check", () => {
    expect(target.seeds().map((bytes) => tried(target, bytes).type)).toContain("accepted");
  });

  test("ends well for what fuzzing has found on its way", () => {
    expect(findings(name, corpusOf(name))).toEqual([]);
  }, 60_000);

  test("ends well for what once did not", () => {
    expect(findings(name, storedInputs(folders.regressions, name))).toEqual([]);
  });
});

test("our own CRLs and OCSP responses say that all is well, so that it means something if no other does", () => {
  const [crl = new Uint8Array(0)] = crlTarget.seeds();
  expect(isGood({ crls: [CertificateRevocationList.fromDer(crl)] })).toBe(true);
  const [response = new Uint8Array(0)] = ocspResponseTarget.seeds();
  expect(isGood({ ocspResponses: [OcspResponse.fromDer(response)] })).toBe(true);
  expect(isGood(stapledWith(response))).toBe(true);
  expect(isGood({})).toBe(false);
});

test("recorded connections are whole, so that fuzzing begins behind the handshake too", () => {
  const updates = recorded().map(({ messages }) => messages.filter(([code]) => code === 24).length);
  // Both ask for one, and the second to send answers.
  expect(updates).toEqual([3, 3]);
});
