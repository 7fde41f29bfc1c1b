import { hashOf } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { Exporter, expandLabel } from "@tlskit/keyschedule";
import { describe, expect, test } from "vitest";

const sha256 = hashOf(nobleProvider, "SHA-256");
const exporter = new Exporter(sha256, new Uint8Array(32).fill(1));
const outOfRange = expect.objectContaining({ kind: "caller", code: "out_of_range" });

describe("an exporter, at its limits and one beyond", () => {
  test.each([1, 255 * 32])("gives %d bytes", (length) => {
    expect(exporter.export("EXPORTER-x", undefined, length)).toHaveLength(length);
  });

  test.each([0, 255 * 32 + 1, 1.5])("doesn't give %d bytes, and says how many it does", (length) => {
    expect(() => exporter.export("EXPORTER-x", undefined, length)).toThrow(outOfRange);
    expect(() => exporter.export("EXPORTER-x", undefined, length)).toThrow(/1 to 8160 bytes/);
  });

  test.each(["x", "x".repeat(249), "~"])("takes the label %s", (label) => {
    expect(exporter.export(label)).toHaveLength(32);
  });

  test.each(["", "x".repeat(250)])("doesn't take the label %j", (label) => {
    expect(() => exporter.export(label)).toThrow(outOfRange);
  });

  test("takes no label beyond ASCII", () => {
    expect(() => exporter.export("ä")).toThrow(expect.objectContaining({ kind: "caller", code: "not_ascii" }));
  });
});

// RFC 9846 §7.1: opaque label<7..255>, "tls13 " included
test("a label has a letter of its own, and fits in a byte", () => {
  const expand = (label: string) => expandLabel(sha256, new Uint8Array(32), label, new Uint8Array(0), 32);
  expect(expand("x")).toHaveLength(32);
  expect(expand("x".repeat(249))).toHaveLength(32);
  for (const label of ["", "x".repeat(250)]) expect(() => expand(label)).toThrow(outOfRange);
});
