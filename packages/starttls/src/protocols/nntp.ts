import { type Dialogue, Lines, say } from "../dialogue.ts";
import type { Protocol } from "../protocol.ts";
import { expectReply } from "./replies.ts";

/** NNTP. */
export const nntp: Protocol = { name: "nntp", specification: "RFC 4642 §2.2", port: 119, client };

function* client(): Dialogue {
  const lines = new Lines();
  yield* expectReply(lines, "the connection", 200, 201);
  yield* say("STARTTLS\r\n");
  yield* expectReply(lines, "STARTTLS", 382);
}
