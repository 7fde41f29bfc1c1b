import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { readable } from "../readable.ts";
import type { Pkcs12Certificate, Pkcs12Identity, Pkcs12Key } from "./contents.ts";

/** Keys, each with the certificate of its public key and that one's chain. */
export function identitiesOf(
  keys: readonly Pkcs12Key[],
  certificates: readonly Pkcs12Certificate[],
): readonly Pkcs12Identity[] {
  return keys.flatMap(({ key, friendlyName, localKeyId }) => {
    const { subjectPublicKey } = key.subjectPublicKeyInfo;
    const own = certificates.filter(({ certificate }) =>
      equalBytes(certificate.subjectPublicKeyInfo.subjectPublicKey, subjectPublicKey),
    );
    const leaf = own.find((candidate) => sameOctets(candidate.localKeyId, localKeyId)) ?? own[0];
    if (leaf === undefined) return [];
    const chain = chainFrom(
      leaf.certificate,
      certificates.map(({ certificate }) => certificate),
    );
    return [{ key, chain, friendlyName: friendlyName ?? leaf.friendlyName }];
  });
}

function chainFrom(leaf: Certificate, pool: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf];
  for (;;) {
    const last = chain.at(-1) ?? leaf;
    if (last.selfIssued) return chain;
    const issuers = pool.filter((candidate) => candidate.subject.equals(last.issuer) && !chain.includes(candidate));
    const identifier = readable(() => last.authorityKeyIdentifier)?.keyIdentifier;
    const next =
      issuers.find((issuer) =>
        sameOctets(
          readable(() => issuer.subjectKeyIdentifier),
          identifier,
        ),
      ) ?? issuers[0];
    if (next === undefined) return chain;
    chain.push(next);
  }
}

function sameOctets(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && equalBytes(a, b);
}
