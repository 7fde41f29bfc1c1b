import { equalBytes } from "@tlskit/wire";
import type { Certificate } from "../certificate.ts";
import { Tag } from "../der-tag.ts";
import type { NameConstraints } from "../extensions/name-constraints.ts";
import { describeGeneralName, type GeneralName, type GeneralNameType } from "../general-name.ts";
import { hostOfUri, isHostName } from "../host-name.ts";
import { describeName, type Name } from "../name.ts";
import { Oid } from "../oids.ts";
import type { Budget } from "./budget.ts";

/** What a certificate calls its subject. */
type CertificateNames = Pick<Certificate, "subject" | "subjectAlternativeName">;

/** A name for mail; one of a subject is compared regardless of case (RFC 5280 §4.1.2.6). */
type MailName = Extract<GeneralName, { readonly type: "rfc822Name" }> & { readonly caseless?: true };

/** A name that is held to constraints. */
type HeldName = Exclude<GeneralName, { readonly type: "rfc822Name" }> | MailName;

/** Whether a name lies in the subtree below a base of the same form; for some, nobody can say. */
type Relation = "inside" | "outside" | "unknown";

/** Name constraints that hold for all certificates that follow, and whose they are. */
interface Imposed {
  readonly issuer: Name;
  readonly permitted: ReadonlyMap<GeneralNameType, readonly GeneralName[]>;
  readonly excluded: ReadonlyMap<GeneralNameType, readonly GeneralName[]>;
}

/**
 * RFC 5280 §6.1: the state variables permitted_subtrees and excluded_subtrees. Instead of their intersection all
 * constraints are kept, and a name has to keep each of them, which is the same.
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
    const permittedBases = permitted.get(name.type);
    const excludedBases = excluded.get(name.type);
    if (permittedBases === undefined && excludedBases === undefined) return undefined;
    if (!this.#budget.spendNameComparisons((permittedBases?.length ?? 0) + (excludedBases?.length ?? 0))) {
      return undefined;
    }
    const who = `${describeGeneralName(name)}, which ${describeName(issuer)}`;
    // what can't be told to lie outside is taken to be inside, and the other way round
    if (excludedBases?.some((base) => relate(name, base, "excluded") !== "outside") === true) {
      return `${who} excludes`;
    }
    if (permittedBases?.some((base) => relate(name, base, "permitted") === "inside") === false) {
      return `${who} doesn't permit`;
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
      // appendix A.1 has IA5String; a value of an odd type is none that could be permitted
      const value = tag === Tag.ia5String || tag === Tag.utf8String ? text : undefined;
      yield { type: "rfc822Name", value: value ?? "", caseless: true };
    }
    if (commonNameIsHost && oid === Oid.commonName) yield { type: "dNSName", value: text ?? "" };
  }
}

function byType(bases: readonly GeneralName[]): ReadonlyMap<GeneralNameType, readonly GeneralName[]> {
  const map = new Map<GeneralNameType, GeneralName[]>();
  for (const base of bases) {
    const sameType = map.get(base.type);
    if (sameType === undefined) map.set(base.type, [base]);
    else sameType.push(base);
  }
  return map;
}

/** RFC 5280 §4.2.1.10, form by form. */
function relate(name: HeldName, base: GeneralName, kind: "permitted" | "excluded"): Relation {
  if (name.type === "directoryName" && base.type === "directoryName") return told(name.value.isWithin(base.value));
  if (name.type === "dNSName" && base.type === "dNSName") return relateDnsName(name.value, base.value, kind);
  if (name.type === "iPAddress" && base.type === "iPAddress") return told(isInNetwork(name.value, base.value));
  if (name.type === "rfc822Name" && base.type === "rfc822Name") return relateMailbox(name, base.value, kind);
  if (name.type === "uniformResourceIdentifier" && base.type === "uniformResourceIdentifier") {
    // "MUST reject": a URI without a host, or whose host is an address
    const host = hostOfUri(name.value);
    return host === undefined ? "unknown" : relateHost(host, base.value);
  }
  // RFC 5280 §4.2.1.10: "MUST either process the constraint or reject the certificate"
  return "unknown";
}

function told(inside: boolean): Relation {
  return inside ? "inside" : "outside";
}

/**
 * DNS names: a base stands for itself and all below, the empty one for all; with a dot in front, as many write it, for
 * all below alone.
 */
function relateDnsName(presented: string, constraint: string, kind: "permitted" | "excluded"): Relation {
  if (constraint === "") return "inside";
  const base = withoutFinalDot(constraint.toLowerCase());
  const name = withoutFinalDot(presented.toLowerCase());
  const wildcard = name.startsWith("*.");
  const rest = wildcard ? name.slice(2) : name;
  if (!isHostName(rest) || !isHostName(withoutFirstDot(base))) return "unknown";
  const below = `.${withoutFirstDot(base)}`;
  if (rest.endsWith(below) || (rest === below.slice(1) && (wildcard || !base.startsWith(".")))) return "inside";
  // a wildcard that may stand for what is excluded stands for it
  return told(wildcard && kind === "excluded" && base.slice(base.indexOf(".") + 1) === rest && !base.startsWith("."));
}

/** Hosts of URIs and mailboxes: with a dot in front all hosts below a domain, otherwise one host alone. */
function relateHost(host: string, constraint: string): Relation {
  const base = constraint.toLowerCase();
  if (!isHostName(withoutFirstDot(base))) return "unknown";
  return told(base.startsWith(".") ? host.endsWith(base) : host === base);
}

function withoutFinalDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

function withoutFirstDot(name: string): string {
  return name.startsWith(".") ? name.slice(1) : name;
}

/** A base is one mailbox, all of a host, or, with a dot in front, all of the hosts below a domain. */
function relateMailbox({ value, caseless }: MailName, base: string, kind: "permitted" | "excluded"): Relation {
  const mailbox = splitMailbox(value);
  if (mailbox === undefined) return "unknown";
  if (!base.includes("@")) return relateHost(mailbox.host, base);
  const only = splitMailbox(base);
  if (only === undefined) return "unknown";
  // RFC 5280 §7.5: the local part as it stands; §4.1.2.6: in the subject regardless of case, which is heeded only to
  // exclude more
  const local = (text: string): string => (caseless === true && kind === "excluded" ? text.toLowerCase() : text);
  return told(local(mailbox.localPart) === local(only.localPart) && mailbox.host === only.host);
}

/** RFC 5321 §4.1.2, without quoted local parts, in which an `@` could hide, and without addresses for hosts. */
function splitMailbox(text: string): { readonly localPart: string; readonly host: string } | undefined {
  const [localPart = "", host = "", ...more] = text.split("@");
  if (more.length > 0 || !/^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+$/.test(localPart)) return undefined;
  const lowered = host.toLowerCase();
  return isHostName(lowered) ? { localPart, host: lowered } : undefined;
}

function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
  if (network.length !== 2 * address.length) return false;
  const mask = network.subarray(address.length);
  const masked = (bytes: Uint8Array): Uint8Array => bytes.map((octet, index) => octet & (mask[index] ?? 0));
  return equalBytes(masked(address), masked(network.subarray(0, address.length)));
}
