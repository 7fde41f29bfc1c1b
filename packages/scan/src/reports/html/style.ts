/**
 * How a report looks. The file's policy (CSP) allows this style alone, by its hash: no report has a style of its own, and
 * nothing that a server sent becomes one.
 */
export const style: string = `
:root {
  color-scheme: light;
  --page: #f4f5f7; --card: #fff; --sunk: #f4f5f7; --text: #1a1e24; --faint: #56606c; --line: #dde1e6; --link: #0a58a6;
  --critical: #8a1026; --on-critical: #fff; --high: #c22b28; --on-high: #fff; --medium: #f0b429; --on-medium: #2b2000;
  --low: #bcd9f5; --on-low: #0b3357; --info: #dfe3e8; --on-info: #39424d; --good: #1b7a43; --bad: #b3261e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --page: #0f1216; --card: #171b21; --sunk: #0f1216; --text: #e4e8ed; --faint: #9ba6b2; --line: #2a313a; --link: #8abfff;
    --critical: #a8142f; --high: #bd3430; --medium: #d9a21b; --low: #24476b; --on-low: #d9ebff;
    --info: #333b45; --on-info: #d5dbe2; --good: #5fce8f; --bad: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: anywhere;
}
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1, h2, h3, h4, p, dl, dd, ol, ul, table, pre { margin: 0; padding: 0; }
ol, ul { list-style: none; }
a { color: var(--link); text-underline-offset: .15em; }
code, pre, .id, .names li, .octets { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
h1 { font-size: .8125rem; font-weight: 600; letter-spacing: .08em; text-transform: uppercase; color: var(--faint); }
h2 { font-size: clamp(1.5rem, 4.5vw, 2.25rem); line-height: 1.2; letter-spacing: -.02em; margin-top: .25rem; }
h3 { font-size: 1.25rem; letter-spacing: -.01em; margin: 2.5rem 0 .875rem; }
h4 { font-size: 1rem; line-height: 1.4; }
.about { color: var(--faint); margin-top: .375rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; }
.summary { margin-top: 1rem; }
.summary th { overflow-wrap: anywhere; }
section + article { margin-top: 3.5rem; }
article + article { margin-top: 4rem; padding-top: 3rem; border-top: 2px solid var(--line); }

.none { margin-top: 1.25rem; font-weight: 600; font-size: 1.125rem; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1.25rem; }
.counts li { padding: .375rem .875rem; border-radius: .5rem; font-weight: 600; }
.counts b { font-size: 1.25rem; margin-right: .125rem; }
.badge {
  display: inline-block; padding: .0625rem .5rem; border-radius: .3125rem; font-size: .75rem; font-weight: 700; line-height: 1.5;
  letter-spacing: .04em; text-transform: uppercase; white-space: nowrap;
}
.critical { background: var(--critical); color: var(--on-critical); }
.high { background: var(--high); color: var(--on-high); }
.medium { background: var(--medium); color: var(--on-medium); }
.low { background: var(--low); color: var(--on-low); }
.info { background: var(--info); color: var(--on-info); }
.met { color: var(--good); }
.unmet { color: var(--bad); }

.finding { padding: 1rem 1.25rem 1.125rem; margin-top: .75rem; }
.finding header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem .75rem; }
.finding h4 { font-size: 1.0625rem; }
.id { color: var(--faint); margin-left: auto; }
.seen { margin-top: .5rem; }
.seen li + li { margin-top: .25rem; }
.why { color: var(--faint); margin-top: .5rem; }
.remedy { margin-top: .5rem; }
.aside { color: var(--faint); margin-top: 1.5rem; font-size: .9375rem; }

details { margin-top: .625rem; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
summary:hover { text-decoration: underline; text-underline-offset: .15em; }
.servers { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .5rem 1rem; margin-top: .625rem; align-items: baseline; }
.servers dt { color: var(--faint); }
pre { white-space: pre-wrap; background: var(--sunk); border: 1px solid var(--line); border-radius: .375rem; padding: .375rem .625rem; }

.check { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .25rem 1.5rem; padding: 1.125rem 1.25rem; }
.check + .check { border-top: 1px solid var(--line); }
.policy { padding: 1.125rem 1.25rem; }
.check > div > * + *, .policy > * + * { margin-top: .875rem; }
.caption { font-weight: 600; font-size: .9375rem; text-align: left; }
.caption + * { margin-top: .375rem; }
.fields { display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: .25rem 1rem; }
.fields dt { color: var(--faint); }
.names { display: flex; flex-wrap: wrap; gap: .375rem; margin-top: .375rem; }
.names li { background: var(--sunk); border: 1px solid var(--line); border-radius: .3125rem; padding: .0625rem .5rem; }
table { border-collapse: collapse; min-width: min(100%, 30rem); }
th, td { text-align: left; vertical-align: top; padding: .3125rem 2rem .3125rem 0; font-weight: inherit; }
th:first-child { overflow-wrap: break-word; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--faint); font-size: .8125rem; }
tbody tr { border-top: 1px solid var(--line); }
.card table { font-size: .9375rem; }
.wide { padding: .5rem 1.25rem; }
.wide table { width: 100%; }

.evidence .evidence { margin-left: 1rem; }
.exchange { margin-top: .75rem; font-weight: 600; }
.octets { color: var(--faint); }
.message ul { border-left: 1px solid var(--line); margin: .125rem 0 .125rem .25rem; padding-left: .75rem; font-size: .875rem; }
.meaning { color: var(--text); }

@media (max-width: 40rem) {
  main { padding: 1.5rem .875rem 3rem; }
  .check { grid-template-columns: minmax(0, 1fr); padding: 1rem; }
  .fields { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .fields dd + dt { margin-top: .375rem; }
  .servers { grid-template-columns: minmax(0, 1fr); gap: .25rem; }
  .finding { padding: .875rem 1rem 1rem; }
  .id { margin-left: 0; }
  th, td { padding-right: .75rem; }
}
@media print {
  :root { --page: #fff; --sunk: #fff; }
  @page { margin: 16mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  article + article { break-before: page; border: 0; margin: 0; padding: 0; }
  h2, h3, h4, .caption, summary, thead { break-after: avoid; }
  .finding, .check, tr, pre { break-inside: avoid; }
  .check.long { break-inside: auto; }
  .badge, .counts li { print-color-adjust: exact; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  a { color: inherit; }
}
`;

/** SHA-256 of the style, as the policy names it. A test computes it. */
export const styleHash: string = "sha256-V/Auv0UerkghYjs0Gl6cUwvkqJ3wsQHujvFv0YA0UQs=";
