import { decodeDer } from "../der-reader.ts";
import { X509Error } from "../error.ts";
import type { GeneralName } from "../general-name.ts";
import { formatIpAddress } from "../ip-address.ts";
import { textOfString } from "../string-types.ts";
import { escapedText } from "./hostile-text.ts";
import { octetsText, oidText } from "./numbers.ts";

/** An alternative name, with its form unless that is plain to see. */
export function generalNameText(name: GeneralName): string {
  switch (name.type) {
    case "dNSName":
    case "rfc822Name":
    case "uniformResourceIdentifier":
      return escapedText(name.value);
    case "iPAddress":
      return addressOrSubtree(name.value);
    case "directoryName":
      return `directory name ${name.value}`;
    case "registeredID":
      return `registered ID ${name.value}`;
    case "otherName":
      return `other name ${oidText(name.typeId)} ${otherName(name.value)}`;
    case "unreadable":
      return `${name.form} that can't be read: ${escapedText(name.fault)}`;
    default:
      return `${name.type} ${octetsText(name.value)}`;
  }
}

/** The text, if the value is one; else its octets. */
function otherName(value: Uint8Array): string {
  try {
    const element = decodeDer(value, "the other name", (reader) => reader.element("the other name"));
    const text = textOfString(element);
    if (text !== undefined) return escapedText(JSON.stringify(text));
  } catch (error) {
    if (!(error instanceof X509Error)) throw error;
  }
  return octetsText(value);
}

/** In a name constraint an address comes with its mask. */
function addressOrSubtree(value: Uint8Array): string {
  if (value.length === 4 || value.length === 16) return formatIpAddress(value);
  const half = value.length / 2;
  return `${formatIpAddress(value.subarray(0, half))}/${formatIpAddress(value.subarray(half))}`;
}
