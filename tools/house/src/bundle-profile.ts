import { gzipSync } from "node:zlib";
import { minifySync } from "rolldown/experimental";
import { parseAst } from "rolldown/parseAst";
import { type Bundle, bundle, bundleWithout, kilobytes, type Use } from "./bundle.ts";

/** What a part of a bundle is for, and which modules it is made of: the first that one matches has it. */
const parts: readonly (readonly [part: string, modules: RegExp])[] = [
  ["certificates: policies", /x509\/.*(polic|names-and-policies)/],
  ["certificates: names and their constraints", /x509\/.*(name|identity|ip-address|unicode|string-types|subtrees)/],
  ["certificates: paths, rules, signatures, refusals", /x509\/src\/(verification\/|signature)/],
  ["certificates: DER, extensions, keys", /x509\//],
  [
    "the connection: records in and out, alerts, what comes after the handshake",
    /tls\/src\/(connection|incoming|outgoing|after|events|signal|earlier|record|traffic|channel|key-log|client-early)/,
  ],
  ["contexts, targets, and the verdict on a server", /tls\//],
  [
    "options of the handshake, and that they are what they have to be",
    /handshake\/src\/(settings|versions|expectations|own-extensions|external)|wire\/src\/arguments/,
  ],
  ["the handshake of a client", /handshake\//],
  ["messages and extensions", /messages\//],
  ["records", /record\//],
  ["the key schedule, suites, groups, what is asked of a provider", /(keyschedule|ciphersuites|crypto)\//],
  ["readers, writers, codecs, errors", /wire\//],
];

/**
 * What a bundle is made of: bytes that each part takes when it is minified, and kilobytes of what is sent that it comes to. Parts
 * are compressed together, so that the latter are shares, by what each takes by itself.
 */
export function profileOf({ code, rendered }: Bundle): readonly (readonly [part: string, bytes: number, kB: number])[] {
  const byPart = new Map<string, string>(parts.map(([part]) => [part, ""]));
  for (const [path, source] of rendered) {
    const [part] = parts.find(([, modules]) => modules.test(path)) ?? ["cryptography"];
    byPart.set(part, `${byPart.get(part) ?? ""}${minifySync("part.js", source).code}`);
  }
  const alone = [...byPart]
    .filter(([, text]) => text !== "")
    .map(([part, text]) => [part, text, gzipSync(text).length] as const);
  const sum = alone.reduce((total, [, , bytes]) => total + bytes, 0);
  const whole = gzipSync(code).length / 1024;
  return alone
    .map(([part, text, bytes]) => [part, text.length, (whole * bytes) / sum] as const)
    .toSorted(([, , one], [, , other]) => other - one);
}

/** What could be left out of a client, if a failure needn't be understood, or certificates needn't be what RFC 5280 lets them be. */
const dispensable: readonly (readonly [what: string, modules: RegExp])[] = [
  ["that an argument or an option is held to what it has to be", /wire\/src\/arguments\.ts$/],
  [
    "policies of certificates",
    /x509\/src\/(verification\/(policies|names-and-policies)|extensions\/(certificate-policies|policy-restrictions))\.ts$/,
  ],
  [
    "constraints on names",
    /x509\/src\/(verification\/(name-constraint-state|general-subtrees)|extensions\/name-constraints)\.ts$/,
  ],
  [
    "that extensions can be read of which nothing comes here, where they are critical",
    /x509\/src\/extensions\/(distribution-points|access-descriptions|sct-list|tls-feature|key-identifiers)\.ts$/,
  ],
  ["key updates and tickets behind the handshake", /(handshake\/src\/post-handshake|tls\/src\/after-tls13)\.ts$/],
  [
    "what another protocol than TLS says at the same port, told apart for the error",
    /record\/src\/other-protocols\.ts$/,
  ],
];

/** Kilobytes that a bundle would be smaller by without each of these. */
export async function dispensableOf(
  ...uses: readonly Use[]
): Promise<readonly (readonly [what: string, kB: number])[]> {
  const whole = await bundle(...uses);
  const saved: (readonly [string, number])[] = [["sentences of errors, beside their codes", sentencesOf(whole)]];
  for (const [what, modules] of dispensable) {
    saved.push([what, kilobytes(whole.code) - kilobytes((await bundleWithout(modules, ...uses)).code)]);
  }
  return saved.toSorted(([, one], [, other]) => other - one);
}

/** What texts with words take: texts of one word are names and codes. */
function sentencesOf({ code }: Bundle): number {
  let wordless = code;
  for (const [start, end] of textsIn(parseAst(code)).toSorted(([one], [other]) => other - one)) {
    if (code.slice(start, end).includes(" ")) wordless = wordless.slice(0, start) + wordless.slice(end);
  }
  return kilobytes(code) - kilobytes(wordless);
}

/** Where there are texts, or parts of templates, without their quotes. */
function textsIn(node: unknown): readonly (readonly [start: number, end: number])[] {
  if (Array.isArray(node)) return node.flatMap(textsIn);
  if (typeof node !== "object" || node === null) return [];
  if (
    "type" in node &&
    "start" in node &&
    "end" in node &&
    typeof node.start === "number" &&
    typeof node.end === "number"
  ) {
    if (node.type === "TemplateElement") return [[node.start, node.end]];
    if (node.type === "Literal" && "value" in node && typeof node.value === "string")
      return [[node.start + 1, node.end - 1]];
  }
  return Object.values(node).flatMap(textsIn);
}
