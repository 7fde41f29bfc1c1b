import { notTls } from "@tlskit/wire";
import { eliminate, type Offering } from "./elimination.ts";

/** What a server takes, and whose order decides. */
export interface Ordered {
  /** In the server's order if it has one; otherwise the last that was offered comes first. */
  readonly accepted: readonly number[];
  readonly order: "server" | "client" | "only one";
}

/**
 * All that a server takes, and whether it has an order of its own.
 * @param offered in an order that no server has, the best last: who follows it follows the client
 * @param taken what it took before, if anything
 * @throws {TlsError} `stopped_answering`, `unoffered_choice`
 */
export async function orderedChoices(offered: readonly number[], offering: Offering, taken?: number): Promise<Ordered> {
  const accepted = await eliminate(offered, offering, taken);
  if (accepted.length < 2) return { accepted, order: "only one" };
  const backwards = [...accepted].reverse();
  const isAsOffered = accepted.every(
    (code, at) => at === 0 || offered.indexOf(code) > offered.indexOf(accepted[at - 1] ?? -1),
  );
  if (!isAsOffered) return { accepted, order: "server" };
  // The server's order may be this one for once.
  const { code } = await offering(backwards);
  if (code === undefined) throw notTls("stopped_answering", "the server no longer answers what it answered before");
  return code === backwards[0] ? { accepted: backwards, order: "client" } : { accepted, order: "server" };
}

/**
 * The same of more than can be offered at once.
 * @param best the batch that most is taken of, in an order that no server has, the best last
 * @param others likewise
 * @throws {TlsError} `stopped_answering`, `unoffered_choice`
 */
export async function orderedChoicesOf(
  best: readonly number[],
  others: readonly (readonly number[])[],
  offering: Offering,
): Promise<Ordered> {
  const first = await orderedChoices(best, offering);
  const rest = await Promise.all(others.map((batch) => orderedChoices(batch, offering, first.accepted[0])));
  const [one, ...more] = [first, ...rest].filter(({ accepted }) => accepted.length > 0);
  if (one === undefined || more.length === 0) return one ?? first;
  const all = [one, ...more].flatMap(({ accepted }) => accepted);
  const orders = [one, ...more].map(({ order }) => order);
  if (orders.includes("client")) return { accepted: all, order: "client" };
  if (!orders.includes("server")) return orderedChoices([...all].reverse(), offering);
  let accepted = one.accepted;
  for (const other of more) accepted = await merged(accepted, other.accepted, offering);
  return { accepted, order: "server" };
}

/** Two lists, each in the server's order, as one. */
async function merged(a: readonly number[], b: readonly number[], offering: Offering): Promise<readonly number[]> {
  const [[left, ...lefts], [right, ...rights]] = [a, b];
  if (left === undefined || right === undefined) return [...a, ...b];
  const { code } = await offering([left, right]);
  return code === right
    ? [right, ...(await merged(a, rights, offering))]
    : [left, ...(await merged(lefts, b, offering))];
}
