/** Options of servers, besides those of both roles. */
export const serverOptions = {
  cert: { is: "done", scope: "context", takes: "PEM texts" },
  key: {
    is: "done",
    scope: "context",
    takes: "keys",
    note: "also `{ key, passphrase }`, as well as `{ pem, passphrase }`",
  },
  pfx: {
    is: "done",
    scope: "context",
    takes: "PKCS#12 files",
    note: "its MAC is verified; old encryption is refused with what converts it",
  },
  passphrase: { is: "done", scope: "context", takes: "string" },
  certificates: { is: "own", scope: "context", takes: "objects" },
  SNICallback: {
    is: "done",
    scope: "context",
    takes: "function",
    note: "gives what `createServerContext` made, or nothing",
  },
  contextFor: { is: "own", scope: "context", takes: "function" },
  followClientToChaCha20: { is: "own", scope: "context", handedOn: true },
  maxSkippedEarlyData: { is: "own", scope: "context", handedOn: true },
  acknowledgeServerName: { is: "own", scope: "context", handedOn: true },
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

  requestCert: { is: "refused", unless: [false], instead: "servers can't ask for certificates of clients yet" },
  ALPNCallback: { is: "refused", instead: "use contextFor, which gets what the client offers" },
  pskIdentityHint: { is: "refused", instead: "`externalPsks` has pre-shared keys, at both ends" },
  pauseOnConnect: { is: "refused", unless: [false], instead: "pause the socket that secureConnection gets" },

  rejectUnauthorized: { is: "ignored", because: "no certificate of a client is asked for" },
  ca: {
    is: "ignored",
    because: "no certificate of a client is asked for; intermediates, which Node takes from it too, belong into `cert`",
  },
  allowPartialTrustChain: { is: "ignored", because: "no certificate of a client is asked for" },
} as const;
