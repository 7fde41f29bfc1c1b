import { describe, expect, it } from "vitest";
import type { AlpnFact, ExtensionsFact, FoundFacts } from "../../src/facts.ts";
import { found } from "../facts.ts";
import { seen } from "./rows.ts";

function answering(more: Partial<ExtensionsFact>): Partial<FoundFacts> {
  return {
    extensions: found({
      compression: [],
      heartbeat: false,
      truncatedHmac: false,
      maxFragmentLength: false,
      certificateCompression: [],
      ...more,
    }),
  };
}

const old: Partial<FoundFacts> = { versions: found([{ version: "TLS 1.0", spoken: true }]) };

describe("findings about extensions", () => {
  it.each([
    ["insecure-renegotiation", { secureRenegotiation: false }, { secureRenegotiation: true }],
    ["no-extended-main-secret", { extendedMainSecret: false }, { extendedMainSecret: true }],
    ["no-encrypt-then-mac", { encryptThenMac: false }, { encryptThenMac: true }],
    ["compression", { compression: [{ code: 1, name: "DEFLATE" }] }, { compression: [] }],
    ["truncated-hmac", { truncatedHmac: true }, { truncatedHmac: false }],
    ["heartbeat", { heartbeat: true }, { heartbeat: false }],
  ] as const)("%s", (id, bad, good) => {
    expect(seen(id, answering(bad))).toHaveLength(1);
    expect(seen(id, answering(good))).toEqual([]);
    // What wasn't there to be asked, in a server of TLS 1.3 alone, isn't wrong.
    expect(seen(id, answering({}))).toEqual([]);
  });

  it("no-fallback-scsv, where an old version is spoken", () => {
    expect(seen("no-fallback-scsv", { ...answering({ fallbackScsv: false }), ...old })).toEqual([
      "TLS_FALLBACK_SCSV is ignored, and TLS 1.0 spoken.",
    ]);
    expect(seen("no-fallback-scsv", { ...answering({ fallbackScsv: true }), ...old })).toEqual([]);
    expect(seen("no-fallback-scsv", answering({ fallbackScsv: false }))).toEqual([]);
  });

  it("alpn-not-enforced", () => {
    const alpn = (fact: AlpnFact): ReturnType<typeof seen> => seen("alpn-not-enforced", { alpn: found(fact) });
    expect(alpn({ accepted: ["h2"], unknown: "ignored" })).toEqual([
      "It has h2, and goes on with a client that has none of these.",
    ]);
    expect(alpn({ accepted: ["h2"], unknown: "accepted" })).toEqual(["A protocol that nobody has was accepted."]);
    expect(alpn({ accepted: [], unknown: "accepted" })).toEqual(["A protocol that nobody has was accepted."]);
    expect(alpn({ accepted: ["h2"], unknown: "refused" })).toEqual([]);
    // A server without ALPN ignores the extension, as it should.
    expect(alpn({ accepted: [], unknown: "ignored" })).toEqual([]);
  });

  it("client-certificates-requested", () => {
    const id = "client-certificates-requested";
    const authorities = ["CN=Staff"];
    expect(seen(id, { clientCertificates: found({ requested: true, required: false, authorities }) })).toEqual([
      "Not required; authorities that were named: 1.",
    ]);
    expect(seen(id, { clientCertificates: found({ requested: true, required: true, authorities: [] }) })).toEqual([
      "Required; authorities that were named: 0.",
    ]);
    expect(seen(id, { clientCertificates: found({ requested: false, required: false, authorities }) })).toEqual([]);
  });
});

describe("findings about flaws that have a name", () => {
  it.each(["heartbleed", "ccs-injection", "robot", "ticketbleed"])("%s", (id) => {
    const flaws = (state: "vulnerable" | "not vulnerable" | "unclear"): Partial<FoundFacts> => ({
      flaws: found({ flaws: [{ id, state, how: "It answered." }] }),
    });
    expect(seen(id, flaws("vulnerable"))).toEqual(["It answered."]);
    expect(seen(id, flaws("not vulnerable"))).toEqual([]);
    expect(seen(id, flaws("unclear"))).toBe("not judged");
  });
});
