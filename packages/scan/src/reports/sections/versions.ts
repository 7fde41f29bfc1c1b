import type { CipherSuitesFact, VersionFact } from "../../facts.ts";
import { codeText } from "../../registry/code-text.ts";
import { alike } from "../alike.ts";
import type { Block } from "../block.ts";

export function versionBlocks(facts: readonly VersionFact[]): readonly Block[] {
  return [
    {
      kind: "table",
      columns: ["Version", "Spoken", "How it was refused"],
      rows: facts.map(({ version, spoken, refusal }) => [version, spoken ? "yes" : "no", refusal ?? ""]),
    },
  ];
}

const orders: Readonly<Record<CipherSuitesFact["order"], string>> = {
  server: "in the server's order",
  client: "in the client's order: the server has none",
  chacha20: "in the server's order, ChaCha20 first for those who prefer it",
  "only one": "the only one",
};

/** Versions that have the same suites in the same order are told together. */
export function cipherSuiteBlocks(facts: readonly CipherSuitesFact[]): readonly Block[] {
  const groups = alike(facts, ({ accepted, order }) => `${order} ${accepted.map(({ code }) => code).join()}`);
  return groups.map((same) => {
    const [{ accepted, order }] = same;
    const versions = same.map(({ version }) => version).join(", ");
    return {
      kind: "table",
      caption: `${versions}, ${orders[order]}`,
      columns: ["Code", "Cipher suite"],
      rows: accepted.map(({ code, name }) => [codeText(code), name]),
    };
  });
}
