/** The extensions that IANA has in "TLS ExtensionType Values", from a code to a code. */
const registered: readonly (readonly [from: number, to: number])[] = [
  [0, 25],
  [27, 28],
  [33, 35],
  [39, 39],
  [41, 45],
  [47, 52],
  [54, 58],
  [62, 62],
  [13172, 13172],
  [17513, 17513],
  [17613, 17613],
  [64768, 64768],
  [65037, 65037],
  [65281, 65281],
];

/** Whether IANA has an extension of this code; none that is GREASE. */
export function isRegisteredExtension(code: number): boolean {
  return registered.some(([from, to]) => from <= code && code <= to);
}
