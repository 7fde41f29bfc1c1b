import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { equalBytes } from "@tlskit/wire";
import {
  Certificate,
  notChecked,
  TrustAnchors,
  type VerificationResult,
  verifyCertificateSync,
  X509Error,
} from "@tlskit/x509";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutated } from "../src/mutate.ts";
import { derPieces, write } from "../src/structure.ts";

fc.configureGlobal({ seed: 5280 }); // the same values in every run

const now = Date.UTC(2026, 5, 1, 12);
const dnsName = "server.example";
const keyTypes = ["P-256", "P-384", "Ed25519", "rsaEncryption", "id-RSASSA-PSS"] as const;
const pki = throwawayPki(nodeProvider, seededRandom(1), dnsName, now, { keyTypes });
const leaves = pki.certificates.flatMap(({ chain }) => chain.slice(0, 1));
const intermediate = pki.intermediate.certificate;
const root = pki.root.certificate;
const [first = root] = leaves;

function verify(
  leaf: Certificate,
  between: Certificate = intermediate,
  anchor: Certificate = root,
): VerificationResult {
  return verifyCertificateSync({
    provider: nodeProvider,
    leaf,
    intermediates: [between],
    anchors: TrustAnchors.of([anchor]),
    at: new Date(now),
    purpose: "serverAuth",
    hostname: dnsName,
    revocation: notChecked,
  });
}

/** A certificate, or nothing where it is refused as it has to be. */
function read(der: Uint8Array): Certificate | undefined {
  try {
    return Certificate.fromDer(der);
  } catch (error) {
    expect(error).toBeInstanceOf(X509Error);
    return undefined;
  }
}

/** Whatever can be asked of a certificate gives an answer. */
function askEverything(certificate: Certificate): void {
  const { issuer, subject, validity } = certificate;
  expect(`${issuer}${subject}${issuer.canonical}${validity.notBefore.getTime()}`).toBeTypeOf("string");
  expect(certificate.selfIssued).toBeTypeOf("boolean");
}

/** A certificate changed at one place after the other, by a bit, by a byte too many and by one too few. */
function* changedEverywhere(der: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < der.length; at += 1) {
    const flipped = der.slice();
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    yield flipped;
    yield Uint8Array.of(...der.subarray(0, at), ...der.subarray(at + 1));
    yield Uint8Array.of(...der.subarray(0, at), at % 256, ...der.subarray(at));
  }
}

test("the certificates are good as long as nobody changes them", () => {
  for (const leaf of leaves) expect(verify(leaf).ok).toBe(true);
});

test("DER that is taken apart and put together again is the same", () => {
  for (const { der } of [root, intermediate, ...leaves]) expect(write(derPieces(der))).toEqual(der);
});

describe("a certificate changed at any one byte", () => {
  test("verifies no more, as a leaf", () => {
    for (const der of changedEverywhere(first.der)) {
      const changed = read(der);
      if (changed !== undefined) expect(verify(changed).ok).toBe(false);
    }
  });

  test("verifies nothing any more, as an intermediate", () => {
    for (const der of changedEverywhere(intermediate.der)) {
      const changed = read(der);
      if (changed !== undefined) expect(verify(first, changed).ok).toBe(false);
    }
  });
});

describe("a certificate whose bytes and structure were changed", () => {
  const originals = [first, intermediate, root, ...leaves];
  const changed = fc.tuple(fc.nat(0xffff_ffff), fc.nat(originals.length - 1)).map(([seed, index]) => {
    const random = seededRandom(seed);
    const original = originals[index] ?? root;
    const donor = originals[seed % originals.length]?.der ?? root.der;
    const material = { random, dictionary: [], donor, comparisons: [], parse: derPieces, maxLength: 70_000 };
    return { original, der: mutated(original.der, material) };
  });

  test("is refused with an X509Error, or read, and then never good, whatever it is used for", () => {
    fc.assert(
      fc.property(changed, ({ original, der }) => {
        const certificate = read(der);
        if (certificate === undefined || equalBytes(der, original.der)) return;
        expect(certificate.der).toEqual(der);
        askEverything(certificate);
        expect(verify(certificate).ok).toBe(false);
        // A changed intermediate certifies nothing; of an anchor no more is asked than its name, its key and what it
        // forbids.
        expect(verify(first, certificate).ok).toBe(equalBytes(der, intermediate.der));
        expect(verify(first, intermediate, certificate).ok).toBeTypeOf("boolean");
      }),
      { numRuns: 3000 },
    );
  }, 60_000);
});
