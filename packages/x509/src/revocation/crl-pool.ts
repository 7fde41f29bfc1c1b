import type { CertificateRevocationList } from "../crl/crl.ts";
import type { Name } from "../name.ts";
import { isDeltaOf, issuingKeys } from "./crl-scope.ts";

/** The CRLs at hand, by their issuers. */
export class CrlPool {
  readonly #byIssuer = new Map<string, CertificateRevocationList[]>();
  readonly #issuingKeys = new Map<CertificateRevocationList, ReadonlySet<string> | undefined>();

  constructor(crls: Iterable<CertificateRevocationList>) {
    for (const crl of crls) this.add(crl);
  }

  get isEmpty(): boolean {
    return this.#byIssuer.size === 0;
  }

  add(crl: CertificateRevocationList): void {
    const sameIssuer = this.#byIssuer.get(crl.issuer.canonical);
    if (sameIssuer === undefined) this.#byIssuer.set(crl.issuer.canonical, [crl]);
    else if (!sameIssuer.includes(crl)) sameIssuer.push(crl);
  }

  /** The complete CRLs of an issuer, the newest first: what it says is so, whatever older ones say. */
  completeOf(issuer: Name): readonly CertificateRevocationList[] {
    return (this.#byIssuer.get(issuer.canonical) ?? [])
      .filter((crl) => !crl.isDelta)
      .toSorted((a, b) => b.thisUpdate.getTime() - a.thisUpdate.getTime());
  }

  /** The delta CRLs that tell what changed since a complete one, the newest first. */
  deltasOf(complete: CertificateRevocationList): readonly CertificateRevocationList[] {
    return (this.#byIssuer.get(complete.issuer.canonical) ?? [])
      .filter((crl) => isDeltaOf(crl, complete))
      .toSorted((a, b) => ((a.cRLNumber ?? 0n) < (b.cRLNumber ?? 0n) ? 1 : -1));
  }

  /** The keys of the names in a CRL's issuing distribution point: made once, since there may be many. */
  issuingKeysOf(crl: CertificateRevocationList): ReadonlySet<string> | undefined {
    if (!this.#issuingKeys.has(crl)) this.#issuingKeys.set(crl, issuingKeys(crl));
    return this.#issuingKeys.get(crl);
  }
}
