import { type Awaitable, isWaitable, run, type Steps, wait } from "@tlskit/crypto";
import type { ServerSettings } from "@tlskit/handshake";
import { callerError, TlsError } from "@tlskit/wire";
import { aFunction, anyOf, bytes, check } from "@tlskit/wire/arguments";
import {
  type Certificate,
  checkRevocation,
  createOcspRequest,
  notChecked,
  Oid,
  TrustAnchors,
  verifyCertificate,
  X509Error,
} from "@tlskit/x509";
import { maxStapleLength, stapleRetryInterval } from "./limits.ts";

/** What is to be asked of whoever knows of a certificate whether it was revoked. */
export interface StapleQuestion {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  /** A request about it in DER, to be sent with POST as `application/ocsp-request` (RFC 6960 appendix A.1). */
  readonly request: Uint8Array;
  /** Where the certificate says that responders are. */
  readonly urls: readonly string[];
}

/** Gets an OCSP response in DER, at once or later; nothing if there is none. */
export type FetchStaple = (question: StapleQuestion) => Awaitable<Uint8Array | undefined>;

/** An OCSP response to be shown beside a certificate; or who gets one, and a newer one when it is time. */
export type StapleSource = Uint8Array | FetchStaple;

/** What {@link ocspStaple} gives: for a certificate's `ocspStaple`. */
export interface OcspStapling {
  /** @internal The response beside one certificate, as of a context. */
  beside(settings: StapleSettings, certificate: Certificate, issuer: Certificate | undefined): OcspStaple;
}

/**
 * An OCSP response to be shown beside a certificate, in DER; or who gets one. It has to say that the certificate is good, by
 * its issuer or whom that named, and until when.
 *
 * A function is called when a peer asks, or the context's `renewStaples`, if there is no response, or the one there is
 * has lived half of its time. No handshake waits for it: the old response is shown while it is good. After a failure it
 * is called again a minute later at the earliest. So that the first peer gets one too: `await context.renewStaples()`.
 * @throws {TlsError} `invalid_argument` (the caller's fault)
 */
export function ocspStaple(source: StapleSource): OcspStapling {
  check(source, "source", aStapleSource);
  return {
    beside: (settings, certificate, issuer) => new OcspStaple(settings, certificate, issuer, source),
  };
}

const aStapleSource = anyOf("an OCSP response in DER, or a function that gets one", bytes, aFunction);

/** @internal What a certificate's staple is checked with. */
export interface StapleSettings extends Pick<ServerSettings, "provider" | "clock"> {
  /** Told why there is no newer response. */
  readonly failed: ((error: unknown, certificate: Certificate) => void) | undefined;
}

/** A response that is good, and until when: milliseconds since 1970. */
interface Staple {
  readonly response: Uint8Array;
  readonly renewAt: number;
  readonly nextUpdate: number;
}

/** @internal The OCSP response that is shown beside one certificate: always one that is good, or none. */
export class OcspStaple {
  readonly #settings: StapleSettings;
  readonly #certificate: Certificate;
  readonly #issuer: Certificate;
  readonly #source: StapleSource;
  #staple: Staple | undefined;
  /** What was given while the clock didn't run. */
  #unchecked: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  #notAskedBefore = Number.NEGATIVE_INFINITY;

