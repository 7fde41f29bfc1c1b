import { TlsError } from "@tlskit/tls";
import { CloseCode } from "./relay-protocol.ts";

/** What a relay says when it closes a WebSocket: a code for programs, and a sentence. */
const reasons: Readonly<Record<number, readonly [string, string]>> = {
  [CloseCode.goingAway]: ["relay_gone", "the other end of the WebSocket goes away"],
  [CloseCode.protocolError]: ["websocket_protocol_error", "the other end of the WebSocket sees its protocol broken"],
  [CloseCode.messageTooBig]: ["message_too_long", "the other end of the WebSocket takes no message so long"],
  [CloseCode.reset]: ["stream_reset", "the peer has given the stream up"],
  [CloseCode.targetUnreachable]: ["target_unreachable", "the relay can't connect to the target"],
  [CloseCode.targetFailed]: ["target_failed", "the relay's connection to the target failed"],
  [CloseCode.idleTimeout]: ["idle_timeout", "the relay has ended a connection over which nothing went for too long"],
};

/** What a WebSocket is closed with whose stream wasn't over. */
export function closedError(code: number): TlsError {
  const [word, sentence] = reasons[code] ?? ["stream_closed", `the WebSocket was closed before its end, with ${code}`];
  return new TlsError("truncation", word, sentence);
}

/** Whether all that the peer sent has come, by the code alone: 1005 stands for none (RFC 6455 §7.4.1). */
export function isOrderly(code: number): boolean {
  return code === CloseCode.normal || code === 1005;
}

/** @param url which belongs to the caller, and whose query may be a secret of its. */
export function notOpened(url: string, cause?: unknown): TlsError {
  const sentence = `there is no WebSocket to ${url.replace(/\?.*/, "")}: a browser doesn't say why`;
  return new TlsError("truncation", "websocket_failed", sentence, { cause });
}
