import type { CheckName } from "@tlskit/scan";

/** Something that one of the scanners looks at, and how each does. */
export interface ComparedCheck {
  readonly what: string;
  /** Our check, or findings, by their names; or how it is done otherwise. */
  readonly tlskit?: readonly CheckName[] | { readonly findings: readonly string[] } | { readonly by: string };
  /** The identifier in its report, or its option. */
  readonly testssl?: string;
  /** The option. */
  readonly sslyze?: string;
  /** Why ours doesn't, or how it differs. */
  readonly note?: string;
}

/** By subject, as a report goes. */
export const comparedChecks: readonly ComparedCheck[] = [
  {
    what: "SSL 2.0, SSL 3.0, TLS 1.0 to 1.3",
    tlskit: ["versions"],
    testssl: "`-p`",
    sslyze: "`--sslv2` … `--tlsv1_3`",
  },
  { what: "drafts of TLS 1.3", testssl: "`TLS1_3`", note: "No client speaks them any more." },
  { what: "NPN, SPDY", testssl: "`NPN`", note: "No client speaks them any more." },
  { what: "application protocols (ALPN)", tlskit: ["alpn"], testssl: "`ALPN`" },
  {
    what: "cipher suites that are taken",
    tlskit: ["cipherSuites"],
    testssl: "`cipher_…`",
    sslyze: "`--tlsv1_2` …",
    note: "Ours for each version; testssl.sh's for all together unless asked by `-E`; sslyze's are those that its OpenSSL has.",
  },
  { what: "whose order of suites counts, and which", tlskit: ["cipherSuites"], testssl: "`cipher_order`" },
  {
    what: "suites without encryption, anonymous, export, RC4, 64-bit blocks",
    tlskit: {
      findings: [
        "null-cipher-suites",
        "anonymous-cipher-suites",
        "export-cipher-suites",
        "rc4-cipher-suites",
        "64-bit-block-cipher-suites",
      ],
    },
    testssl: "`cipherlist_…`, `FREAK`, `RC4`, `SWEET32`",
    sslyze: "`--mozilla_config`",
  },
  {
    what: "forward secrecy",
    tlskit: { findings: ["no-forward-secrecy", "static-rsa-cipher-suites", "static-dh-cipher-suites"] },
    testssl: "`PFS`",
    sslyze: "`--mozilla_config`",
  },
  {
    what: "CBC in SSL 3.0 (POODLE), TLS 1.0 (BEAST), later (LUCKY13)",
    tlskit: { findings: ["ssl3.0-cbc", "tls1.0-cbc", "cbc-cipher-suites"] },
    testssl: "`POODLE_SSL`, `BEAST`, `LUCKY13`",
  },
  {
    what: "groups of elliptic curves",
    tlskit: ["groups"],
    testssl: "`PFS_ECDHE_curves`",
    sslyze: "`--elliptic_curves`",
    note: "Ours for TLS 1.3 and before apart, with the order.",
  },
  { what: "finite field groups of RFC 7919", tlskit: ["groups"], testssl: "`DH_groups`" },
  {
    what: "post-quantum groups",
    tlskit: ["groups"],
    note: "Debian's testssl.sh and sslyze 6.3 have none in their lists.",
  },
  { what: "a HelloRetryRequest for a group that is preferred", tlskit: ["groups"] },
  { what: "key shares and Diffie-Hellman values that come again", tlskit: ["groups", "diffieHellman"] },
  {
    what: "bits of the Diffie-Hellman group, well-known primes (LOGJAM)",
    tlskit: ["diffieHellman"],
    testssl: "`LOGJAM`, `LOGJAM-common_primes`",
    sslyze: "`--tlsv1_2` … (bits)",
  },
  { what: "signature schemes", tlskit: ["signatureSchemes"] },
  { what: "extended_master_secret", tlskit: ["extensions"], testssl: "`TLS_extensions`", sslyze: "`--ems`" },
  {
    what: "encrypt_then_mac, truncated_hmac, max_fragment_length, record_size_limit, compress_certificate",
    tlskit: ["extensions"],
    testssl: "`TLS_extensions` (those that it names)",
  },
  { what: "compression (CRIME)", tlskit: ["extensions"], testssl: "`CRIME_TLS`", sslyze: "`--compression`" },
  { what: "TLS_FALLBACK_SCSV", tlskit: ["extensions"], testssl: "`fallback_SCSV`", sslyze: "`--fallback`" },
  { what: "renegotiation_info (RFC 5746)", tlskit: ["extensions"], testssl: "`secure_renego`", sslyze: "`--reneg`" },
  {
    what: "renegotiation that a client asks for",
    tlskit: ["renegotiation"],
    testssl: "`secure_client_renego`",
    sslyze: "`--reneg`",
    note: "Ours by `--renegotiation` alone.",
  },
  {
    what: "tolerance of unknown versions, extensions and suites, GREASE, large and split hellos",
    tlskit: ["tolerance"],
    testssl: "`-g`, `pre_128cipher`",
  },
  {
    what: "the chain, by the authorities given",
    tlskit: ["certificates"],
    testssl: "`cert_chain_of_trust`",
    sslyze: "`--certinfo`",
  },
  {
    what: "the chain, by the lists of several browsers and systems",
    testssl: "`cert_chain_of_trust`",
    sslyze: "`--certinfo`",
    note: "Ours has the system's list, or `--ca`.",
  },
  {
    what: "the chain's order, gaps, duplicates, strangers, the root among them",
    tlskit: ["certificates"],
    testssl: "`certs_list_ordering_problem`",
    sslyze: "`--certinfo` (order, root)",
  },
  {
    what: "the certificate's name, with SNI and without",
    tlskit: ["certificates"],
    testssl: "`cert_trust`",
    sslyze: "`--certinfo`",
  },
  {
    what: "a certificate for each kind of key",
    tlskit: ["certificates"],
    testssl: "`cert_numbers`",
    sslyze: "`--certinfo`",
  },
  { what: "validity, keys, signatures, usages", tlskit: ["certificates"], testssl: "`cert_…`", sslyze: "`--certinfo`" },
  {
    what: "how far an authority has looked (DV, OV, EV)",
    tlskit: ["certificates"],
    testssl: "`cert_certificatePolicies_EV`",
    sslyze: "`--certinfo` (EV)",
  },
  {
    what: "short serial numbers",
    tlskit: { findings: ["certificate-serial-short"] },
    testssl: "`cert_serialNumberLen`",
  },
  {
    what: "OCSP staple, must-staple",
    tlskit: ["certificates"],
    testssl: "`OCSP_stapling`, `cert_mustStapleExtension`",
    sslyze: "`--certinfo`",
  },
  {
    what: "certificate transparency",
    tlskit: ["certificates"],
    testssl: "`certificate_transparency`",
    sslyze: "`--certinfo`",
    note: "Ours counts timestamps in the certificate, the handshake and the staple; nobody of the three verifies them.",
  },
  {
    what: "revocation by CRL and OCSP, asked of the authority",
    testssl: "`--phone-out`",
    note: "Ours asks nobody but the target.",
  },
  {
    what: "CAA records",
    testssl: "`DNS_CAArecord`",
    note: "That is DNS, and says who may sign, not what the server does.",
  },
  { what: "client certificates", tlskit: ["clientCertificates"], testssl: "`clientAuth`", sslyze: "always" },
  {
    what: "resumption by tickets and by identifiers",
    tlskit: ["resumption"],
    testssl: "`sessionresumption_…`",
    sslyze: "`--resum`",
    note: "sslyze tries five times, or as often as `--resum_attempts` says.",
  },
  { what: "resumption in TLS 1.3", tlskit: ["resumption"] },
  { what: "lifetimes of tickets", tlskit: ["resumption"], testssl: "`TLS_session_ticket`" },
  {
    what: "keys of tickets that never change",
    tlskit: { findings: ["ticket-key-unchanged"] },
    note: "By `--compare`.",
  },
  { what: "early data", tlskit: ["earlyData"], sslyze: "`--early_data`" },
  { what: "early data that is taken twice", tlskit: { findings: ["early-data-replayed"] }, note: "By `--replay`." },
  { what: "HSTS", tlskit: ["http"], testssl: "`HSTS_…`", sslyze: "`--http_headers`" },
  { what: "redirects to clear text", tlskit: ["http"], testssl: "`HTTP_status_code`" },
  {
    what: "cookies without Secure",
    tlskit: ["http"],
    testssl: "`cookie_…`",
    note: "testssl.sh looks at HttpOnly too, which isn't about TLS.",
  },
  { what: "the server's version in its banner", tlskit: ["http"], testssl: "`banner_server`" },
  { what: "compressed answers (BREACH)", tlskit: { findings: ["compressed-answers"] }, testssl: "`BREACH`" },
  {
    what: "HPKP, headers of content security, proxies' headers, IPv4 addresses in headers",
    testssl: "`HPKP`, `security_headers`, `banner_reverseproxy`",
    note: "They aren't about TLS, or no browser heeds them any more.",
  },
  {
    what: "clock of the server",
    testssl: "`TLS_timestamp`, `HTTP_clock_skew`",
    note: "Nothing of TLS depends on it as it is used today.",
  },
  { what: "Heartbleed", tlskit: ["flaws"], testssl: "`heartbleed`", sslyze: "`--heartbleed`" },
  { what: "CCS injection", tlskit: ["flaws"], testssl: "`CCS`", sslyze: "`--openssl_ccs`" },
  { what: "ROBOT", tlskit: ["flaws"], testssl: "`ROBOT`", sslyze: "`--robot`" },
  { what: "Ticketbleed", tlskit: ["flaws"], testssl: "`ticketbleed`" },
  {
    what: "commands in the clear behind STARTTLS that are taken for encrypted",
    tlskit: { findings: ["starttls-injection"] },
    note: "By `--flaws`. testssl.sh has it from 3.2 on.",
  },
  {
    what: "DROWN",
    tlskit: { findings: ["ssl2.0-spoken"] },
    testssl: "`DROWN`",
    note: "Of this server; where else a key is used nobody can tell without asking others.",
  },
  {
    what: "which clients get in, and by what",
    testssl: "`clientsimulation-…`",
    note: "It needs hellos of many clients that are kept up to date; versions, suites and groups say it to who knows the client.",
  },
  { what: "Mozilla's recommendations", tlskit: { by: "`--require`" }, sslyze: "`--mozilla_config`" },
  { what: "a policy of one's own", tlskit: { by: "`--require FILE`" }, sslyze: "`--custom_tls_config`" },
  { what: "lines for the server's configuration", tlskit: { by: "each finding" } },
  { what: "the very messages", tlskit: { by: "`--evidence`" }, testssl: "`--debug`" },
];
