/** Of all servers of the fleets that tests have. */
export const operatorKey: Uint8Array = new Uint8Array(32).fill(7);
