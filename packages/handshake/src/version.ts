/** RFC 9846 §4.3.1: TLS 1.3's code point. */
export const tls13 = 0x0304;
/** RFC 5246 §A.1 */
export const tls12 = 0x0303;
/** RFC 4346 §A.1 */
export const tls11 = 0x0302;
/** RFC 2246 §A.1 */
export const tls10 = 0x0301;
