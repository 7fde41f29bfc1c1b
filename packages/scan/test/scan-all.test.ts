import { describe, expect, it } from "vitest";
import type { TargetReport } from "../src/report.ts";
import { atAllAddresses, defaultTargetsAtOnce, type ScanAllOptions, scanAll } from "../src/scan-all.ts";
import type { ScanTarget } from "../src/target.ts";
import type { Transport } from "../src/transport.ts";

function target(host: string, rest: Partial<ScanTarget> = {}): ScanTarget {
  return { host, port: 443, ...rest };
}

/** Scans that end when they are told, and in what order they were begun. */
class Scans {
  readonly begun: string[] = [];
  readonly #underWay = new Map<string, { report: (report: TargetReport) => void; fail: (error: unknown) => void }>();

  readonly scan = (target: ScanTarget, signal: AbortSignal): Promise<TargetReport> =>
    new Promise((report, fail) => {
      const name = nameOf(target);
      this.begun.push(name);
      this.#underWay.set(name, { report, fail });
      signal.addEventListener("abort", () => {
        this.#underWay.delete(name);
        fail(signal.reason);
      });
    });

  get underWay(): readonly string[] {
    return [...this.#underWay.keys()];
  }

  async end(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const [host = "", address] = name.split("@");
      this.#take(name).report({
        state: "unreached",
        target: target(host, { address }),
        code: "refused",
        reason: "nobody listens",
      });
    }
    await settled();
  }

  async fail(name: string, error: unknown): Promise<void> {
    this.#take(name).fail(error);
    await settled();
  }

  #take(name: string): { report: (report: TargetReport) => void; fail: (error: unknown) => void } {
    const found = this.#underWay.get(name);
    if (found === undefined) throw new Error(`${name} is not being scanned`);
    this.#underWay.delete(name);
    return found;
  }
}

/** Reports, as they come. */
class Reader {
  readonly names: string[] = [];
  readonly whole: Promise<void>;

  constructor(scans: Scans, targets: readonly ScanTarget[], options?: ScanAllOptions) {
    const read = async (): Promise<void> => {
      for await (const report of scanAll(targets, scans.scan, options)) this.names.push(nameOf(report.target));
    };
    this.whole = read();
    this.whole.catch(() => undefined);
  }
}

function nameOf({ host, address }: ScanTarget): string {
  return address === undefined ? host : `${host}@${address}`;
}

