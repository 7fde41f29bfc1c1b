/** Options that mean the same to clients and servers. */
export const commonOptions = {
  context: { is: "own", scope: "connection", takes: "object" },
  trace: { is: "own", scope: "connection", takes: "function" },
  allowHalfOpen: { is: "done", scope: "connection", takes: "boolean" },
  highWaterMark: { is: "done", scope: "connection", takes: "number" },
  dangerouslyAcceptTruncation: { is: "own", scope: "connection", takes: "boolean" },

  alpnProtocols: { is: "own", scope: "context", handedOn: true },
  ALPNProtocols: {
    is: "done",
    scope: "context",
    takes: "protocols",
    note: "an array of names, or their bytes with lengths; `alpnProtocols`, where there is one, comes first",
  },
  cipherSuites: { is: "own", scope: "context", handedOn: true },
  ciphers: {
    is: "done",
    scope: "context",
    takes: "string",
    note: "the suites of TLS 1.3 among them, by their names; those of other versions mean nothing here",
  },
  namedGroups: { is: "own", scope: "context", handedOn: true },
  signatureSchemes: { is: "own", scope: "context", handedOn: true },
  keyLog: { is: "own", scope: "context", handedOn: true },
  sessionLifetime: { is: "own", scope: "context", handedOn: true },
  sessionTimeout: {
    is: "done",
    scope: "context",
    takes: "number",
    note: "seconds, 24 hours unless told otherwise; `sessionLifetime`, where there is one, comes first",
  },
  resumptionAcrossNames: { is: "own", scope: "context", handedOn: true },
  dangerousPskWithoutKeyExchange: { is: "own", scope: "context", handedOn: true },
  resumptionFailed: { is: "own", scope: "context", handedOn: true },
  provider: { is: "own", scope: "context", takes: "object" },
  recordSize: { is: "own", scope: "context", handedOn: true },
  recordPadding: { is: "own", scope: "context", handedOn: true },
  handshakeTimeout: {
    is: "done",
    scope: "context",
    handedOn: true,
    note: "clients have it too; 30,000 milliseconds unless told otherwise",
  },
  minVersion: { is: "done", scope: "context", takes: "string", note: "a range without TLS 1.3 is refused" },
  maxVersion: { is: "done", scope: "context", takes: "string", note: "a range without TLS 1.3 is refused" },
  secureOptions: {
    is: "done",
    scope: "context",
    takes: "number",
    note: "`SSL_OP_NO_TLSv1_3` is refused; with `SSL_OP_NO_TICKET` a server resumes no sessions; all else is about other versions or about what is not here",
  },

  secureProtocol: {
    is: "refused",
    unless: ["TLS_method", "TLS_client_method", "TLS_server_method", "SSLv23_method"],
    instead: "there is TLS 1.3 alone",
  },
  secureContext: {
    is: "refused",
    instead: "use context, made by createClientContext or createServerContext",
  },
  sigalgs: { is: "refused", instead: "use signatureSchemes" },
  ecdhCurve: { is: "refused", unless: ["auto"], instead: "use namedGroups" },
  crl: {
    is: "refused",
    instead: "connections don't check revocation yet; @tlskit/x509 does, and a client's checkServer may ask it",
  },
  clientCertEngine: { is: "refused", instead: "there are no engines; a key that lives elsewhere is a Signer" },
  privateKeyEngine: {
    is: "refused",
    instead: "there are no engines; give certificates with a Signer, which may be anywhere",
  },
  privateKeyIdentifier: {
    is: "refused",
    instead: "there are no engines; give certificates with a Signer, which may be anywhere",
  },
  pskCallback: { is: "refused", instead: "there are no keys known beforehand yet" },
  requestOCSP: {
    is: "refused",
    unless: [false],
    instead: "there is no stapling yet; @tlskit/x509 checks OCSP responses",
  },
  enableTrace: { is: "refused", unless: [false], instead: "use trace, which gets each step" },

  certificateCompression: { is: "ignored", because: "certificates are never compressed" },
  dhparam: { is: "ignored", because: "there is no key exchange over such parameters in TLS 1.3" },
  honorCipherOrder: { is: "ignored", because: "the order is the server's" },
} as const;
