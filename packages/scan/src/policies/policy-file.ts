/** A policy of one's own, as JSON. */
import { intermediate, modern, old } from "./mozilla.ts";
import type { Policy } from "./policy.ts";
import { policyRules, schemaDefinitions } from "./rules.ts";
import { invalidPolicy, objectOf, oneOf, type Schema, shown, text } from "./values.ts";

/** Policies that need no file. */
export const policies: Readonly<Record<"modern" | "intermediate" | "old", Policy>> = { modern, intermediate, old };

/** Characters of a policy's file: thousands of times what a sensible one has, and no work to read. */
export const maxPolicyLength = 1_000_000;

const name = text("a name");
const base = oneOf("a policy to extend", ["modern", "intermediate", "old"]);
const sections = [...new Set(policyRules.map(({ section }) => section))];

/**
 * Reads a policy's file: members instead of those of the policy that it extends, `null` for what isn't to be asked.
 * @param json the file's text
 * @param source what errors call it: the file's name
 * @throws {TlsError} a caller's error, of the code `invalid_policy`, that says where what is wrong
 */
export function readPolicy(json: string, source: string): Policy {
  const { name: ownName, extends: extended, ...file } = objectOf(parse(json, source), source, "an object");
  const known = ["$schema", "name", "extends", ...sections];
  for (const member of Object.keys(file)) {
    if (!known.includes(member))
      throw invalidPolicy(`${source}: no member is called ${shown(member)}: there are ${known.join(", ")}`);
  }
  let policy: Policy = {
    ...(extended === undefined ? {} : policies[base.read(extended, `${source}: extends`)]),
    name: ownName === undefined ? source : name.read(ownName, `${source}: name`),
  };
  for (const section of sections) {
    if (section in file) policy = withSection(policy, section, file[section], `${source}: ${section}`);
  }
  return policy;
}

function parse(json: string, source: string): unknown {
  if (json.length > maxPolicyLength) {
    throw invalidPolicy(`${source}: at most ${maxPolicyLength} characters, got ${json.length}`);
  }
  try {
    return JSON.parse(json);
  } catch (error) {
    throw invalidPolicy(`${source}: it isn't JSON${error instanceof Error ? `: ${error.message}` : ""}`, error);
  }
}

function withSection(policy: Policy, section: string, value: unknown, where: string): Policy {
  const rules = policyRules.filter((rule) => rule.section === section);
  let changed = policy;
  for (const [member, wanted] of Object.entries(objectOf(value, where, "an object"))) {
    const rule = rules.find((one) => one.member === member);
    if (rule === undefined) {
      const names = rules.map((one) => one.member).join(", ");
      throw invalidPolicy(`${where}: no member is called ${shown(member)}: there are ${names}`);
    }
    changed = wanted === null ? rule.without(changed) : rule.read(changed, wanted, `${where}.${member}`);
  }
  return changed;
}

/** The JSON Schema of a policy's file, for editors. */
export function policySchema(): Schema {
  const membersOf = (section: string): Schema =>
    Object.fromEntries(
      policyRules
        .filter((rule) => rule.section === section)
        .map(({ member, about, schema }) => [member, { description: about, anyOf: [schema, { type: "null" }] }]),
    );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A policy of tlskit scan",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      name: { description: "What the policy is called in reports.", ...name.schema },
      extends: { description: "The policy whose members hold where this one has none.", ...base.schema },
      ...Object.fromEntries(
        sections.map((section) => [
          section,
          { type: "object", additionalProperties: false, properties: membersOf(section) },
        ]),
      ),
    },
    $defs: schemaDefinitions,
  };
}
