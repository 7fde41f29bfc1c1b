import type { ConfigurationName } from "./configuration.ts";
import type { Question } from "./questions.ts";

/** Why scanners say different things of the same server. */
export interface Explanation {
  readonly question: Question;
  readonly configurations: readonly ConfigurationName[];
  /** In whole sentences. */
  readonly because: string;
}

export const explanations: readonly Explanation[] = [
  {
    question: "suites",
    configurations: ["s_server with all that it has"],
    because:
      "`s_server` has one connection at a time. sslyze asks over several at once, and takes a suite whose hello had to wait too long for one that was refused: of TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 its report says that the connection timed out. The anonymous suites with Camellia and SHA-256 its OpenSSL doesn't know.",
  },
  {
    question: "groups",
    configurations: [
      "nginx as Mozilla recommends it",
      "nginx of TLS 1.3 alone, with early data",
      "s_server as it comes",
      "s_server with all that it has",
      "gnutls-serv with RC4 and Triple DES",
    ],
    because: "sslyze asks for elliptic curves alone. OpenSSL and GnuTLS take those of RFC 7919 too, in TLS 1.3.",
  },
  {
    question: "groups",
    configurations: ["node:https as it comes", "node:https with an expired certificate", "tlskit as it comes"],
    because:
      "Neither Debian's testssl.sh nor sslyze has heard of X25519MLKEM768, with which browsers begin today; and sslyze asks for elliptic curves alone.",
  },
  {
    question: "groups",
    configurations: ["node:https with another name's certificate"],
    because:
      "The certificate's key is on P-384, and TLS 1.2 shows it to those alone who name that curve (RFC 8422 §5.1). sslyze offers one curve at a time, so that it is refused with every other. The other two offer that one beside it.",
  },
  {
    question: "alpn",
    configurations: ["nginx as Mozilla recommends it", "nginx of TLS 1.3 alone, with early data", "nginx as it comes"],
    because: "nginx 1.22 agrees on `http/1.0` and `http/0.9` too. testssl.sh doesn't ask for them.",
  },
  {
    question: "ticket",
    configurations: ["tlskit as it comes"],
    because:
      "The server resumes by the ticket, and gives a new one with it (RFC 5077 §3.3 has it so). sslyze takes a ticket that isn't the former one for a session that wasn't resumed.",
  },
  {
    question: "identifier",
    configurations: ["s_server as it comes", "s_server with all that it has", "s_server of TLS 1.0 and 1.1 alone"],
    because:
      "sslyze hangs up without close_notify, and OpenSSL forgets the sessions of a connection that ends so (RFC 2246 §7.2.1 wants it so). Who ends it properly is resumed, as the other two are.",
  },
];