  /**
   * @throws {TlsError} `unsuitable_staple` (the caller's fault) for a response that isn't good: at once, if the provider
   * answers at once and the clock runs, and otherwise `failed` is told
   */
  constructor(
    settings: StapleSettings,
    certificate: Certificate,
    issuer: Certificate | undefined,
    source: StapleSource,
  ) {
    this.#settings = settings;
    this.#certificate = certificate;
    this.#source = source;
    if (issuer === undefined) {
      throw unsuitable(`the certificate of the issuer of ${certificate} is missing, by which its staple is checked`);
    }
    this.#issuer = issuer;
    if (typeof source === "function") return;
    // A Worker's clock says so at the top of a module: whether it is good is found out when there is a time.
    if (settings.clock() === 0) {
      this.#unchecked = source;
      return;
    }
    const checked = run(this.#check(source));
    if (!isWaitable(checked)) this.#staple = checked;
    else
      checked.then(
        (staple) => this.#take(staple),
        (error) => this.#fail(error),
      );
  }

  /** What is to be shown now. RFC 6066 §8: what is out of date would be held against whoever shows it. */
  get response(): Uint8Array | undefined {
    const { clock } = this.#settings;
    return this.#staple !== undefined && clock() <= this.#staple.nextUpdate ? this.#staple.response : undefined;
  }

  /** Asks for a newer response if it is time to. Never fails: `failed` is told. */
  renew(): Awaitable<void> {
    const unchecked = this.#unchecked;
    if (unchecked !== undefined) {
      this.#unchecked = undefined;
      return run(this.#taking(unchecked));
    }
    const source = this.#source;
    const now = this.#settings.clock();
    if (typeof source !== "function" || now < this.#notAskedBefore) return;
    if (this.#staple !== undefined && now < this.#staple.renewAt) return;
    this.#notAskedBefore = now + stapleRetryInterval;
    return run(this.#renewal(source));
  }

  *#renewal(source: FetchStaple): Steps<void> {
    try {
      const response = yield* wait(source(yield* this.#question()));
      // RFC 7633 §4.3.2#told
      if (response === undefined)
        throw new TlsError("internal", "no_staple", `there is no OCSP response for ${this.#certificate}`);
      yield* this.#taking(response);
    } catch (error) {
      this.#fail(error);
    }
  }

  *#taking(response: Uint8Array): Steps<void> {
    try {
      this.#take(yield* this.#check(response));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Of two that were asked for the one that is good for longer, whichever comes last. */
  #take(staple: Staple): void {
    if (this.#staple === undefined || this.#staple.nextUpdate <= staple.nextUpdate) this.#staple = staple;
  }

  /** A handler that throws must neither end the handshake that the renewal was made on the occasion of, nor hide others' renewals. */
  #fail(error: unknown): void {
    try {
      this.#settings.failed?.(error, this.#certificate);
    } catch {}
  }

  *#question(): Steps<StapleQuestion> {
    const { provider } = this.#settings;
    const about = { certificate: this.#certificate, issuer: this.#issuer };
    const { der } = yield* createOcspRequest({ provider, certificates: [about] });
    return { ...about, request: der, urls: respondersOf(this.#certificate) };
  }

  /** A response that whoever is shown it will take: about this certificate, by who may answer, current, and good. */
  *#check(response: Uint8Array): Steps<Staple> {
    const { provider, clock } = this.#settings;
    if (response.length > maxStapleLength) {
      throw unsuitable(`an OCSP response has up to ${maxStapleLength} bytes, not ${response.length}`);
    }
    const result = yield* verifyCertificate({
      provider,
      leaf: this.#certificate,
      intermediates: [],
      anchors: TrustAnchors.of([this.#issuer]),
      at: new Date(clock()),
      purpose: "any",
      hostname: notChecked,
      leafKeyUsage: notChecked,
      revocation: checkRevocation({
        mode: "required",
        certificates: "leaf",
        stapled: [{ certificate: this.#certificate, response }],
      }),
    });
    if (!result.ok) throw unsuitable(`no OCSP response for ${this.#certificate}: ${result.reason.message}`);
    const [status] = result.chain.revocation === notChecked ? [] : result.chain.revocation;
    const single = status?.status === "good" && status.evidence.source === "ocsp" ? status.evidence.single : undefined;
    if (single?.nextUpdate === undefined) {
      throw unsuitable(`the OCSP response for ${this.#certificate} doesn't say until when it is good`);
    }
    const [thisUpdate, nextUpdate] = [single.thisUpdate.getTime(), single.nextUpdate.getTime()];
    // not slice: a Buffer's slice is a view
    return { response: new Uint8Array(response), renewAt: (thisUpdate + nextUpdate) / 2, nextUpdate };
  }
}

/** RFC 5280 §4.2.2.1; none if it can't be read. */
function respondersOf(certificate: Certificate): readonly string[] {
  try {
    const descriptions = certificate.authorityInfoAccess ?? [];
    return descriptions.flatMap(({ accessMethod, accessLocation }) =>
      accessMethod === Oid.ocsp && accessLocation.type === "uniformResourceIdentifier" ? [accessLocation.value] : [],
    );
  } catch (error) {
    if (error instanceof X509Error) return [];
    throw error;
  }
}

function unsuitable(message: string): TlsError {
  return callerError("unsuitable_staple", message);
}
