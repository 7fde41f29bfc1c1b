/** ProtocolVersions. */
export const tls10 = 0x0301;
export const tls11 = 0x0302;
export const tls12 = 0x0303;
export const tls13 = 0x0304;
