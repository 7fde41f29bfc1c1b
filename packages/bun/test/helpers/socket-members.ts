/** What is the matter with a member of Bun's sockets here. */
interface Row {
  /** `absent`: there is none of that name. */
  readonly is: "same" | "better" | "absent";
  readonly note?: string;
}

const same = { is: "same" } as const;

/** Each member of Bun's sockets: one that is forgotten doesn't compile. */
export const socketMembers = {
  write: { is: "better", note: "takes nothing before the handshake is done, and never buffers what it hasn't taken" },
  end: { is: "better", note: "takes all of its data, and keeps what there is no room for" },
  data: same,
  ref: same,
  unref: same,
  timeout: {
    is: "better",
    note: "to the millisecond, where Bun rounds to four seconds; closes the socket if there is no handler for it",
  },
  terminate: {
    is: "same",
    note: "in `handshake` a client's certificate has been sent: `checkServer` refuses a server before that",
  },
  shutdown: { is: "better", note: "a `close_notify`, and the end of TCP behind it" },
  readyState: {
    is: "better",
    note: "2 before the handshake is done, 1, -2 when this side has ended, 0: as Bun's types have it",
  },
  flush: same,
  reload: same,
  listener: { is: "same", note: "ours; there also when the listener has stopped" },
  remoteFamily: same,
  remoteAddress: same,
  remotePort: same,
  localFamily: same,
  localAddress: same,
  localPort: same,
  authorized: { is: "better", note: "never true for whom nobody asked" },
  alpnProtocol: { is: "better", note: "`null` before the handshake is done, as Bun's types have it" },
  exportKeyingMaterial: { is: "better", note: "a `Buffer`, always" },
  getAuthorizationError: { is: "better", note: "returns it, where Bun's prints it as well" },
  getCertificate: { is: "same", note: "what was shown to the peer" },
  getX509Certificate: { is: "same", note: "what was shown to the peer" },
  getCipher: same,
  getEphemeralKeyInfo: { is: "better", note: "also in TLS 1.3" },
  getPeerCertificate: { is: "same", note: "`peerCertificates` are the whole chain" },
  getPeerX509Certificate: same,
  getSharedSigalgs: same,
  getTLSFinishedMessage: same,
  getTLSPeerFinishedMessage: same,
  getTLSTicket: same,
  getTLSVersion: same,
  isSessionReused: same,
  setMaxSendFragment: same,
  setNoDelay: { is: "same", note: "without it nothing waits for more, either" },
  setKeepAlive: same,
  bytesWritten: { is: "same", note: "bytes of TLS" },
  resume: same,
  pause: same,
  getSession: { is: "better", note: "a `Buffer`, which the handler `session` is given as well, when there is one" },
  setSession: { is: "better", note: "an error when the handshake has begun, where Bun passes it over" },
  upgradeTLS: { is: "absent", note: "`upgradeTLS(raw, …)` begins TLS on a socket of Bun's" },
  close: { is: "better", note: "says `close_notify`, and waits a second for the peer to have got it" },
  getServername: same,
  setServername: {
    is: "better",
    note: "what the certificate has to be for, too; an error when the handshake has begun",
  },
  disableRenegotiation: { is: "absent", note: "nothing is renegotiated unless `tls.renegotiation` says so" },
  renegotiate: { is: "absent", note: "`updateKeys` is what TLS 1.3 has instead" },
  setVerifyMode: { is: "absent", note: "`requestCert` and `rejectUnauthorized` say it before there is a connection" },
  [Symbol.dispose]: same,
} as const satisfies Readonly<Record<keyof Bun.Socket, Row>>;
