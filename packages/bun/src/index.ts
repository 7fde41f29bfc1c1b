/** TLS in TypeScript with Bun's idioms: connect, listen, handlers. */
export {};
