import { toHex } from "@tlskit/wire";
import type { DistributionPointName } from "../extensions/distribution-points.ts";
import type { GeneralName } from "../general-name.ts";
import type { Name } from "../name.ts";
import { withRelativeName } from "../name-of-parts.ts";

/**
 * Texts that are the same for names that match, so that two lists of names, however long, are compared in one pass.
 * @param issuer behind whose name a relative one is put
 */
export function keysOf(point: DistributionPointName, issuer: Name): readonly string[] {
  return point.type === "fullName"
    ? point.names.all.map(keyOf)
    : [keyOf({ type: "directoryName", value: withRelativeName(issuer, point.relativeName) })];
}

/** RFC 5280 §7.1, §7.4: directory names by their rules, everything else octet by octet. */
export function keyOf(name: GeneralName): string {
  switch (name.type) {
    case "directoryName":
      return `${name.type}:${name.value.canonical}`;
    case "otherName":
      return `${name.type}:${name.typeId}:${toHex(name.value)}`;
    case "rfc822Name":
    case "dNSName":
    case "uniformResourceIdentifier":
    case "registeredID":
      return `${name.type}:${name.value}`;
    case "x400Address":
    case "ediPartyName":
    case "iPAddress":
      return `${name.type}:${toHex(name.value)}`;
    case "unreadable":
      return `${name.form}:unreadable:${toHex(name.value)}`;
  }
}
