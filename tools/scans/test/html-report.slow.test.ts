import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { identity } from "@tlskit/interop/certificates";
import { Chromium, noChromium, type Page, type Viewer } from "@tlskit/interop/chromium";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { NodeServer } from "@tlskit/interop/node-tls";
import { scratchFile } from "@tlskit/interop/scratch";
import { htmlReport, type ScannedTarget, scan, type TargetReport } from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import { afterAll, beforeAll, expect, test } from "vitest";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What would show in a browser that something of a server's has become more than text. */
const hostile = `"'><script>document.title="run"</script><img src=x onerror='document.title="run"'><style>*{color:red}</style>\u202e\x1b[2J`;

const viewers: readonly Viewer[] = [
  { width: 1280, scheme: "light", media: "screen" },
  { width: 1280, scheme: "dark", media: "screen" },
  { width: 360, scheme: "light", media: "screen" },
  { width: 360, scheme: "dark", media: "screen" },
  { width: 800, scheme: "dark", media: "print" },
];

/** Fields whose text says which of several kinds something is. */
const kinds: ReadonlySet<string> = new Set([
  ...["state", "why", "version", "order", "shownTo", "keyType", "unknown", "clientInitiated", "from", "type"],
  ...["severity", "id", "validation"],
]);

/** A report with the same text wherever it has one. */
function withEveryText(name: string, value: unknown, text: string): unknown {
  if (typeof value === "string") return kinds.has(name) ? value : text;
  if (Array.isArray(value)) return value.map((item) => withEveryText(name, item, text));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, content]) => [field, withEveryText(field, content, text)]),
  );
}

/** One exchange of the versions': axe-core would take a minute for the evidence of a whole scan. */
function evidenceOf(versions: ScannedTarget["facts"]["versions"]): Pick<ScannedTarget["facts"], "versions"> {
  return { versions: versions.state === "found" ? { ...versions, evidence: versions.evidence.slice(0, 1) } : versions };
}

/** The rest has none. */
function withoutEvidence(facts: ScannedTarget["facts"]): ScannedTarget["facts"] {
  const entries = Object.entries(facts).map(([check, outcome]) => [
    check,
    outcome.state === "found" ? { ...outcome, evidence: [] } : outcome,
  ]);
  // the same checks with the same values
  return Object.fromEntries(entries) as ScannedTarget["facts"];
}

describeUnless(noChromium, "the HTML report in Chromium", () => {
  let chromium: Chromium;
  let reports: readonly TargetReport[];
  let page: Page;

  /** Loads a report with all details open, so that what is in them is looked at too. */
  async function load(document: string): Promise<Page> {
    const loaded = await chromium.load(pathToFileURL(scratchFile("report.html", document)).href);
    await loaded.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");
    return loaded;
  }

  beforeAll(async () => {
    const server = await NodeServer.start(identity("RSA"), { minVersion: "TLSv1.2" });
    const report = await scan(
      { host: "localhost", address: "127.0.0.1", port: server.port },
      { transport: nodeTransport(), provider, anchors: identity("RSA").anchors },
    );
    server.close();
    const absent: TargetReport = {
      state: "unreached",
      target: report.target,
      code: "refused",
      reason: "nobody is there",
    };
    if (report.state !== "scanned") throw new Error(`not scanned: ${report.reason}`);
    reports = [
      { ...report, facts: { ...withoutEvidence(report.facts), ...evidenceOf(report.facts.versions) } },
      absent,
    ];
    chromium = await Chromium.start(undefined);
    page = await load(htmlReport(reports, { evidence: true }));
  });
  afterAll(() => chromium?.stop());

  test.each(viewers)("has nothing that axe-core finds wrong, and nothing to scroll sideways: %o", async (viewer) => {
    await page.show(viewer);
    await page.evaluate(axe);
    const violations = await page.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 300), nodes[0].failureSummary]))",
    );
    expect(violations).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    const folder = process.env["TLSKIT_SCREENSHOTS"];
    if (folder !== undefined) {
      const name = `${folder}/report-${viewer.width}-${viewer.scheme}-${viewer.media}.png`;
      writeFileSync(name, await page.screenshot());
    }
  });

  test("has its own style, which the policy's hash allows, on paper as well", async () => {
    await page.show({ width: 1280, scheme: "dark", media: "screen" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(15, 18, 22)");
    await page.show({ width: 1280, scheme: "dark", media: "print" });
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
  });

  test("runs nothing, loads nothing and obeys no style of a server's, whatever the server sends", async () => {
    // the report has the form that it had: only texts are others
    const deceived = withEveryText("", reports, hostile) as readonly TargetReport[];
    const hostilePage = await load(htmlReport(deceived, { evidence: true }));
    expect(await hostilePage.evaluate("document.title")).toContain("targets");
    expect(await hostilePage.evaluate("document.querySelectorAll('script, img, body style').length")).toBe(0);
    expect(await hostilePage.evaluate("performance.getEntriesByType('resource').length")).toBe(0);
    await hostilePage.show({ width: 1280, scheme: "light", media: "screen" });
    expect(await hostilePage.evaluate("getComputedStyle(document.querySelector('h2')).color")).toBe("rgb(26, 30, 36)");
  });
});
