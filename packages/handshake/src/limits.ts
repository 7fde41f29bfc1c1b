/**
 * RFC 9846 §4.3.10, in bytes of records: early data that a server passes over unless told otherwise. No ticket of ours
 * allows any, but a client may have one of another server with the same name: most allow 2^14 bytes of data, which in
 * small records take several times as much.
 */
export const defaultMaxSkippedEarlyData: number = 2 ** 16;
