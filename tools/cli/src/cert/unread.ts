import type { Certificate, Name } from "@tlskit/x509";
import { type Asn1Node, asn1Tree } from "@tlskit/x509/ber";
import { escapedText, extensionsInFacts, oidName } from "@tlskit/x509/text";
import { asn1Lines } from "../asn1-text.ts";

/** What a certificate has that nothing here has words for, each as a heading and a tree. */
export function unreadParts(certificate: Certificate): string {
  const { extensions, subject, issuer, subjectAlternativeName } = certificate;
  const parts: string[] = [...unreadAttributes(subject, "subject"), ...unreadAttributes(issuer, "issuer")];
  for (const name of subjectAlternativeName?.all ?? []) {
    if (name.type === "otherName") parts.push(part(`other name ${called(name.typeId)}`, asn1Tree(name.value).nodes));
  }
  for (const { oid, critical, value } of extensions) {
    if (extensionsInFacts.has(oid)) continue;
    const { nodes, fault } = asn1Tree(value);
    const rest = fault === undefined ? "" : `    malformed at offset ${fault.offset}: ${escapedText(fault.message)}\n`;
    parts.push(part(`extension ${called(oid)}${critical ? ", critical" : ""}`, nodes) + rest);
  }
  return parts.join("");
}

/** The attributes of a name whose values are no text. */
function unreadAttributes(name: Name, whose: string): readonly string[] {
  const [sequence] = asn1Tree(name.der).nodes;
  return name.relativeNames.flatMap((attributes, index) =>
    attributes.flatMap(({ oid, text }, position) => {
      // AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }, RFC 5280 §4.1.2.4
      const value = sequence?.nodes[index]?.nodes[position]?.nodes[1];
      return text !== undefined || value === undefined
        ? []
        : [part(`attribute ${called(oid)} of the ${whose}`, [value])];
    }),
  );
}

function part(heading: string, nodes: readonly Asn1Node[]): string {
  return `  ${heading}\n${asn1Lines(nodes, "    ")}`;
}

function called(oid: string): string {
  const name = oidName(oid);
  return name === undefined ? oid : `${name} (${oid})`;
}
