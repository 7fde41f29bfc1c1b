import { decodeMessage, type MessageType } from "@tlskit/messages";
import type { TraceEvent } from "@tlskit/tls";

/** The first message of a type that a connection got, decoded. */
export function received<Message>(
  { traced }: { readonly traced: readonly TraceEvent[] },
  type: MessageType<Message>,
): Message {
  for (const event of traced) {
    if (event.type === "message" && event.direction === "received" && event.messageType.name === type.name) {
      return decodeMessage(type, event.bytes);
    }
  }
  throw new Error(`no ${type.name} came`);
}
