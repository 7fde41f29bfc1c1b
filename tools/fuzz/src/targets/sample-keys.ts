import { nobleProvider } from "@tlskit/crypto-noble";
import { seededRandom, type TestCertificate, throwawayPki } from "@tlskit/testing";
import type { DeclaredPrivateKey } from "@tlskit/x509";
import { host, now } from "../world.ts";

const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "rsaEncryption", "id-RSASSA-PSS"] as const;

let made: readonly TestCertificate[] | undefined;

/** A certificate for a key of each kind, with its key: the same in every run. */
export function sampleLeaves(): readonly TestCertificate[] {
  made ??= throwawayPki(nobleProvider, seededRandom(5), host, now, {
    keyTypes,
    authorityKeyType: "Ed25519",
  }).certificates;
  return made;
}

/** A private key of each kind. */
export function sampleKeys(): readonly DeclaredPrivateKey[] {
  return sampleLeaves().map(({ key }) => key);
}
