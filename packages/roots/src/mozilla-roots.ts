import { TrustAnchors } from "@tlskit/x509";
import { roots } from "./data.ts";
import { anchorOf } from "./root-record.ts";

let anchors: TrustAnchors | undefined;

/**
 * Mozilla's roots for servers, by name and key, with what Mozilla restricts: names, and dates after which a root's new
 * certificates aren't trusted. A root is trusted within the dates of its certificate alone.
 *
 * Made when it is first asked for, and the same from then on.
 */
export function mozillaRoots(): TrustAnchors {
  anchors ??= TrustAnchors.of(roots.map(anchorOf));
  return anchors;
}
