/** RFC 9846 §4.3.1: TLS 1.3's code point. */
export const tls13 = 0x0304;
