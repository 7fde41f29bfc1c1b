import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { maxRenegotiationsTried } from "../../src/connection/limits.ts";
import type { EarlierScan } from "../../src/earlier-scan.ts";
import type { FoundFacts, ResumptionFact } from "../../src/facts.ts";
import { judge } from "../../src/findings.ts";
import { found, nothingWrong } from "../facts.ts";
import { seen } from "./rows.ts";

const resuming = (fact: ResumptionFact): Partial<FoundFacts> => ({ resumption: found(fact) });

const now = Date.UTC(2026, 0, 31);
const days = (count: number): number => now - count * 86_400_000;

/** What is said of a server whose tickets have this key now, against what an earlier scan found. */
function compared(ticketKeyName: Uint8Array | undefined, earlier: EarlierScan | undefined) {
  const facts = { ...nothingWrong, ...resuming(ticketKeyName === undefined ? {} : { ticketKeyName }) };
  const { findings, notJudged } = judge(facts, { target: { host: "example.com", port: 443 }, now, earlier });
  const id = "ticket-key-unchanged";
  if (notJudged.includes(id)) return "not judged";
  return findings.find(({ rule }) => rule.id === id)?.seen ?? [];
}

describe("the key of the tickets", () => {
  const key = Uint8Array.from({ length: 16 }, (_, index) => index);
  const other = Uint8Array.from({ length: 16 }, () => 9);

  it("is unchanged if it is what it was more than a week ago", () => {
    expect(compared(key, { begun: days(8), ticketKeyName: toHex(key) })).toEqual([
      "The key is 000102030405060708090a0b0c0d0e0f, as it was 8 days ago.",
    ]);
  });

  it("may be what it was a week ago, is another one, or isn't known", () => {
    expect(compared(key, { begun: days(7), ticketKeyName: toHex(key) })).toEqual([]);
    expect(compared(key, { begun: days(30), ticketKeyName: toHex(other) })).toEqual([]);
    expect(compared(key, { begun: days(30) })).toBe("not judged");
    expect(compared(undefined, { begun: days(30), ticketKeyName: toHex(key) })).toEqual([]);
  });

  it("isn't judged without an earlier scan", () => {
    expect(compared(key, undefined)).toBe("not judged");
  });
});

describe("findings about sessions", () => {
  it.each([
    [86_400, [], []],
    [86_401, [], ["TLS 1.3: 86401 seconds (24 hours)."]],
    [604_800, [], ["TLS 1.3: 604800 seconds (168 hours)."]],
    [604_801, ["TLS 1.3: 604801 seconds (168 hours)."], []],
  ])("about a lifetime of %i seconds", (lifetimeSeconds, tooLong, long) => {
    const facts = resuming({ psk: { resumed: true, tickets: 2, lifetimeSeconds } });
    expect(seen("ticket-lifetime-too-long", facts)).toEqual(tooLong);
    expect(seen("ticket-lifetime-long", facts)).toEqual(long);
  });

  it("about lifetimes before TLS 1.3", () => {
    const facts = resuming({ ticket: { resumed: true, lifetimeSeconds: 180_000 } });
    expect(seen("ticket-lifetime-long", facts)).toEqual(["TLS 1.2 or earlier: 180000 seconds (50 hours)."]);
    expect(seen("ticket-lifetime-long", resuming({ ticket: { resumed: true } }))).toEqual([]);
  });

  it("about tickets that aren't taken", () => {
    const id = "tickets-not-resumed";
    expect(seen(id, resuming({ psk: { resumed: false, tickets: 2 }, ticket: { resumed: false } }))).toHaveLength(2);
    expect(seen(id, resuming({ psk: { resumed: true, tickets: 2 }, ticket: { resumed: true } }))).toEqual([]);
    expect(seen(id, resuming({ psk: { resumed: false, tickets: 0 }, identifier: { resumed: false } }))).toEqual([]);
  });

  it("about servers that resume nothing", () => {
    const id = "no-resumption";
    const nothing = { psk: { resumed: false, tickets: 0 }, identifier: { resumed: false } };
    expect(seen(id, resuming(nothing))).toEqual(["Not by TLS 1.3, identifiers before TLS 1.3."]);
    expect(seen(id, resuming({ ...nothing, identifier: { resumed: true } }))).toEqual([]);
    expect(seen(id, resuming({}))).toEqual([]);
  });

  it("about early data", () => {
    const taken = { earlyData: found({ maxSize: 100, accepted: true }) };
    const replayed = { earlyData: found({ maxSize: 100, accepted: true, replayed: true }) };
    const guarded = { earlyData: found({ maxSize: 100, accepted: true, replayed: false }) };
    expect(seen("early-data-accepted", taken)).toEqual(["Up to 100 octets; a request was accepted so."]);
    expect(seen("early-data-accepted", { earlyData: found({ maxSize: 100, accepted: false }) })).toEqual([]);
    expect(seen("early-data-replayed", replayed)).toHaveLength(1);
    expect(seen("early-data-replayed", guarded)).toEqual([]);
    expect(seen("early-data-replayed", taken)).toBe("not judged");
  });

  it("about handshakes that clients begin", () => {
    const made = (times: number) => ({ renegotiation: found({ clientInitiated: "accepted" as const, times }) });
    expect(seen("client-renegotiation-unlimited", made(maxRenegotiationsTried))).toHaveLength(1);
    expect(seen("client-renegotiation", made(maxRenegotiationsTried))).toEqual([]);
    expect(seen("client-renegotiation-unlimited", made(maxRenegotiationsTried - 1))).toEqual([]);
    expect(seen("client-renegotiation", made(3))).toEqual(["Made in one connection: 3."]);
    const refused = { renegotiation: found({ clientInitiated: "refused" as const, times: 0 }) };
    expect(seen("client-renegotiation", refused)).toEqual([]);
  });
});
