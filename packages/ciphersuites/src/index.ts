/**
 * The registry: cipher suites, named groups and signature schemes under their IANA names and code points, and which
 * primitives each is made of. What is *known* (`cipherSuites`), what of it is *offered by default*
 * (`defaultCipherSuites`) and what is *available* in a provider (`availableCipherSuites`) are three things; so are they
 * for groups and schemes. Whoever uses an entry by its name bundles that entry alone.
 * @module
 */
export { isAnonymous } from "./anonymous.ts";
export * from "./cipher-suite.ts";
export { isGrease } from "./grease.ts";
export * from "./named-group.ts";
export { byCode, byName, type Registered } from "./registry.ts";
export * from "./signature-scheme.ts";
export {
  availableTls12CipherSuites,
  type CbcCipherName,
  type Tls12CipherSuite,
  type Tls12KeyExchange,
  type Tls12Protection,
} from "./tls12-cipher-suite.ts";
export * from "./tls12-cipher-suites.ts";
export { tls12SignatureAlgorithm } from "./tls12-signature.ts";
