/** How TLS gets into a program, which knows nothing of it: what Node is given before the program's name. */
export type Way = readonly string[];

/** By name, for `describe.each`. What fails over Node's own TLS is a wrong test. */
export const ways: readonly (readonly [string, Way])[] = [["node:tls", []]];
