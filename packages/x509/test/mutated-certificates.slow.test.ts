import { X509Certificate } from "node:crypto";
import { describeVectors } from "@tlskit/vectors";
import { expect, test } from "vitest";
import { Certificate, type Name, X509Error } from "../src/index.ts";
import { bytes } from "./vectors/support.ts";

/** How many certificates are changed. */
const count = 1000;

/** Numbers that are the same at every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One octet or bit changed, or up to three octets taken out or put in. */
function mutated(der: Uint8Array, next: (below: number) => number): Uint8Array {
  const at = next(der.length);
  const some = 1 + next(3);
  const changed = new Uint8Array(der);
  switch (next(4)) {
    case 0:
      changed[at] = next(256);
      return changed;
    case 1:
      changed[at] = (changed[at] ?? 0) ^ (1 << next(8));
      return changed;
    case 2:
      return Uint8Array.from([...der.subarray(0, at), ...der.subarray(at + some)]);
    default:
      return Uint8Array.from([
        ...der.subarray(0, at),
        ...Array.from({ length: some }, () => next(256)),
        ...der.subarray(at),
      ]);
  }
}

/** How a sentence about an extension begins. */
const extensions =
  /^(the (CRL|freshest|certificate policies|authority|subject key|subject alternative|key usage|basic|path length|name constraints|policy|inhibition|extended|issuer alternative)|an extension's (critical|value)|the extension )/;

/** What we refuse and Node's parser, which is OpenSSL's, reads; by the reason that we give. */
const stricter: readonly (readonly [why: string, reason: RegExp])[] = [
  ["Node reads one certificate and passes over what is behind it", /^the certificate has \d+ bytes too many/],
  ["Node decodes no extension when it reads", extensions],
  ["Node decodes a key when it is asked for", /^the (RSA public key|modulus|public exponent|public key) /],
  ["Node decodes a key's parameters with it", /^an RSA key's parameters/],
  ["Node compares the two algorithms when it verifies", /^the signature algorithm inside/],
  ["Node reads times when it is asked for them", /^not(Before|After) (is not a time|should be)/],
  ["Node takes names with an empty SET, or without SET", /^the (issuer|subject) should be s/],
  ["Node reads signatures of any number of bits", /^the signature (doesn't consist|has unused bits|is not a BIT)/],
  ["Node reads any version", /^(a certificate's version field|a certificate of version|the version is)/],
  ["Node reads extensions whose SEQUENCE is primitive", /^the extensions should be sequence/],
  ["Node reads object identifiers with padding", /^an arc of an object identifier is padded/],
  ["Node reads BOOLEANs and lengths as BER has them", /(as DER has it|in too many octets|indefinite length|cut off)$/],
];

/** Values of names that are no strings, which we read, compare by their bytes and show as such. Node refuses the types. */
function hasOddValue(name: Name): boolean {
  return name.relativeNames.flat().some(({ text }) => text === undefined);
}

interface Pkits {
  readonly certificates: Readonly<Record<string, string>>;
}

describeVectors<Pkits>(`${count} certificates, changed`, "pkits/pkits.json", ({ certificates }) => {
  test("are read alike by Node's parser and ours, but for what has a reason", () => {
    const all = Object.values(certificates).map(bytes);
    const next = seeded(5280);
    const outcomes = { bothRead: 0, bothRefuse: 0, weRefuse: 0, nodeRefuses: 0 };
    for (let i = 0; i < count; i += 1) {
      const der = mutated(all[next(all.length)] ?? new Uint8Array(0), next);
      const ours = read(der);
      const theirs = nodeReads(der);
      if (ours instanceof Certificate) {
        outcomes[theirs ? "bothRead" : "nodeRefuses"] += 1;
        if (!theirs) expect(hasOddValue(ours.subject) || hasOddValue(ours.issuer), hex(der)).toBe(true);
      } else {
        outcomes[theirs ? "weRefuse" : "bothRefuse"] += 1;
        const explained = stricter.some(([, reason]) => reason.test(ours));
        if (theirs) expect(explained, `${ours}: ${hex(der)}`).toBe(true);
      }
    }
    // about one in three is of no consequence to either, or breaks it for both
    for (const [outcome, times] of Object.entries(outcomes)) expect(times, outcome).toBeGreaterThan(0);
  });
});

function read(der: Uint8Array): Certificate | string {
  try {
    return Certificate.fromDer(der);
  } catch (error) {
    if (error instanceof X509Error) return error.message;
    throw error;
  }
}

function nodeReads(der: Uint8Array): boolean {
  try {
    return new X509Certificate(der).raw.length > 0;
  } catch {
    return false;
  }
}

function hex(der: Uint8Array): string {
  return Buffer.from(der).toString("hex");
}
