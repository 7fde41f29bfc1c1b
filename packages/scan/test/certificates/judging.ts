import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, type ThrowawayPki, throwawayPki } from "@tlskit/testing";
import { type Certificate, TrustAnchors } from "@tlskit/x509";
import { certificateFact, type Shown } from "../../src/certificates/certificate-fact.ts";
import type { Judges } from "../../src/certificates/chain-verdict.ts";
import type { CertificateFact } from "../../src/facts.ts";

/** The instant at which all tests take place. */
export const now: number = Date.UTC(2026, 2, 3);
export const day: number = 86_400_000;
export const host = "host.example";
export const random = seededRandom(1);
export const provider = nodeProvider;
export const pki: ThrowawayPki = throwawayPki(provider, random, [host, "192.0.2.1"], now);

/** Who trusts the throw-away root, which isn't public. */
export const judges: Judges = {
  provider,
  anchors: pki.anchors,
  publicRoots: TrustAnchors.nobody(),
  host,
  at: now,
};

/** What a scan tells of a chain that a server shows. */
export function factOf(
  chain: readonly (Certificate | Uint8Array)[],
  { judgedBy = {}, ...beside }: Partial<Omit<Shown, "chain">> & { readonly judgedBy?: Partial<Judges> } = {},
): CertificateFact {
  const [own, ...others] = chain.map((one) => (one instanceof Uint8Array ? one : one.der));
  if (own === undefined) throw new Error("an empty chain");
  return runSync(certificateFact({ shownTo: "name", chain: [own, ...others], ...beside }, { ...judges, ...judgedBy }));
}

/** The codes of problems or oddities. */
export function codes(problems: readonly { readonly code: string }[]): readonly string[] {
  return problems.map(({ code }) => code);
}
