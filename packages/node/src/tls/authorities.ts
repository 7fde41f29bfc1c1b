import { type Certificate, TrustAnchors, trustAnchorsFromPem } from "@tlskit/tls";
import { maxCachedContexts } from "../limits.ts";
import type { Pem } from "../options/pem.ts";
import { certificateText, given } from "./pem-texts.ts";

/** Whom a context trusts by its `ca`. */
export interface Authorities {
  readonly certificates: readonly Certificate[];
  /** Nobody, where there is no certificate: whoever says `ca: []` trusts no server, as with `node:tls`. */
  readonly anchors: TrustAnchors;
}

/** The latest few, by their text: the same objects for the same text, so that contexts made of them are shared. */
const known = new Map<string, Authorities>();

/**
 * The certificates of `ca`: PEM texts with any number of them, and whatever else.
 * @throws {X509Error} if there are certificates, and none that can be read
 */
export function authoritiesOf(ca: Pem | readonly Pem[]): Authorities {
  const text = given<Pem>(ca).map(certificateText).join("\n");
  const authorities = known.get(text) ?? read(text);
  known.delete(text);
  known.set(text, authorities);
  const [oldest] = known.keys();
  if (known.size > maxCachedContexts && oldest !== undefined) known.delete(oldest);
  return authorities;
}

function read(text: string): Authorities {
  const anchors = trustAnchorsFromPem(text);
  const certificates = anchors.all.flatMap(({ certificate }) => certificate ?? []);
  return { certificates, anchors: anchors.size === 0 ? TrustAnchors.nobody() : anchors };
}
