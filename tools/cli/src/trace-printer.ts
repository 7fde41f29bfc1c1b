import { alertName, type Epoch, explainTraced, type TraceEvent } from "@tlskit/tls";
import { type Explanation, toHex } from "@tlskit/wire";

const bytesPerLine = 32;

/** A connection's steps as lines of text: each message field by field, with its bytes and what they mean. */
export function traceLines(event: TraceEvent): readonly string[] {
  const arrow = event.direction === "sent" ? "→" : "←";
  switch (event.type) {
    case "message": {
      const head = `${arrow} ${event.messageType.name} (${event.bytes.length} bytes, ${protection(event.epoch)})`;
      return [head, ...fieldLines(explainTraced(event), event.bytes, 1)];
    }
    case "alert": {
      const bytes = Uint8Array.of(event.level, event.description);
      return [`${arrow} Alert ${alertName(event.description)}`, ...fieldLines(explainTraced(event), bytes, 1)];
    }
    case "changeCipherSpec":
      return [`${arrow} change_cipher_spec`, ...fieldLines(explainTraced(event), Uint8Array.of(1), 1)];
    case "keys":
      return [`${arrow} keys: ${event.kind}${event.generation === 0 ? "" : `, generation ${event.generation}`}`];
  }
}

function protection(epoch: "initial" | Epoch): string {
  return epoch === "initial" ? "unprotected" : `${epoch} keys`;
}

/** An explained message, field by field. */
export function fieldLines(explanation: Explanation, message: Uint8Array, depth: number): readonly string[] {
  const indent = "  ".repeat(depth);
  const meaning = explanation.meaning === undefined ? "" : `  ${explanation.meaning}`;
  if (explanation.parts.length > 0) {
    const label = explanation.name === explanation.type ? explanation.name : `${explanation.name}: ${explanation.type}`;
    return [
      `${indent}${label}${meaning}`,
      ...explanation.parts.flatMap((part) => fieldLines(part, message, depth + 1)),
    ];
  }
  const bytes = message.subarray(explanation.start, explanation.end);
  const hex = toHex(bytes);
  if (bytes.length <= bytesPerLine) {
    // Bytes that mean nothing but themselves are told once.
    return [`${indent}${explanation.name}: ${hex}${explanation.meaning === hex ? "" : meaning}`];
  }
  const lines = Array.from({ length: Math.ceil(bytes.length / bytesPerLine) }, (_, line) =>
    toHex(bytes.subarray(line * bytesPerLine, (line + 1) * bytesPerLine)),
  );
  return [`${indent}${explanation.name}: ${bytes.length} bytes`, ...lines.map((line) => `${indent}  ${line}`)];
}
