/** What becomes of something that `node:tls` has. */
export type Fate =
  /** As there. */
  | "same"
  /** As there, and more of it, or safer. */
  | "better"
  /** An error that says what to use instead: what is asked for can't be had, and would be missed. */
  | "refused"
  /** It isn't there; an option means nothing. */
  | "absent";

/** Each with what there is to say about it. */
export type CompatibilityTable = Readonly<Record<string, readonly [fate: Fate, note: string]>>;

/** Members of the module. */
export const moduleMembers = {
  CLIENT_RENEG_LIMIT: ["better", "of no effect: a server here never renegotiates"],
  CLIENT_RENEG_WINDOW: ["better", "of no effect: a server here never renegotiates"],
  DEFAULT_CIPHERS: [
    "better",
    "suites with ECDHE and an AEAD alone, unless Node was told others on its command line; what is assigned to it holds",
  ],
  DEFAULT_ECDH_CURVE: ["same", "what is assigned to it holds; `auto` has X25519MLKEM768 first"],
  DEFAULT_MAX_VERSION: ["same", "what is assigned to it holds"],
  DEFAULT_MIN_VERSION: ["same", "what is assigned to it holds"],
  SecureContext: ["same", "made by `createSecureContext`; of what C++ has there, `context.addCACert` alone"],
  Server: ["same", "also without `new`"],
  TLSSocket: ["same", "inherits from `net.Socket`"],
  checkServerIdentity: ["same", "Node's own, for programs that call it"],
  connect: ["same", "in every form"],
  convertALPNProtocols: ["same", ""],
  createSecureContext: ["same", ""],
  createServer: ["same", ""],
  getCACertificates: [
    "same",
    "of the default authorities those that count here, which `SSL_CERT_FILE` and `SSL_CERT_DIR` may name",
  ],
  getCertificateCompressionAlgorithms: ["same", "none: certificates are never compressed here"],
  getCiphers: ["same", "those too that nobody has who doesn't name them"],
  rootCertificates: ["same", "Node's own"],
  setDefaultCACertificates: ["same", "for what is made from then on in place of `node:tls`"],
} as const;

/** Options of contexts, which `connect`, `createServer` and the constructor of `TLSSocket` have as well. */
export const contextOptions = {
  ALPNCallback: ["same", "of servers"],
  allowPartialTrustChain: ["same", "always as with `true`: every certificate in `ca` is trusted by itself"],
  ca: ["same", "what can't be read is passed over"],
  cert: ["same", ""],
  certificateCompression: ["absent", "certificates are never compressed"],
  ciphers: [
    "better",
    "read as OpenSSL reads it, to the order. Suites with another key exchange than ECDHE, with CBC or with CCM come to whoever names them, or names each thing that sets them apart (`kRSA`, `DHE`, `PSK`, `SHA`, `AESCCM`); `ALL`, `HIGH` and `DEFAULT` bring none. `@SECLEVEL` from 3 on leaves less; below it brings nothing. No suite without encryption or authentication, no Camellia, ARIA, SRP",
  ],
  clientCertEngine: ["refused", "there are no engines here: a key that lives elsewhere is a signer, in `key`"],
  crl: ["same", "every certificate of a chain needs a list that is in date"],
  dhparam: [
    "better",
    "a group of RFC 7919 that is as long at least; without it a server does no DHE, and with it those suites that `ciphers` names",
  ],
  ecdhCurve: ["same", "a list as OpenSSL reads it; curves that TLS here hasn't are passed over"],
  honorCipherOrder: ["better", "the order is the server's, always"],
  key: ["better", "also an object that signs"],
  maxVersion: ["same", "`TLSv1` and `TLSv1.1` bring these versions"],
  minVersion: ["same", "`TLSv1` and `TLSv1.1` bring these versions, with ECDHE and CBC unless `ciphers` names others"],
  passphrase: ["same", ""],
  pfx: ["same", "its MAC is verified"],
  privateKeyEngine: ["refused", "there are no engines here: a key that lives elsewhere is a signer, in `key`"],
  privateKeyIdentifier: ["refused", "there are no engines here: a key that lives elsewhere is a signer, in `key`"],
  secureOptions: ["same", "those that forbid versions, and `SSL_OP_NO_TICKET`; the others mean nothing here"],
  secureProtocol: ["same", "`TLS_method` brings nothing older than TLS 1.2"],
  sessionIdContext: ["same", "of servers"],
  sessionTimeout: ["same", ""],
  sigalgs: ["same", "a list as OpenSSL reads it; what is for SHA-1, MD5 or DSA alone isn't there"],
  ticketKeys: ["same", "of servers"],
} as const;

