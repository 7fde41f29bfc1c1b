/**
 * Mozilla's root certificates as trust anchors, with the restrictions under which Mozilla trusts single ones.
 * @module
 */
export { mozillaRootsDate } from "./date.ts";
export { mozillaRoots } from "./mozilla-roots.ts";
