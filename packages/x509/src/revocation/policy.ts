import type { Random } from "@tlskit/crypto";
import type { Certificate } from "../certificate.ts";
import type { CertificateRevocationList } from "../crl/crl.ts";
import type { OcspResponse } from "../ocsp/response.ts";
import type { FetchRevocation } from "./fetching.ts";

/** An OCSP response that a TLS peer sent along with a certificate. */
export interface StapledResponse {
  readonly certificate: Certificate;
  /** In DER; or bytes that can't be read. */
  readonly response: Uint8Array;
}

/** How revocation is to be checked, and with what. */
export interface RevocationPolicy {
  /**
   * `required` refuses a certificate of which nothing is known ("hard fail"); `when_available` accepts it ("soft fail"),
   * which whoever can hold answers back turns into no check at all. Either refuses one that was revoked.
   */
  readonly mode: "required" | "when_available";
  /** Which certificates are asked about: the leaf alone, or all but the anchor. */
  readonly certificates: "leaf" | "chain";
  /** CRLs at hand: complete ones and delta CRLs, in any order, with anything else among them. */
  readonly crls?: readonly CertificateRevocationList[] | undefined;
  /** OCSP responses at hand. */
  readonly ocspResponses?: readonly OcspResponse[] | undefined;
  /**
   * The OCSP responses that a TLS peer that was asked for them sent along: none, or one with each of some certificates.
   * One that comes with a certificate that is asked about has to say that it is good (RFC 6066 §8), whatever else is known.
   * Only who gives a list, be it empty, has a certificate's promise to send one (RFC 7633, "must staple") held against it.
   */
  readonly stapled?: readonly StapledResponse[] | undefined;
  /** Gets what is not at hand, from where the certificates say it is. Without it nothing is fetched. */
  readonly fetch?: FetchRevocation | undefined;
  /**
   * Binds responses to requests (RFC 9654): each request that is fetched has 32 bytes of this, and a response with others
   * is refused; one with none too if it is `required`. Many responders make their responses in advance, and have none.
   */
  readonly nonce?: { readonly random: Random; readonly required: boolean } | undefined;
  /**
   * How many milliseconds old CRLs and answers may be, whatever they say of themselves. Unless told, as old as they say;
   * those that don't say when they will be replaced are refused.
   */
  readonly maximumAge?: number | undefined;
  readonly limits?: Partial<RevocationLimits> | undefined;
}

/** What checking revocation may spend in one verification, besides the signatures that the verification counts. */
export interface RevocationLimits {
  /** Fetches, each of which may take seconds. */
  readonly fetches: number;
  /** CRLs looked at for one certificate, of those that are about it. */
  readonly crls: number;
  /** Distribution points of one certificate that are looked at: those in use have one or two. */
  readonly distributionPoints: number;
  /** OCSP responses looked at for one certificate. */
  readonly ocspResponses: number;
  /** Certificates tried as the signer of one CRL, or as the responder that signed one response. */
  readonly signers: number;
  /** Signers of CRLs that have to be good, each by a CRL of the next, before a CRL counts. */
  readonly signerDepth: number;
}

/** What checking revocation may spend unless told. */
export const defaultRevocationLimits: RevocationLimits = {
  fetches: 10,
  crls: 64,
  distributionPoints: 16,
  ocspResponses: 16,
  signers: 4,
  signerDepth: 3,
};
