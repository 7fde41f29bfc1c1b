import { createHash } from "node:crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { clientsNamed } from "@tlskit/keyless-node";
import { notChecked, type VerifiedChain, verifyCertificateSync } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { Authority } from "./helpers/authority.ts";

const authority = new Authority("Inside");
const uri = "spiffe://example.org/Frontend";
const { chain } = authority.certify("frontend-1.internal", { purposes: ["clientAuth"], uri });
const [leaf = authority.certificate] = chain;

function verified(): VerifiedChain {
  const result = verifyCertificateSync({
    ...{ provider, leaf, intermediates: [], anchors: authority.anchors, at: new Date() },
    ...{ purpose: "clientAuth", hostname: notChecked, revocation: notChecked },
  });
  if (!result.ok) throw new TypeError(result.reason.message);
  return result.chain;
}
const client = verified();
const hash = createHash("sha256").update(leaf.subjectPublicKeyInfo.der).digest("hex");

describe("clients by name", () => {
  it.each<[string, readonly string[], boolean]>([
    ["a DNS name", ["frontend-1.internal"], true],
    ["a DNS name, in whatever letters", ["Frontend-1.INTERNAL"], true],
    ["a URI", [uri], true],
    ["the hash of the key", [`sha256:${hash}`], true],
    ["the hash of the key, in capitals", [`sha256:${hash.toUpperCase()}`], true],
    ["one of several", ["other.internal", uri], true],
    ["nobody", [], false],
    ["another name", ["frontend-2.internal"], false],
    ["the name of a domain", ["internal"], false],
    ["a URI in other letters", [uri.toLowerCase()], false],
    ["another key's hash", [`sha256:${hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))}`], false],
  ])("%s", (_, names, allowed) => {
    expect(clientsNamed(...names)(client)).toBe(allowed);
  });

  it.each(["*.internal", "", "sha256:abc", `sha1:${"0".repeat(64)}`, "spiffe://", "a b", "frontend..internal"])(
    "isn't %j",
    (name) => {
      expect(() => clientsNamed(name)).toThrow(
        expect.objectContaining({ kind: "caller", code: "invalid_client_name" }),
      );
    },
  );
});
