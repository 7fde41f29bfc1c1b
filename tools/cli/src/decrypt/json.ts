import type { CaptureEvent, Moment } from "@tlskit/capture";
import { explainMessage, protocolVersionName } from "@tlskit/messages";
import { alertName } from "@tlskit/tls";
import { type Explanation, encodeBase64, toHex } from "@tlskit/wire";
import { cipherSuiteText, endpointText } from "./text.ts";

/** An event as one line of JSON. */
export function jsonLine(event: CaptureEvent, trace: boolean): string {
  const { type, moment } = event;
  const where = {
    type,
    ...("stream" in event ? { stream: event.stream } : {}),
    packet: moment.packet,
    time: timeText(moment),
  };
  return `${JSON.stringify({ ...where, ...detailsOf(event, trace) })}\n`;
}

function detailsOf(event: CaptureEvent, trace: boolean): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case "opened": {
      const { initiator, responder, fromBeginning } = event;
      return { initiator: endpointText(initiator), responder: endpointText(responder), fromBeginning };
    }
    case "tls":
      return { client: endpointText(event.client), server: endpointText(event.server) };
    case "message": {
      const { from, name, encrypted, bytes, messageType } = event;
      const fields = trace && messageType ? { fields: fieldsOf(explainMessage(messageType, bytes)) } : {};
      return { from, name, encrypted, bytes: toHex(bytes), ...fields };
    }
    case "negotiated": {
      const { from, version, cipherSuite } = event;
      return {
        from,
        version: protocolVersionName(version).replace(" ", "v"),
        cipherSuite: cipherSuiteText(cipherSuite),
      };
    }
    case "changeCipherSpec":
    case "outOfWindow":
      return { from: event.from };
    case "alert":
      return { from: event.from, level: event.level, description: alertName(event.description) };
    case "data":
      return { from: event.from, early: event.early, base64: encodeBase64(event.bytes) };
    case "undecrypted":
      return { from: event.from, code: event.code, reason: event.reason };
    case "damage":
      return { code: event.code, reason: event.reason };
    case "gap":
    case "conflict":
      return { from: event.from, length: event.length };
    case "closed":
      return { how: event.how };
  }
}

/** RFC 3339, with nanoseconds; null where the capture doesn't tell. */
function timeText({ at }: Moment): string | null {
  if (at === undefined) return null;
  const second = 1_000_000_000n;
  const fraction = ((at % second) + second) % second;
  const date = new Date(Number((at - fraction) / 1_000_000n));
  // A capture may claim any time at all.
  if (Number.isNaN(date.getTime())) return null;
  return date.toISOString().replace(".000Z", `.${String(fraction).padStart(9, "0")}Z`);
}

/** A message's fields with what they mean, without the bytes that are there already. */
function fieldsOf({ name, type, start, end, meaning, parts }: Explanation): unknown {
  return {
    name,
    type,
    start,
    end,
    ...(meaning === undefined ? {} : { meaning }),
    ...(parts.length === 0 ? {} : { parts: parts.map(fieldsOf) }),
  };
}
