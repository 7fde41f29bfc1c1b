import type { TlsError } from "@tlskit/wire";
import { type Protocol, type StartTls, startTlsClient, startTlsServer } from "../../src/index.ts";

/** What one side of a dialogue said, and how it ended. */
export interface Heard {
  readonly side: StartTls;
  /** All that it said, as Latin-1. */
  readonly said: () => string;
  readonly ends: ("ready" | TlsError)[];
}

type Begin = (handlers: Parameters<typeof startTlsClient>[2]) => StartTls;

function listenTo(begin: Begin): Heard {
  let said = "";
  const ends: ("ready" | TlsError)[] = [];
  const side = begin({
    bytes: (bytes) => {
      said += latin1(bytes);
    },
    ready: () => void ends.push("ready"),
    failed: (error) => void ends.push(error),
  });
  return { side, said: () => said, ends };
}

export const host = "mail.example.com";

export function client(protocol: Protocol): Heard {
  return listenTo((handlers) => startTlsClient(protocol, { host, clientName: "me.example" }, handlers));
}

export function server(protocol: Protocol): Heard {
  return listenTo((handlers) => startTlsServer(protocol, { host }, handlers));
}

/** How octets come: as they were sent, or one by one. */
export const pieces: readonly [string, (text: string) => readonly Uint8Array[]][] = [
  ["in one piece", (text) => [octetsOf(text)]],
  ["octet by octet", (text) => [...text].map(octetsOf)],
];

/** A character for each octet. */
export function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** One line of a dialogue: who says what, both as Latin-1. */
export type Line = readonly ["client" | "server", string];

/** All that one of the two says. */
export function saidBy(who: Line[0], dialogue: readonly Line[]): string {
  return dialogue.flatMap(([by, text]) => (by === who ? [text] : [])).join("");
}
