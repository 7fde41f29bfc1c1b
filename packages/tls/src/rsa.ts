/**
 * TLS 1.2's key exchange by RSA, for suites with it: `tls12With({ cipherSuites, keyExchanges: [rsa] })`. It is apart, so that
 * nobody has it who doesn't ask for it: it has no forward secrecy, and see SECURITY.md.
 * @module
 */
export { rsa } from "@tlskit/handshake";
