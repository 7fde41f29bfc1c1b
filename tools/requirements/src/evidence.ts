import { parseSync } from "oxc-parser";
import { type Citation, citationsIn } from "./citation.ts";

/** A place where something is cited. */
export interface Evidence {
  readonly citation: Citation;
  readonly kind: "code" | "test";
  /** From the root. */
  readonly file: string;
  readonly line: number;
  /** What a reader would look for there: a function, a class's member, a test's name. */
  readonly label: string;
}

/** A file's citations, each with what it stands in; `stray` are those that name a requirement and can't be read. */
export function evidenceIn(
  file: string,
  text: string,
): { readonly evidence: readonly Evidence[]; readonly stray: readonly string[] } {
  const { citations, stray } = citationsIn(text);
  if (citations.length === 0) return { evidence: [], stray };
  const kind = kindOf(file);
  const { program, errors } = parseSync(file, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const tests = kind === "test" ? testsIn(program, text) : [];
  const evidence = citations.map((citation) => ({
    citation,
    kind,
    file,
    line: text.slice(0, citation.offset).split("\n").length,
    label: testAt(tests, citation.offset) ?? declarationAt(program.body, citation.offset),
  }));
  return { evidence, stray };
}

/** What tests are made of, and the suites that others run, are no code that holds anything. */
function kindOf(file: string): Evidence["kind"] {
  const test = file.includes("/test/") || file.includes("/src/conformance/") || file.startsWith("packages/testing/");
  return test || file.startsWith("tools/") ? "test" : "code";
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface NamedTest {
  readonly title: string;
  readonly start: number;
  readonly end: number;
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** Every `it`, `test` and `describe`, and every case of a table, with the titles of those around it; in the text's order. */
function testsIn(program: unknown, text: string): readonly NamedTest[] {
  const found: NamedTest[] = [];
  const visit = (node: unknown, titles: readonly string[]): void => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each, titles);
      return;
    }
    if (!isNode(node)) return;
    const literal = node.type === "CallExpression" ? titleOfCall(node) : titleOfCase(node);
    const title = literal === undefined ? undefined : text.slice(literal.start + 1, literal.end - 1);
    const path = title === undefined ? titles : [...titles, title];
    if (title !== undefined) found.push({ title: path.join(": "), start: node.start, end: node.end });
    for (const each of Object.values(node)) visit(each, path);
  };
  visit(program, []);
  return found;
}

/** The name that `it("…")`, or `it.each(…)("…")`, gives. */
function titleOfCall(call: Node): Node | undefined {
  let callee = call["callee"];
  while (isNode(callee) && callee.type !== "Identifier") callee = callee["callee"] ?? callee["tag"] ?? callee["object"];
  if (!isNode(callee) || !["it", "test", "describe"].includes(String(callee["name"]))) return undefined;
  const [first] = Array.isArray(call["arguments"]) ? call["arguments"] : [];
  return isText(first) ? first : undefined;
}

/** The name of `{ name: "…", run() { … } }`: a test that others run. */
function titleOfCase(node: Node): Node | undefined {
  if (node.type !== "ObjectExpression" || !Array.isArray(node["properties"])) return undefined;
  const properties = new Map(node["properties"].filter(isNode).map((each) => [nameOf(each["key"]), each["value"]]));
  const name = properties.get("name");
  return properties.has("run") && isText(name) ? name : undefined;
}

function isText(node: unknown): node is Node {
  return isNode(node) && (node.type === "Literal" || node.type === "TemplateLiteral");
}

/** The innermost test around a place; where that is none or a `describe`, the next one that begins there. */
function testAt(tests: readonly NamedTest[], offset: number): string | undefined {
  const around = tests.filter(({ start, end }) => start <= offset && offset < end).at(-1);
  const inside = tests.filter(({ start, end }) => start > offset && end <= (around?.end ?? Number.POSITIVE_INFINITY));
  return (inside[0] ?? around)?.title;
}

/** The declaration around a place, or the next one: what a comment in front of it is about. */
function declarationAt(body: unknown, offset: number): string {
  if (!Array.isArray(body)) return "";
  const statement = body.filter(isNode).find(({ end }) => end > offset);
  if (statement === undefined) return "";
  const exported = statement["declaration"];
  const declaration = isNode(exported) ? exported : statement;
  const [variable] = Array.isArray(declaration["declarations"]) ? declaration["declarations"] : [];
  const name = nameOf(isNode(variable) ? variable["id"] : declaration["id"]);
  const classBody = declaration["body"];
  if (declaration.type !== "ClassDeclaration" || !isNode(classBody) || classBody.start > offset) return name;
  const members: unknown = classBody["body"];
  const member = Array.isArray(members) ? members.filter(isNode).find(({ end }) => end > offset) : undefined;
  return member === undefined ? name : `${name}.${nameOf(member["key"])}`;
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  return node.type === "PrivateIdentifier" ? `#${String(node["name"])}` : String(node["name"] ?? "");
}
