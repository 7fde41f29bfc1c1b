import type { ScannedTarget } from "../report.ts";
import { counted } from "./block.ts";

/** By how many connections a server was scanned, and what it made of that: `37 connections, one at a time, with 2 rests`. */
export function connectionsText({ connections, pace }: Pick<ScannedTarget, "connections" | "pace">): string {
  const { oneAtATime, rests } = pace;
  return [
    counted(connections, "connection"),
    ...(oneAtATime ? ["one at a time"] : []),
    ...(rests > 0 ? [`with ${counted(rests, "rest")}`] : []),
  ].join(", ");
}
