import { expect } from "vitest";
import type { Play, Verdict } from "./orders.ts";

/**
 * What the RFC makes of a sequence of messages, said once more and in another way than by a handshake: the
 * names, in order, of a handshake up to where it is established, and what may come then.
 */
export function verdictOfRfc(
  handshakes: readonly (readonly string[])[],
  then: readonly string[],
  sent: readonly string[],
): Verdict {
  const isStart = (whole: readonly string[]): boolean => sent.every((letter, index) => whole[index] === letter);
  if (handshakes.some((whole) => sent.length < whole.length && isStart(whole))) return "underway";
  const done = handshakes.find((whole) => whole.every((letter, index) => sent[index] === letter));
  if (done === undefined) return "refused";
  return sent.slice(done.length).every((letter) => then.includes(letter)) ? "established" : "refused";
}

/**
 * Plays every sequence of letters up to a length. A sequence that begins with one that was refused is left out: that a
 * refusal is the end is shown for each by sending, behind it, a whole right handshake.
 */
export function everySequence(
  length: number,
  letters: readonly string[],
  play: () => Play,
  rfc: (sent: readonly string[]) => Verdict,
): { readonly played: number; readonly established: readonly string[] } {
  const established: string[] = [];
  let played = 0;
  const explore = (prefix: readonly string[]): void => {
    for (const letter of letters) {
      const sent = [...prefix, letter];
      const game = play();
      for (const each of sent) game.send(each);
      played += 1;
      const { verdict } = game;
      expect(`${sent.join(" ")}: ${verdict}`).toBe(`${sent.join(" ")}: ${rfc(sent)}`);
      if (verdict === "established") established.push(sent.join(" "));
      if (verdict !== "refused") {
        if (sent.length < length) explore(sent);
        continue;
      }
      const { records } = game;
      for (const each of letters) game.send(each);
      expect([game.verdict, game.records], `${sent.join(" ")}, and more`).toEqual(["refused", records]);
    }
  };
  explore([]);
  return { played, established };
}
