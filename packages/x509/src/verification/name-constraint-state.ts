import type { Certificate } from "../certificate.ts";
import { Tag } from "../der-tag.ts";
import type { NameConstraints } from "../extensions/name-constraints.ts";
import { describeGeneralName, type GeneralName, type GeneralNameType } from "../general-name.ts";
import { describeName, type Name } from "../name.ts";
import { Oid } from "../oids.ts";
import type { Budget } from "./budget.ts";
import { comparableName, contains, type HeldName, type Subtree, subtreeOf } from "./general-subtrees.ts";

/** What a certificate calls its subject. */
type CertificateNames = Pick<Certificate, "subject" | "subjectAlternativeName">;

/** The bases of one form. */
interface Bases {
  readonly subtrees: Subtree[];
  /** How many more there are that can't be evaluated: nobody can say which names lie in them. */
  unknown: number;
}

/** Name constraints that hold for all certificates that follow, and whose they are. */
interface Imposed {
  readonly issuer: Name;
  readonly permitted: ReadonlyMap<GeneralNameType, Bases>;
  readonly excluded: ReadonlyMap<GeneralNameType, Bases>;
}

/**
 * RFC 5280 §6.1: the state variables permitted_subtrees and excluded_subtrees. Instead of their intersection all
 * constraints are kept, and a name has to keep each of them, which is the same.
 *
 * What can't be evaluated (§4.2.1.10: "MUST either process the constraint or reject the certificate") is permitted
 * nowhere and excluded everywhere, whether the constraints are critical, as they must be, or not.
 */
export class NameConstraintState {
  readonly #imposed: Imposed[] = [];
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** RFC 5280 §6.1.4 (g). */
  impose(constraints: NameConstraints | undefined, issuer: Name): void {
    if (constraints === undefined) return;
    const { permittedSubtrees, excludedSubtrees } = constraints;
    this.#imposed.push({ issuer, permitted: byType(permittedSubtrees), excluded: byType(excludedSubtrees) });
  }

  /**
   * RFC 5280 §6.1.3 (b), (c): why a name of a certificate isn't allowed, as the end of a sentence; nothing if all are.
   * Once the budget is used up nothing is said, which isn't to be taken for consent.
   * @param commonNameIsHost whether the subject's common name is taken for a host name where there is no other
   */
  violationOf(certificate: CertificateNames, commonNameIsHost: boolean): string | undefined {
    if (this.#imposed.length === 0) return undefined;
    for (const name of namesOf(certificate, commonNameIsHost)) {
      for (const imposed of this.#imposed) {
        const violation = this.#violationOf(name, imposed);
        if (violation !== undefined) return violation;
      }
    }
    return undefined;
  }

  #violationOf(name: HeldName, { issuer, permitted, excluded }: Imposed): string | undefined {
    const form = name.type === "unreadable" ? name.form : name.type;
    const permittedBases = permitted.get(form);
    const excludedBases = excluded.get(form);
    if (permittedBases === undefined && excludedBases === undefined) return undefined;
    const comparable = comparableName(name);
    const violation = (verb: string): string => `${describeGeneralName(name)}, which ${describeName(issuer)} ${verb}`;
    if (excludedBases !== undefined) {
      if (comparable === undefined || excludedBases.unknown > 0) return violation("excludes, or may");
      if (!this.#budget.spendNameComparisons(excludedBases.subtrees.length)) return undefined;
      if (excludedBases.subtrees.some((subtree) => contains(subtree, comparable, "excluded")))
        return violation("excludes");
    }
    if (permittedBases !== undefined) {
      if (comparable === undefined) return violation("doesn't permit");
      if (!this.#budget.spendNameComparisons(permittedBases.subtrees.length)) return undefined;
      const isPermitted = permittedBases.subtrees.some((subtree) => contains(subtree, comparable, "permitted"));
      if (!isPermitted) return violation("doesn't permit");
    }
    return undefined;
  }
}

/** The names that are held to constraints. */
function* namesOf(certificate: CertificateNames, commonNameIsHost: boolean): Generator<HeldName> {
  const { subject, subjectAlternativeName } = certificate;
  if (!subject.isEmpty) yield { type: "directoryName", value: subject };
  const alternatives = subjectAlternativeName?.all ?? [];
  yield* alternatives;
  // RFC 5280 §4.2.1.10: if there is no alternative name; here, if none of them is for mail
  const withMail = !alternatives.some(({ type }) => type === "rfc822Name");
  for (const { oid, tag, text } of subject.relativeNames.flat()) {
    if (withMail && oid === Oid.emailAddress) {
      // RFC 5280 appendix A.1: an emailAddress is an IA5String. A value of another type, but for UTF8String, counts as
      // the empty address, which no constraint permits.
      const value = tag === Tag.ia5String || tag === Tag.utf8String ? text : undefined;
      yield { type: "rfc822Name", value: value ?? "", caseless: true };
    }
    if (commonNameIsHost && oid === Oid.commonName) yield { type: "dNSName", value: text ?? "" };
  }
}

function byType(bases: readonly GeneralName[]): ReadonlyMap<GeneralNameType, Bases> {
  const map = new Map<GeneralNameType, Bases>();
  for (const base of bases) {
    // a base that can't be read never gets here
    if (base.type === "unreadable") continue;
    const sameType = map.get(base.type) ?? { subtrees: [], unknown: 0 };
    const subtree = subtreeOf(base);
    if (subtree === undefined) sameType.unknown += 1;
    else sameType.subtrees.push(subtree);
    map.set(base.type, sameType);
  }
  return map;
}
