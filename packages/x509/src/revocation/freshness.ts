/** When something was known, and by when something newer will be. */
export interface Update {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
}

/**
 * Why a CRL or an answer isn't current, as a clause; nothing if it is. One that doesn't say by when it will be replaced
 * is current only as long as the caller said that anything is: whoever could hold it back could use it forever.
 * @param at milliseconds since 1970
 * @param maximumAge in milliseconds
 */
export function staleness(
  { thisUpdate, nextUpdate }: Update,
  at: number,
  maximumAge: number | undefined,
): string | undefined {
  // RFC 5280 §5.1.2.4, RFC 6960 §3.2: not from the future
  if (thisUpdate.getTime() > at) return `is not valid before ${thisUpdate.toISOString()}`;
  // RFC 5280 §6.3.3 (a), RFC 6960 §3.2
  if (nextUpdate !== undefined && at > nextUpdate.getTime()) return `was to be replaced by ${nextUpdate.toISOString()}`;
  if (maximumAge !== undefined && at - thisUpdate.getTime() > maximumAge) {
    return `is of ${thisUpdate.toISOString()}, and at most ${Math.floor(maximumAge / 1000)} seconds old it may be`;
  }
  if (nextUpdate === undefined && maximumAge === undefined) return "doesn't say when it will be replaced";
  return undefined;
}
