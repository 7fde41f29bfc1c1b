/**
 * Whether two byte strings are the same, in a time that depends on their lengths alone (as far as JavaScript lets one
 * promise that): for MACs, Finished values, binders and everything else that an attacker could guess byte by byte.
 */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
