/** What takes no column of its own. */
const combining = /\p{Mn}|\p{Me}/u;

/** What takes two (UAX #11, as far as names in certificates have it). */
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;

/** How many columns of a terminal a text without controls takes. */
export function columnsOf(text: string): number {
  // most texts by far
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

function columnsOfCharacter(character: string): number {
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** As many columns as told, by spaces behind it. */
export function padded(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** A text in lines of at most so many columns, broken at spaces, or anywhere in a word that is longer than a line. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== "") lines.push(line);
    const pieces = brokenWord(word, columns);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? "";
  }
  return [...lines, line];
}

function brokenWord(word: string, columns: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let taken = 0;
  for (const character of word) {
    const more = columnsOfCharacter(character);
    if (taken + more > columns && piece !== "") {
      pieces.push(piece);
      piece = "";
      taken = 0;
    }
    piece += character;
    taken += more;
  }
  return [...pieces, piece];
}
