import { type FfdheName, ffdheGroup } from "@tlskit/crypto";
import { toPem } from "@tlskit/x509";

/** A group of RFC 7919 as programs take it: PKCS#3's DHParameter, `SEQUENCE { prime INTEGER, base INTEGER, … }`, in PEM. */
export function ffdhePem(name: FfdheName): string {
  const { prime, generator } = ffdheGroup(name);
  return toPem("DH PARAMETERS", tagged(0x30, Buffer.concat([integer(prime), integer(generator)])));
}

function integer(octets: Uint8Array): Uint8Array {
  const [first = 0] = octets;
  return tagged(0x02, first > 0x7f ? Buffer.concat([Uint8Array.of(0), octets]) : octets);
}

function tagged(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const header = length < 0x80 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.of(...header), content]);
}
