import { type Compared, type Figure, type Measured, type Report, reached } from "./report.ts";
import { type Goal, moreIsBetter } from "./row.ts";
import { element } from "./svg.ts";

/** Pixels. */
const layout = { line: 17, what: 12, contender: 540, from: 560, to: 880, ratio: 925, width: 935 } as const;

/** Ratios at the plot's edges; what lies beyond is drawn at the edge. */
const [least, most] = [0.05, 5];
const ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5];

const style = `
  text { font: 12px system-ui, sans-serif; fill: #24292f }
  .small { font-size: 11px; fill: #6e7781 }
  .heading { font-weight: 600 }
  .grid { stroke: #d0d7de }
  .one { stroke: #6e7781 }
  .spread { stroke: #0969da; stroke-width: 2 }
  .median { stroke: #0969da; stroke-width: 2; fill: #ffffff }
  .reached { fill: #0969da }
  .goal { stroke: #bc4c00; stroke-width: 3 }
  .page { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .small { fill: #8d96a0 }
    .grid { stroke: #30363d }
    .one { stroke: #8d96a0 }
    .spread, .median { stroke: #4493f8 }
    .median, .page { fill: #0d1117 }
    .reached { fill: #4493f8 }
    .goal { stroke: #f0883e }
  }
`;

/** A line of the plot. */
type Line = { readonly heading: string } | { readonly what: string; readonly figure: Figure };

/**
 * The ratios of all comparisons that have goals, as SVG: a point at the median, filled where the goal is reached, a line
 * from the smallest to the largest, and a bar where the goal is.
 */
export function plot({ rows }: Report): string {
  const withGoals = rows
    .flatMap(({ name, comparisons }) => comparisons.map((compared) => ({ row: name, ...compared })))
    .filter(({ figures }) => figures.some(({ goal }) => goal !== undefined));
  const lines: readonly Line[] = [
    { heading: "more is better: further to the right" },
    ...withGoals.filter(({ unit }) => moreIsBetter(unit)).flatMap(linesOf),
    { heading: "less is better: further to the left" },
    ...withGoals.filter(({ unit }) => !moreIsBetter(unit)).flatMap(linesOf),
  ];
  const top = 3 * layout.line;
  const height = top + (lines.length + 1) * layout.line;
  const drawn = lines.flatMap((line, index) => drawLine(line, top + (index + 0.5) * layout.line));
  const size = { width: layout.width, height };
  return `${element("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${size.width} ${height}`, ...size }, [
    `<style>${style}</style>`,
    element("rect", { class: "page", ...size }),
    ...legend(layout.line),
    ...grid(top, height - layout.line / 2),
    ...drawn,
  ])}\n`;
}

function linesOf({ row, what, figures }: Compared & { readonly row: string }): Line[] {
  return figures
    .filter((figure) => "absent" in figure || figure.ratio !== undefined)
    .map((figure, index) => ({ what: index === 0 ? `${row}: ${what}` : "", figure }));
}

function drawLine(drawn: Line, y: number): string[] {
  if ("heading" in drawn) return [text(layout.what, y, drawn.heading, "heading")];
  const { what, figure } = drawn;
  const labels = [text(layout.what, y, what), text(layout.contender, y, figure.name, "small", "end")];
  return "absent" in figure
    ? [...labels, text(layout.ratio, y, "absent", "small", "end"), ...goalMark(figure.goal, y)]
    : [...labels, ...marks(figure, y)];
}

function marks({ ratio, goal }: Measured, y: number): string[] {
  if (ratio === undefined) return [];
  const isReached = goal !== undefined && reached(goal, ratio);
  const point = { class: isReached ? "median reached" : "median", cx: x(ratio.median), cy: y, r: 4 };
  return [
    ...goalMark(goal, y),
    line("spread", x(ratio.min), x(ratio.max), y, y),
    element("circle", point),
    text(layout.ratio, y, ratio.median.toFixed(2), "small", "end"),
  ];
}

function goalMark(goal: Goal | undefined, y: number): string[] {
  if (goal === undefined) return [];
  const at = x("atLeast" in goal ? goal.atLeast : goal.atMost);
  return [line("goal", at, at, y - 7, y + 7)];
}

function grid(top: number, bottom: number): string[] {
  return ticks.flatMap((tick) => [
    line(tick === 1 ? "one" : "grid", x(tick), x(tick), top - 4, bottom),
    text(x(tick), top - 12, String(tick), "small", "middle"),
  ]);
}

function legend(y: number): string[] {
  return [
    text(layout.what, y, "Ratios to what each is compared with, in one run", "heading"),
    element("circle", { class: "median reached", cx: layout.from + 5, cy: y, r: 4 }),
    text(layout.from + 15, y, "median, goal reached", "small"),
    element("circle", { class: "median", cx: layout.from + 145, cy: y, r: 4 }),
    text(layout.from + 155, y, "or not, or no goal", "small"),
    line("goal", layout.from + 270, layout.from + 270, y - 7, y + 7),
    text(layout.from + 278, y, "goal", "small"),
  ];
}

/** Where a ratio is drawn: twice as much is everywhere as far away. */
function x(ratio: number): number {
  const within = Math.min(Math.max(ratio, least), most);
  return layout.from + (Math.log(within / least) / Math.log(most / least)) * (layout.to - layout.from);
}

function line(name: string, x1: number, x2: number, y1: number, y2: number): string {
  return element("line", { class: name, x1, x2, y1, y2 });
}

function text(x: number, y: number, content: string, name = "", anchor = "start"): string {
  return element("text", { x, y: y + 4, "text-anchor": anchor, ...(name === "" ? {} : { class: name }) }, content);
}
