/** An option, for the parser and for the help. */
export interface Option {
  readonly type: "string" | "boolean";
  /** Whether it may be repeated. */
  readonly multiple?: boolean;
  /** One letter for it. */
  readonly short?: string;
  /** What stands behind it: `FILE`. */
  readonly argument?: string;
  /** What it does: the lines of the help. */
  readonly help: readonly string[];
}

// The README is held to these tables by a test.

/** Those of `connect`, beside those of both. */
export const connectOptions = {
  servername: {
    type: "string",
    argument: "NAME",
    help: ["the name that the server must prove, if it isn't HOST"],
  },
  ca: { type: "string", argument: "FILE", help: ["trust these certificates (PEM) instead of the system's"] },
  ocsp: {
    type: "boolean",
    help: [
      "take only a server of whose certificate an OCSP response says that it is good, which it",
      "has to show. One that is shown and says otherwise, or doesn't count, refuses it in any case",
    ],
  },
  sct: {
    type: "string",
    argument: "FILE",
    help: [
      "take only a server whose certificate as many logs promised to publish as browsers ask for,",
      "of this list of logs (JSON, version 3, as browsers publish it)",
    ],
  },
  cert: {
    type: "string",
    argument: "FILE",
    help: ["one's own certificate and what certifies it (PEM), for a server that asks for one"],
  },
  key: { type: "string", argument: "FILE", help: ["the certificate's private key (PEM)"] },
  renegotiate: {
    type: "boolean",
    help: [
      "make another handshake in a connection of TLS 1.2 if the server asks for one, as some do to",
      "see --cert only then. Without it the server is told no_renegotiation",
    ],
  },
  "session-in": {
    type: "string",
    argument: "FILE",
    help: ["resume the session in this file, which must not be open to others"],
  },
  "session-out": {
    type: "string",
    argument: "FILE",
    help: ["write the last session to this file, mode 0600: it is as secret as a private key"],
  },
  "early-data": {
    type: "string",
    argument: "FILE",
    help: [
      "send this file with the first flight (needs --session-in). Whoever sees it can send it",
      "again: only what may be done twice. If it is rejected it isn't sent again",
    ],
  },
  http: { type: "string", argument: "PATH", help: ["send one GET, print the response"] },
  json: { type: "boolean", help: ["one JSON object, on one line of stderr, when a handshake is done"] },
} as const;

/** Those of `serve`, beside those of both. */
export const serveOptions = {
  port: { type: "string", argument: "N", help: ["the port to listen on; 0 for any that is free"] },
  host: { type: "string", argument: "ADDRESS", help: ["127.0.0.1 unless told"] },
  cert: {
    type: "string",
    argument: "FILE",
    help: [
      "the certificate and, behind it, what certifies it (PEM). Without it a CA and a",
      "leaf for localhost are made, whose keys stay in memory",
    ],
  },
  key: { type: "string", argument: "FILE", help: ["the certificate's private key (PEM)"] },
  "ocsp-staple": {
    type: "string",
    argument: "FILE",
    help: ["an OCSP response (DER) about the certificate, shown to clients that ask as long as it is good"],
  },
  "client-ca": {
    type: "string",
    argument: "FILE",
    help: ["trust clients whom these certificates (PEM) certify, with one of the next two:"],
  },
  "require-client-cert": { type: "boolean", help: ["refuse clients that show no certificate"] },
  "request-client-cert": {
    type: "boolean",
    help: ["ask clients for a certificate, which must be good if one is shown"],
  },
  tickets: {
    type: "string",
    argument: "N",
    help: ["tickets after a full handshake: 2 unless told, up to 8; 0: no session is resumed"],
  },
  "early-data": {
    type: "boolean",
    help: ["take early data: echoed, or requests, of which unsafe ones get 425 (Too Early)"],
  },
  echo: { type: "boolean", help: ["echo instead of HTTP"] },
} as const;

/** Those of `decrypt`. */
export const decryptOptions = {
  keylog: {
    type: "string",
    argument: "FILE",
    help: ["the secrets, as --keylog or SSLKEYLOGFILE wrote them; not needed if the capture has them"],
  },
  stream: { type: "string", argument: "N", help: ["this TCP connection alone, of which the first is 0"] },
  raw: {
    type: "string",
    argument: "client|server",
    help: ["what this end sent, octet by octet, and nothing else (needs --stream)"],
  },
  trace: { type: "boolean", help: ["every handshake message, field by field with its bytes"] },
  json: { type: "boolean", help: ["one JSON object for each event, on a line of stdout"] },
  help: { type: "boolean", short: "h", help: ["this"] },
} as const;

/** Those of `connect` and `serve`. */
export const bothOptions = {
  alpn: { type: "string", multiple: true, argument: "a,b", help: ["application protocols, best first"] },
  tls: {
    type: "string",
    multiple: true,
    argument: "VERSION",
    help: [
      "1.3, 1.2, 1.1 or 1.0: the versions to have, the first two unless told; the newest in common",
      "is used. 1.1 and 1.0 are for finding out what an old peer has: they protect little",
    ],
  },
  cipher: {
    type: "string",
    multiple: true,
    argument: "NAME",
    help: ["cipher suites, best first, by IANA's or OpenSSL's names:"],
  },
  group: { type: "string", multiple: true, argument: "NAME", help: ["groups, best first:"] },
  keylog: {
    type: "string",
    argument: "FILE",
    help: ["append the secrets (NSS key log): whoever has them reads the traffic"],
  },
  psk: {
    type: "string",
    multiple: true,
    argument: "IDENTITY:HEX",
    help: [
      "a pre-shared key, at least 16 bytes, that both ends have, instead of certificates; more",
      "than one, best first. With --ca or --cert certificates do as well. It is for TLS 1.3, or for what is",
      "older if 1.3 isn't spoken. Whoever lists processes sees it",
    ],
  },
  provider: {
    type: "string",
    argument: "NAME",
    help: [
      "what computes: node (node:crypto) unless told, noble (JavaScript alone), or openssl",
      "(called directly, through Node's foreign function interface)",
    ],
  },
  timeout: {
    type: "string",
    argument: "SECONDS",
    help: [
      "for the handshake: 30 unless told. serve also closes connections",
      "that then bring no request (with --echo, no byte) for so long",
    ],
  },
  trace: { type: "boolean", help: ["print each handshake message, field by field, on stderr"] },
  help: { type: "boolean", short: "h", help: ["this"] },
} as const;
