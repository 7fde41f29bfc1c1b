/** One suite on every runtime: Node 20 to 26, Deno, Bun, workerd, Chromium. */
export {};
