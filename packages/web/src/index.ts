/** TLS over any readable and writable stream of bytes: in pages, Workers and elsewhere. */
export {};
