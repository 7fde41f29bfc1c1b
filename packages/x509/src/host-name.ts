/**
 * A host name that a peer can be identified by: A-labels of letters, digits, hyphens and (for the networks where they
 * are used) underscores, lower-cased, without the dot at the end that says that it is absolute.
 * @returns nothing for anything else: an IP address, U-labels, empty or overlong labels, a NUL
 */
export function normalizeHostName(text: string): string | undefined {
  const name = (text.endsWith(".") ? text.slice(0, -1) : text).toLowerCase();
  return isHostName(name) ? name : undefined;
}

/**
 * RFC 9525 §6.3: whether a certificate's DNS name covers a host name that {@link normalizeHostName} made.
 *
 * A wildcard is the whole left-most label, stands for exactly one label, and has two labels or more behind it: `*.org`
 * would be everybody's. A presented name that isn't a host name covers nothing.
 */
export function hostNameMatches(presented: string, reference: string): boolean {
  const name = presented.toLowerCase();
  if (!name.startsWith("*.")) return isHostName(name) && name === reference;
  const parent = name.slice(2);
  if (!isHostName(parent) || !parent.includes(".")) return false;
  const dot = reference.indexOf(".");
  return dot > 0 && reference.slice(dot + 1) === parent;
}

/** RFC 1034 §3.5, RFC 1123 §2.1: labels of 1 to 63, 253 in all, and a last label that isn't a number. */
export function isHostName(name: string): boolean {
  if (name.length > 253) return false;
  const labels = name.split(".");
  if (/^([0-9]+|0x[0-9a-f]*)$/.test(labels[labels.length - 1] ?? "")) return false;
  return labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
}

/**
 * RFC 3986 §3.2: the host of a URI, lower-cased, if it has one and that is a name and no address. Of what has characters
 * that no URI has, different readers would see different hosts.
 */
export function hostOfUri(uri: string): string | undefined {
  if (!/^[a-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/i.test(uri)) return undefined;
  const [, host] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@]*)(?::[0-9]*)?(?:[/?#]|$)/i.exec(uri) ?? [];
  const name = host?.toLowerCase();
  return name !== undefined && isHostName(name) ? name : undefined;
}
