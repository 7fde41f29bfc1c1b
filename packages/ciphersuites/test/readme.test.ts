import { readFileSync } from "node:fs";
import {
  cipherSuites,
  defaultCipherSuites,
  defaultNamedGroups,
  defaultSignatureSchemes,
  defaultTls12CipherSuites,
  namedGroups,
  type Registered,
  signatureSchemes,
  tls12CipherSuites,
} from "@tlskit/ciphersuites";
import { dangerousCipherSuites } from "@tlskit/ciphersuites/dangerous";
import { expect, test } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** A table of a registry, as the README has it. */
function table<T extends Registered>(
  what: string,
  known: readonly T[],
  defaults: readonly T[],
  columns: Readonly<Record<string, (entry: T) => string>>,
): string {
  const rows = known.map((entry) => [
    `\`${entry.name}\``,
    `0x${entry.code.toString(16).padStart(4, "0")}`,
    ...Object.values(columns).map((column) => column(entry)),
    defaults.includes(entry) ? "yes" : "no",
  ]);
  const head = [what, "code point", ...Object.keys(columns), "offered by default"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

// Whoever changes the registry copies the new table out of the failure into the README.
test.each([
  [
    "cipher suites",
    table("cipher suite", cipherSuites, defaultCipherSuites, { AEAD: ({ aead }) => aead, hash: ({ hash }) => hash }),
  ],
  [
    "groups",
    table("group", namedGroups, defaultNamedGroups, { "also called": ({ aliases }) => aliases.join(", ") || "-" }),
  ],
  [
    "cipher suites of TLS 1.2",
    table("cipher suite of TLS 1.2", [...tls12CipherSuites, ...dangerousCipherSuites], defaultTls12CipherSuites, {
      "also called": ({ aliases }) => aliases.join(", ") || "-",
    }),
  ],
  [
    "signature schemes",
    table("signature scheme", signatureSchemes, defaultSignatureSchemes, {
      algorithm: ({ algorithm }) => algorithm,
      "the certificate's key": ({ keyType }) => keyType,
      for: ({ inCertificateVerify, inCertificates }) => {
        const handshakes = inCertificateVerify.includes("server") ? "handshakes" : "handshakes of clients";
        const uses = [
          ...(inCertificateVerify.length > 0 ? [handshakes] : []),
          ...(inCertificates ? ["certificates"] : []),
        ];
        return uses.join(", ");
      },
    }),
  ],
])("the README has the table of %s", (_, expected) => {
  const [head = ""] = expected.split("\n");
  const found = readme.slice(readme.indexOf(head)).split("\n\n")[0];
  expect(`${found}\n`).toBe(expected);
});
