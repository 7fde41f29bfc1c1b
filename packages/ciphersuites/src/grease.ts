/** RFC 8701: values that mean nothing, sent to keep peers used to the unknown. */
export function isGrease(code: number): boolean {
  return (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff);
}
