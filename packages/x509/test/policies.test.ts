import { describe, expect, test } from "vitest";
import { derElement, derOid, derSequence, derSmallInteger } from "../src/der-writer.ts";
import { type Certificate, type Extension, Oid, type PolicyInputs, TrustAnchors } from "../src/index.ts";
import {
  caExtensions,
  intermediate,
  issue,
  leaf,
  leafExtensions,
  type Party,
  party,
  root,
  verdict,
  verify,
} from "./pki.ts";

const policies = (...oids: readonly string[]): Extension => ({
  oid: Oid.certificatePolicies,
  critical: true,
  value: derSequence(...oids.map((oid) => derSequence(derOid(oid)))),
});
const mappings = (...pairs: readonly (readonly [string, string])[]): Extension => ({
  oid: Oid.policyMappings,
  critical: true,
  value: derSequence(...pairs.map(([from, to]) => derSequence(derOid(from), derOid(to)))),
});
const skip = (tag: number, certificates: number): Uint8Array => derElement(tag, Uint8Array.of(certificates));
const policyConstraints = (requireExplicitPolicy?: number, inhibitPolicyMapping?: number): Extension => ({
  oid: Oid.policyConstraints,
  critical: true,
  value: derSequence(
    ...(requireExplicitPolicy === undefined ? [] : [skip(0x80, requireExplicitPolicy)]),
    ...(inhibitPolicyMapping === undefined ? [] : [skip(0x81, inhibitPolicyMapping)]),
  ),
});
const inhibitAnyPolicy = (certificates: number): Extension => ({
  oid: Oid.inhibitAnyPolicy,
  critical: true,
  value: derSmallInteger(certificates),
});

const [gold, silver, foreign] = ["1.2.3.1", "1.2.3.2", "1.2.3.9"];

/** A chain whose CA and leaf have these extensions besides their usual ones. */
function chain(
  ca: readonly Extension[],
  end: readonly Extension[],
): { leaf: Certificate; intermediates: Certificate[] } {
  return {
    leaf: issue(leaf, intermediate, { extensions: [...leafExtensions, ...end] }),
    intermediates: [issue(intermediate, root, { extensions: [...caExtensions, ...ca] })],
  };
}

function found(
  ca: readonly Extension[],
  end: readonly Extension[],
  inputs: PolicyInputs = {},
): readonly string[] | string {
  const result = verify({ ...chain(ca, end), policies: inputs });
  return result.ok ? result.chain.policies : result.reason.code;
}

describe("policies", () => {
  test("that all the path names are what it is valid under; where one names none, nothing is", () => {
    expect(found([policies(gold, silver)], [policies(silver, foreign)])).toEqual([silver]);
    expect(found([policies(gold)], [policies(silver)])).toEqual([]);
    expect(found([], [policies(gold)])).toEqual([]);
    expect(found([policies(Oid.anyPolicy)], [policies(gold)])).toEqual([gold]);
    expect(found([policies(Oid.anyPolicy)], [policies(Oid.anyPolicy)])).toEqual([Oid.anyPolicy]);
  });

  test("are asked for by the caller, or by a CA", () => {
    const explicit = { initialExplicitPolicy: true };
    expect(found([policies(gold)], [policies(silver)], explicit)).toBe("no_valid_policy");
    expect(found([policies(gold)], [policies(gold)], explicit)).toEqual([gold]);
    const onlySilver = { userInitialPolicySet: [silver] };
    expect(found([policies(gold)], [policies(gold)], { ...explicit, ...onlySilver })).toBe("no_valid_policy");
    expect(found([policies(gold)], [policies(gold)], onlySilver)).toEqual([]);
    expect(found([policyConstraints(0), policies(gold)], [policies(silver)])).toBe("no_valid_policy");
    expect(found([policyConstraints(5), policies(gold)], [policies(silver)])).toEqual([]);
  });

  test("stand for one another where a CA maps them, unless that is forbidden", () => {
    const ca = [policies(gold), mappings([gold, foreign])];
    const explicit = { initialExplicitPolicy: true };
    // in the words of whoever is trusted
    expect(found(ca, [policies(foreign)], explicit)).toEqual([gold]);
    expect(found(ca, [policies(gold)], explicit)).toBe("no_valid_policy");
    expect(found(ca, [policies(foreign)], { ...explicit, initialPolicyMappingInhibit: true })).toBe("no_valid_policy");
    expect(found([policies(Oid.anyPolicy), mappings([gold, foreign])], [policies(foreign)], explicit)).toEqual([gold]);
    expect(found([policies(gold), mappings([gold, Oid.anyPolicy])], [policies(gold)])).toBe("no_valid_policy");
  });

  test("aren't given by anyPolicy where that is inhibited", () => {
    const explicit = { initialExplicitPolicy: true };
    expect(found([policies(Oid.anyPolicy)], [policies(gold)], { ...explicit, initialAnyPolicyInhibit: true })).toBe(
      "no_valid_policy",
    );
    expect(found([policies(gold), inhibitAnyPolicy(0)], [policies(Oid.anyPolicy)], explicit)).toBe("no_valid_policy");
    expect(found([policies(gold), inhibitAnyPolicy(1)], [policies(Oid.anyPolicy)], explicit)).toEqual([gold]);
  });

  test("of an anchor's certificate bound those below; an anchor that names none bounds nothing", () => {
    const anchored = (...extensions: readonly Extension[]): TrustAnchors =>
      TrustAnchors.of([issue(root, root, { extensions: [...caExtensions, ...extensions] })]);
    const below = { ...chain([policies(gold)], [policies(gold)]), policies: { initialExplicitPolicy: true } };
    expect(verdict({ ...below, anchors: anchored() })).toBe("ok");
    expect(verdict({ ...below, anchors: anchored(policies(gold)) })).toBe("ok");
    expect(verdict({ ...below, anchors: anchored(policies(silver)) })).toBe("no_valid_policy");
    const unnamed = chain([], []);
    expect(verdict({ ...unnamed, anchors: anchored(policyConstraints(0)) })).toBe("no_valid_policy");
    expect(verdict({ ...unnamed, anchors: anchored(policyConstraints(3)) })).toBe("ok");
  });

  test("that are critical with a qualifier that nobody knows refuse the certificate (RFC 5280 §4.2.1.4)", () => {
    const qualified = (critical: boolean): Extension => ({
      oid: Oid.certificatePolicies,
      critical,
      value: derSequence(derSequence(derOid(gold), derSequence(derSequence(derOid("1.2.3.4.5"), derSmallInteger(1))))),
    });
    expect(found([], [qualified(true)])).toBe("unsupported_critical_extension");
    expect(found([], [qualified(false)])).toEqual([]);
  });

  test("that all map to all make a graph, where a tree would have had 30^8 leaves (RFC 9618)", () => {
    const all = Array.from({ length: 30 }, (_, i) => `1.2.3.4.${i}`);
    const everything = mappings(...all.flatMap((from) => all.map((to) => [from, to] as const)));
    const cas: readonly Party[] = Array.from({ length: 8 }, (_, i) => party(`Mapping CA ${i}`));
    const intermediates = cas.map((ca, i) =>
      issue(ca, cas[i - 1] ?? root, { extensions: [...caExtensions, policies(...all), everything] }),
    );
    const last = cas.at(-1) ?? root;
    const end = issue(leaf, last, { extensions: [...leafExtensions, policies(all[0] ?? "")] });
    const result = verify({ leaf: end, intermediates, policies: { initialExplicitPolicy: true } });
    expect(result.ok && result.chain.policies.length).toBe(30);
  });
});
