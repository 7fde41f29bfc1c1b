/** RFC 9846 §5.1, §5#types-sent, RFC 5246 §6#types-sent: what a record carries. */
export const ContentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
} as const;

/** A content type's code. */
export type ContentType = (typeof ContentType)[keyof typeof ContentType];

const names: Readonly<Record<number, string>> = {
  20: "change_cipher_spec",
  21: "alert",
  22: "handshake",
  23: "application_data",
  24: "heartbeat",
  25: "tls12_cid",
  26: "ACK",
};

/** A content type's name as the RFC writes it, or `content_type(N)`. */
export function contentTypeName(code: number): string {
  return names[code] ?? `content_type(${code})`;
}

/** Whether a code is one of the four content types. */
export function isContentType(code: number): code is ContentType {
  return code >= ContentType.changeCipherSpec && code <= ContentType.applicationData;
}
