import { asciiBytes } from "@tlskit/wire";
import { DerReader, decodeDer } from "../der-reader.ts";
import { contextConstructed, contextPrimitive, describeTag } from "../der-tag.ts";
import { derElement, derSequence } from "../der-writer.ts";
import { x509Error } from "../error.ts";
import { Name } from "../name.ts";

/** RFC 5280 §4.2.1.6: whom a certificate names, by kind. Texts are as the certificate has them: see them as hostile. */
export interface SubjectAlternativeName {
  readonly dnsNames: readonly string[];
  /** Four or sixteen bytes each. */
  readonly ipAddresses: readonly Uint8Array[];
  readonly rfc822Names: readonly string[];
  readonly uniformResourceIdentifiers: readonly string[];
  readonly directoryNames: readonly Name[];
  /** otherName [0], x400Address [3], ediPartyName [5] and registeredID [8], by tag number, undecoded. */
  readonly others: readonly { readonly tagNumber: number; readonly content: Uint8Array }[];
}

/** RFC 5280 §4.2.1.6: `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName` */
export function decodeSubjectAlternativeName(value: Uint8Array): SubjectAlternativeName {
  const what = "the subject alternative name";
  return decodeDer(value, what, (reader) => {
    const dnsNames: string[] = [];
    const ipAddresses: Uint8Array[] = [];
    const rfc822Names: string[] = [];
    const uniformResourceIdentifiers: string[] = [];
    const directoryNames: Name[] = [];
    const others: { readonly tagNumber: number; readonly content: Uint8Array }[] = [];
    const list = reader.sequence(what);
    do {
      const { tag, content } = list.element(what);
      switch (tag) {
        case contextPrimitive(1):
          rfc822Names.push(ia5Text(content, what));
          break;
        case contextPrimitive(2):
          dnsNames.push(ia5Text(content, what));
          break;
        case contextConstructed(4): {
          // a CHOICE is tagged explicitly (X.680 §31.2.7)
          const inner = new DerReader(content);
          directoryNames.push(Name.read(inner, what));
          inner.finish(what);
          break;
        }
        case contextPrimitive(6):
          uniformResourceIdentifiers.push(ia5Text(content, what));
          break;
        case contextPrimitive(7):
          // RFC 5280 §4.2.1.6: four octets or sixteen
          if (content.length !== 4 && content.length !== 16) {
            throw x509Error("invalid_certificate", `${what} has an IP address of ${content.length} octets`);
          }
          ipAddresses.push(content);
          break;
        case contextConstructed(0):
        case contextConstructed(3):
        case contextConstructed(5):
        case contextPrimitive(8):
          others.push({ tagNumber: tag & 0x1f, content });
          break;
        default:
          throw x509Error("invalid_der", `${what} has a name of an unknown kind, ${describeTag(tag)}`);
      }
    } while (!list.done);
    return { dnsNames, ipAddresses, rfc822Names, uniformResourceIdentifiers, directoryNames, others };
  });
}

export function encodeSubjectAlternativeName(names: {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly Uint8Array[];
}): Uint8Array {
  return derSequence(
    ...names.dnsNames.map((name) => derElement(contextPrimitive(2), asciiBytes(name))),
    ...names.ipAddresses.map((address) => derElement(contextPrimitive(7), address)),
  );
}

function ia5Text(content: Uint8Array, what: string): string {
  let text = "";
  for (const octet of content) {
    if (octet >= 0x80) throw x509Error("invalid_der", `${what} has an IA5String that is not ASCII`);
    text += String.fromCharCode(octet);
  }
  return text;
}
