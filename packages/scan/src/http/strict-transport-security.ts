/** What a Strict-Transport-Security field means (RFC 6797 §6.1). */
export interface StrictTransportSecurity {
  /** The field as it came. */
  readonly header: string;
  /** 0 where it isn't said in a form that counts: browsers forget the host then, or never remember it. */
  readonly maxAgeSeconds: number;
  readonly includeSubDomains: boolean;
  /** Not the RFC's: whether the list that browsers are shipped with may have the host. */
  readonly preload: boolean;
  /** Why browsers pass the field over, if they do. */
  readonly problem?: string | undefined;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
/** RFC 6797 §6.1: `directive-name [ "=" directive-value ]`. */
const directive = new RegExp(`^(${token})(?:[ \\t]*=[ \\t]*(?:(${token})|"((?:[^"\\\\]|\\\\.)*)"))?$`);

/**
 * RFC 6797 §6.1, §8.1: reads a field as browsers do, which take none that isn't in order.
 * @param header the value of the field
 */
export function strictTransportSecurity(header: string): StrictTransportSecurity {
  const directives = new Map<string, string | undefined>();
  let problem: string | undefined;
  for (const part of partsOf(header)) {
    const [, rawName, plain, quoted] = directive.exec(part) ?? [];
    const name = rawName?.toLowerCase();
    if (name === undefined) problem ??= `it has a part that is no directive: ${part}`;
    else if (directives.has(name)) problem ??= `it has ${name} twice`;
    else directives.set(name, plain ?? quoted?.replaceAll(/\\(.)/g, "$1"));
  }
  const maxAge = directives.get("max-age");
  if (!directives.has("max-age")) problem ??= "it has no max-age";
  // RFC 6797 §6.1.1: delta-seconds
  else if (maxAge === undefined || !/^[0-9]+$/.test(maxAge)) problem ??= "its max-age is no number of seconds";
  // RFC 6797 §6.1.2
  if (directives.get("includesubdomains") !== undefined) problem ??= "its includeSubDomains has a value";
  return {
    header,
    // RFC 9111 §1.2.2: beyond what can be counted it is as much as can be.
    maxAgeSeconds: problem === undefined ? Math.min(Number(maxAge), 2 ** 31) : 0,
    includeSubDomains: directives.has("includesubdomains"),
    preload: directives.has("preload"),
    problem,
  };
}

/** What is between semicolons that aren't in quotes, if anything is. */
function partsOf(header: string): readonly string[] {
  const parts = header.match(/(?:[^;"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
