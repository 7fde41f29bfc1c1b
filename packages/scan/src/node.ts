/** Scans by TCP, in Node, Deno and Bun. */
export {};
