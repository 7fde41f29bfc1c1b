import { fileURLToPath } from "node:url";

/**
 * A program that was installed as a package, itself: what `.bin` has may be a script that leaves it running when it is
 * ended.
 * @param path from the repository's root.
 */
export function installed(path: string): string {
  return fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
}
