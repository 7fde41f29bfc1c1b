import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { htmlReport } from "../../src/index.ts";
import { style, styleHash } from "../../src/reports/html/style.ts";
import { hostileTexts, withEveryText } from "./hostile.ts";
import { absent, fine, poor } from "./target-reports.ts";

const all = htmlReport([fine, poor, absent], { evidence: true });

/** The tags of a document, in their order, each with its attributes. */
function tagsOf(document: string): readonly string[] {
  return document.replace(style, "").match(/<[^>]*>/g) ?? [];
}

describe("a report as HTML", () => {
  it("allows itself nothing but its own style", () => {
    expect(styleHash).toBe(`sha256-${createHash("sha256").update(style).digest("base64")}`);
    expect(all).toContain(`<style>${style}</style>`);
    expect(all).toContain(
      `<meta http-equiv="content-security-policy" content="default-src &#39;none&#39;; style-src &#39;${styleHash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">`,
    );
  });

  it("has no scripts, no styles of single elements, and nothing that is loaded", () => {
    for (const tag of tagsOf(all)) {
      expect(tag).not.toMatch(/^<(script|link|img|iframe|object|embed|base|form|svg|video|audio)\b/i);
      expect(tag).not.toMatch(/\s(style|src|srcset|on\w+)=/i);
    }
    expect(style).not.toMatch(/url\(|@import/);
  });

  it("links to its own parts and to the RFCs that findings rest on", () => {
    const links = [...all.matchAll(/href="([^"]*)"/g)].map(([, link]) => link ?? "");
    expect(links).toContain("https://www.rfc-editor.org/rfc/rfc8996");
    for (const link of links.filter((each) => !each.startsWith("https://www.rfc-editor.org/rfc/rfc"))) {
      expect(all).toContain(` id="${link.slice(1)}"`);
    }
  });

  it("names each target, and sums several up", () => {
    expect(all).toContain("<title>TLS of 3 targets</title>");
    expect(all).toContain('<a href="#target-2">mail.example.com:25</a>');
    expect(htmlReport([poor])).toContain("<title>TLS of mail.example.com:25</title>");
    expect(htmlReport([poor])).not.toContain('href="#target-1"');
  });

  it("tells a finding with its severity, its identifier and the lines to write", () => {
    expect(all).toContain(
      '<header><span class="badge high">high</span><h4>TLS 1.0 is spoken</h4><span class="id">tls1.0-spoken</span></header>',
    );
    expect(all).toContain("<dt>nginx</dt><dd><pre><code>ssl_protocols TLSv1.2 TLSv1.3;</code></pre></dd>");
    expect(all).toContain('The same lines as for <a href="#target-2-tls1.0-spoken">tls1.0-spoken</a>.');
  });

  it("has the messages only if they are asked for, each field with what it means", () => {
    expect(all).toContain("<summary>← alert protocol_version, 2 octets</summary>");
    expect(all).toContain(
      '<li>description <span class="octets">46</span> <span class="meaning">protocol_version (0x46)</span></li>',
    );
    expect(htmlReport([poor])).not.toContain("Evidence");
  });

  it("shows long messages as they came, to their last octet", () => {
    expect(all).toContain(`<span class="octets">${"30".repeat(300)}</span>`);
  });

  it.each(hostileTexts)("has what others wrote as text: %j", (text) => {
    const reports = [withEveryText(poor, text), withEveryText(absent, text)];
    const document = htmlReport(reports, { evidence: true });
    const own = htmlReport([withEveryText(poor, "text"), withEveryText(absent, "text")], { evidence: true });
    const namesOf = (each: string): readonly string[] => tagsOf(each).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
    expect(namesOf(document)).toEqual(namesOf(own));
    expect(document).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});
