/** A relay from WebSocket to TCP with an allow-list, for TLS that begins in a page. */
export {};
