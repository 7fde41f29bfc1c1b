import { byName, cipherSuites, type Tls12CipherSuite, tls12CipherSuites } from "@tlskit/ciphersuites";
import { callerError } from "@tlskit/tls";
import { type CipherSuiteTraits, cipherSuiteTraits } from "./cipher-suite-traits.ts";

/** What a list says, in its order. */
export interface CipherList {
  /** Names of TLS 1.3's suites, those too that nobody here has. */
  readonly tls13: readonly string[];
  readonly rules: readonly CipherRule[];
  /** `@SECLEVEL`, from 0 to 5. */
  readonly securityLevel: number | undefined;
}

/** What becomes of the suites that all of its words are about. */
interface CipherRule {
  readonly does: "adds" | "removes" | "bans" | "moves to the end" | "sorts";
  readonly words: readonly string[];
}

const signs: Readonly<Record<string, CipherRule["does"]>> = { "-": "removes", "!": "bans", "+": "moves to the end" };

/**
 * Reads a list of ciphers as OpenSSL does (openssl-ciphers(1)), with suites of TLS 1.3 by their names in it, as `node:tls` has it.
 * Words that nobody knows mean nothing.
 * @throws {TlsError} `invalid_cipher_list` (the caller's fault) for a sign that means nothing
 */
export function readCipherList(list: string): CipherList {
  const tls13: string[] = [];
  const rules: CipherRule[] = [];
  let securityLevel: number | undefined;
  for (const [index, item] of items(list).entries()) {
    // It is one in the first place alone.
    if (item === "DEFAULT" && index === 0) rules.push(...defaultRules);
    const [, sign = "", word = ""] = /^([-!+@]?)([\w.=+-]+)$/.exec(item) ?? [];
    const level = sign === "@" ? /^SECLEVEL=([0-5])$/.exec(word)?.[1] : undefined;
    if (level !== undefined) securityLevel = Number(level);
    else if (sign === "@" && word === "STRENGTH") rules.push({ does: "sorts", words: [] });
    else if (sign === "@" || word === "") {
      throw callerError("invalid_cipher_list", `the list of ciphers has ${JSON.stringify(item)}, which means nothing`);
    } else if (sign === "" && isOfTls13(word)) tls13.push(word);
    else rules.push({ does: signs[sign] ?? "adds", words: word.split("+") });
  }
  return { tls13, rules, securityLevel };
}

/** What the list `DEFAULT` is: `ALL:!COMPLEMENTOFDEFAULT`. */
const defaultRules: readonly CipherRule[] = [
  { does: "adds", words: ["ALL"] },
  { does: "bans", words: ["COMPLEMENTOFDEFAULT"] },
];

/** A command may stand right behind a word: `DEFAULT@SECLEVEL=0`. */
function items(list: string): readonly string[] {
  return list.split(/[:;, ]|(?<=[^:;, ])(?=[@!])/).filter((item) => item !== "");
}

function isOfTls13(word: string): boolean {
  return (
    word.startsWith("TLS_") &&
    (byName(cipherSuites, word) !== undefined || byName(tls12CipherSuites, word) === undefined)
  );
}

/**
 * The suites that a list means, best first.
 * @param all what there is to choose from, in the order that it has before anybody says anything.
 * @param defaults what of that is there without being named. All else has to be named by its own name, or by words
 *   for each thing that sets it apart: `kRSA` for the key exchange by RSA, `SHA` and others for block ciphers in CBC mode.
 */
export function suitesMeant(
  { rules, securityLevel }: CipherList,
  all: readonly Tls12CipherSuite[],
  defaults: readonly Tls12CipherSuite[],
): readonly Tls12CipherSuite[] {
  const suiteB = suiteBLists[rules[0]?.words[0] ?? ""];
  if (suiteB !== undefined) return suiteB.flatMap((name) => byName(all, name) ?? []);
  const selection = new Selection(all, defaults);
  for (const { does, words } of rules) selection.apply(does, words);
  return selection.suites.filter((suite) => isOfLevel(cipherSuiteTraits(suite), securityLevel));
}

/** RFC 6460: these words, in the first place, stand for a whole list. */
const suiteBLists: Readonly<Record<string, readonly string[]>> = {
  SUITEB128: ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  SUITEB128C2: ["ECDHE-ECDSA-AES256-GCM-SHA384"],
  SUITEB128ONLY: ["ECDHE-ECDSA-AES128-GCM-SHA256"],
  SUITEB192: ["ECDHE-ECDSA-AES256-GCM-SHA384"],
};

/** SSL_CTX_set_security_level(3): bits that a suite has to have from each level on. */
const bitsOfLevels = [0, 80, 112, 128, 192, 256] as const;

