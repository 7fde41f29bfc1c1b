import { type Awaitable, type Steps, wait } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { DistributionPoint } from "../extensions/distribution-points.ts";
import { isFetchable } from "../fetchable-url.ts";
import { maximumCrlBytes, maximumOcspBytes } from "../limits.ts";
import { Oid } from "../oids.ts";
import { readable } from "../readable.ts";

/**
 * What is to be fetched. The address was chosen by whoever made the certificate, and only its scheme was looked at: who
 * fetches on a machine that can reach what others can't must look at the host too.
 */
export type RevocationRequest =
  /** To be had with GET (RFC 5280 §4.2.1.13). */
  | { readonly type: "crl"; readonly url: string; readonly maximumBytes: number }
  /** To be sent with POST as `application/ocsp-request` (RFC 6960 appendix A.1). */
  | { readonly type: "ocsp"; readonly url: string; readonly body: Uint8Array; readonly maximumBytes: number };

/**
 * Gets a CRL or an OCSP response, in DER, at once or later; nothing if it can't be had. Whatever it throws means the
 * same, and is told as the reason. It should give up in time, and stop reading at `maximumBytes`.
 */
export type FetchRevocation = (request: RevocationRequest) => Awaitable<Uint8Array | undefined>;

/** Fetches, no more often than it may. */
export class Fetching {
  readonly #fetch: FetchRevocation | undefined;
  readonly #limit: number;
  #spent = 0;

  constructor(fetch: FetchRevocation | undefined, limit: number) {
    this.#fetch = fetch;
    this.#limit = limit;
  }

  /** The addresses of the responders for a certificate (RFC 5280 §4.2.2.1), if anything may be fetched. */
  ocspUrls(certificate: Certificate): readonly string[] {
    if (this.#fetch === undefined) return [];
    const descriptions = readable(() => certificate.authorityInfoAccess) ?? [];
    const locations = descriptions.filter(({ accessMethod }) => accessMethod === Oid.ocsp);
    return this.#usable(
      locations.flatMap(({ accessLocation }) =>
        accessLocation.type === "uniformResourceIdentifier" ? [accessLocation.value] : [],
      ),
    );
  }

  /** The addresses of CRLs, if anything may be fetched. */
  crlUrls(points: readonly DistributionPoint[] | undefined): readonly string[] {
    return this.#usable(
      (points ?? []).flatMap(({ distributionPoint }) =>
        distributionPoint?.type === "fullName" ? distributionPoint.names.uniformResourceIdentifiers : [],
      ),
    );
  }

  /** A CRL's bytes, or why they couldn't be had, as a sentence. */
  *crl(url: string): Steps<Uint8Array | string> {
    return yield* this.#get({ type: "crl", url, maximumBytes: maximumCrlBytes });
  }

  /** A response's bytes, or why they couldn't be had, as a sentence. */
  *ocsp(url: string, body: Uint8Array): Steps<Uint8Array | string> {
    return yield* this.#get({ type: "ocsp", url, body, maximumBytes: maximumOcspBytes });
  }

  *#get(request: RevocationRequest): Steps<Uint8Array | string> {
    const from = JSON.stringify(request.url.slice(0, 200));
    if (this.#fetch === undefined || this.#spent >= this.#limit) return `nothing is fetched from ${from}: enough was`;
    this.#spent += 1;
    try {
      const bytes = yield* wait(this.#fetch(request));
      return bytes ?? `nothing was to be had from ${from}`;
    } catch (error) {
      return `nothing was to be had from ${from}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  #usable(urls: readonly string[]): readonly string[] {
    return this.#fetch === undefined ? [] : [...new Set(urls)].filter(isFetchable);
  }
}
