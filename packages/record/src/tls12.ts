import { ContentType, contentTypeName, isContentType } from "./content-type.ts";
import { recordOverflow, unexpectedRecord } from "./failures.ts";
import { maxPlaintextLength } from "./limits.ts";
import type { OpenedRecord } from "./protection.ts";

/** RFC 5246 §6.2.1: what TLS 1.2's records say their version is. */
export const tls12 = 0x0303;

/** RFC 5246 §6.2.1#length, §6#types-checked: what a record may hold that was authentic: 2^14 bytes, and no handshake or alert of none. */
export function checkOpened(header: Uint8Array, length: number): OpenedRecord {
  const type = header[0] ?? 0;
  if (length > maxPlaintextLength) {
    throw recordOverflow(`a record's plaintext has ${length} bytes, at most ${maxPlaintextLength} are allowed`);
  }
  if (!isContentType(type) || (length === 0 && type !== ContentType.applicationData)) {
    throw unexpectedRecord(`an empty ${contentTypeName(type)} record`);
  }
  return { type, length };
}
