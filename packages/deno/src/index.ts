/** TLS in TypeScript with Deno's idioms: connectTls, listenTls, startTls. */
export {};