/** Options of `connect`. */
export const connectOptions = {
  ALPNProtocols: ["same", ""],
  SNICallback: ["absent", "it is a server's, there as well"],
  checkServerIdentity: [
    "same",
    "stands in place of our check of the name, in the handshake: the server is told `certificate_unknown`",
  ],
  enableTrace: ["same", "on standard error, in our own words"],
  host: ["same", ""],
  lookup: ["same", ""],
  minDHSize: ["refused", "a prime has 2,048 bits at least, always: what is more is to be left out of `ciphers`"],
  path: ["same", ""],
  port: ["same", ""],
  pskCallback: ["same", ""],
  rejectUnauthorized: [
    "better",
    "a server that is refused is told why, in the handshake; `NODE_TLS_REJECT_UNAUTHORIZED=0` turns nothing off",
  ],
  requestCert: ["absent", "a server shows its certificate, always"],
  requestOCSP: ["better", "one is asked for always, and held against the certificate; with this it is told as well"],
  secureContext: ["same", ""],
  servername: ["same", ""],
  session: ["same", ""],
  socket: ["same", "any Duplex"],
  timeout: ["same", ""],
} as const;

/** Options of `createServer`. */
export const serverOptions = {
  ALPNProtocols: ["same", ""],
  SNICallback: ["same", ""],
  enableTrace: ["same", "on standard error, in our own words"],
  handshakeTimeout: ["same", ""],
  pskCallback: ["same", ""],
  pskIdentityHint: ["same", ""],
  rejectUnauthorized: ["better", "a client that is refused is told why, and so is `tlsClientError`"],
  requestCert: ["same", ""],
  requestOCSP: ["absent", "it is a client's, there as well"],
  secureContext: ["same", ""],
  sessionTimeout: ["same", ""],
  ticketKeys: ["same", ""],
} as const;

/** Options of the constructor of `TLSSocket`. */
export const socketOptions = {
  ALPNProtocols: ["same", ""],
  SNICallback: ["same", ""],
  enableTrace: ["same", "on standard error, in our own words"],
  isServer: ["same", ""],
  rejectUnauthorized: [
    "better",
    "a client verifies by itself, and the name `servername` besides, which there its maker has to do",
  ],
  requestCert: ["same", ""],
  requestOCSP: ["better", "one is asked for always, and held against the certificate; with this it is told as well"],
  secureContext: ["same", ""],
  server: ["same", ""],
  session: ["same", ""],
} as const;

/** Members of `TLSSocket` besides those of `net.Socket`, which it has, too. */
export const socketMembers = {
  alpnProtocol: ["same", ""],
  authorizationError: ["same", ""],
  authorized: ["same", ""],
  disableRenegotiation: ["same", "a server here never renegotiates"],
  enableTrace: ["same", "on standard error, in our own words"],
  encrypted: ["same", ""],
  exportKeyingMaterial: ["same", ""],
  getCertificate: ["same", ""],
  getCipher: ["same", ""],
  getEphemeralKeyInfo: ["same", "with the names of groups that resist quantum computers"],
  getFinished: ["same", ""],
  getPeerCertificate: ["same", "the very fields"],
  getPeerFinished: ["same", ""],
  getPeerX509Certificate: ["same", ""],
  getProtocol: ["same", ""],
  getSession: ["same", ""],
  getSharedSigalgs: ["same", ""],
  getTLSTicket: ["same", ""],
  getX509Certificate: ["same", ""],
  isSessionReused: ["same", ""],
  renegotiate: ["better", "fails, in any version: it is what TLS 1.3 has done away with"],
  secureConnecting: ["same", ""],
  servername: ["same", ""],
  setKeyCert: ["absent", "`SNICallback` gives another certificate"],
  setMaxSendFragment: ["same", ""],
  setServername: ["refused", "any other name than that of the option `servername`"],
  setSession: ["absent", "`session` is an option"],
  ssl: ["absent", "it is C++, and nothing of it is documented"],
} as const;

/** Events of `TLSSocket` besides those of `net.Socket`. */
export const socketEvents = {
  OCSPResponse: ["same", ""],
  keylog: ["same", ""],
  secure: ["same", "not documented there"],
  secureConnect: ["same", ""],
  session: ["same", ""],
} as const;

/** Members of `Server` besides those of `net.Server`. */
export const serverMembers = {
  addContext: ["same", ""],
  getTicketKeys: ["same", ""],
  setSecureContext: ["same", ""],
  setTicketKeys: ["same", ""],
} as const;

/** Events of `Server` besides those of `net.Server`. */
export const serverEvents = {
  OCSPRequest: ["same", ""],
  keylog: ["same", ""],
  newSession: ["same", ""],
  resumeSession: ["same", ""],
  secureConnection: ["same", ""],
  tlsClientError: ["better", "says what was wrong with a client's certificate"],
} as const;
