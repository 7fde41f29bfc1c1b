import { describe, expect, test } from "vitest";
import { derElement, derSequence } from "../src/der-writer.ts";
import { encodeGeneralName, type GeneralName } from "../src/general-name.ts";
import {
  type AnchorRestrictions,
  type Certificate,
  subjectPublicKeyInfoOf,
  TrustAnchor,
  type TrustAnchorParts,
  TrustAnchors,
  X509Error,
} from "../src/index.ts";
import {
  caExtensions,
  intermediateCertificate,
  issue,
  keyUsage,
  leaf,
  party,
  root,
  rootCertificate,
  verdict,
  verify,
} from "./pki.ts";

const partsOf = ({ subject, subjectPublicKeyInfo }: Certificate): TrustAnchorParts => ({
  subject: subject.der,
  subjectPublicKeyInfo: subjectPublicKeyInfo.der,
});
const parts = partsOf(rootCertificate);
const only = (anchor: TrustAnchor): TrustAnchors => TrustAnchors.of([anchor]);
const permitting = (...names: readonly GeneralName[]): Uint8Array =>
  derSequence(derElement(0xa0, ...names.map((name) => derSequence(encodeGeneralName(name)))));

describe.each([
  ["a name and a key", (restrictions: AnchorRestrictions) => TrustAnchor.fromParts({ ...parts, ...restrictions })],
  ["a certificate", (restrictions: AnchorRestrictions) => TrustAnchor.fromCertificate(rootCertificate, restrictions)],
])("an anchor that is %s", (_, make) => {
  test("ends a path", () => {
    const anchor = make({});
    const result = verify({ anchors: only(anchor) });
    expect(result.ok && result.chain.anchor).toBe(anchor);
  });

  test("is distrusted for leaves that were issued after a date, and no others", () => {
    // the leaf is of 2026-01-01
    const after = (date: string): string =>
      verdict({ anchors: only(make({ distrustLeafIssuedAfter: new Date(date) })) });
    expect(after("2026-01-01T00:00:00Z")).toBe("ok");
    expect(after("2025-12-31T23:59:59Z")).toBe("distrusted_anchor");
  });

  test("has name constraints that it was given", () => {
    const nameConstraints = permitting({ type: "dNSName", value: "example.org" });
    expect(verdict({ anchors: only(make({ nameConstraints })) })).toBe("ok");
    const others = permitting({ type: "dNSName", value: "example.com" });
    expect(verdict({ anchors: only(make({ nameConstraints: others })) })).toBe("name_not_permitted");
  });

  test("has a path length if it was given one", () => {
    // one intermediate lies between
    expect(verdict({ anchors: only(make({ pathLength: 1 })) })).toBe("ok");
    expect(verdict({ anchors: only(make({ pathLength: 0 })) })).toBe("path_length_exceeded");
  });

  test("has dates if it was given some", () => {
    const until = (notAfter: string): string =>
      verdict({
        anchors: only(make({ validity: { notBefore: new Date("2026-01-01"), notAfter: new Date(notAfter) } })),
      });
    expect(until("2026-12-31")).toBe("ok");
    expect(until("2026-02-01")).toBe("expired");
  });
});

test("an anchor by name and key alone isn't bound by what a certificate of its says", () => {
  const shy = issue(root, root, { extensions: [keyUsage("keyCertSign")] });
  expect(verdict({ anchors: TrustAnchors.of([shy]) })).toBe("not_a_ca");
  expect(verdict({ anchors: only(TrustAnchor.fromParts(parts)) })).toBe("ok");
});

test("an anchor by name and key alone has a key that is long enough", () => {
  const weak = party("Root", "RSA");
  const bits = (dangerousMinimumRsaBits: number): string =>
    verdict({
      leaf: issue(leaf, weak),
      anchors: only(TrustAnchor.fromParts({ ...parts, subjectPublicKeyInfo: subjectPublicKeyInfoOf(weak.key).der })),
      dangerousMinimumRsaBits,
    });
  expect(bits(2048)).toBe("ok");
  expect(bits(2049)).toBe("weak_key");
});

test("parts are read when they are needed, and refused when they are malformed", () => {
  expect(() => TrustAnchor.fromParts({ ...parts, subject: Uint8Array.of(1) })).toThrow(X509Error);
  const anchor = TrustAnchor.fromParts({ ...parts, subjectPublicKeyInfo: Uint8Array.of(1) });
  expect(() => verify({ anchors: only(anchor) })).toThrow(X509Error);
});

test("several anchors of one name are tried, that of the key identifier first", () => {
  const impostor = issue(party("Root"), party("Root"), { extensions: caExtensions });
  expect(verdict({ anchors: TrustAnchors.of([impostor, rootCertificate]) })).toBe("ok");
  expect(verdict({ anchors: TrustAnchors.of([impostor]) })).toBe("bad_signature");
});

test("a chain that was found comes with why the paths that were tried before it don't do", () => {
  const impostor = issue(party("Root"), party("Root"), { extensions: caExtensions });
  const result = verify({ anchors: TrustAnchors.of([TrustAnchor.fromParts(partsOf(impostor)), rootCertificate]) });
  const tried = result.ok ? result.refusals.map(({ code, anchor }) => [code, anchor?.name.toString()]) : [];
  expect(tried).toEqual([["bad_signature", "CN=Root"]]);
});

test("an anchor is also found through a path that another anchor doesn't permit", () => {
  const distrusted = TrustAnchor.fromCertificate(rootCertificate, { distrustLeafIssuedAfter: new Date("2020-01-01") });
  const result = verify({ anchors: TrustAnchors.of([distrusted, intermediateCertificate]) });
  expect(result.ok && result.chain.anchor.certificate).toBe(intermediateCertificate);
  expect(result.ok && result.refusals).toEqual([]);
});

test("a leaf that is itself the anchor is held to what the anchor is restricted to", () => {
  const pinned = issue(leaf, leaf);
  const under = (restrictions: AnchorRestrictions): string =>
    verdict({ leaf: pinned, intermediates: [], anchors: only(TrustAnchor.fromCertificate(pinned, restrictions)) });
  expect(under({})).toBe("ok");
  expect(under({ distrustLeafIssuedAfter: new Date("2025-01-01") })).toBe("distrusted_anchor");
  expect(under({ validity: { notBefore: new Date("2025-01-01"), notAfter: new Date("2025-12-31") } })).toBe("expired");
  const nameConstraints = permitting({ type: "dNSName", value: "example.com" });
  expect(under({ nameConstraints })).toBe("name_not_permitted");
});
