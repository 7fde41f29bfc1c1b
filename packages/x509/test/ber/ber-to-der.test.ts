import { signerFor } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { concat } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { berToDer, maximumBerBytes, maximumBerDepth, maximumBerElements } from "../../src/ber/index.ts";
import { readBer } from "../../src/ber/read-ber.ts";
import { CmsOid } from "../../src/cms/oids.ts";
import {
  derBitString,
  derElement,
  derExplicit,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSmallInteger,
} from "../../src/der-writer.ts";
import {
  Certificate,
  createCertificateSync,
  createCrlSync,
  Oid,
  privateKeyFromPkcs8,
  privateKeyToPkcs8,
} from "../../src/index.ts";
import { codeOf, kinds, ourKey } from "../keys/samples.ts";
import { countingRandom, generateKey, now, provider } from "../pki.ts";
import { berElement, berOf, streamed } from "./writing.ts";

const random = countingRandom();
const key = generateKey();
const signing = { provider, random, signer: signerFor(provider, key, random), validity: { from: now, days: 30 } };
const certificate = createCertificateSync({ ...signing, publicKey: key, subject: { commonName: "CA" }, ca: {} });
const crl = createCrlSync({
  ...signing,
  issuer: certificate,
  thisUpdate: now,
  nextUpdate: new Date(now.getTime() + 86_400_000),
  cRLNumber: 1,
  revoked: [],
});
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(" ", ""), "hex"));

/** A tree of elements, and for each whether its length is indefinite, how much it is padded, and how it is cut. */
interface Tree {
  readonly tag: number;
  readonly content: Uint8Array | readonly Tree[];
  readonly indefinite: boolean;
  readonly lengthPadding: number;
  readonly pieces: number | undefined;
}
const choices = {
  indefinite: fc.boolean(),
  lengthPadding: fc.nat(3),
  pieces: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
};
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.record({
      tag: fc.constantFrom(0x04, 0x04, 0x0c, 0x80, 0x9e),
      content: fc.uint8Array({ maxLength: 200 }),
      ...choices,
    }),
    fc.record({
      tag: fc.constant(0x03),
      content: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((octets) => concat(Uint8Array.of(0), octets)),
      ...choices,
    }),
    fc.record({
      tag: fc.constantFrom(0x30, 0x31, 0xa0, 0xbe),
      content: fc.array(tie("tree"), { maxLength: 5 }),
      ...choices,
    }),
  ),
}));
const derOf = ({ tag, content }: Tree): Uint8Array =>
  content instanceof Uint8Array ? derElement(tag, content) : derElement(tag, ...content.map(derOf));

describe("BER becomes DER", () => {
  test("whatever is chosen where BER leaves a choice, the DER is the same", () => {
    fc.assert(
      fc.property(tree, (node) => {
        const order: Tree[] = [];
        const list = (one: Tree): void => {
          order.push(one);
          if (!(one.content instanceof Uint8Array)) one.content.forEach(list);
        };
        list(node);
        const der = derOf(node);
        const ber = berOf(der, () => order.shift() ?? streamed);
        expect(berToDer(ber)).toEqual(der);
        expect(berToDer(der)).toEqual(der);
      }),
      { seed: 20260301, numRuns: 500 },
    );
  });

  test("strings in pieces of pieces", () => {
    expect(berToDer(hex("24 80 24 80 04 01 41 04 00 00 00 24 06 04 01 42 04 01 43 00 00"))).toEqual(
      hex("04 03 41 42 43"),
    );
    expect(berToDer(hex("23 80 23 04 03 02 00 ff 03 02 04 f0 00 00"))).toEqual(hex("03 03 04 ff f0"));
    expect(berToDer(hex("24 80 00 00"))).toEqual(hex("04 00"));
    expect(berToDer(hex("23 00"))).toEqual(hex("03 01 00"));
  });

  test("a BOOLEAN that is true is 0xff", () => {
    expect(berToDer(hex("30 06 01 01 01 01 01 00"))).toEqual(hex("30 06 01 01 ff 01 01 00"));
  });

  test("a SET stays in its order", () => {
    expect(berToDer(hex("31 80 02 01 02 02 01 01 00 00"))).toEqual(hex("31 06 02 01 02 02 01 01"));
  });

  test("what lies in a string isn't looked at", () => {
    expect(berToDer(hex("30 80 04 04 30 80 00 00 00 00"))).toEqual(hex("30 06 04 04 30 80 00 00"));
  });

  test("bytes handed in are not kept", () => {
    const ber = hex("04 81 01 41");
    const der = berToDer(ber);
    ber.fill(0);
    expect(der).toEqual(hex("04 01 41"));
  });

  // RFC 5652 §6.1: an implicit tag
  test("a ciphertext in pieces, though its tag doesn't say that it is a string", () => {
    const algorithm = derSequence(derOid("2.16.840.1.101.3.4.1.42"), derOctetString(new Uint8Array(16)));
    const pieces = hex("a0 80 04 02 01 02 04 01 03 00 00");
    const inPieces = (oid: string, ciphertext: Uint8Array): Uint8Array =>
      derSequence(
        derOid(oid),
        derExplicit(0, derSequence(derSmallInteger(0), derSequence(derOid(CmsOid.idData), algorithm, ciphertext))),
      );
    for (const oid of [CmsOid.idEncryptedData, CmsOid.idEnvelopedData]) {
      expect(berToDer(inPieces(oid, pieces))).toEqual(inPieces(oid, hex("80 03 01 02 03")));
      expect(berToDer(inPieces(oid, hex("80 81 01 01")))).toEqual(inPieces(oid, hex("80 01 01")));
    }
    // of another type nobody knows it
    expect(berToDer(inPieces(CmsOid.idData, pieces))).toEqual(
      inPieces(CmsOid.idData, hex("a0 07 04 02 01 02 04 01 03")),
    );
    expect(codeOf(() => berToDer(inPieces(CmsOid.idEncryptedData, hex("a0 80 02 01 01 00 00"))))).toBe("invalid_ber");
  });

  test.each(kinds)("a private key (%s)", (kind) => {
    const der = privateKeyToPkcs8(ourKey(kind));
    expect(privateKeyFromPkcs8(berToDer(berOf(der, () => streamed)), { provider: nobleProvider })).toEqual(
      ourKey(kind),
    );
  });
});

