import { decodeMessage, type MessageType } from "@tlskit/messages";
import type { Recorder } from "./under-test.ts";

/** The messages of a type that a side has sent, decoded: a byte too many anywhere would be an error. */
export function sent<T>({ traced }: Pick<Recorder<unknown>, "traced">, type: MessageType<T>): readonly T[] {
  return traced.flatMap((event) =>
    event.type === "message" && event.direction === "sent" && event.messageType.name === type.name
      ? [decodeMessage(type, event.bytes)]
      : [],
  );
}

/** The one thing in a list. */
export function only<T>(list: readonly T[]): T {
  const [first, ...others] = list;
  if (first === undefined || others.length > 0) throw new Error(`one was expected, there are ${list.length}`);
  return first;
}
