import type { Epoch } from "@tlskit/handshake";
import type { TrafficSecretKind } from "@tlskit/keyschedule";
import { explainMessage, type MessageType } from "@tlskit/messages";
import { alertMessage, changeCipherSpec } from "@tlskit/record";
import { type Explanation, encode, explain } from "@tlskit/wire";
import { aNumber, anyOf, bytes, checkArguments, expectation, objectWith } from "@tlskit/wire/arguments";

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
  | {
      readonly type: "alert";
      readonly direction: Direction;
      /** 1 warning, 2 fatal. In TLS 1.3 the description alone counts; before it a warning ends nothing. */
      readonly level: number;
      readonly description: number;
    }
  | { readonly type: "changeCipherSpec"; readonly direction: Direction }
  /** Keys come into use, for what is sent or received from here on. */
  | {
      readonly type: "keys";
      readonly direction: Direction;
      /** Before TLS 1.3 there is but one kind a side. */
      readonly kind: TrafficSecretKind | "client write" | "server write";
      readonly generation: number;
    };

/** Which bytes of a traced message, alert or change_cipher_spec are which field. */
export function explainTraced(event: Exclude<TraceEvent, { readonly type: "keys" }>): Explanation {
  checkArguments({ event }, { event: somethingTraced });
  switch (event.type) {
    case "message":
      return explainMessage(event.messageType, event.bytes);
    case "alert":
      return explain(alertMessage, encode(alertMessage, { level: event.level, description: event.description }));
    case "changeCipherSpec":
      return explain(changeCipherSpec, encode(changeCipherSpec, { type: 1 }));
  }
}

const somethingTraced = anyOf(
  "a traced message, alert or change_cipher_spec",
  objectWith("a traced message", { messageType: objectWith("a type of messages", {}), bytes }),
  objectWith("a traced alert", { level: aNumber, description: aNumber }),
  objectWith("a traced change_cipher_spec", {
    type: expectation('"changeCipherSpec"', (value) => value === "changeCipherSpec"),
  }),
);
