/** The bytes alone, in memory that nothing else uses: Node's small buffers may share theirs. */
export function bytesOf(buffer: Uint8Array<ArrayBuffer>): Uint8Array {
  return buffer.length === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
}

export function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}

export function fromBase64Url(text: string | undefined): Uint8Array {
  return bytesOf(Buffer.from(text ?? "", "base64url"));
}
