import type { Implementation } from "./implementation.ts";
import { nodeTls } from "./node-tls.ts";
import { type BenchPki, makePki } from "./pki.ts";
import { preparedWith, providers } from "./providers.ts";
import type { Absence, Contender, Effort, Goal, Measure } from "./row.ts";
import { tlskit } from "./tlskit.ts";

/**
 * `node:tls`, and behind it ours with each provider.
 * @param goals by the names of providers.
 * @param prepare gets ready what is measured of one of them.
 */
export function implementations(
  goals: Readonly<Record<string, Goal>>,
  prepare: (implementation: Implementation, effort: Effort, pki: BenchPki) => Promise<Measure | Absence>,
): readonly [Contender, ...Contender[]] {
  const theirs: Contender = {
    name: "node:tls",
    prepare(effort) {
      const pki = makePki();
      return prepare(nodeTls(pki), effort, pki);
    },
  };
  const ours = providers.map(
    (provider): Contender => ({
      name: provider.name,
      goal: goals[provider.name],
      prepare: preparedWith(provider, (made, effort) => {
        const pki = makePki();
        return prepare(tlskit(pki, made), effort, pki);
      }),
    }),
  );
  return [theirs, ...ours];
}
