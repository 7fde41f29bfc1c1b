import { parseIpAddress } from "@tlskit/x509";

/** Addresses that begin with these bits. */
interface Prefix {
  readonly octets: readonly number[];
  readonly bits: number;
}

const prefix = (text: string): Prefix => {
  const [address = "", bits = ""] = text.split("/");
  return { octets: [...(parseIpAddress(address) ?? [])], bits: Number(bits) };
};

/** IANA's registry of special-purpose addresses of IPv4 (RFC 6890), as far as they aren't globally reachable; multicast. */
const notPublicIpv4: readonly Prefix[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
].map(prefix);

/** RFC 4291 §2.4: the addresses of IPv6 that are given out for the whole world. Private and local ones lie elsewhere. */
const globalUnicast = prefix("2000::/3");

/** The special ones among them: protocols, documentation, and those that have an address of IPv4 in them (Teredo, 6to4). */
const notPublicIpv6: readonly Prefix[] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map(prefix);

/** RFC 6052 §2.1: an address of IPv4 that is reached through a translator. */
const translated = prefix("64:ff9b::/96");

/**
 * Whether an address is one of a host on the public internet: not of this machine, not of a private network, a link, a
 * cloud's metadata, a group, or a documentation. What is no address isn't public.
 */
export function isPublicAddress(text: string): boolean {
  const address = parseIpAddress(text);
  if (address === undefined) return false;
  if (address.length === 4) return !notPublicIpv4.some((special) => hasPrefix(address, special));
  if (hasPrefix(address, translated)) return isPublicAddress(address.subarray(12).join("."));
  return hasPrefix(address, globalUnicast) && !notPublicIpv6.some((special) => hasPrefix(address, special));
}

function hasPrefix(address: Uint8Array, { octets, bits }: Prefix): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = (0xff << Math.max(0, bit + 8 - bits)) & 0xff;
    if (((address[bit / 8] ?? 0) & mask) !== ((octets[bit / 8] ?? 0) & mask)) return false;
  }
  return true;
}
