/** Options of servers, besides those of both roles. */
export const serverOptions = {
  requestCert: {
    is: "done",
    scope: "context",
    takes: "boolean",
    note: "takes `ca`; contexts that `SNICallback` or `contextFor` give have to say it, too",
  },
  rejectUnauthorized: {
    is: "done",
    scope: "context",
    takes: "boolean",
    note: "`false`: a certificate may be shown, and whether it can be verified is told by `authorized`",
  },
  ca: {
    is: "done",
    scope: "context",
    takes: "PEM texts or TrustAnchors",
    note: "also `TrustAnchors`: whose clients are trusted, with `requestCert` alone; intermediates, which Node takes from it too, belong into `cert`",
  },
  checkClient: { is: "own", scope: "context", takes: "function" },
  clientCertificates: { is: "own", scope: "context", takes: "object" },
  SNICallback: {
    is: "done",
    scope: "context",
    takes: "function",
    note: "gives what `createServerContext` made, or nothing",
  },
  ocspResponseFor: { is: "own", scope: "context", handedOn: true },
  contextFor: { is: "own", scope: "context", takes: "function" },
  followClientToChaCha20: { is: "own", scope: "context", handedOn: true },
  maxSkippedEarlyData: { is: "own", scope: "context", handedOn: true },
  acknowledgeServerName: { is: "own", scope: "context", handedOn: true },
  selectAlpnProtocol: { is: "own", scope: "context", handedOn: true },
  answerExtensions: { is: "own", scope: "context", handedOn: true },
  tickets: { is: "own", scope: "context", takes: "boolean or object" },
  ticketCount: { is: "own", scope: "context", handedOn: true },
  earlyData: { is: "own", scope: "context", handedOn: true },
  externalPsks: { is: "own", scope: "context", handedOn: true },
  sessionContext: { is: "own", scope: "context", handedOn: true },
  sessionIdContext: {
    is: "done",
    scope: "context",
    takes: "string",
    note: "`sessionContext`, where there is one, comes first; empty unless told otherwise",
  },
  ticketKeys: {
    is: "done",
    scope: "context",
    takes: "bytes",
    note: "48 bytes: 16 that stand in each ticket as the key's name, and 32 that are secret",
  },
  maxClientHelloLength: { is: "own", scope: "context", handedOn: true },

  blockList: { is: "done", scope: "net", note: "also where Node has no such option" },
  keepAlive: { is: "done", scope: "net" },
  keepAliveInitialDelay: { is: "done", scope: "net" },
  noDelay: { is: "done", scope: "net", note: "`true` unless told otherwise" },

  ALPNCallback: { is: "refused", instead: "use selectAlpnProtocol, which chooses among what the client offers" },
  pskIdentityHint: {
    is: "refused",
    instead:
      "`externalPsks` has pre-shared keys; `ecdhePskWith({ identityHint })` of `@tlskit/tls/psk`, in `versions`, a hint",
  },
  pauseOnConnect: { is: "refused", unless: [false], instead: "pause the socket that secureConnection gets" },
} as const;
