import { describe, expect, test } from "vitest";
import {
  Certificate,
  type RevocationChecker,
  TrustAnchors,
  type VerificationInputs,
  VerifiedSignatures,
} from "../src/index.ts";
import {
  caExtensions,
  countingProvider,
  intermediate,
  intermediateCertificate,
  issue,
  leaf,
  leafCertificate,
  party,
  rootCertificate,
  verdict,
  verify,
  verifyLater,
} from "./pki.ts";

/** Verifies one after the other with one memory of signatures; tells each verdict, and how many signatures it took. */
function inTurn(
  verifiedSignatures: VerifiedSignatures,
  ...verifications: readonly Partial<VerificationInputs>[]
): readonly string[] {
  return verifications.map((inputs) => {
    const counting = countingProvider();
    const found = verdict({ ...inputs, provider: counting.provider, verifiedSignatures });
    return `${found}, ${counting.signatures}`;
  });
}

describe("a signature in a certificate that was found good", () => {
  test("isn't computed again, and the chain is verified as before", () => {
    const verifiedSignatures = new VerifiedSignatures();
    expect(inTurn(verifiedSignatures, {}, {})).toEqual(["ok, 2", "ok, 0"]);
    expect(verifiedSignatures.size).toBe(2);
    const result = verify({ verifiedSignatures });
    if (!result.ok) throw result.reason;
    expect(result.chain.certificates).toEqual([leafCertificate, intermediateCertificate]);
    expect(result.chain.anchor.certificate).toBe(rootCertificate);
  });

  test("is computed again with another memory, or with none", () => {
    inTurn(new VerifiedSignatures(), {});
    expect(inTurn(new VerifiedSignatures(), {})).toEqual(["ok, 2"]);
    const counting = countingProvider();
    expect(verdict({ provider: counting.provider })).toBe("ok");
    expect(counting.signatures).toBe(2);
  });

  test("is remembered by one that a provider that answers later has found, too", async () => {
    const verifiedSignatures = new VerifiedSignatures();
    expect((await verifyLater({ verifiedSignatures })).ok).toBe(true);
    expect(inTurn(verifiedSignatures, {})).toEqual(["ok, 0"]);
  });

  test.each<[string, Partial<VerificationInputs>, string]>([
    ["dates", { at: new Date("2027-01-01T00:00:00Z") }, "expired"],
    ["the host", { hostname: "example.com" }, "name_mismatch"],
    ["the purpose", { purpose: "clientAuth" }, "extended_key_usage"],
    ["allowed algorithms", { signatureAlgorithms: ["Ed25519"] }, "unsupported_algorithm"],
    [
      "trust",
      { anchors: TrustAnchors.of([issue(party("Other"), party("Other"), { extensions: caExtensions })]) },
      "unknown_issuer",
    ],
    ["the length of the chain", { limits: { chainLength: 2 } }, "chain_too_long"],
    ["how many signatures a verification may ask for", { limits: { signatureChecks: 1 } }, "budget_exhausted"],
  ])("says nothing about %s", (_what, inputs, code) => {
    const verifiedSignatures = new VerifiedSignatures();
    expect(inTurn(verifiedSignatures, {}, inputs)).toEqual(["ok, 2", `${code}, 0`]);
    expect(verdict(inputs)).toBe(code);
  });

  test("says nothing about revocation", () => {
    const revocation: RevocationChecker = {
      handledExtensions: [],
      begin: () => ({
        *check({ certificates }) {
          return certificates.map(() => ({
            status: { status: "unknown", tried: [] },
            violation: { code: "revocation_unknown", specification: "a test's policy", message: "nothing is known" },
          }));
        },
      }),
    };
    const verifiedSignatures = new VerifiedSignatures();
    expect(inTurn(verifiedSignatures, {}, { revocation })).toEqual(["ok, 2", "revocation_unknown, 0"]);
  });
});

describe("what is computed nevertheless", () => {
  test("a signature that was found bad, each time", () => {
    const spoilt = issue(leaf, intermediate, { spoilSignature: true });
    const verifiedSignatures = new VerifiedSignatures();
    expect(inTurn(verifiedSignatures, { leaf: spoilt }, { leaf: spoilt })).toEqual([
      "bad_signature, 2",
      "bad_signature, 1",
    ]);
    // the intermediate's, which is good
    expect(verifiedSignatures.size).toBe(1);
  });

  test("the same octets under another key of the same name", () => {
    const impostor = party("Intermediate");
    const impostorCertificate = issue(impostor, impostor, { extensions: caExtensions });
    const others = { anchors: TrustAnchors.of([impostorCertificate]), intermediates: [] };
    expect(inTurn(new VerifiedSignatures(), {}, others)).toEqual(["ok, 2", "bad_signature, 1"]);
  });

  test("another certificate under the same key", () => {
    const renewed = issue(leaf, intermediate);
    expect(inTurn(new VerifiedSignatures(), {}, { leaf: renewed }, { leaf: renewed })).toEqual([
      "ok, 2",
      "ok, 1",
      "ok, 0",
    ]);
  });

  test("the same certificate with another signature", () => {
    const { der } = leafCertificate;
    const changed = Uint8Array.from(der);
    changed[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    expect(inTurn(new VerifiedSignatures(), {}, { leaf: Certificate.fromDer(changed) })).toEqual([
      "ok, 2",
      "bad_signature, 1",
    ]);
  });
});

describe("a memory of signatures", () => {
  test("is bounded: the signature that wasn't asked for longest makes room", () => {
    const [first, second, third] = [issue(leaf, intermediate), issue(leaf, intermediate), issue(leaf, intermediate)];
    const verifiedSignatures = new VerifiedSignatures({ maxSignatures: 3 });
    expect(inTurn(verifiedSignatures, { leaf: first }, { leaf: second })).toEqual(["ok, 2", "ok, 1"]);
    expect(verifiedSignatures.size).toBe(3);
    expect(inTurn(verifiedSignatures, { leaf: first }, { leaf: third })).toEqual(["ok, 0", "ok, 1"]);
    expect(verifiedSignatures.size).toBe(3);
    expect(inTurn(verifiedSignatures, { leaf: first }, { leaf: second })).toEqual(["ok, 0", "ok, 1"]);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1" as unknown as number])(
    "doesn't have %s entries",
    (maxSignatures) => {
      expect(() => new VerifiedSignatures({ maxSignatures })).toThrow(
        expect.objectContaining({ name: "X509Error", code: "invalid_argument" }),
      );
    },
  );

  test("is made by this package alone, and nobody else puts anything into it", () => {
    const forged = { has: () => true, size: 1 } as unknown as VerifiedSignatures;
    expect(() => verify({ verifiedSignatures: forged })).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    expect(Object.getOwnPropertyNames(VerifiedSignatures.prototype).sort()).toEqual(["constructor", "size"]);
    expect(Reflect.ownKeys(new VerifiedSignatures())).toEqual([]);
  });

  test("one that only looks like it is refused", () => {
    const lookAlike: VerifiedSignatures = Object.create(VerifiedSignatures.prototype);
    expect(lookAlike.size).toBe(0);
    expect(() => inTurn(lookAlike, {})).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});