/** Lets everything run that waits for nothing but its turn. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe("several targets", () => {
  it("are scanned at the same time, and reported in their order", async () => {
    const scans = new Scans();
    const reader = new Reader(scans, [target("a"), target("b"), target("c")]);
    await settled();
    expect(scans.underWay).toEqual(["a", "b", "c"]);
    await scans.end("b");
    expect(reader.names).toEqual([]);
    await scans.end("a");
    expect(reader.names).toEqual(["a", "b"]);
    await scans.end("c");
    await reader.whole;
    expect(reader.names).toEqual(["a", "b", "c"]);
  });

  it("are no more at a time than is told, and one more when one is done", async () => {
    const scans = new Scans();
    const reader = new Reader(scans, [target("a"), target("b"), target("c"), target("d")], { targetsAtOnce: 2 });
    await settled();
    expect(scans.underWay).toEqual(["a", "b"]);
    await scans.end("b");
    expect(scans.underWay).toEqual(["a", "c"]);
    await scans.end("a", "c");
    await scans.end("d");
    await reader.whole;
    expect(scans.begun).toEqual(["a", "b", "c", "d"]);
  });

  it("are four at a time unless told otherwise", async () => {
    const scans = new Scans();
    const reader = new Reader(
      scans,
      Array.from({ length: 6 }, (_, at) => target(`${at}`)),
    );
    await settled();
    expect(scans.underWay).toHaveLength(defaultTargetsAtOnce);
    await scans.end("0", "1", "2", "3");
    await scans.end("4", "5");
    await reader.whole;
    expect(reader.names).toHaveLength(6);
  });

  it("are scanned one behind the other where they are at the same address, while others go on", async () => {
    const scans = new Scans();
    const reader = new Reader(
      scans,
      [
        target("a", { address: "192.0.2.1" }),
        target("b", { address: "192.0.2.1" }),
        target("Same.example"),
        target("same.example", { port: 465 }),
        target("c", { address: "192.0.2.2" }),
      ],
      { targetsAtOnce: 3 },
    );
    await settled();
    expect(scans.underWay).toEqual(["a@192.0.2.1", "Same.example", "c@192.0.2.2"]);
    await scans.end("a@192.0.2.1");
    expect(scans.underWay).toContain("b@192.0.2.1");
    await scans.end("Same.example");
    await scans.end("b@192.0.2.1", "same.example", "c@192.0.2.2");
    await reader.whole;
    expect(reader.names).toHaveLength(5);
  });

  it("are none, which is done at once", async () => {
    const scans = new Scans();
    await new Reader(scans, []).whole;
    expect(scans.begun).toEqual([]);
  });
});

describe("the end of it", () => {
  it("comes at once when the signal is aborted, for what is being scanned too", async () => {
    const scans = new Scans();
    const abort = new AbortController();
    const reader = new Reader(scans, [target("a"), target("b"), target("c")], {
      targetsAtOnce: 2,
      signal: abort.signal,
    });
    await settled();
    await scans.end("a");
    abort.abort(new Error("enough"));
    await expect(reader.whole).rejects.toThrow("enough");
    expect(scans.underWay).toEqual([]);
    expect(reader.names).toEqual(["a"]);
  });

  it("comes before anything begins if the signal is aborted already", async () => {
    const scans = new Scans();
    await expect(
      new Reader(scans, [target("a")], { signal: AbortSignal.abort(new Error("too late")) }).whole,
    ).rejects.toThrow("too late");
    expect(scans.begun).toEqual([]);
  });

  it("comes when whoever reads wants no more", async () => {
    const scans = new Scans();
    const reports = scanAll([target("a"), target("b")], scans.scan);
    const first = reports.next();
    await settled();
    await scans.end("a");
    expect(await first).toMatchObject({ done: false });
    await reports.return();
    expect(scans.underWay).toEqual([]);
  });

  it("comes with the error of a scan that fails, and nothing is begun behind it", async () => {
    const scans = new Scans();
    const reader = new Reader(scans, [target("a"), target("b"), target("c")], { targetsAtOnce: 2 });
    await settled();
    await scans.fail("b", new TypeError("a fault of ours"));
    await expect(reader.whole).rejects.toThrow("a fault of ours");
    expect(scans.underWay).toEqual([]);
    expect(scans.begun).toEqual(["a", "b"]);
  });
});

it.each([0, -1, 1.5, Number.NaN])("%d targets at a time are refused", async (targetsAtOnce) => {
  const reports = scanAll([target("a")], new Scans().scan, { targetsAtOnce });
  await expect(reports.next()).rejects.toMatchObject({ kind: "caller", code: "out_of_range" });
});

describe("all addresses of a name", () => {
  const transport: Transport = {
    connect: () => Promise.reject(new Error("nothing connects here")),
    resolve: async (host) => (host === "example.com" ? ["2001:db8::1", "192.0.2.1"] : []),
  };
  const { signal } = new AbortController();

  it("are targets of their own, with the name's port", async () => {
    expect(await atAllAddresses(target("example.com", { port: 25 }), transport, signal)).toEqual([
      { host: "example.com", port: 25, address: "2001:db8::1" },
      { host: "example.com", port: 25, address: "192.0.2.1" },
    ]);
  });

  it("are one where it is told", async () => {
    const told = target("example.com", { address: "192.0.2.9" });
    expect(await atAllAddresses(told, transport, signal)).toEqual([told]);
  });

  it("can't be had of a transport that resolves none", async () => {
    await expect(atAllAddresses(target("example.com"), { connect: transport.connect }, signal)).rejects.toMatchObject({
      kind: "caller",
      code: "cannot_resolve",
    });
  });
});
