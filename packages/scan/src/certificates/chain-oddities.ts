import { equalBytes } from "@tlskit/wire";
import { type Certificate, describeName, describePassedOver, type PassedOver, readable } from "@tlskit/x509";
import type { ChainProblem } from "../facts.ts";

/** A certificate and where it stood in the server's list, from 1. */
export interface Placed {
  readonly certificate: Certificate;
  readonly place: number;
}

/** What a server sent, as far as it can be read. */
export interface SentChain {
  readonly leaf: Certificate;
  /** The rest, in its order. */
  readonly others: readonly Placed[];
  readonly passedOver: readonly PassedOver[];
}

/**
 * What is odd about a chain as it was sent, whether it leads anywhere or not. RFC 5246 §7.4.2 wants each certificate to
 * certify the one before it; RFC 9846 §4.5.1 has receivers put up with another order, and with strangers.
 */
export function chainOddities({ leaf, others, passedOver }: SentChain): readonly ChainProblem[] {
  const oddities: ChainProblem[] = passedOver.map((one) => ({ code: "unreadable", reason: describePassedOver(one) }));
  const distinct: Placed[] = [{ certificate: leaf, place: 1 }];
  for (const sent of others) {
    const same = distinct.find(({ certificate }) => certificate.equals(sent.certificate));
    if (same === undefined) distinct.push(sent);
    else oddities.push({ code: "duplicate", reason: `${describe(sent)} is the same as certificate ${same.place}` });
  }
  const related = relatedTo(leaf, distinct);
  for (const [index, sent] of distinct.entries()) {
    if (index === 0) continue;
    if (!related.has(sent.certificate)) {
      oddities.push({ code: "stranger", reason: `${describe(sent)} has no part in certifying the server's own` });
      continue;
    }
    // RFC 9846 §4.5.1: a trust anchor may be left out; who trusts it has it
    if (isSelfSigned(sent.certificate)) {
      oddities.push({ code: "root_sent", reason: `${describe(sent)} is a root, which whoever trusts it has already` });
    }
    const before = distinct.slice(0, index).filter(({ certificate }) => related.has(certificate));
    if (!before.some(({ certificate }) => mayHaveIssued(sent.certificate, certificate))) {
      oddities.push({ code: "wrong_order", reason: `${describe(sent)} stands before the one that it certifies` });
    }
  }
  return oddities;
}

/** The certificates that a chain from the leaf upwards can have, by their names and key identifiers. */
function relatedTo(leaf: Certificate, sent: readonly Placed[]): ReadonlySet<Certificate> {
  const related = new Set([leaf]);
  // a set gives what is added while it is gone through, too
  for (const certificate of related) {
    for (const { certificate: issuer } of sent) if (mayHaveIssued(issuer, certificate)) related.add(issuer);
  }
  return related;
}

/** Whether one may have issued another, by what they say of each other: no signature is checked. */
export function mayHaveIssued(issuer: Certificate, certificate: Certificate): boolean {
  if (!certificate.issuer.equals(issuer.subject)) return false;
  const hint = readable(() => certificate.authorityKeyIdentifier?.keyIdentifier);
  const identifier = readable(() => issuer.subjectKeyIdentifier);
  return hint === undefined || identifier === undefined || equalBytes(hint, identifier);
}

function isSelfSigned(certificate: Certificate): boolean {
  return mayHaveIssued(certificate, certificate);
}

function describe({ certificate, place }: Placed): string {
  return `certificate ${place} (${describeName(certificate.subject)})`;
}
