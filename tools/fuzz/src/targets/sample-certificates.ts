import { concat } from "@tlskit/wire";
import { Certificate, Oid } from "@tlskit/x509";
import { der, oid, sequence, text } from "../der.ts";
import { derPieces, leaf, type Piece, write } from "../structure.ts";
import { pki } from "../world.ts";
import { sampleLeaves } from "./sample-keys.ts";

const name = sequence(
  der(0x31, sequence(oid(Oid.countryName), text(0x13, "XX"))),
  der(0x31, sequence(oid(Oid.organizationName), text(0x0c, "Organisation"))),
  der(0x31, sequence(oid(Oid.commonName), text(0x1e, "\0C\0N")), sequence(oid(Oid.userId), text(0x16, "user"))),
);
const uri = text(0x86, "http://a.example/x");

const generalNames = [
  der(0xa0, oid("1.3.6.1.4.1.311.20.2.3"), der(0xa0, text(0x0c, "user"))),
  text(0x81, "someone@a.example"),
  text(0x82, "a.example"),
  text(0x82, "*.b.example"),
  der(0xa3, sequence()),
  der(0xa4, name),
  der(0xa5, text(0x82, "party")),
  uri,
  der(0x87, Uint8Array.of(192, 0, 2, 1)),
  der(0x87, new Uint8Array(16).fill(1)),
  der(0x88, Uint8Array.of(0x2a, 3, 4)),
];

const subtrees = [
  sequence(text(0x82, "b.example")),
  sequence(text(0x82, "a.example")),
  sequence(text(0x81, ".a.example")),
  sequence(der(0x87, Uint8Array.of(192, 0, 2, 0, 255, 255, 255, 0))),
  sequence(der(0xa4, name)),
  sequence(text(0x86, ".a.example")),
];

/** A list of signed certificate timestamps (RFC 6962 §3.3) of one log. */
export function timestampList(logId: Uint8Array): Uint8Array {
  const timestamp = concat(
    Uint8Array.of(0),
    logId,
    Uint8Array.of(0, 0, 1, 0x9a, 0, 0, 0, 0, 0, 0, 4, 3, 0, 8),
    sequence(der(2, Uint8Array.of(1)), der(2, Uint8Array.of(1))),
  );
  const list = [timestamp, timestamp].flatMap((each) => [Uint8Array.of(0, each.length), each]);
  return concat(Uint8Array.of(0, 2 * (timestamp.length + 2)), ...list);
}

const points = sequence(
  sequence(der(0xa0, der(0xa0, uri)), der(0x81, Uint8Array.of(5, 0x60))),
  sequence(der(0xa0, der(0xa1, sequence(oid(Oid.commonName), text(0x0c, "CRL1")))), der(0xa2, der(0xa4, name))),
);
const descriptions = sequence(sequence(oid("1.3.6.1.5.5.7.48.1"), uri), sequence(oid("1.3.6.1.5.5.7.48.2"), uri));
const policy = oid("2.23.140.1.2.1");

/** A value of each standard extension (RFC 5280 §4.2 and others), by object identifier. */
const values: Readonly<Record<string, Uint8Array>> = {
  "2.5.29.14": der(4, new Uint8Array(20).fill(1)),
  "2.5.29.15": der(3, Uint8Array.of(1, 0xfe)),
  "2.5.29.17": sequence(...generalNames),
  "2.5.29.18": sequence(...generalNames),
  "2.5.29.19": sequence(der(1, Uint8Array.of(0xff)), der(2, Uint8Array.of(3))),
  "2.5.29.30": sequence(der(0xa0, sequence(text(0x82, "example")), ...subtrees), der(0xa1, ...subtrees)),
  "2.5.29.31": points,
  "2.5.29.32": sequence(
    sequence(policy),
    sequence(
      oid("1.3.6.1.4.1.99999.5"),
      sequence(
        sequence(oid("1.3.6.1.5.5.7.2.1"), text(0x16, "http://a.example/cps")),
        sequence(
          oid("1.3.6.1.5.5.7.2.2"),
          sequence(sequence(text(0x0c, "who"), sequence(der(2, Uint8Array.of(1)))), text(0x0c, "notice")),
        ),
      ),
    ),
  ),
  "2.5.29.33": sequence(sequence(policy, oid("1.3.6.1.4.1.99999.5"))),
  "2.5.29.35": sequence(der(0x80, new Uint8Array(20).fill(2)), der(0xa1, der(0xa4, name)), der(0x82, Uint8Array.of(5))),
  "2.5.29.36": sequence(der(0x80, Uint8Array.of(0)), der(0x81, Uint8Array.of(1))),
  "2.5.29.37": sequence(oid("1.3.6.1.5.5.7.3.1"), oid("2.5.29.37.0")),
  "2.5.29.46": points,
  "2.5.29.54": der(2, Uint8Array.of(2)),
  "1.3.6.1.5.5.7.1.1": descriptions,
  "1.3.6.1.5.5.7.1.11": descriptions,
  "1.3.6.1.5.5.7.1.24": sequence(der(2, Uint8Array.of(5)), der(2, Uint8Array.of(17))),
  "1.3.6.1.5.5.7.48.1.5": der(5),
  "1.3.6.1.4.1.11129.2.4.2": der(4, timestampList(new Uint8Array(32).fill(3))),
  "1.3.6.1.4.1.11129.2.4.3": der(5),
};

function extension(id: string, value: Uint8Array, critical = false): Uint8Array {
  return sequence(oid(id), ...(critical ? [der(1, Uint8Array.of(0xff))] : []), der(4, value));
}

/** A certificate with other extensions, and a signature that no longer fits. */
function withExtensions(certificate: Uint8Array, ...extensions: readonly Uint8Array[]): Uint8Array {
  const edit = (piece: Piece): Piece =>
    piece.head[0] === 0xa3
      ? { ...piece, parts: [leaf(sequence(...extensions))] }
      : { ...piece, parts: piece.parts.map(edit) };
  return write(edit(derPieces(certificate)));
}

/** The TBSCertificate of a certificate with more extensions: with the sample of each of these kinds. */
export function tbsWith(certificate: Certificate, ...ids: readonly string[]): Uint8Array {
  const own = certificate.extensions.map(({ oid: id, value, critical }) => extension(id, value, critical));
  const more = ids.map((id) => extension(id, values[id] ?? new Uint8Array(0)));
  return Certificate.fromDer(withExtensions(certificate.der, ...own, ...more)).tbs;
}

/** Names of several kinds. */
export const sampleNames: readonly Uint8Array[] = [name, sequence()];

/** Certificates with every standard extension, one by one and all together. */
export function sampleCertificates(): readonly Uint8Array[] {
  const { certificate, intermediate, root } = pki();
  const own = [...certificate.chain, intermediate.certificate, root.certificate].map((each) => each.der);
  const [first = new Uint8Array(0)] = own;
  const written = Object.entries(values).map(([id, value]) => extension(id, value));
  const others = sampleLeaves().flatMap(({ chain }) => chain.slice(0, 1).map((each) => each.der));
  return [...own, ...others, withExtensions(first, ...written), ...written.map((each) => withExtensions(first, each))];
}
