import { ExternalPsk, ImportedIdentity, parseImportedIdentity } from "@tlskit/keyschedule";
import { encode, equalBytes } from "@tlskit/wire";
import { leaf } from "../structure.ts";
import { promise, type Target } from "../target.ts";

const seeds = [new Uint8Array(0), new Uint8Array(40).fill(0x63)].map((importContext) =>
  new ExternalPsk({ identity: Uint8Array.of(0x61, 0x62), key: new Uint8Array(16), importContext }).identityFor(
    "SHA-384",
  ),
);

/** What a client calls a pre-shared key. */
export const importedIdentityTarget: Target = {
  name: "imported-identity",
  what: "the identity of a pre-shared key, as an importer writes it (RFC 9258): read, and written again",
  maxLength: 4096,
  // Whatever isn't one is a name of another kind.
  isRefusal: () => false,
  dictionary: [Uint8Array.of(3, 4, 0, 1), Uint8Array.of(3, 4, 0, 2), Uint8Array.of(0, 1)],
  parse: leaf,
  seeds: () => seeds,
  run(input) {
    const identity = parseImportedIdentity(input);
    if (identity === undefined) return;
    promise(equalBytes(encode(ImportedIdentity, identity), input), "an identity encodes to the bytes it came of");
    promise(identity.externalIdentity.length > 0, "a key that is imported has a name");
  },
};
