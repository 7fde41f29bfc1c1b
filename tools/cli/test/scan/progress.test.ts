import type { ScannedTarget, ScanProgress, TargetReport, UnreachedTarget } from "@tlskit/scan";
import { describe, expect, test } from "vitest";
import { progressOn } from "../../src/scan/progress.ts";

const a = { host: "a.example", port: 443 };
const b = { host: "2001:db8::1", port: 8443, address: "192.0.2.1" };
const unreached: UnreachedTarget = { state: "unreached", target: b, code: "refused", reason: "nobody listens" };
const figures: Pick<ScannedTarget, "state" | "target" | "begun" | "ended" | "connections"> = {
  state: "scanned",
  target: a,
  begun: 1_000,
  ended: 3_460,
  connections: 37,
};
const scanned = figures as TargetReport; // progress reads nothing but these

const groups: ScanProgress = { check: "groups", about: "groups", state: "begun", done: 2, of: 15, connections: 9 };

/** What stays on a terminal: its last line, at most so wide. */
class Terminal {
  readonly isTTY = true;
  readonly columns: number;
  line = "";

  constructor(columns: number) {
    this.columns = columns;
  }

  write(text: string): void {
    expect(text).not.toContain("\n");
    const [more = "", ...anew] = text.split("\r\x1b[K");
    this.line = anew.at(-1) ?? this.line + more;
    expect(this.line.length).toBeLessThan(this.columns);
  }
}

function written(): { text: string; write(text: string): void } {
  return {
    text: "",
    write(text) {
      this.text += text;
    },
  };
}

describe("on a terminal", () => {
  test("a line says what is being found out, and is gone at the end", () => {
    const terminal = new Terminal(80);
    const progress = progressOn(terminal, 1);
    progress.begin(a);
    expect(terminal.line).toBe("a.example:443: connecting");
    progress.step(a, groups);
    expect(terminal.line).toBe("a.example:443: groups (3/15, 9 connections)");
    progress.step(a, { ...groups, state: "found", done: 3, connections: 12 });
    expect(terminal.line).toBe("a.example:443: groups (3/15, 9 connections)");
    progress.end(scanned);
    progress.clear();
    expect(terminal.line).toBe("");
  });

  test("several targets share the line, which counts them", () => {
    const terminal = new Terminal(120);
    const progress = progressOn(terminal, 3);
    progress.begin(a);
    progress.begin(b);
    progress.step(b, groups);
    expect(terminal.line).toBe(
      "0 of 3 done; a.example:443: connecting; [2001:db8::1]:8443 at 192.0.2.1: groups (3/15, 9 connections)",
    );
    progress.end(scanned);
    expect(terminal.line).toBe("1 of 3 done; [2001:db8::1]:8443 at 192.0.2.1: groups (3/15, 9 connections)");
    progress.end(unreached);
    expect(terminal.line).toBe("");
  });

  test("the line is no longer than the terminal is wide", () => {
    const terminal = new Terminal(20);
    const progress = progressOn(terminal, 1);
    progress.begin(a);
    expect(terminal.line).toBe("a.example:443: con…");
  });

  test("nothing is erased where nothing was written", () => {
    const stream = { isTTY: true, ...written() };
    progressOn(stream, 1).clear();
    expect(stream.text).toBe("");
  });
});

describe("elsewhere", () => {
  test("a line says what begins, and one what came of it, without anything that moves a cursor", () => {
    const stream = written();
    const progress = progressOn(stream, 2);
    progress.begin(a);
    progress.step(a, groups);
    progress.begin(b);
    progress.end(unreached);
    progress.end(scanned);
    progress.clear();
    expect(stream.text.split("\n")).toEqual([
      "a.example:443: begun",
      "[2001:db8::1]:8443 at 192.0.2.1: begun",
      "[2001:db8::1]:8443 at 192.0.2.1: not reached (1 of 2)",
      "a.example:443: scanned in 2.5 s by 37 connections (2 of 2)",
      "",
    ]);
  });
});