describe("what is signed stays as it was", () => {
  test("a certificate and a CRL that were DER, in something that wasn't", () => {
    const ber = concat(hex("30 80"), certificate.der, crl.der, hex("00 00"));
    expect(berToDer(ber)).toEqual(derSequence(certificate.der, crl.der));
  });

  test("of a certificate, what isn't signed may be BER", () => {
    const [toBeSigned] = partsOf(certificate.der);
    const ber = berOf(certificate.der, (element) =>
      toBeSigned !== undefined && element.position.offset < toBeSigned.end && element.position.offset > 0
        ? { ...streamed, indefinite: false, pieces: undefined }
        : streamed,
    );
    expect(ber).not.toEqual(certificate.der);
    expect(Certificate.fromDer(berToDer(ber)).der).toEqual(certificate.der);
  });

  test.each([
    ["a certificate", certificate.der],
    ["a CRL", crl.der],
  ])("%s that was signed as BER is refused, wherever it lies", (_, der) => {
    const [toBeSigned] = partsOf(der);
    const ber = berOf(der, ({ position }) =>
      position.offset === toBeSigned?.offset ? streamed : { ...streamed, indefinite: false, pieces: undefined },
    );
    for (const file of [ber, berElement(0x30, ber, streamed), berElement(0xa0, berElement(0x31, ber), streamed)]) {
      expect(() => berToDer(file)).toThrow("written as DER it would not be what was signed");
      expect(codeOf(() => berToDer(file))).toBe("invalid_ber");
    }
  });
});

