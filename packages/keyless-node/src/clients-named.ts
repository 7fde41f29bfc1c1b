import { createHash } from "node:crypto";
import { callerError } from "@tlskit/wire";
import { aString, check, listOf } from "@tlskit/wire/arguments";
import type { VerifiedChain } from "@tlskit/x509";

/**
 * A rule of who may use a key: clients whose certificate has one of these names, or this very key. A name is a DNS name or
 * a URI among its subject's alternative names, whole: `frontend-1.internal`, `spiffe://example.org/frontend`; patterns are
 * none. `sha256:` and 64 hexadecimal digits is the hash of its SubjectPublicKeyInfo.
 * @throws {TlsError} `invalid_argument`, `invalid_client_name` (the caller's fault)
 */
export function clientsNamed(...names: readonly string[]): (client: VerifiedChain) => boolean {
  check(names, "names", listOf(aString));
  const wrong = names.find((name) => !isName(name));
  if (wrong !== undefined) {
    throw callerError(
      "invalid_client_name",
      `${JSON.stringify(wrong)} is not a DNS name, a URI, or "sha256:" and 64 hexadecimal digits`,
    );
  }
  const uris = new Set(names.filter((name) => name.includes("://")));
  const others = new Set(names.filter((name) => !name.includes("://")).map((name) => name.toLowerCase()));
  return ({ leaf }) => {
    const key = createHash("sha256").update(leaf.subjectPublicKeyInfo.der).digest("hex");
    return (
      others.has(`sha256:${key}`) ||
      (leaf.subjectAlternativeName?.all.some(
        (name) =>
          (name.type === "dNSName" && others.has(name.value.toLowerCase())) ||
          (name.type === "uniformResourceIdentifier" && uris.has(name.value)),
      ) ??
        false)
    );
  };
}

function isName(name: string): boolean {
  if (name.includes("://")) return /^[a-z][a-z0-9+.-]*:\/\/[\x21-\x7e]+$/i.test(name);
  if (name.includes(":")) return /^sha256:[0-9a-f]{64}$/i.test(name);
  return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name);
}
