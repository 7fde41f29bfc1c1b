import { argumentError, invalidArgumentType, invalidArgumentValue } from "./argument-errors.ts";

/** RFC 7301 §3.1: a name has from 1 to 255 bytes. */
const maxLength = 255;

/**
 * Writes application protocols as TLS has them, each behind its length in one byte, into `ALPNProtocols` of `out`, as
 * `tls.convertALPNProtocols` does. Bytes are taken for what they say; anything else changes nothing.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` for a name that is too long
 * @throws {TypeError} `ERR_INVALID_ARG_VALUE` for an empty name, and for bytes whose lengths don't add up
 */
export function convertALPNProtocols(protocols: unknown, out: { ALPNProtocols?: Uint8Array | undefined }): void {
  if (Array.isArray(protocols)) out.ALPNProtocols = Buffer.concat(protocols.map(lengthAndName));
  else if (ArrayBuffer.isView(protocols)) {
    const bytes = Buffer.from(
      protocols.buffer.slice(protocols.byteOffset, protocols.byteOffset + protocols.byteLength),
    );
    checkLengths(bytes);
    out.ALPNProtocols = bytes;
  }
}

function lengthAndName(protocol: unknown, index: number): Buffer {
  if (typeof protocol !== "string" && !(protocol instanceof Uint8Array)) {
    throw invalidArgumentType(`protocols[${index}]`, "of type string or an instance of Uint8Array", protocol);
  }
  const name = Buffer.from(protocol);
  if (name.length === 0) throw invalidArgumentValue(`protocols[${index}]`, protocol, "must be a non-empty string");
  if (name.length > maxLength) {
    const what = `The byte length of the protocol at index ${index} exceeds the maximum length.`;
    const message = `${what} It must be <= ${maxLength}. Received ${name.length}`;
    throw argumentError(RangeError, "ERR_OUT_OF_RANGE", message);
  }
  return Buffer.concat([Buffer.of(name.length), name]);
}

function checkLengths(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += 1 + (bytes[at] ?? 0)) {
    if (at + (bytes[at] ?? 0) < bytes.length) continue;
    throw invalidArgumentValue("ALPNProtocols", bytes, "contains truncated protocol");
  }
}
