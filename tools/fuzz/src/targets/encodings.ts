import { equalBytes } from "@tlskit/wire";
import { decodeSignedData } from "@tlskit/x509";
import { type Asn1Node, asn1Tree, berToDer } from "@tlskit/x509/ber";
import { promise, type Target } from "../target.ts";
import { pki } from "../world.ts";
import { derTarget } from "./certificates.ts";

const fromHex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits.replaceAll(" ", ""), "hex"));
const chain = (): readonly Uint8Array[] => pki().certificate.chain.map(({ der }) => der);

/** PKCS#7 with these certificates in it, in indefinite lengths (RFC 5652 §5.1). */
function streamedSignedData(certificates: readonly Uint8Array[]): Uint8Array {
  const before = fromHex(
    "30 80 06 09 2a864886f70d010702 a0 80 30 80 02 01 01 31 00 30 80 06 09 2a864886f70d010701 00 00 a0 80",
  );
  return Buffer.concat([before, ...certificates, fromHex("00 00 31 00 00 00 00 00 00 00")]);
}

/** Offsets go forward, and what lies in an element lies within it. */
function isWithin(nodes: readonly Asn1Node[], start: number, end: number): boolean {
  let at = start;
  return nodes.every((node) => {
    const contents = node.offset + node.headerLength;
    const isInOrder = node.offset >= at && contents + node.length <= end;
    at = contents + node.length;
    return isInOrder && isWithin(node.nodes, contents, at);
  });
}

/** Encodings by the Basic Encoding Rules. */
export const berTarget: Target = {
  ...derTarget,
  name: "ber",
  what: "an encoding in BER: as a tree, and written again as DER",
  maxLength: 4096,
  seeds: () => [
    ...chain(),
    streamedSignedData(chain()),
    fromHex("24 80 24 80 04 01 41 04 00 00 00 24 06 04 01 42 04 01 43 00 00"),
    fromHex("30 80 23 80 03 02 00 ff 03 02 04 f0 00 00 01 01 01 1f 81 00 00 00 00"),
  ],
  run(input) {
    const { nodes, fault } = asn1Tree(input);
    promise(isWithin(nodes, 0, input.length), "what lies in an element lies within it");
    promise(fault === undefined || (fault.offset >= 0 && fault.offset <= input.length), "a fault is within the input");
    const der = berToDer(input);
    promise(fault === undefined, "what has a fault isn't written as DER");
    promise(equalBytes(berToDer(der), der), "what is DER stays as it is");
  },
};

/** Certificates and CRLs in PKCS#7. */
export const signedDataTarget: Target = {
  ...derTarget,
  name: "signed-data",
  what: "PKCS#7: its certificates and CRLs",
  maxLength: 4096,
  seeds: () => [berToDer(streamedSignedData(chain())), berToDer(streamedSignedData([]))],
  run(input) {
    const { certificates, crls } = decodeSignedData(input);
    for (const der of [...certificates, ...crls]) promise(der[0] === 0x30, "each is a SEQUENCE");
  },
};
