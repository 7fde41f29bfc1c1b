/** How TLS gets into a program, which knows nothing of it. */
export interface Way {
  /** What Node is given before the program's name. */
  readonly options: readonly string[];
  /** Whether the TLS is Node's own. */
  readonly nodesOwn: boolean;
}

/** By name, for `describe.each`. What fails over Node's own TLS is a wrong test. */
export const ways: readonly (readonly [string, Way])[] = [
  ["node:tls", { options: [], nodesOwn: true }],
  ["@tlskit/node/register", { options: ["--import", "@tlskit/node/register"], nodesOwn: false }],
];

/** Of a program that is written for tlskit. */
export const itsOwnWay: typeof ways = [["tlskit, which it asks for", { options: [], nodesOwn: false }]];
