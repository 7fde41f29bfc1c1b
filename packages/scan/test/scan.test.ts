import { nodeProvider } from "@tlskit/crypto-node";
import {
  decodeMessage,
  extensionIn,
  HandshakeType,
  hostNameIn,
  RawClientHello,
  serverNameList,
  supportedVersions,
} from "@tlskit/messages";
import { smtp } from "@tlskit/starttls";
import { seededRandom } from "@tlskit/testing";
import { tls12, tls13 } from "@tlskit/tls";
import { asciiBytes, TlsError } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { checkNames } from "../src/checks.ts";
import type { Outcome } from "../src/facts.ts";
import type { TargetReport } from "../src/report.ts";
import { type ScanOptions, type ScanProgress, scan } from "../src/scan.ts";
import type { ScanTarget } from "../src/target.ts";
import type { ByteStream, Endpoint, Transport } from "../src/transport.ts";
import { hostileServers, record, saying } from "./helpers/hostile-servers.ts";
import { connectionTo, host, now, serverContext, sharedPki } from "./helpers/in-memory-server.ts";

const target: ScanTarget = { host, port: 8443 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server of ours with TLS 1.3 and 1.2. */
const modern = (): ByteStream => connectionTo(serverContext({ versions: [tls13, tls12] }));

type Connecting = (index: number, to: Endpoint, signal: AbortSignal) => ByteStream | Promise<ByteStream>;

/** A transport, and what was done by it. */
class Connections implements Transport {
  readonly to: (Endpoint & { readonly at: number })[] = [];
  readonly #connect: Connecting;
  open = 0;
  mostOpen = 0;

  constructor(connect: Connecting) {
    this.#connect = connect;
  }

  async connect(to: Endpoint, signal: AbortSignal): Promise<ByteStream> {
    this.open += 1;
    this.mostOpen = Math.max(this.open, this.mostOpen);
    signal.addEventListener("abort", () => {
      this.open -= 1;
    });
    this.to.push({ ...to, at: performance.now() });
    return await this.#connect(this.to.length - 1, to, signal);
  }
}

function optionsFor(transport: Transport, more: Partial<ScanOptions> = {}): ScanOptions {
  return {
    transport,
    provider: nodeProvider,
    anchors: sharedPki().anchors,
    random: seededRandom(7),
    clock: () => now,
    checks: ["versions"],
    ...more,
  };
}

/** Scans, and lets time go by until that is done. */
async function scanned(
  transport: Transport,
  more: Partial<ScanOptions> & { readonly target?: ScanTarget } = {},
): Promise<TargetReport> {
  const { target: where = target, ...options } = more;
  return await whenDone(scan(where, optionsFor(transport, options)));
}

async function whenDone<T>(promised: Promise<T>): Promise<T> {
  let done = false;
  const settled = (): void => {
    done = true;
  };
  promised.then(settled, settled);
  for (let steps = 0; !done && steps < 10_000; steps += 1) await vi.advanceTimersByTimeAsync(100);
  expect(done).toBe(true);
  return await promised;
}

const refused = (): never => {
  throw new TlsError("truncation", "refused", "nobody takes connections there");
};

function spokenIn(report: TargetReport): readonly string[] {
  if (report.state !== "scanned" || report.facts.versions.state !== "found") throw new TypeError("not scanned");
  return report.facts.versions.value.filter(({ spoken }) => spoken).map(({ version }) => version);
}

describe("a scan", () => {
  it("tells which versions are spoken, and what is wrong with them", async () => {
    const report = await scanned(new Connections(modern));
    expect(spokenIn(report)).toEqual(["TLS 1.3", "TLS 1.2"]);
    expect(report).toMatchObject({ state: "scanned", target, begun: now, ended: now, connections: 6 });
  });

  it("keeps what it has seen as evidence", async () => {
    const report = await scanned(new Connections(modern));
    if (report.state !== "scanned" || report.facts.versions.state !== "found") throw new TypeError("not scanned");
    const { evidence } = report.facts.versions;
    expect(evidence.map(({ about }) => about)).toContain("a hello of TLS 1.3 alone");
    expect(evidence.every(({ messages }) => messages.length > 0)).toBe(true);
  });

  it("says of what it left out that it did", async () => {
    const report = await scanned(new Connections(modern));
    expect(report).toMatchObject({ facts: { flaws: { state: "skipped", why: "left out" } } });
  });

  it.each(checkNames)("finds out %s also if nothing else is asked for, with what that rests on", async (name) => {
    const report = await scanned(new Connections(modern), { checks: [name] });
    if (report.state !== "scanned") throw new TypeError("not scanned");
    expect(report.facts[name]).not.toMatchObject({ state: "failed" });
  });

  it("doesn't do for one what would only have saved it hellos", async () => {
    const report = await scanned(new Connections(modern), { checks: ["certificates"] });
    expect(report).toMatchObject({
      facts: { certificates: { state: "found" }, cipherSuites: { state: "skipped", why: "left out" } },
    });
  });

  it("tells how far it is", async () => {
    const told: ScanProgress[] = [];
    await scanned(new Connections(modern), { progress: (progress) => told.push(progress) });
    expect(told).toEqual([
      { check: "versions", about: "versions", state: "begun", done: 0, of: 1, connections: 0 },
      { check: "versions", about: "versions", state: "found", done: 1, of: 1, connections: 6 },
    ]);
  });

  it.each([
    [target, host],
    [{ host: "192.0.2.1", port: 443 }, undefined],
    [{ host: "2001:db8::1", port: 443 }, undefined],
  ])("tells the server the name that it is asked by, and no address: %j", async (where, name) => {
    const report = await scanned(new Connections(modern), { target: where });
    if (report.state !== "scanned" || report.facts.versions.state !== "found") throw new TypeError("not scanned");
    const [hello] = report.facts.versions.evidence[0]?.messages ?? [];
    expect(hello?.bytes[0]).toBe(HandshakeType.clientHello);
    const names = extensionIn(decodeMessage(RawClientHello, hello?.bytes ?? new Uint8Array(0)), serverNameList);
    expect(names && hostNameIn(names)).toBe(name);
  });
});

describe("a server that isn't there", () => {
  it("is reported as that", async () => {
    const connections = new Connections(refused);
    const reason = "nobody takes connections there";
    expect(await scanned(connections)).toEqual({ state: "unreached", target, code: "refused", reason });
    // One for each of the two that there may be at once, and no more.
    expect(connections.to).toHaveLength(2);
  });

  it("is given up after a time, if it doesn't answer", async () => {
    const connections = new Connections(() => new Promise(() => {}));
    const report = await scanned(connections, { timeouts: { connect: 3000 } });
    expect(report).toMatchObject({ state: "unreached", code: "connect_timeout" });
    expect(connections.open).toBe(0);
  });

  it("is called unreachable where the transport doesn't say why", async () => {
    const report = await scanned(
      new Connections(() => {
        throw new TypeError("no");
      }),
    );
    expect(report).toMatchObject({ state: "unreached", code: "unreachable" });
  });

  it("is asked at its next address", async () => {
    const connections = new Connections((_, to) => (to.host === "192.0.2.1" ? refused() : modern()));
    const transport: Transport = {
      connect: (to, signal) => connections.connect(to, signal),
      resolve: async () => ["192.0.2.1", "192.0.2.2"],
    };
    expect(await scanned(transport)).toMatchObject({ state: "scanned", address: "192.0.2.2" });
  });

  it("is reported if its name has no address", async () => {
    const transport: Transport = {
      connect: async () => modern(),
      resolve: () => Promise.reject(new TlsError("truncation", "no_address", "the name has no address")),
    };
    expect(await scanned(transport)).toMatchObject({ state: "unreached", code: "no_address" });
  });

  it("is reported if there is no TLS", async () => {
    const report = await scanned(new Connections(() => saying(() => [asciiBytes("HTTP/1.1 400 Bad Request\r\n\r\n")])));
    expect(report).toMatchObject({
      state: "unreached",
      code: "no_tls",
      reason: expect.stringContaining("plain HTTP"),
    });
  });
});

describe("a server of TLS that takes none of our hellos", () => {
  it("isn't told to speak no TLS", async () => {
    const report = await scanned(new Connections(() => saying(() => [record(21, 2, 40)])));
    expect(report).toMatchObject({
      state: "unreached",
      code: "hello_refused",
      reason: "TLS is spoken there, but no hello is taken: alert handshake_failure",
    });
  });
});

describe("the address that a target has", () => {
  it("is connected to, without a look at the name's", async () => {
    const connections = new Connections(modern);
    const where = { ...target, address: "192.0.2.9" };
    expect(await scanned(connections, { target: where })).toMatchObject({ address: "192.0.2.9" });
    expect(new Set(connections.to.map((to) => to.host))).toEqual(new Set(["192.0.2.9"]));
  });
});

describe("connections", () => {
  it("are two at once, unless told otherwise", async () => {
    const connections = new Connections(modern);
    await scanned(connections);
    expect(connections.mostOpen).toBe(2);
    expect(connections.open).toBe(0);
    const single = new Connections(modern);
    await scanned(single, { maxConnections: 1 });
    expect(single.mostOpen).toBe(1);
  });

  it("are begun no more often than is allowed", async () => {
    const connections = new Connections(modern);
    await scanned(connections, { rate: 2 });
    const starts = connections.to.map(({ at }) => at);
    expect(starts).toHaveLength(6);
    for (const [index, at] of starts.slice(1).entries()) expect(at - (starts[index] ?? 0)).toBeGreaterThanOrEqual(500);
  });

  it("are tried again, later and later, where the server needs a rest", async () => {
    const connections = new Connections((index) => (index === 1 || index === 3 ? refused() : modern()));
    expect(spokenIn(await scanned(connections, { maxConnections: 1 }))).toEqual(["TLS 1.3", "TLS 1.2"]);
    const [, second = 0, third = 0, fourth = 0, fifth = 0] = connections.to.map(({ at }) => at);
    expect(third - second).toBeGreaterThanOrEqual(500);
    expect(fifth - fourth).toBeGreaterThanOrEqual(500);
  });

  it("are given up where that doesn't help", async () => {
    const connections = new Connections((index) => (index > 0 ? refused() : modern()));
    expect(await scanned(connections, { maxConnections: 1, retries: 2 })).toMatchObject({ code: "refused" });
    const starts = connections.to.map(({ at }) => at);
    expect(starts).toHaveLength(4);
    expect((starts[3] ?? 0) - (starts[2] ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it("that come when nobody waits for them any more are ended", async () => {
    let isEnded = false;
    const late = new Promise<ByteStream>((resolve) => {
      setTimeout(() => {
        const readable = new ReadableStream<Uint8Array>({
          cancel: () => {
            isEnded = true;
          },
        });
        resolve({ readable, writable: new WritableStream() });
      }, 4000);
    });
    await scanned(new Connections(() => late), { timeouts: { connect: 3000 } });
    await vi.advanceTimersByTimeAsync(2000);
    expect(isEnded).toBe(true);
  });
});

describe("a server that takes one connection after the other", () => {
  const all = { checks: ["versions", "cipherSuites", "groups", "resumption"] } as const;

  it.each([
    ["lets a second one wait", oneAfterTheOther],
    ["ends a second one", () => oneAlone(() => saying(() => []))],
    ["refuses a second one", () => oneAlone(refused)],
  ] as const)("is asked so, where it %s, and told of", async (_, make) => {
    const report = await scanned(make(), all);
    const atOnce = await scanned(new Connections(modern), all);
    if (report.state !== "scanned" || atOnce.state !== "scanned") throw new TypeError("not scanned");
    expect(report.pace).toEqual({ oneAtATime: true, rests: 0 });
    expect(atOnce.pace).toEqual({ oneAtATime: false, rests: 0 });
    for (const name of all.checks) expect(report.facts[name].state).toBe("found");
    expect(spokenIn(report)).toEqual(spokenIn(atOnce));
    expect(report.facts.cipherSuites).toMatchObject({ value: whatWasFound(atOnce.facts.cipherSuites) });
    expect(report.facts.groups).toMatchObject({ value: whatWasFound(atOnce.facts.groups) });
    expect(report.connections - atOnce.connections).toBeLessThanOrEqual(2);
  });

  it("isn't waited for long", async () => {
    const begun = performance.now();
    await scanned(oneAfterTheOther(), { checks: ["versions", "cipherSuites", "groups"] });
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it("isn't one that says nothing to some hellos", async () => {
    // To those of TLS 1.2, the second that is sent.
    const report = await scanned(
      new Connections(() =>
        silentTo(({ legacyVersion, extensions = [] }) => {
          return legacyVersion === 0x0303 && !extensions.some(({ code }) => code === supportedVersions.code);
        }),
      ),
    );
    expect(report).toMatchObject({ state: "scanned", pace: { oneAtATime: false, rests: 0 } });
  });

  it("is told once, if nothing is said at all", async () => {
    const connections = new Connections(() => saying(() => [], "waits"));
    const begun = performance.now();
    expect(await scanned(connections)).toMatchObject({ state: "unreached", code: "no_tls" });
    expect(connections.to).toHaveLength(6 + 1);
    expect(performance.now() - begun).toBeLessThan(26_000);
  });
});

describe("a server that has enough of us after some connections", () => {
  it.each([
    ["hangs up on more", 2, () => saying(() => [])],
    ["refuses more", 2, refused],
    ["says nothing to more", 30, () => saying(() => [], "waits")],
  ] as const)("is let rest, where it %s than twelve in %s s, and told of", async (_, seconds, refuse) => {
    const times: number[] = [];
    const connections = new Connections(() => {
      const isTooMuch = times.filter((at) => at > performance.now() - 1000 * seconds).length >= 12;
      if (!isTooMuch) times.push(performance.now());
      return isTooMuch ? refuse() : modern();
    });
    const report = await scanned(connections, { checks: ["versions", "cipherSuites", "groups"] });
    const patient = await scanned(new Connections(modern), { checks: ["versions", "cipherSuites", "groups"] });
    if (report.state !== "scanned" || patient.state !== "scanned") throw new TypeError("not scanned");
    expect(report.pace.rests).toBeGreaterThan(0);
    expect(report.facts.cipherSuites).toMatchObject({ value: whatWasFound(patient.facts.cipherSuites) });
    expect(report.facts.groups).toMatchObject({ value: whatWasFound(patient.facts.groups) });
  });

  it("isn't taken for one that refuses, if resting doesn't help", async () => {
    const report = await scanned(new Connections((index) => (index < 9 ? modern() : saying(() => []))), {
      checks: ["versions", "cipherSuites"],
    });
    expect(report).toMatchObject({ state: "scanned", facts: { cipherSuites: { code: "stopped_answering" } } });
  });
});

/** What was found. */
function whatWasFound(outcome: Outcome<unknown>): unknown {
  return outcome.state === "found" ? outcome.value : outcome;
}

/** A connection to a server of ours that says nothing to some hellos. */
function silentTo(isOdd: (hello: RawClientHello) => boolean): ByteStream {
  const { readable, writable } = modern();
  const writer = writable.getWriter();
  let isFirst = true;
  return {
    readable,
    writable: new WritableStream({
      write: async (bytes) => {
        const headers = 5;
        if (isFirst && isOdd(decodeMessage(RawClientHello, bytes.subarray(headers)))) await new Promise(() => {});
        isFirst = false;
        await writer.write(bytes);
      },
    }),
  };
}

/** A server that has but one connection, and does this with another one. */
function oneAlone(otherwise: () => ByteStream): Connections {
  const connections: Connections = new Connections(() => (connections.open > 1 ? otherwise() : modern()));
  return connections;
}

/** A server that does nothing about a connection as long as there is another one. */
function oneAfterTheOther(): Connections {
  let before: Promise<void> = Promise.resolve();
  return new Connections((_, __, signal) => {
    const turn = before;
    before = Promise.all([
      turn,
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
    ]).then(() => {});
    const inner = modern();
    const [reader, writer] = [inner.readable.getReader(), inner.writable.getWriter()];
    return {
      readable: new ReadableStream({
        pull: async (controller) => {
          await turn;
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      }),
      writable: new WritableStream({
        write: async (bytes) => {
          await turn;
          await writer.write(bytes);
        },
        close: () => writer.close(),
      }),
    };
  });
}

describe("STARTTLS", () => {
  const mail: ScanTarget = { host, port: 25, startTls: smtp };

  it("goes before TLS on each connection", async () => {
    const report = await scanned(
      new Connections(() => {
        const inner = modern();
        return inFront(["220 ready\r\n", "250-hello\r\n250 STARTTLS\r\n", "220 go ahead\r\n"], inner);
      }),
      { target: mail },
    );
    expect(spokenIn(report)).toEqual(["TLS 1.3", "TLS 1.2"]);
  });

  it("is reported if it isn't there", async () => {
    const lines = ["220 ready\r\n", "250 hello\r\n"].map(asciiBytes);
    const report = await scanned(new Connections(() => saying(() => lines, "waits")), { target: mail });
    expect(report).toMatchObject({ state: "unreached", code: "no_starttls" });
  });

  it("is given up after a time, and when the server hangs up", async () => {
    const silent = await scanned(new Connections(() => saying(() => [], "waits")), { target: mail });
    expect(silent).toMatchObject({ state: "unreached", code: "starttls_timeout" });
    const gone = await scanned(new Connections(() => saying(() => [], "is reset")), { target: mail });
    expect(gone).toMatchObject({ state: "unreached", code: "truncated" });
  });
});

/** A connection on which this is said first, a line for each that is heard, and one before. */
function inFront(lines: readonly string[], { readable, writable }: ByteStream): ByteStream {
  const left = lines.map(asciiBytes);
  const [inner, outer] = [readable.getReader(), writable.getWriter()];
  let said: ReadableStreamDefaultController<Uint8Array>;
  const pump = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await inner.read();
      if (done) return said.close();
      said.enqueue(value);
    }
  };
  const answer = (): void => {
    const line = left.shift();
    if (line !== undefined) said.enqueue(line);
    if (left.length === 0 && line !== undefined) pump().catch(() => {});
  };
  return {
    readable: new ReadableStream({
      start: (controller) => {
        said = controller;
        answer();
      },
    }),
    writable: new WritableStream({
      write: async (bytes) => {
        if (left.length > 0) answer();
        else await outer.write(bytes);
      },
    }),
  };
}

describe("a scan that can't be made", () => {
  it.each([
    [{ host: "", port: 443 }],
    [{ host: "a.example\r\nX: y", port: 443 }],
    [{ host: "bücher.example", port: 443 }],
    [{ host: "[2001:db8::1]", port: 443 }],
    [{ host, port: 0 }],
    [{ host, port: 65_536 }],
    [{ host, port: 0.5 }],
  ])("is one of %j", async (target) => {
    const connections = new Connections(modern);
    const failing = scan(target, optionsFor(connections));
    await expect(failing).rejects.toMatchObject({ kind: "caller", code: "invalid_target" });
    expect(connections.to).toHaveLength(0);
  });

  it.each<Partial<ScanOptions>>([
    { maxConnections: 0 },
    { maxConnections: 1.5 },
    { rate: 0 },
    { rate: Number.NaN },
    { retries: -1 },
    { retries: 17 },
    { timeouts: { scan: 2 ** 31 } },
    { timeouts: { silence: 0 } },
  ])("is one by %j", async (options) => {
    const failing = scan(target, optionsFor(new Connections(modern), options));
    await expect(failing).rejects.toMatchObject({ kind: "caller", code: "out_of_range" });
  });
});

it("tells a server its name without a dot behind it, and in small letters", async () => {
  const report = await scanned(new Connections(modern), { target: { host: "Server.Example.", port: 8443 } });
  if (report.state !== "scanned" || report.facts.versions.state !== "found") throw new TypeError("not scanned");
  const [hello] = report.facts.versions.evidence.flatMap(({ messages }) => messages);
  expect(new TextDecoder("latin1").decode(hello?.bytes)).toMatch(/server\.example(?!\.)/);
});

describe("a scan that is aborted", () => {
  it("fails with the signal's reason, and ends its connections", async () => {
    const controller = new AbortController();
    const connections = new Connections(() => saying(() => [], "waits"));
    const promised = scan(target, optionsFor(connections, { signal: controller.signal }));
    const outcome = promised.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1000);
    expect(connections.open).toBe(2);
    controller.abort("enough");
    expect(await outcome).toBe("enough");
    expect(connections.open).toBe(0);
    expect(connections.to).toHaveLength(2);
  });

  it("doesn't begin if it is aborted already", async () => {
    const connections = new Connections(modern);
    await expect(scan(target, optionsFor(connections, { signal: AbortSignal.abort("no") }))).rejects.toBe("no");
    expect(connections.to).toHaveLength(0);
  });
});

describe.each(hostileServers)("a scan of a server that $name", ({ connect, says }) => {
  it("ends, within its time, and says what it met", async () => {
    const began = performance.now();
    const report = await scanned(new Connections(connect), { checks: undefined, timeouts: { scan: 120_000 } });
    expect(performance.now() - began).toBeLessThan(121_000);
    if (report.state === "unreached") expect(report.reason).toContain(says.startsWith("silent") ? "silence" : says);
    else expect(report.facts.versions.state).toBe("found");
  });
});
