import { expect, test } from "vitest";
import { plot } from "../src/plot.ts";
import type { Compared } from "../src/report.ts";
import type { Goal, Unit } from "../src/row.ts";
import { element } from "../src/svg.ts";

const base = { name: "node:tls", median: 1, min: 1, max: 1, samples: [1] };

function compared(what: string, unit: Unit, ratio: number, goal?: Goal): Compared {
  const spread = { median: ratio, min: ratio / 2, max: ratio * 2 };
  const aim = goal === undefined ? {} : { goal };
  return { what, unit, figures: [base, { name: "node", ...spread, samples: [ratio], ratio: spread, ...aim }] };
}

function plotOf(...comparisons: readonly Compared[]): string {
  const machine = { cpu: "", cores: 1, memory: 1, system: "", node: "", openssl: "" };
  return plot({ quick: false, machine, rows: [{ name: "row", about: "", date: "", load: 0, comparisons }] });
}

const points = (svg: string): string[] =>
  [...svg.matchAll(/class="median( reached)?" cx="[\d.]+" cy="[\d.]+"/g)].map(String);

test("a comparison with a goal has a line, one without has none", () => {
  const svg = plotOf(compared("with a goal", "MB/s", 0.5, { atLeast: 0.4 }), compared("without", "MB/s", 0.5));
  expect(svg).toContain(">row: with a goal<");
  expect(svg).not.toContain("without");
});

test("a point is filled where the goal is reached", () => {
  const legend = 2;
  const svg = plotOf(compared("a", "MB/s", 0.5, { atLeast: 0.4 }), compared("b", "MB/s", 0.3, { atLeast: 0.4 }));
  expect(
    points(svg)
      .slice(legend)
      .map((point) => point.includes("reached")),
  ).toEqual([true, false]);
});

test("where less is better stands behind where more is", () => {
  const svg = plotOf(compared("memory", "kB", 0.5, { atMost: 0.4 }), compared("speed", "1/s", 0.3, { atLeast: 0.4 }));
  const places = ["more is better", "speed", "less is better", "memory"].map((text) => svg.indexOf(text));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test("what lies beyond the edges is drawn at them", () => {
  const svg = plotOf(compared("a", "MB/s", 1000, { atLeast: 1 }), compared("b", "MB/s", 0.0001, { atLeast: 1 }));
  const places = [...svg.matchAll(/cx="([\d.]+)"/g)].slice(2).map(([, x]) => Number(x));
  expect(places).toEqual([880, 560]);
});

test("who is absent has a line that says so", () => {
  const absent = { name: "openssl", absent: "there is no libcrypto", goal: { atLeast: 1 } };
  expect(plotOf({ what: "speed", unit: "1/s", figures: [base, absent] })).toContain(">absent<");
});

test("texts and attributes are escaped", () => {
  expect(element("text", { class: 'a"b' }, "1 < 2 & 3")).toBe('<text class="a&quot;b">1 &lt; 2 &amp; 3</text>');
});
