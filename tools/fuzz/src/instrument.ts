import { parseSync } from "oxc-parser";

/** The names under which instrumented code finds its meter: global, since modules in a cycle can't wait for an import. */
export const globalNames = { counters: "$fuzzC", step: "$fuzzS", allocate: "$fuzzA", equal: "$fuzzE" } as const;

/** Text put into a source; `removed` characters of it go. */
interface Insertion {
  readonly at: number;
  /** At the same place, what closes comes before what opens. */
  readonly closes: boolean;
  readonly text: string;
  readonly removed: number;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Constructors whose one argument is a size, or something that is copied. */
const sized = new Set(["Array", "ArrayBuffer", "Uint8Array", "Uint16Array", "Uint32Array", "Int8Array"]);
/** Methods whose first argument says how long a string becomes. */
const lengthening = new Set(["padEnd", "padStart", "repeat"]);
const loops = new Set(["DoWhileStatement", "ForInStatement", "ForOfStatement", "ForStatement", "WhileStatement"]);
const functions = new Set(["ArrowFunctionExpression", "FunctionDeclaration", "FunctionExpression"]);
/** Of types, only what is an expression runs. */
const typedExpressions = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"]);

/**
 * A module's source with counters at every branch, a step counted at every function and turn of a loop, and reports of
 * what is allocated and compared. Lines stay where they are.
 * @param newProbe gives each place its number.
 */
export function instrument(path: string, source: string, newProbe: () => number): string {
  const { program, errors } = parseSync(path, source);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const insertions: Insertion[] = [];
  const open = (at: number, text: string, removed = 0): number => insertions.push({ at, closes: false, text, removed });
  const close = (at: number, text: string): number => insertions.push({ at, closes: true, text, removed: 0 });

  const count = (): string => `${globalNames.counters}[${newProbe()}]++`;
  const step = `${globalNames.step}()`;

  const intoBlock = (block: Node, extra = ""): void => {
    open(block.start + 1, `${count()};${extra}`);
  };
  /** A statement that may stand without braces. */
  const statement = (node: Node, extra = ""): void => {
    if (node.type === "BlockStatement") {
      open(node.start + 1, `${count()};${extra}`);
      visitFields(node);
    } else {
      open(node.start, `{${count()};${extra}`);
      visit(node);
      close(node.end, "}");
    }
  };
  const expression = (node: Node, extra = ""): void => {
    open(node.start, `(${count()},${extra}`);
    visit(node);
    close(node.end, ")");
  };

  const visitors: Readonly<Record<string, (node: Node) => void>> = {
    BlockStatement: (node) => {
      intoBlock(node);
      visitFields(node);
    },
    IfStatement: (node) => {
      visit(node["test"]);
      const { consequent, alternate } = node;
      if (isNode(consequent)) statement(consequent);
      if (isNode(alternate)) statement(alternate);
      else close(node.end, ` else {${count()}}`);
    },
    ConditionalExpression: (node) => {
      visit(node["test"]);
      for (const branch of [node["consequent"], node["alternate"]]) if (isNode(branch)) expression(branch);
    },
    LogicalExpression: (node) => {
      visit(node["left"]);
      if (isNode(node["right"])) expression(node["right"]);
    },
    SwitchCase: (node) => {
      visit(node["test"]);
      const list = Array.isArray(node["consequent"]) ? node["consequent"].filter(isNode) : [];
      if (list[0] !== undefined) open(list[0].start, `${count()};`);
      for (const each of list) visit(each);
    },
    BinaryExpression: (node) => {
      const { left, right, operator } = node;
      if (!isNode(left) || !isNode(right) || (operator !== "===" && operator !== "!==")) {
        visitFields(node);
        return;
      }
      open(node.start, `${operator === "!==" ? "!" : ""}${globalNames.equal}(`);
      visit(left);
      open(left.end, ",", right.start - left.end);
      visit(right);
      close(node.end, ")");
    },
    NewExpression: (node) => {
      const { callee } = node;
      if (isNode(callee) && sized.has(String(callee["name"]))) allocation(node);
      else visitFields(node);
    },
    CallExpression: (node) => {
      const { callee } = node;
      const method = isNode(callee) && callee.type === "MemberExpression" ? callee["property"] : undefined;
      if (isNode(method) && lengthening.has(String(method["name"]))) allocation(node);
      else visitFields(node);
    },
  };

  /** Reports the size when it is the only argument, or the first of a method that lengthens. */
  function allocation(node: Node): void {
    visit(node["callee"]);
    const list = Array.isArray(node["arguments"]) ? node["arguments"].filter(isNode) : [];
    const [size] = list;
    const isSize =
      size !== undefined && size.type !== "SpreadElement" && (list.length === 1 || node.type !== "NewExpression");
    if (isSize) open(size.start, `${globalNames.allocate}(`);
    visit(size);
    if (isSize) close(size.end, ")");
    for (const each of list.slice(1)) visit(each);
  }

  function visitFunction(node: Node): void {
    visit(node["params"]);
    const { body } = node;
    if (!isNode(body)) return;
    if (body.type === "BlockStatement") {
      intoBlock(body, `${step};`);
      visitFields(body);
    } else {
      expression(body, `${step},`);
    }
  }

  function visitLoop(node: Node): void {
    for (const [field, value] of Object.entries(node)) if (field !== "body") visit(value);
    if (isNode(node["body"])) statement(node["body"], `${step};`);
  }

  function visit(value: unknown): void {
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
    } else if (isNode(value)) {
      if (typedExpressions.has(value.type)) visit(value["expression"]);
      else if (value.type.startsWith("TS")) return;
      else if (functions.has(value.type)) visitFunction(value);
      else if (loops.has(value.type)) visitLoop(value);
      else (visitors[value.type] ?? visitFields)(value);
    }
  }

  function visitFields(node: Node): void {
    for (const value of Object.values(node)) visit(value);
  }

  visit(program);
  return inserted(source, insertions);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function inserted(source: string, insertions: readonly Insertion[]): string {
  const ordered = insertions
    .map((insertion, index) => ({ ...insertion, index }))
    .sort((a, b) => a.at - b.at || Number(b.closes) - Number(a.closes) || a.index - b.index);
  let text = "";
  let done = 0;
  for (const { at, text: added, removed } of ordered) {
    text += source.slice(done, at) + added;
    done = at + removed;
  }
  return text + source.slice(done);
}
