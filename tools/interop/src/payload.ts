import { randomBytes } from "node:crypto";

const lineLength = 64;

/**
 * Text to send, in lines that tell themselves from all that peers print besides. The lines' length divides that of
 * records and of pipes' buffers, so that nothing gets in between the parts of one. No line begins like a command of
 * `openssl s_client` or `s_server`.
 */
export function payload(lines: number): string {
  const text = Array.from({ length: lines }, () => `=${randomBytes(lineLength / 2 - 1).toString("hex")}\n`);
  return text.join("");
}

/** More than 64 KiB: more than four records, and more than a pipe holds. */
export function largePayload(): string {
  return payload(1100);
}

/** What of a program's output, from a line on, is payload. */
export function payloadIn(lines: readonly string[], from: number = 0): string {
  let text = "";
  for (let at = from; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.startsWith("=") && line.length === lineLength - 1) text += `${line}\n`;
  }
  return text;
}