const forwardSecret = ["kECDHE", "kDHE", "kECDHEPSK", "kDHEPSK"] as const;

/** Levels below what there is here bring nothing. */
function isOfLevel({ bits, words }: CipherSuiteTraits, level: number = 0): boolean {
  if (bits < (bitsOfLevels[level] ?? 0)) return false;
  if (level >= 3 && !forwardSecret.some((word) => words.has(word))) return false;
  return level < 4 || !words.has("SHA1");
}

/** The suites that a list has chosen so far, and the others, each in an order, as OpenSSL keeps them. */
class Selection {
  #chosen: readonly Tls12CipherSuite[] = [];
  #others: readonly Tls12CipherSuite[];
  readonly #defaults: ReadonlySet<Tls12CipherSuite>;
  /** What sets suites apart from those that are there without being named. */
  readonly #apart: readonly (readonly string[])[];

  constructor(all: readonly Tls12CipherSuite[], defaults: readonly Tls12CipherSuite[]) {
    this.#others = all;
    this.#defaults = new Set(defaults);
    const known = defaults.flatMap((suite) => cipherSuiteTraits(suite).apart);
    this.#apart = [...new Set(all.flatMap((suite) => cipherSuiteTraits(suite).apart))].filter(
      (words) => !known.includes(words),
    );
  }

  get suites(): readonly Tls12CipherSuite[] {
    return this.#chosen;
  }

  apply(does: CipherRule["does"], words: readonly string[]): void {
    const isMeant = (suite: Tls12CipherSuite): boolean => {
      const traits = cipherSuiteTraits(suite);
      return words.every((word) => traits.words.has(word));
    };
    const [meant, rest] = parted(this.#chosen, isMeant);
    if (does === "sorts") this.#chosen = byStrength(this.#chosen);
    else if (does === "moves to the end") this.#chosen = [...rest, ...meant];
    else if (does === "adds") {
      const [added, others] = parted(this.#others, (suite) => isMeant(suite) && this.#isNamed(suite, words));
      this.#chosen = [...this.#chosen, ...added];
      this.#others = others;
    } else {
      this.#chosen = rest;
      this.#others = does === "removes" ? [...meant, ...this.#others] : this.#others.filter((suite) => !isMeant(suite));
    }
  }

  /** Whether these words are enough to bring a suite that they are about. */
  #isNamed(suite: Tls12CipherSuite, words: readonly string[]): boolean {
    if (this.#defaults.has(suite)) return true;
    if (words.some((word) => word === suite.name || suite.aliases.includes(word))) return true;
    return cipherSuiteTraits(suite).apart.every(
      (names) => !this.#apart.includes(names) || words.some((word) => names.includes(word)),
    );
  }
}

/** Suites in the order that OpenSSL's have before anybody says anything: what it does to its table. */
export function inOpensslsOrder(all: readonly Tls12CipherSuite[]): readonly Tls12CipherSuite[] {
  const has = (word: string) => (suite: Tls12CipherSuite) => cipherSuiteTraits(suite).words.has(word);
  const isEphemeral = (suite: Tls12CipherSuite): boolean => has("kECDHE")(suite) || has("kDHE")(suite);
  const hasAead = ({ protection }: Tls12CipherSuite): boolean => protection.type === "AEAD";
  // By falling code, those with ECDHE and of these those with ECDSA first; then what matters more with each line.
  let order: readonly Tls12CipherSuite[] = [...all].sort((a, b) => b.code - a.code);
  const first = (is: (suite: Tls12CipherSuite) => boolean): void => {
    order = parted(order, is).flat();
  };
  const last = (is: (suite: Tls12CipherSuite) => boolean): void => {
    order = parted(order, is).toReversed().flat();
  };
  first(has("kECDHE"));
  first((suite) => has("kECDHE")(suite) && has("aECDSA")(suite));
  first((suite) => has("AES")(suite) && !has("AESGCM")(suite));
  first(has("CHACHA20"));
  first(has("AESGCM"));
  last(has("kRSA"));
  last(has("kPSK"));
  order = byStrength(order);
  first(has("TLSv1.2"));
  first(hasAead);
  first(isEphemeral);
  first((suite) => isEphemeral(suite) && hasAead(suite));
  return order;
}

function byStrength(suites: readonly Tls12CipherSuite[]): readonly Tls12CipherSuite[] {
  return [...suites].sort((a, b) => cipherSuiteTraits(b).bits - cipherSuiteTraits(a).bits);
}

function parted<T>(list: readonly T[], is: (entry: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter(is), list.filter((entry) => !is(entry))];
}
