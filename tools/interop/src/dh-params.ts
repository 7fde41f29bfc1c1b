import { type FfdheName, ffdheGroup } from "@tlskit/crypto";
import { toPem } from "@tlskit/x509";

/** A group of RFC 7919, as programs take it. */
export function ffdhePem(name: FfdheName): string {
  const { prime, generator } = ffdheGroup(name);
  return dhPem(prime, generator);
}

/** A group as programs take it: PKCS#3's DHParameter, `SEQUENCE { prime INTEGER, base INTEGER, … }`, in PEM. */
export function dhPem(prime: Uint8Array, generator: Uint8Array = Uint8Array.of(2)): string {
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

function hex(digits: string): Uint8Array {
  return Buffer.from(digits.replaceAll(/\s/g, ""), "hex");
}

/** A safe prime of 2,048 bits that is nobody else's: from `openssl dhparam 2048`. */
export const ownSafePrime: Uint8Array = hex(`
  f749d4176dc7626778597e61d3c26a9b277ab40452ec55aecc1639ebebee11d1e459cbd51e5d9720bf96cb84d354351b
  aca83c570a4ff90614793f7957ad1adaa4419196650d06075392086df4f58edd9155f3f58995b1ad29fe7840fe8f1668
  4c8e0074557302807e7cd8a29ade81dbfac46f13a6a6e5957c50c6fa56ffef7238462d5a33b9980bd8978199df958b43
  33e8bd2780bf9f4fabdbdbf91df93c65eed8b77ea0417eb850661a97bd5623b7e611b202f6112105be48243ddf220932
  7da4ce9b11ec741385b6c157034857afbb95df66447e56b8726732431fd422f4dff04fda0b69d28789da080d3cddfedb
  ce86632828e7f5bdee64aeea11f00f0f
`);

/** A safe prime of 1,024 bits. */
export const shortSafePrime: Uint8Array = hex(`
  b7b713ba9d9e0337c45291b1f8ba8ce852f6f9790f955e356d6b8d44c03c0ec95fbae99a4e4abed90f8d02c77c2c42f1
  f77e9cb047c09e56deb8252d5c012e226e0f056665c49b68dbe4fe7d43e0ff8749c691a6e6d4241790094d579ee46148
  e2b00b020254c480c462609bff400f15a7244b5d847499ce4980d10fd59670df
`);

/** A prime of 2,048 bits that isn't a safe one: from `openssl dhparam -dsaparam 2048`. */
export const otherPrime: Uint8Array = hex(`
  95b849ed84bbd5961588ec5c6e26d7c72d710e67210a10e858339e5622fb577388a3db8c50b9224ef714fb07d7f1a288
  2a088d52a986a134c5196bdb254ada4e28b13f37f6258cd6dc1b1e44c03baf17844d15d23477d361ce2c93c3aecf0202
  5dfed532e43d70bcb920d24e121c2e4b66aa3e34de9ba107a37eea1f3fb8a018db9a6d0ffe5592b3f125c78617a6d63b
  96843e5de3d7c38cf79807076ca4b6a510d78164db5a694d62b31182dc1bf136402cb6969299de6952ebf59657b5d7bd
  3d8dc34a46791cfb370d323e3a422081161ea9f3a9401cc3fac85cd17ed315c0330696f28160466dffae9ae61a3f78da
  90f0473c413893d15931be7510a6fda7
`);
