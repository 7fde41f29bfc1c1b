import { type Awaitable, type Steps, wait } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import { isFetchable } from "../fetchable-url.ts";
import { Oid } from "../oids.ts";
import { readable } from "../readable.ts";
import type { FoundIssuers, IntermediateSession, IntermediateSource } from "../verification/missing-intermediates.ts";
import { certificatesOfAnswer } from "./answer.ts";

/**
 * What is to be fetched, with GET. The address was chosen by whoever made the certificate, which nobody has verified yet,
 * and only its scheme was looked at: who fetches decides which hosts may be asked.
 */
export interface CaIssuersRequest {
  readonly url: string;
  readonly maximumBytes: number;
}

/** How certificates that are missing are fetched, and how much of it. */
export interface CaIssuersPolicy {
  /**
   * Gets what is at an address, at once or later; nothing if it can't be had. Whatever it throws means the same, and is
   * told as the reason. It should give up in time, and stop reading at `maximumBytes`.
   */
  readonly fetch: (request: CaIssuersRequest) => Awaitable<Uint8Array | undefined>;
  /** Makes DER of what isn't: `berToDer` of `@tlskit/x509/ber`, since PKCS#7 may be BER. Without it DER alone is read. */
  readonly toDer?: ((encoding: Uint8Array) => Uint8Array) | undefined;
  readonly limits?: Partial<CaIssuersLimits> | undefined;
}

/** What fetching may spend in one verification. */
export interface CaIssuersLimits {
  /** Fetches, each of which may take seconds. A server that forgets its intermediates lacks one or two. */
  readonly fetches: number;
  /** Bytes of an answer. A certificate has a few thousand, a bundle of a CA's some ten times as many. */
  readonly bytes: number;
  /** Certificates of an answer that are looked at. */
  readonly certificates: number;
  /** How often what was fetched may lead to the next fetch: whoever answers could go on for ever. */
  readonly depth: number;
}

/** What fetching may spend unless told. */
export const defaultCaIssuersLimits: CaIssuersLimits = { fetches: 5, bytes: 131_072, certificates: 16, depth: 3 };

/**
 * Fetches the certificates that a verification lacks from where those at hand say that their issuers' are (RFC 5280
 * §4.2.2.1, caIssuers), for the `missingIntermediates` of a verification:
 * ```ts
 * await verifyCertificateAsync({ …, missingIntermediates: fetchCaIssuers({ fetch }) });
 * ```
 * Each address is asked once in a verification. An answer is a certificate in DER, several in PKCS#7 (certs-only), or
 * either in PEM. Nothing is trusted for having come from there.
 *
 * Whoever is asked, and whoever is on the way, learns whose certificate is being verified, and from where.
 */
export function fetchCaIssuers(policy: CaIssuersPolicy): IntermediateSource {
  const limits = { ...defaultCaIssuersLimits, ...policy.limits };
  return { begin: () => new Session(policy, limits) };
}

class Session implements IntermediateSession {
  readonly #policy: CaIssuersPolicy;
  readonly #limits: CaIssuersLimits;
  readonly #asked = new Set<string>();
  /** How many fetches led to a certificate. */
  readonly #depths = new Map<Certificate, number>();
  #spent = 0;

  constructor(policy: CaIssuersPolicy, limits: CaIssuersLimits) {
    this.#policy = policy;
    this.#limits = limits;
  }

  *issuersOf(certificate: Certificate): Steps<FoundIssuers> {
    const tried: string[] = [];
    const depth = this.#depths.get(certificate) ?? 0;
    for (const url of addressesOf(certificate)) {
      if (this.#asked.has(url)) continue;
      const from = JSON.stringify(url.slice(0, 200));
      if (depth >= this.#limits.depth) {
        tried.push(`nothing is fetched from ${from}: ${depth} certificates were, each on account of another`);
        continue;
      }
      if (this.#spent >= this.#limits.fetches) {
        tried.push(`nothing is fetched from ${from}: enough was`);
        continue;
      }
      this.#asked.add(url);
      this.#spent += 1;
      const found = yield* this.#fetch(url);
      if (typeof found === "string") {
        tried.push(`${found} from ${from}`);
        continue;
      }
      for (const one of found) this.#depths.set(one, depth + 1);
      return { certificates: found, tried };
    }
    return { certificates: [], tried };
  }

  /** The certificates that are there, or why there are none, as a clause that goes on with where. */
  *#fetch(url: string): Steps<readonly Certificate[] | string> {
    const { fetch, toDer } = this.#policy;
    const { bytes: maximumBytes, certificates } = this.#limits;
    let bytes: Uint8Array | undefined;
    try {
      bytes = yield* wait(fetch({ url, maximumBytes }));
    } catch (error) {
      return `${error instanceof Error ? error.message : String(error)}: nothing was to be had`;
    }
    if (bytes === undefined) return "nothing was to be had";
    if (bytes.length > maximumBytes) return `more than ${maximumBytes} bytes came`;
    const found = certificatesOfAnswer(new Uint8Array(bytes), certificates, toDer);
    return found.length === 0 ? "no certificate that can be read came" : found;
  }
}

function addressesOf(certificate: Certificate): readonly string[] {
  return (readable(() => certificate.authorityInfoAccess) ?? []).flatMap(({ accessMethod, accessLocation }) =>
    accessMethod === Oid.caIssuers &&
    accessLocation.type === "uniformResourceIdentifier" &&
    isFetchable(accessLocation.value)
      ? [accessLocation.value]
      : [],
  );
}
