/** What Mozilla restricts of a root, which a list of certificates can't say. */
export interface Restriction {
  /** SHA-256 of its certificate, in lower-case hexadecimal digits. */
  readonly fingerprint: string;
  /** Whose root it is, for readers. */
  readonly name: string;
  /** Where that can be read. */
  readonly source: string;
  /** CKA_NSS_SERVER_DISTRUST_AFTER: certificates that were issued later aren't trusted. */
  readonly distrustLeafIssuedAfter?: Date;
  /** Host names under which alone it may certify, each with all names beneath it. */
  readonly permittedDnsNames?: readonly string[];
  /** No longer trusted for servers, although the pinned Node still has it: it is left out. */
  readonly withdrawn?: true;
}

const goBundle = "golang.org/x/crypto/x509roots/fallback v0.0.0-20261030153154-30a33513ff6d";
const withdrawn = `not among the roots that NSS trusts for servers any more: ${goBundle} has it no longer`;

/**
 * All that Mozilla restricts among the roots of the pinned Node. Checked against Go's bundle, made from NSS's own
 * certdata.txt, and the webpki-roots crate, made from CCADB's list, whenever the pinned Node changes.
 */
export const restrictions: readonly Restriction[] = [
  {
    fingerprint: "2530cc8e98321502bad96f9b1fba1b099e2d299e0f4548bb914f363bc0d4531f",
    name: "Izenpe.com",
    source: `Mozilla bug 2017317, the root store changes of April 2026; the same date in ${goBundle}`,
    distrustLeafIssuedAfter: new Date("2026-04-15T23:59:59Z"),
  },
  {
    fingerprint: "46edc3689046d53a453fb3104ab80dcaec658b2660ea1629dd7e867990648716",
    name: "TUBITAK Kamu SM SSL Kok Sertifikasi - Surum 1",
    source: "Mozilla bug 1349705, CERT_GetImposedNameConstraints in NSS's lib/certdb/genname.c; webpki-roots 1.0.10",
    permittedDnsNames: ["tr"],
  },
  {
    fingerprint: "86a1ecba089c4a8d3bbe2734c612ba341d813e043cf9e8a862cd5c57a36bbe6b",
    name: "emSign ECC Root CA - G3",
    source: `${withdrawn}, nor has webpki-roots 1.0.10`,
    withdrawn: true,
  },
  {
    fingerprint: "125609aa301da0a249b97a8239cb6a34216f44dcac9f3954b14292f2e8c8608f",
    name: "emSign Root CA - C1",
    source: withdrawn,
    withdrawn: true,
  },
  {
    fingerprint: "bc4d809b15189d78db3e1d8cf4f9726a795da1643ca5f1358e1ddb0edc0d7eb3",
    name: "emSign ECC Root CA - C3",
    source: withdrawn,
    withdrawn: true,
  },
];
