/** Why a file of Node's says nothing of ours: each with what it means, for docs/node-tls.md. */
export const reasons = {
  "fails in the control": "It fails over Node's own `tls` with the Node that runs it here, whose tests these aren't.",
  "skips itself": "It says itself that it has nothing to test on this machine, or with this Node.",
  internals:
    "It tests how Node is built: modules and bindings behind `--expose-internals`, handles in C++, what Node logs of itself.",
  engines: "It tests OpenSSL's engines, and errors as OpenSSL's own stack of them has them.",
  elsewhere: "It neither makes a connection nor calls anything of `tls`; it would pass whatever stood in its place.",
  renegotiation:
    "Refused by design: our servers neither ask for another handshake in a connection nor agree to one, and in TLS 1.3 there is none.",
  environment:
    "Refused by design: an environment variable, `NODE_TLS_REJECT_UNAUTHORIZED`, never turns verification off.",
  "default suites":
    "Refused by design: it counts on CBC, key exchange by RSA or DHE where nobody named them; ours have to be named.",
  unverified:
    "Refused by design: a client that nobody told `rejectUnauthorized: false` is to go on with a server that it can't verify.",
} as const;

export type Reason = keyof typeof reasons;
