import type { GeneralName } from "../general-name.ts";
import { hostOfUri, isHostName } from "../host-name.ts";
import type { Name } from "../name.ts";

/** A name for mail; one of a subject is compared regardless of case (RFC 5280 §4.1.2.6). */
type MailName = Extract<GeneralName, { readonly type: "rfc822Name" }> & { readonly caseless?: true };

/** A name that is held to constraints. */
export type HeldName = Exclude<GeneralName, { readonly type: "rfc822Name" }> | MailName;

/** A name taken apart, to be compared with many bases. */
export type ComparableName =
  /** Behind a `*.` if it is a wildcard. */
  | { readonly type: "dNSName"; readonly wildcard: boolean; readonly host: string }
  | { readonly type: "rfc822Name"; readonly localPart: string; readonly host: string; readonly caseless: boolean }
  | { readonly type: "uniformResourceIdentifier"; readonly host: string }
  | { readonly type: "directoryName"; readonly name: Name }
  | { readonly type: "iPAddress"; readonly address: Uint8Array };

/** The base of a subtree taken apart, to be compared with many names. */
export type Subtree =
  /** `itself` is whether the domain itself belongs to it. The empty domain is all. */
  | { readonly type: "dNSName"; readonly domain: string; readonly below: string; readonly itself: boolean }
  | { readonly type: "rfc822Name"; readonly localPart: string; readonly host: string }
  | { readonly type: "rfc822Name" | "uniformResourceIdentifier"; readonly hosts: HostSubtree }
  | { readonly type: "directoryName"; readonly name: Name }
  | { readonly type: "iPAddress"; readonly network: Uint8Array };

/** One host, or all below a domain. */
type HostSubtree = { readonly host: string } | { readonly below: string };

/** Whether a subtree is one to lie in, or one to lie outside of. */
export type SubtreeKind = "permitted" | "excluded";

/**
 * A name taken apart; nothing for one that can't be told to lie anywhere: of a form whose constraints nobody defines,
 * or malformed.
 */
export function comparableName(name: HeldName): ComparableName | undefined {
  switch (name.type) {
    case "dNSName": {
      const text = withoutFinalDot(name.value.toLowerCase());
      const wildcard = text.startsWith("*.");
      const host = wildcard ? text.slice(2) : text;
      return isHostName(host) ? { type: "dNSName", wildcard, host } : undefined;
    }
    case "rfc822Name": {
      const mailbox = splitMailbox(name.value);
      return mailbox && { type: "rfc822Name", ...mailbox, caseless: name.caseless === true };
    }
    case "uniformResourceIdentifier": {
      // "MUST reject": a URI without a host, or whose host is an address
      const host = hostOfUri(name.value);
      return host === undefined ? undefined : { type: "uniformResourceIdentifier", host };
    }
    case "directoryName":
      return { type: "directoryName", name: name.value };
    case "iPAddress":
      return { type: "iPAddress", address: name.value };
    default:
      return undefined;
  }
}

/** The base of a subtree taken apart (RFC 5280 §4.2.1.10); nothing for one that is of no use. */
export function subtreeOf(base: GeneralName): Subtree | undefined {
  switch (base.type) {
    case "dNSName": {
      // A domain holds itself and everything below it. With a dot in front, as many write it, it holds only what is below.
      const text = withoutFinalDot(base.value.toLowerCase());
      const domain = withoutFirstDot(text);
      if (base.value !== "" && !isHostName(domain)) return undefined;
      return { type: "dNSName", domain, below: `.${domain}`, itself: domain === text };
    }
    case "rfc822Name": {
      // one mailbox, or those of one host, or those of all hosts below a domain
      if (!base.value.includes("@")) return hostSubtree("rfc822Name", base.value);
      const mailbox = splitMailbox(base.value);
      return mailbox && { type: "rfc822Name", ...mailbox };
    }
    case "uniformResourceIdentifier":
      return hostSubtree("uniformResourceIdentifier", base.value);
    case "directoryName":
      return { type: "directoryName", name: base.value };
    case "iPAddress":
      return { type: "iPAddress", network: base.value };
    default:
      return undefined;
  }
}

/** Whether a name lies in a subtree of its form. */
export function contains(subtree: Subtree, name: ComparableName, kind: SubtreeKind): boolean {
  if (subtree.type === "dNSName") return name.type === "dNSName" && containsDnsName(subtree, name, kind);
  if (subtree.type === "directoryName") return name.type === "directoryName" && name.name.isWithin(subtree.name);
  if (subtree.type === "iPAddress") return name.type === "iPAddress" && isInNetwork(name.address, subtree.network);
  if (name.type !== subtree.type) return false;
  if ("hosts" in subtree) {
    const { hosts } = subtree;
    return "below" in hosts ? name.host.endsWith(hosts.below) : name.host === hosts.host;
  }
  return name.type === "rfc822Name" && isMailbox(subtree, name, kind);
}

function containsDnsName(
  { domain, below, itself }: Extract<Subtree, { readonly type: "dNSName" }>,
  { wildcard, host }: Extract<ComparableName, { readonly type: "dNSName" }>,
  kind: SubtreeKind,
): boolean {
  if (domain === "" || host.endsWith(below)) return true;
  if (host === domain) return itself || wildcard;
  // A wildcard is excluded if it could stand for an excluded name.
  return wildcard && kind === "excluded" && itself && domain.slice(domain.indexOf(".") + 1) === host;
}

/**
 * RFC 5280 §7.5: local parts are compared exactly. In a subject their case doesn't matter (§4.1.2.6); that is used only
 * where it excludes more.
 */
function isMailbox(
  one: { readonly localPart: string; readonly host: string },
  other: Extract<ComparableName, { readonly type: "rfc822Name" }>,
  kind: SubtreeKind,
): boolean {
  if (one.host !== other.host) return false;
  if (one.localPart === other.localPart) return true;
  return other.caseless && kind === "excluded" && one.localPart.toLowerCase() === other.localPart.toLowerCase();
}

function isInNetwork(address: Uint8Array, network: Uint8Array): boolean {
  if (network.length !== 2 * address.length) return false;
  for (let i = 0; i < address.length; i += 1) {
    const mask = network[address.length + i] ?? 0;
    if (((address[i] ?? 0) & mask) !== ((network[i] ?? 0) & mask)) return false;
  }
  return true;
}

function hostSubtree(type: "rfc822Name" | "uniformResourceIdentifier", base: string): Subtree | undefined {
  const text = base.toLowerCase();
  if (!isHostName(withoutFirstDot(text))) return undefined;
  return { type, hosts: text.startsWith(".") ? { below: text } : { host: text } };
}

/** RFC 5321 §4.1.2, without quoted local parts, in which an `@` could hide, and without addresses for hosts. */
function splitMailbox(text: string): { readonly localPart: string; readonly host: string } | undefined {
  const [localPart = "", host = "", ...more] = text.split("@");
  if (more.length > 0 || !/^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+$/.test(localPart)) return undefined;
  const lowered = host.toLowerCase();
  return isHostName(lowered) ? { localPart, host: lowered } : undefined;
}

function withoutFinalDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

function withoutFirstDot(name: string): string {
  return name.startsWith(".") ? name.slice(1) : name;
}
