/**
 * TLS 1.2's key exchanges with pre-shared keys, for suites with them: `tls12With({ cipherSuites, keyExchanges: [ecdhePsk] })`.
 * The keys are `externalPsks` of the context, those with the protocol `"TLS 1.2"`. They are apart, so that nobody has them who
 * doesn't ask for them. With `ecdhePsk` and `dhePsk` whoever gets the key later reads nothing of what was recorded; `psk` and
 * `rsaPsk` have no forward secrecy, and see SECURITY.md.
 * @module
 */
export {
  dhePsk,
  dhePskWith,
  ecdhePsk,
  ecdhePskWith,
  type PskOptions,
  psk,
  pskWith,
  rsaPsk,
  rsaPskWith,
} from "@tlskit/handshake";
