/** Why a file that applies doesn't pass, in a sentence each: in the order of the list. */
export const explanations: Readonly<Record<string, string>> = {
  "test-https-agent-session-eviction.js":
    "It counts on `DEFAULT` as a list of ciphers that has key exchange by RSA and CBC in it: words bring what there is by default, and what is older has to be named.",
  "test-https-agent-session-reuse.js":
    "A session that is resumed brings a new ticket, so that none is used twice (RFC 9846 §C.4); it is to bring none.",
  "test-https-agent-sni.js": "`sni.0` ends in a number, so it is no host's name, and isn't asked for.",
  "test-https-client-checkServerIdentity.js":
    "A `checkServerIdentity` that returns `false` refuses the server, as everything does that isn't `undefined` or `null`.",
  "test-tls-buffersize.js":
    "What is written is sealed and given to the stream below at once, and isn't counted in `bufferSize` then.",
  "test-tls-cli-max-version-1.2.js": "As `test-tls-min-max-version.js`, which it runs with other defaults.",
  "test-tls-cli-max-version-1.3.js": "As `test-tls-min-max-version.js`, which it runs with other defaults.",
  "test-tls-cli-min-version-1.0.js": "As `test-tls-min-max-version.js`, which it runs with other defaults.",
  "test-tls-cli-min-version-1.1.js": "As `test-tls-min-max-version.js`, which it runs with other defaults.",
  "test-tls-cli-min-version-1.2.js": "As `test-tls-min-max-version.js`, which it runs with other defaults.",
  "test-tls-cli-min-version-1.3.js": "As `test-tls-min-max-version.js`, which it runs with other defaults.",
  "test-tls-client-allow-partial-trust-chain.js":
    "Every certificate in `ca` is trusted by itself, an intermediate too, whatever `allowPartialTrustChain` says.",
  "test-tls-client-auth.js":
    "A server tells why it refuses a client's certificate (`UNABLE_TO_VERIFY_LEAF_SIGNATURE`), where it is to say `ECONNRESET`.",
  "test-tls-client-reject-12.js":
    "Before TLS 1.3 a peer's close_notify ends both directions (RFC 5246 §7.2.1): what an end is answered with isn't sent any more.",
  "test-tls-client-resume.js":
    "`getSession()` gives nothing in TLS 1.3 before there is a ticket, where `node:tls` gives a session that nobody can resume.",
  "test-tls-delayed-attach-error.js":
    "A server's socket without a listener for `error` emits one, where `node:tls` has the undocumented `_tlsError`.",
  "test-tls-hello-parser-failure.js":
    "Whoever sends a megabyte of something else than TLS gets an alert and an end, and not a reset connection, which would take the alert away.",
  "test-tls-min-max-version.js":
    "`TLS_method` names no old version and so brings none; and a server of TLS 1.1 has no suite in common with a client of TLS 1.2 that has AEADs alone, which it says instead of telling its version.",
  "test-tls-no-cert-required.js":
    "`AECDH-NULL-SHA`, which neither authenticates nor encrypts, isn't there by any name.",
  "test-tls-ocsp-callback.js":
    "Not understood yet: among its four cases at once a server ends a handshake with `internal_error`, which it does in none of the cases alone.",
  "test-tls-psk-circuit.js":
    "A client with an identity that nobody knows is told `decrypt_error`, as one with a wrong key is, so that nobody learns which identities there are; it is to be told `handshake_failure`.",
  "test-tls-psk-errors.js":
    "A `pskIdentityHint` of 512 characters is no error of its own (`ERR_TLS_PSK_SET_IDENTITY_HINT_FAILED`).",
  "test-tls-reduced-SECLEVEL-in-cipher.js":
    "RSA keys of 512 bits aren't read at all, whatever `@SECLEVEL` says, and the error for them is another one.",
  "test-tls-server-capture-rejection.js":
    "A connection that is destroyed with an error ends without close_notify, and the client, which listens to no error, is told that it was cut off.",
  "test-tls-server-setkeycert.js": "`setKeyCert` isn't there: `SNICallback` chooses certificates.",
  "test-tls-session-cache.js":
    "`TLS_method` names no old version and so brings none, and the client has TLS 1.0 alone.",
  "test-tls-sni-option.js":
    "A client for whom `SNICallback` fails is told so by the alert `internal_error`, where `node:tls` hangs up without a word.",
  "test-tls-sni-servername.js":
    "A client for whom `SNICallback` fails is told so by the alert `internal_error`, where `node:tls` hangs up without a word.",
  "test-tls-socket-allow-half-open-option.js":
    "A client that is made by the constructor begins its handshake at once, here over a stream that nobody can write to.",
  "test-tls-socket-close.js":
    "A stream below that is destroyed is a connection that was cut off, which is an error at the peer.",
  "test-tls-socket-destroy.js":
    "The undocumented `_destroySSL` isn't there: there is nothing outside of JavaScript that it could free.",
  "test-tls-streamwrap-buffersize.js":
    "What is written is sealed and given to the stream below at once, and isn't counted in `bufferSize` then.",
  "test-tls-ticket-12.js":
    "A session that is resumed brings a new ticket, so that none is used twice (RFC 9846 §C.4); it is to bring none.",
  "test-tls-ticket-cluster.js":
    "A session that is resumed brings a new ticket, so that none is used twice (RFC 9846 §C.4); it is to bring none.",
  "test-tls-ticket.js":
    "A session that is resumed brings a new ticket, so that none is used twice (RFC 9846 §C.4); it is to bring none.",
  "test-tls-write-error.js":
    "It counts on `ALL` as a list of ciphers that has key exchange by RSA in it: words bring what there is by default, and what is older has to be named.",
  "test-tls-writewrap-leak.js":
    "It counts on the undocumented `_undestroy`, after which a write is to fail with `ECANCELED`.",
};
