/** What scanners are compared by: each question has answers that can be told alike. */
export const questions = {
  ssl2: "SSL 2.0",
  ssl3: "SSL 3.0",
  tls10: "TLS 1.0",
  tls11: "TLS 1.1",
  tls12: "TLS 1.2",
  tls13: "TLS 1.3",
  suites: "cipher suites, of all versions",
  order: "whose order of suites counts before TLS 1.3",
  groups: "groups of key exchange, of all versions",
  dhBits: "bits of the Diffie-Hellman group",
  certificate: "what is wrong with the certificate",
  key: "the certificate's key",
  staple: "an OCSP response is stapled",
  compression: "TLS compresses",
  fallbackScsv: "TLS_FALLBACK_SCSV is heeded",
  secureRenegotiation: "renegotiation_info",
  clientRenegotiation: "a client may renegotiate again and again",
  extendedMainSecret: "extended_master_secret",
  ticket: "resumption by tickets before TLS 1.3",
  identifier: "resumption by identifiers before TLS 1.3",
  earlyData: "early data is taken",
  alpn: "application protocols",
  hsts: "HSTS: seconds",
  heartbleed: "Heartbleed",
  ccs: "CCS injection",
  robot: "ROBOT",
  ticketbleed: "Ticketbleed",
} as const;

export type Question = keyof typeof questions;

/** Questions whose answer is a set: items with blanks between them. */
export const setQuestions: ReadonlySet<Question> = new Set(["suites", "groups", "alpn"]);

/** What a scanner says: a text that means the same whoever says it. What isn't there it doesn't say. */
export type Answers = Readonly<Partial<Record<Question, string>>>;

export const yesOrNo = (value: boolean): string => (value ? "yes" : "no");

/** A set, so that sets that are alike are texts that are alike. */
export const listed = (items: Iterable<string>): string => [...new Set(items)].toSorted().join(" ");
