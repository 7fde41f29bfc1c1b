import { encodeUtf8 } from "../unicode.ts";

/** Controls, and what changes the direction of text or can't be seen. */
const deceptive = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** What somebody else wrote, for a terminal to show and not to obey: `\x1b[2J`. */
export function escapedText(text: string): string {
  return text.replaceAll(deceptive, (character) =>
    [...encodeUtf8(character)].map((octet) => `\\x${octet.toString(16).padStart(2, "0")}`).join(""),
  );
}
