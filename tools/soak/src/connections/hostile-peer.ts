import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "@tlskit/crypto";
import { alertName } from "@tlskit/tls";
import type { Patience } from "./honest.ts";
import type { Case, Kind, World } from "./kinds.ts";
import { holdTime, lastLook, overtime } from "./limits.ts";
import { Wire } from "./wire.ts";

/** The end under test has done what it should not. */
export class Grudge extends Error {
  override readonly name = "Grudge";
}

/** What a hostile peer saw of how its connection ended: the alert, if there was one. */
export type Seen = string;

/**
 * Plays a hostile peer on a connection that is there, or is being made, to its end.
 * @param patience the other side's.
 * @throws {Grudge} if that hasn't hung up in time
 */
export async function playHostile(
  socket: Socket,
  { holds }: Kind,
  play: Case,
  random: Random,
  world: World,
  { handshakeTimeout, idleTimeout }: Patience,
): Promise<Seen> {
  const patience = Math.max(handshakeTimeout, idleTimeout);
  const wire = new Wire(socket, patience);
  const peer = play(wire, random, world);
  let error: NodeJS.ErrnoException | undefined;
  let isLate = false;
  socket.on("error", (failure) => {
    error = failure;
  });
  socket.on("data", (bytes: Buffer) => peer.receive(new Uint8Array(bytes)));
  socket.once("end", () => {
    peer.receiveEnd();
    if (holds) setTimeout(() => socket.destroy(), holdTime);
    else socket.end();
  });
  const leaving = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, patience + overtime);
  const start = (): void => {
    if (!socket.destroyed) peer.start();
  };
  if (socket.connecting) socket.once("connect", start);
  else start();
  await new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  clearTimeout(leaving);
  await sleep(lastLook);
  if (peer.failure !== undefined) throw peer.failure;
  if (isLate) throw new Grudge("the connection was still there when its time had long been over");
  if (peer.alert !== undefined) return alertName(peer.alert);
  if (peer.closeNotify) return "close_notify";
  return error?.code ?? "the end without a word";
}
