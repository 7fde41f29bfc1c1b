import { describe, expect, it } from "vitest";
import type { FoundFacts, HttpFact } from "../../src/facts.ts";
import { httpFindings } from "../../src/findings/http.ts";
import { judge } from "../../src/findings.ts";
import { strictTransportSecurity } from "../../src/http/strict-transport-security.ts";
import { found, nothingWrong } from "../facts.ts";
import { seen } from "./rows.ts";

function answering(more: Partial<HttpFact>): Partial<FoundFacts> {
  return { http: found({ status: 200, cookiesWithoutSecure: [], ...more }) };
}

const hsts = (header: string) => answering({ hsts: strictTransportSecurity(header) });
const good = "max-age=63072000; includeSubDomains; preload";

/** Each row: what the field says where the finding is there, and where it is nearly so. */
const rows: readonly (readonly [id: string, bad: string, nearly: string])[] = [
  ["hsts-ignored", "max-age=63072000, includeSubDomains", "max-age=0"],
  ["hsts-off", "max-age=0", "max-age=1"],
  ["hsts-short", "max-age=15551999", "max-age=15552000"],
  ["hsts-preload-unfit", "max-age=63072000; preload", "max-age=31536000; includeSubDomains; preload"],
  ["hsts-preload-unfit", "max-age=31535999; includeSubDomains; preload", "max-age=1; includeSubDomains"],
];

describe("findings about HSTS", () => {
  it.each(rows)("%s with %s and not with %s", (id, bad, nearly) => {
    expect(seen(id, hsts(bad))).toHaveLength(1);
    expect(seen(id, hsts(nearly))).toEqual([]);
    expect(seen(id, hsts(good))).toEqual([]);
  });

  it("no-hsts where there is none, of a host that has a name", () => {
    expect(seen("no-hsts", answering({ status: 404 }))).toEqual(["The answer (404) has no Strict-Transport-Security."]);
    expect(seen("no-hsts", hsts("nothing in order"))).toEqual([]);
    const about = { target: { host: "192.0.2.1", port: 443 }, now: 0 };
    const { findings } = judge({ ...nothingWrong, ...answering({}) }, about);
    expect(findings.map(({ rule }) => rule.id)).not.toContain("no-hsts");
  });

  it("hsts-repeated where another one comes behind the first", () => {
    const facts = answering({ hsts: { ...strictTransportSecurity(good), repeated: true } });
    expect(seen("hsts-repeated", facts)).toEqual([`The first is: ${good}.`]);
    expect(seen("hsts-repeated", hsts(good))).toEqual([]);
    expect(seen("hsts-ignored", facts)).toEqual([]);
  });
});

describe("findings about other fields", () => {
  it("redirect-to-clear-text", () => {
    const id = "redirect-to-clear-text";
    const redirect = (location: string, status = 301) => seen(id, answering({ status, location }));
    expect(redirect("HTTP://example.com/")).toEqual(["Location: HTTP://example.com/"]);
    expect(redirect("https://example.com/")).toEqual([]);
    expect(redirect("/http:")).toEqual([]);
    expect(redirect("http://example.com/", 201)).toEqual([]);
  });

  it("compressed-answers", () => {
    const id = "compressed-answers";
    expect(seen(id, answering({ contentEncoding: "aes128gcm, br" }))).toEqual(["Content-Encoding: aes128gcm, br"]);
    for (const contentEncoding of [undefined, "identity", "Identity", "aes128gcm"]) {
      expect(seen(id, answering({ contentEncoding })), contentEncoding).toEqual([]);
    }
  });

  it("cookies-without-secure, each by its name", () => {
    const id = "cookies-without-secure";
    expect(seen(id, answering({ cookiesWithoutSecure: ["a", "b"] }))).toEqual([
      "The cookie a has no Secure.",
      "The cookie b has no Secure.",
    ]);
    expect(seen(id, answering({}))).toEqual([]);
  });

  it("server-version-told", () => {
    const id = "server-version-told";
    expect(seen(id, answering({ server: "nginx/1.22.1" }))).toEqual(["Server: nginx/1.22.1"]);
    expect(seen(id, answering({ server: "nginx" }))).toEqual([]);
    expect(seen(id, answering({}))).toEqual([]);
  });

  it("aren't there for what isn't HTTP", () => {
    const http = { state: "skipped", why: "inapplicable", reason: "it speaks smtp" } as const;
    for (const { id } of httpFindings) expect(seen(id, { http }), id).toEqual([]);
  });
});
