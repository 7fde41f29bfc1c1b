/** An address of IPv4 as text. */
export function ipv4Text(address: Uint8Array): string {
  return address.join(".");
}

/** An address of IPv6 as text (RFC 5952 §4): the longest run of zeros left out, the first of several. */
export function ipv6Text(address: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((address[2 * at] ?? 0) << 8) | (address[2 * at + 1] ?? 0));
  let [start, length] = [0, 1];
  for (let at = 0; at < groups.length; at += 1) {
    const end = groups.findIndex((group, index) => index >= at && group !== 0);
    const zeros = (end < 0 ? groups.length : end) - at;
    if (zeros > length) [start, length] = [at, zeros];
  }
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return length < 2 ? text(0, 8) : `${text(0, start)}::${text(start + length, 8)}`;
}
