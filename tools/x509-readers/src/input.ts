/** What readers are given: files, each as base64 of its bytes. What isn't there is as it should be. */
export interface Input {
  /** `root` is trusted, `leaf` is in question, `ca` is between them if it is there. */
  readonly kind: "chain" | "crl" | "key" | "request" | "pkcs12";
  readonly root?: string;
  readonly ca?: string;
  readonly leaf?: string;
  /** A CRL of the root's, which doesn't list the leaf. */
  readonly crl?: string;
  /** A private key in DER, with the label that it has in PEM. */
  readonly key?: string;
  readonly label?: "PRIVATE KEY" | "EC PRIVATE KEY";
  /** A request in PEM. */
  readonly request?: string;
  /** A PKCS#12 file for the empty password. */
  readonly pkcs12?: string;
  /** Whether the leaf is asked to name example.org: not where it has no names. */
  readonly named?: boolean;
}

/** Programs that were asked. `openssl -x509_strict` is asked about chains alone. */
export const readers = ["openssl", "opensslStrict", "go", "gnutls", "java"] as const;
export type Reader = (typeof readers)[number];

/** What came of it: nothing where a program has no reader of this kind. */
export type Verdict = "taken" | "refused";

/** A rule for whoever writes, an input that breaks it, and what is made of it. */
export interface Case {
  readonly group: string;
  readonly name: string;
  /** What is wrong, as a phrase. */
  readonly what: string;
  readonly ours: Verdict;
  /** Why it is refused, or taken where others refuse. */
  readonly reason?: string;
  readonly input: Input;
  readonly verdicts: Readonly<Partial<Record<Reader, Verdict>>>;
}

/** The file `data/cases.json`. */
export interface Measurements {
  readonly versions: Readonly<Record<string, string>>;
  readonly measured: string;
  /** What stands for what an input leaves out. */
  readonly defaults: { readonly root: string; readonly ca: string; readonly leaf: string; readonly leafOfCa: string };
  readonly cases: readonly Case[];
}
