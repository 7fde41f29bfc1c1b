import type { Version } from "../implementations.ts";
import { hostileAtOnce } from "./limits.ts";

/** How many connections are made. */
export interface Plan {
  readonly atOnce: number;
  readonly inSequence: number;
}

/** Makes one connection each; what they give is settled when that is over. */
export interface Openings {
  /**
   * @param held if it is given, the connection is kept, and used, until this is settled.
   * @param established called when the handshake is done, or failed.
   */
  honest(version: Version, held?: Promise<void>, established?: () => void): Promise<void>;
  /** @param turn counts the hostile ones. */
  hostile(turn: number): Promise<void>;
}

const versions: readonly Version[] = ["TLSv1.3", "TLSv1.2"];

/** Every third peer is hostile. */
const isHostile = (turn: number): boolean => turn % 3 === 2;
const hostileTurn = (turn: number): number => (turn - 2) / 3;
const versionOf = (turn: number): Version => versions[turn % versions.length] ?? "TLSv1.3";

/** All begin at once, and honest ones stay until all of them are there. */
export async function atOnce(count: number, { honest, hostile }: Openings): Promise<void> {
  const held = Promise.withResolvers<void>();
  const turns = Array.from({ length: count }, (_, turn) => turn);
  let awaited = turns.filter((turn) => !isHostile(turn)).length;
  const established = (): void => {
    awaited -= 1;
    if (awaited === 0) held.resolve();
  };
  if (awaited === 0) held.resolve();
  await Promise.all(
    turns.map((turn) =>
      isHostile(turn) ? hostile(hostileTurn(turn)) : honest(versionOf(turn), held.promise, established),
    ),
  );
}

/** Honest ones one after the other, and hostile ones between them, which take their time while it goes on. */
export async function inSequence(count: number, { honest, hostile }: Openings): Promise<void> {
  const underway = new Set<Promise<void>>();
  for (let turn = 0; turn < count; turn += 1) {
    if (!isHostile(turn)) {
      await honest(versionOf(turn));
      continue;
    }
    if (underway.size >= hostileAtOnce) await Promise.race(underway);
    const one = hostile(hostileTurn(turn)).finally(() => underway.delete(one));
    underway.add(one);
  }
  await Promise.all(underway);
}