describe("what is no BER, or not one thing, is refused", () => {
  test.each([
    ["nothing", "", "there is nothing to read"],
    ["bytes behind it", "05 00 00", "at offset 2: contents end that didn't begin"],
    ["an element behind it", "05 00 05 00", "at offset 2: there is more behind the end"],
    ["contents without an end", "30 80 05 00", "at offset 0: its contents have no end"],
    ["contents without an end, empty", "30 80", "at offset 0: its contents have no end"],
    ["half of an end", "30 80 00", "at offset 2: contents end that didn't begin"],
    ["an end with a length", "30 80 00 01 00 00 00", "at offset 2: contents end that didn't begin"],
    ["an end in a definite length", "30 04 05 00 00 00", "at offset 4: contents end that didn't begin"],
    [
      "an element beyond the one that it lies in",
      "30 03 04 02 41 42",
      "at offset 2: it is cut off: it has 2 bytes, 1 are left",
    ],
    ["the same behind an indefinite length", "30 04 30 80 04 02 41 42 00 00", "at offset 4: it is cut off"],
    [
      "a primitive with an indefinite length",
      "04 80 00 00",
      "at offset 0: it is primitive and has an indefinite length",
    ],
    ["a length of 0xff", "04 ff", "at offset 0: its length can't be read"],
    ["a length of nine octets", "04 89 00 00 00 00 00 00 00 00 01 41", "at offset 0: its length can't be read"],
    ["a length that is cut off", "04 82 01", "at offset 0: its length can't be read"],
    ["a constructed INTEGER", "22 03 02 01 01", "at offset 0: its identifier can't be read"],
    ["a constructed SEQUENCE-less NULL", "25 00", "at offset 0: its identifier can't be read"],
    ["a SEQUENCE that is primitive", "10 00", "at offset 0: a SEQUENCE or SET is constructed"],
    ["a string of characters in pieces", "2c 03 0c 01 41", "at offset 0: only OCTET STRING and BIT STRING"],
    ["a piece of another type", "24 03 0c 01 41", "at offset 2: a string in pieces consists of something else"],
    ["a BIT STRING in pieces of OCTET STRING", "23 03 04 01 41", "at offset 2: a string in pieces consists of"],
    [
      "unused bits within a BIT STRING",
      "23 08 03 02 04 f0 03 02 00 ff",
      "at offset 2: a BIT STRING has unused bits within it",
    ],
    ["a BOOLEAN of two octets", "01 02 ff ff", "at offset 0: a BOOLEAN has one octet"],
    ["a BOOLEAN of none", "01 00", "at offset 0: a BOOLEAN has one octet"],
    ["a tag number above 30", "9f 1f 00", "at offset 0: a tag number is at most 30, got 31"],
    ["a tag number in too many octets", "9f 1e 00", "at offset 0: its tag number is in too many octets"],
    ["a tag number with a zero in front", "9f 80 1f 00", "at offset 0: its tag number is in too many octets"],
    ["a tag number without end", "9f ff ff", "at offset 0: its identifier can't be read"],
    [
      "a tag number beyond all numbers",
      "9f ff ff ff ff ff ff ff ff ff 7f 00",
      "at offset 0: its tag number is too large",
    ],
  ])("%s", (_, encoding, message) => {
    expect(() => berToDer(hex(encoding))).toThrow(message);
    expect(codeOf(() => berToDer(hex(encoding)))).toBe("invalid_ber");
  });

  test("every prefix of an encoding", () => {
    const ber = berOf(derSequence(derOctetString(hex("41 42")), derBitString(hex("43")), derNull()), () => streamed);
    for (let end = 0; end < ber.length; end += 1) {
      expect(codeOf(() => berToDer(ber.subarray(0, end)))).toBe("invalid_ber");
    }
  });
});

describe("limits", () => {
  const nested = (depth: number): Uint8Array =>
    concat(...new Array(depth).fill(hex("30 80")), ...new Array(depth).fill(hex("00 00")));
  const listed = (count: number): Uint8Array => berElement(0x30, hex("05 00".repeat(count - 1)));

  test(`${maximumBerDepth} levels`, () => {
    expect(berToDer(nested(maximumBerDepth))).toHaveLength(2 * maximumBerDepth);
    expect(codeOf(() => berToDer(nested(maximumBerDepth + 1)))).toBe("too_large");
  });

  test(`${maximumBerElements} elements, and pieces of a string`, () => {
    const pieces = berElement(0x24, hex("04 01 41".repeat(maximumBerElements - 1)), streamed);
    expect(berToDer(pieces)).toHaveLength(maximumBerElements + 4);
    expect(berToDer(listed(maximumBerElements))).toEqual(listed(maximumBerElements));
    expect(codeOf(() => berToDer(listed(maximumBerElements + 1)))).toBe("too_large");
  });

  test(`${maximumBerBytes} bytes`, () => {
    const octets = (count: number): Uint8Array => derOctetString(new Uint8Array(count - 5));
    expect(berToDer(octets(maximumBerBytes))).toHaveLength(maximumBerBytes);
    expect(codeOf(() => berToDer(octets(maximumBerBytes + 1)))).toBe("too_large");
  });
});

test("names of algorithms alone make nothing signed", () => {
  const algorithm = derSequence(derOid(Oid.idEd25519));
  const der = derSequence(algorithm, derBitString(hex("41")));
  expect(berToDer(berOf(der, () => streamed))).toEqual(der);
});

/** Where the parts of a SEQUENCE lie. */
function partsOf(der: Uint8Array): readonly { readonly offset: number; readonly end: number }[] {
  return readBer(der).elements[0]?.elements.map(({ position }) => position) ?? [];
}
