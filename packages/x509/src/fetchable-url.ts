import { maximumUrlCharacters } from "./limits.ts";

/**
 * What a certificate names is to be asked over HTTP: no file, no program, no directory; and nothing that could be more
 * than an address to who puts it into a request.
 */
export function isFetchable(url: string): boolean {
  return url.length <= maximumUrlCharacters && /^https?:\/\/[!-~]+$/i.test(url);
}
