import { nodeProvider } from "@tlskit/crypto-node";
import { GivenTicketKeys, SealedCookies, SealedTickets } from "@tlskit/sessions";
import { equalBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";

let drawn = 0;
/** Other bytes each time. */
const random = (length: number): Uint8Array => {
  drawn += 1;
  return new Uint8Array(length).fill(drawn);
};
const keysOf = (byte: number): GivenTicketKeys =>
  new GivenTicketKeys([{ name: new Uint8Array(16).fill(1), secret: new Uint8Array(32).fill(byte) }]);
const keys = keysOf(1);
const [cookies, tickets] = [
  new SealedCookies({ provider: nodeProvider, random, keys }),
  new SealedTickets({ provider: nodeProvider, random, keys }),
];
const state = Uint8Array.of(1, 2, 3);
/** What is there at once. */
const now = (value: unknown): Uint8Array => {
  if (!(value instanceof Uint8Array)) throw new TypeError("nothing is there");
  return value;
};

describe("a sealed cookie", () => {
  it("says what it was made with, and is another one each time", () => {
    const [first, second] = [now(cookies.cookieFor(state)), now(cookies.cookieFor(state))];
    expect(equalBytes(first, second)).toBe(false);
    for (const cookie of [first, second]) expect(cookies.stateOf(cookie)).toEqual(state);
  });

  it("says nothing if a byte of it is another, or missing, or under another key", () => {
    const cookie = now(cookies.cookieFor(state));
    for (const at of cookie.keys()) {
      const changed = cookie.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x80;
      expect(cookies.stateOf(changed)).toBeUndefined();
      expect(cookies.stateOf(cookie.subarray(0, at))).toBeUndefined();
    }
    expect(new SealedCookies({ provider: nodeProvider, random, keys: keysOf(2) }).stateOf(cookie)).toBeUndefined();
  });

  it("is no ticket under the same keys, nor a ticket a cookie", () => {
    expect(tickets.sessionOf(now(cookies.cookieFor(state)))).toBeUndefined();
    expect(cookies.stateOf(now(tickets.ticketFor(state)))).toBeUndefined();
  });
});
