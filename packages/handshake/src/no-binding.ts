/** Of a session that belongs to nothing but its server. */
export const noBinding: Uint8Array = new Uint8Array(0);
