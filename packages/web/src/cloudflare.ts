/** Sockets of Cloudflare's Workers. */
export {};
