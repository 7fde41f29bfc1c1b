import { type Certificate, formatIpAddress, type GeneralName } from "@tlskit/x509";
import { asn1Tree, oidName as knownName } from "@tlskit/x509/ber";

/** What somebody else wrote, for a terminal to show and not to obey. */
export function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return [...Buffer.from(character)].map((octet) => `\\x${octet.toString(16).padStart(2, "0")}`).join("");
  });
}

/** Octets as people compare them: `0A:1B`. */
export function octets(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString("hex")
    .toUpperCase()
    .replaceAll(/(?<=.)(?=(?:..)+$)/g, ":");
}

/** The name of an object identifier, or its numbers. */
export function oidName(oid: string): string {
  return knownName(oid) ?? oid;
}

/** Whose a certificate is: its subject or, where there is none, the hosts that stand for it. */
export function nameOf({ subject, subjectAlternativeName }: Certificate): string {
  if (!subject.isEmpty) return `${subject}`;
  return shown(subjectAlternativeName?.dnsNames.join(", ") ?? "") || "(no subject)";
}

/** An alternative name, with its form unless that is plain to see. */
export function generalName(name: GeneralName): string {
  switch (name.type) {
    case "dNSName":
    case "rfc822Name":
    case "uniformResourceIdentifier":
      return shown(name.value);
    case "iPAddress":
      return addressOrSubtree(name.value);
    case "directoryName":
      return `directory name ${name.value}`;
    case "registeredID":
      return `registered ID ${name.value}`;
    case "otherName":
      return `other name ${oidName(name.typeId)} ${otherName(name.value)}`;
    default:
      return `${name.type} ${octets(name.value)}`;
  }
}

/** The value, if it is one that can be told without knowing what it is for; else its octets. */
function otherName(value: Uint8Array): string {
  const [node, ...more] = asn1Tree(value).nodes;
  const known = node?.nodes.length === 0 && more.length === 0 ? node.value : undefined;
  return known === undefined ? octets(value) : shown(known);
}

/** In a name constraint an address comes with its mask. */
function addressOrSubtree(value: Uint8Array): string {
  if (value.length === 4 || value.length === 16) return formatIpAddress(value);
  const half = value.length / 2;
  return `${formatIpAddress(value.subarray(0, half))}/${formatIpAddress(value.subarray(half))}`;
}

/** `2026-11-24 09:00:00 UTC` */
export function time(date: Date): string {
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
}

/** Whole days between two times, or hours if it is less than two days: `3 hours`, `35 days`. */
export function span(milliseconds: number): string {
  const hours = Math.floor(milliseconds / 3_600_000);
  if (hours < 1) return "less than an hour";
  if (hours < 48) return hours === 1 ? "1 hour" : `${hours} hours`;
  return `${Math.floor(hours / 24)} days`;
}

/** Lines of labels and values, the values below each other. */
export function aligned(rows: readonly (readonly [label: string, value: string])[], indent: string): string {
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, value]) => `${indent}${label.padEnd(width)}${value}\n`).join("");
}
