import { describe, expect, test } from "vitest";
import { derElement, derSequence } from "../src/der-writer.ts";
import { encodeGeneralName, encodeGeneralNames, type GeneralName } from "../src/general-name.ts";
import {
  Certificate,
  defaultVerificationLimits,
  type Extension,
  Oid,
  type VerificationInputs,
  type VerificationLimits,
} from "../src/index.ts";
import {
  caExtensions,
  countingProvider,
  intermediate,
  issue,
  leaf,
  leafExtensions,
  party,
  root,
  verdict,
  verify,
} from "./pki.ts";

/** Verifies by a provider that counts signatures. */
function counted(inputs: Partial<VerificationInputs>): { readonly outcome: string; readonly signatures: number } {
  const counting = countingProvider();
  const result = verify({ ...inputs, provider: counting.provider });
  const outcome = result.ok ? "ok" : `${result.reason.code}: ${result.reason.message}`;
  return { outcome, signatures: counting.signatures };
}

/** The certificate with other bytes in its key, which makes it another CA of the same name; its signature is wrong. */
function withKeyOf(template: Certificate, variant: number): Certificate {
  const der = new Uint8Array(template.der);
  const at = Buffer.from(der).indexOf(template.subjectPublicKeyInfo.subjectPublicKey);
  der[at + 10] = variant & 0xff;
  der[at + 11] = variant >> 8;
  return Certificate.fromDer(der);
}

describe("a pool of a thousand CAs of one name", () => {
  const template = issue(party("Intermediate"), root, { extensions: caExtensions });
  const thousand = Array.from({ length: 1000 }, (_, i) => withKeyOf(template, i));

  test("that no anchor signed ends at the budget, with a clear reason", () => {
    const { outcome, signatures } = counted({ intermediates: thousand });
    expect(outcome).toBe("budget_exhausted: no path to a trust anchor was found before 100 signatures were checked");
    expect(signatures).toBe(defaultVerificationLimits.signatureChecks);
  });

  test("is passed over if the right one is told by its key identifier", () => {
    const identifier = (oid: string, value: Uint8Array): Extension => ({ oid, critical: false, value });
    const own = identifier(Oid.subjectKeyIdentifier, Uint8Array.of(4, 1, 7));
    const hint = identifier(Oid.authorityKeyIdentifier, Uint8Array.of(0x30, 3, 0x80, 1, 7));
    const right = issue(intermediate, root, { extensions: [...caExtensions, own] });
    const hinted = issue(leaf, intermediate, { extensions: [...leafExtensions, hint] });
    const { outcome, signatures } = counted({ leaf: hinted, intermediates: [...thousand, right] });
    expect(outcome).toBe("ok");
    expect(signatures).toBe(2);
  });

  test("and who all certify one another end at the budget without a signature", () => {
    const maze = party("Maze");
    const selfIssued = issue(maze, maze, { extensions: caExtensions });
    const mazes = Array.from({ length: 1000 }, (_, i) => withKeyOf(selfIssued, i));
    const { outcome, signatures } = counted({ leaf: issue(leaf, maze), intermediates: mazes });
    expect(outcome).toBe("budget_exhausted: no path to a trust anchor was found before 10000 issuers were tried");
    expect(signatures).toBe(0);
  });
});

describe("ten thousand name constraints", () => {
  const short = (index: number): string => `${String.fromCharCode(97 + (index % 26))}${Math.floor(index / 26)}`;
  const bases = Array.from({ length: 8000 }, (_, i): GeneralName => ({ type: "dNSName", value: short(i) }));
  const excluding = (names: readonly GeneralName[]): Extension => ({
    oid: Oid.nameConstraints,
    critical: true,
    value: derSequence(derElement(0xa1, ...names.map((name) => derSequence(encodeGeneralName(name))))),
  });
  const first = issue(intermediate, root, { extensions: [...caExtensions, excluding(bases.slice(0, 5000))] });
  const below = party("Below");
  const second = issue(below, intermediate, { extensions: [...caExtensions, excluding(bases.slice(0, 5000))] });
  const leafWith = (count: number): Certificate => {
    const names = Array.from(
      { length: count },
      (_, i): GeneralName => ({ type: "dNSName", value: `h${i}.example.org` }),
    );
    const value = encodeGeneralNames([{ type: "dNSName", value: "example.org" }, ...names]);
    const alternative: Extension = { oid: Oid.subjectAltName, critical: false, value };
    return issue(leaf, below, { extensions: [...leafExtensions.slice(0, 3), alternative] });
  };

  test("are held against two dozen names", () => {
    expect(verdict({ leaf: leafWith(23), intermediates: [first, second] })).toBe("ok");
  });

  test("end at the budget with more", () => {
    const result = verify({ leaf: leafWith(25), intermediates: [first, second] });
    if (result.ok) throw new RangeError("accepted");
    expect(result.reason.message).toBe(
      "no path to a trust anchor was found before 250000 names were compared with constraints",
    );
  });

  test("cost nothing for names of other forms", () => {
    const limits = { nameComparisons: 10_001 };
    expect(verdict({ leaf: leafWith(0), intermediates: [first, second], limits })).toBe("ok");
    expect(verdict({ leaf: leafWith(1), intermediates: [first, second], limits })).toBe("budget_exhausted");
  });
});

describe("a limit", () => {
  test("of a chain's length is kept, and one longer refused", () => {
    const parties = Array.from({ length: 9 }, (_, i) => party(`CA ${i}`));
    const chain = parties.map((ca, i) => issue(ca, parties[i - 1] ?? root, { extensions: caExtensions }));
    const under = (count: number): string => {
      const last = parties[count - 1];
      return last === undefined ? "" : verdict({ leaf: issue(leaf, last), intermediates: chain });
    };
    expect(under(8)).toBe("ok");
    expect(under(9)).toBe("chain_too_long");
  });

  test("of signatures and of issuers is enough if it is what a chain needs, and too little with one less", () => {
    const at = (limits: Partial<VerificationLimits>): string => verdict({ limits });
    expect(at({ signatureChecks: 2 })).toBe("ok");
    expect(at({ signatureChecks: 1 })).toBe("budget_exhausted");
    expect(at({ issuerCandidates: 2 })).toBe("ok");
    expect(at({ issuerCandidates: 1 })).toBe("budget_exhausted");
  });

  test("of refusals is how many are reported", () => {
    const result = verify({ intermediates: [], hostname: "other.example", limits: { refusals: 1 } });
    expect(!result.ok && result.refusals.length).toBe(1);
  });
});
