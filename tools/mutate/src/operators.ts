/**
 * What is added to Stryker, which loads this as a plugin: operators that it lacks, and what need not be noticed.
 *
 * Stryker has no way to add operators. Its list of them is one array, which is added to here; the version is pinned,
 * and a test sees that they are applied.
 */
import { createRequire } from "node:module";

/** As much of Babel's nodes and paths as is looked at. */
interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}
interface Path {
  readonly node: Node;
  readonly parentPath: Path | null;
  readonly key: string | number | null;
  readonly listKey?: string | undefined;
}

interface Operator {
  readonly name: string;
  mutate(path: Path): Iterable<Node>;
}

const operators: readonly Operator[] = [
  {
    // A check that is called for its failing alone, a `throw`, an early `return`: without it.
    name: "StatementRemoval",
    *mutate({ node }) {
      const removable = ["ExpressionStatement", "ThrowStatement"].includes(node.type);
      if (removable || (node.type === "ReturnStatement" && node["argument"] == null)) {
        yield { type: "BlockStatement", body: [], directives: [] };
      }
    },
  },
  {
    name: "NumericLiteral",
    *mutate({ node, key, parentPath }) {
      const isName = key === "key" || (key === "property" && parentPath?.node["computed"] === false);
      const { value } = node;
      if (node.type !== "NumericLiteral" || isName || typeof value !== "number") return;
      yield { type: "NumericLiteral", value: value + 1 };
      if (value > 0) yield { type: "NumericLiteral", value: value - 1 };
    },
  },
  {
    name: "ElementRemoval",
    *mutate({ node }) {
      const list = node.type === "ArrayExpression" ? "elements" : joins(node) ? "arguments" : undefined;
      const items = list === undefined ? undefined : node[list];
      if (list === undefined || !Array.isArray(items) || items.length < 2) return;
      for (const index of items.keys()) {
        const { type, [list]: all, ...rest } = structuredClone(node);
        yield { type, ...rest, [list]: (all as unknown[]).toSpliced(index, 1) }; // as was looked at above
      }
    },
  },
  {
    name: "NullishSide",
    *mutate({ node }) {
      if (node.type !== "LogicalExpression" || node["operator"] !== "??") return;
      yield structuredClone(node["left"]) as Node; // a LogicalExpression's sides are nodes
      yield structuredClone(node["right"]) as Node;
    },
  },
];

/** `concat(…)` and `Uint8Array.of(…)`, whose arguments are what bytes are made of. */
function joins({ type, callee }: Node): boolean {
  if (type !== "CallExpression") return false;
  const { name, property } = callee as { readonly name?: string; readonly property?: { readonly name?: string } };
  return name === "concat" || property?.name === "of";
}

const require = createRequire(import.meta.url);
const mutators = "../stryker/node_modules/@stryker-mutator/instrumenter/dist/src/mutators/mutate.js";
const { allMutators } = require(mutators) as { readonly allMutators: Operator[] }; // the array that Stryker goes through
if (!allMutators.includes(operators[0] as Operator)) allMutators.push(...operators);

/** Where sentences for people stand: which arguments of what is called. */
const sentences: Readonly<Record<string, readonly number[]>> = {
  TlsError: [2],
  peerError: [2],
  callerError: [1],
  decodeError: [0],
  illegalParameter: [1],
  missingExtension: [0, 1],
  handshakeFailure: [1],
  unexpectedRecord: [0],
  recordOverflow: [0],
  // What a structure is called when it is explained.
  struct: [0],
  enumeration: [0],
};

/** The words of a failure, or of an explanation, may change as they like: codes and alerts may not. */
function isSentence({ parentPath, key, listKey }: Path): boolean {
  const callee = parentPath?.node["callee"] as { readonly name?: string } | undefined;
  return listKey === "arguments" && typeof key === "number" && sentences[callee?.name ?? ""]?.includes(key) === true;
}

/** What Stryker takes in of this file. */
export const strykerPlugins: readonly unknown[] = [
  {
    kind: "Ignore",
    name: "sentences",
    value: { shouldIgnore: (path: Path) => (isSentence(path) ? "a sentence for people" : undefined) },
  },
];
