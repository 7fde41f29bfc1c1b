import type { Epoch } from "@tlskit/handshake";
import type { TrafficSecretKind } from "@tlskit/keyschedule";
import { explainMessage, type MessageType } from "@tlskit/messages";
import type { Explanation } from "@tlskit/wire";
import { bytes, checkArguments, objectWith } from "@tlskit/wire/arguments";

/** Where a message goes or comes from. */
export type Direction = "sent" | "received";

/** A step of a connection. */
export type TraceEvent =
  | {
      readonly type: "message";
      readonly direction: Direction;
      readonly messageType: MessageType<unknown>;
      /** The message with its header, without any record's. */
      readonly bytes: Uint8Array;
      /** What protects it. */
      readonly epoch: Epoch | "initial";
    }
  | { readonly type: "alert"; readonly direction: Direction; readonly description: number }
  | { readonly type: "changeCipherSpec"; readonly direction: Direction }
  /** Keys come into use, for what is sent or received from here on. */
  | {
      readonly type: "keys";
      readonly direction: Direction;
      /** Before TLS 1.3 there is but one kind a side. */
      readonly kind: TrafficSecretKind | "client write" | "server write";
      readonly generation: number;
    };

/** Which bytes of a traced message are which field. */
export function explainTraced(event: Extract<TraceEvent, { readonly type: "message" }>): Explanation {
  checkArguments(
    { event },
    { event: objectWith("a traced message", { messageType: objectWith("a type of messages", {}), bytes }) },
  );
  return explainMessage(event.messageType, event.bytes);
}
