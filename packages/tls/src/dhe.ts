/**
 * TLS 1.2's ephemeral Diffie-Hellman in finite fields, for suites with it: `tls12With({ cipherSuites, keyExchanges: [dhe] })`.
 * It is apart, so that nobody has it who doesn't ask for it.
 * @module
 */
export { dhe } from "@tlskit/handshake";
