import { availableNamedGroups, namedGroups, x25519 } from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { knownGroups } from "../registry/group.ts";
import { knownSignatureSchemes } from "../registry/signature-scheme.ts";
import type { Version } from "../version.ts";

/**
 * The groups of a hello of these versions. First come those that a provider has, X25519 before all: nearly every server of
 * TLS 1.3 has it, and its share is short, so that the hello goes into one packet. Where something older is offered the rest of
 * the registered ones follows: nobody computes before TLS 1.3, and a server, or its certificate's key, may have any.
 */
export function defaultGroups(provider: CryptoProvider, versions: readonly Version[]): readonly number[] {
  const available = availableNamedGroups(provider, namedGroups).map(({ code }) => code);
  const own = [
    ...available.filter((code) => code === x25519.code),
    ...available.filter((code) => code !== x25519.code),
  ];
  if (versions.every((version) => version === "TLS 1.3")) return own;
  if (versions.includes("TLS 1.3")) return [...new Set([...own, ...groupsOnlyBefore13])];
  const before13 = groupsOf("TLS 1.2");
  return [...new Set([...own.filter((code) => before13.includes(code)), ...before13])];
}

/** The registered ones that a version may have, the likely ones last. */
export function groupsOf(version: Version): readonly number[] {
  const others = version === "TLS 1.3" ? "before TLS 1.3" : "TLS 1.3";
  return knownGroups.filter(({ versions }) => versions !== others).map(({ code }) => code);
}

const groupsOnlyBefore13 = knownGroups.filter(({ versions }) => versions === "before TLS 1.3").map(({ code }) => code);

/** IANA "TLS SignatureScheme", what is good first. */
export const registeredSignatureSchemes: readonly number[] = knownSignatureSchemes.map(({ code }) => code).reverse();
