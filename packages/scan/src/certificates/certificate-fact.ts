import { type HashFunction, hashOf, type Steps } from "@tlskit/crypto";
import { Certificate, formatIpAddress, Oid, readable, readEach } from "@tlskit/x509";
import { accessLocations, crlLocations } from "@tlskit/x509/text";
import type { CertificateFact } from "../facts.ts";
import { certificateSummary, unreadableSummary } from "./certificate-summary.ts";
import type { Placed, SentChain } from "./chain-oddities.ts";
import { type Judges, judgeChain } from "./chain-verdict.ts";
import { stapleFact } from "./staple-fact.ts";
import { type SentBeside, timestampsFact } from "./timestamps-fact.ts";

/** What a server showed to one hello. */
export interface Shown extends SentBeside {
  readonly shownTo: CertificateFact["shownTo"];
  /** DER, the server's own first. */
  readonly chain: readonly [Uint8Array, ...Uint8Array[]];
}

/** Certificates of one chain that are looked at. Those in use have up to five, and each is compared with each. */
export const maximumCertificatesRead = 50;

/** The number of TLS's extension status_request, which a certificate can promise (RFC 7633 §4.1). */
const statusRequest = 5;

/** All that can be told of what a server showed, and how it holds. */
export function* certificateFact(shown: Shown, judges: Judges): Steps<CertificateFact> {
  const { provider, at } = judges;
  const sha256 = hashOf(provider, "SHA-256");
  const own = readEach([shown.chain[0]], () => "certificate 1", Certificate.fromDer);
  const [leaf] = own.read;
  if (leaf === undefined) return unreadableFact(shown, own.passedOver[0]?.reason ?? "", sha256);

  const sent = { leaf, ...othersOf(shown) };
  const { verdict, issuer } = yield* judgeChain(sent, judges);
  const { ocspResponse: response } = shown;
  return {
    ...certificateSummary(leaf, sha256),
    shownTo: shown.shownTo,
    chain: shown.chain,
    others: sent.others.map(({ certificate }) => certificateSummary(certificate, sha256)),
    dnsNames: leaf.subjectAlternativeName?.dnsNames ?? [],
    ipAddresses: leaf.subjectAlternativeName?.ipAddresses.map(formatIpAddress) ?? [],
    validation: readable(() => validationOf(leaf)),
    mustStaple: readable(() => leaf.tlsFeature?.has(statusRequest)) === true,
    noRevocation: leaf.extension(Oid.noRevAvail) !== undefined,
    ocspUrls: readable(() => accessLocations(leaf, Oid.ocsp)) ?? [],
    crlUrls: readable(() => crlLocations(leaf)) ?? [],
    verdict,
    staple: yield* stapleFact({ provider, certificate: leaf, issuer, response, at }),
    timestamps: timestampsFact(leaf, shown),
  };
}

/** CA/Browser Forum's identifiers, the strictest first. */
const validations: readonly (readonly [policy: string, validation: NonNullable<CertificateFact["validation"]>])[] = [
  ["2.23.140.1.1", "extended"],
  ["2.23.140.1.2.2", "organization"],
  ["2.23.140.1.2.3", "individual"],
  ["2.23.140.1.2.1", "domain"],
];

function validationOf({ certificatePolicies = [] }: Certificate): CertificateFact["validation"] {
  const policies = new Set(certificatePolicies.map(({ policyIdentifier }) => policyIdentifier));
  return validations.find(([policy]) => policies.has(policy))?.[1];
}

function othersOf({ chain }: Shown): Omit<SentChain, "leaf"> {
  const placed = chain.map((der, index) => ({ der, place: index + 1 }));
  const { read, passedOver } = readEach(
    placed.slice(1, maximumCertificatesRead),
    ({ place }) => `certificate ${place}`,
    ({ der, place }): Placed => ({ certificate: Certificate.fromDer(der), place }),
  );
  if (chain.length <= maximumCertificatesRead) return { others: read, passedOver };
  const source = `certificate ${maximumCertificatesRead + 1}`;
  const reason = `at most ${maximumCertificatesRead} certificates are looked at, there are ${chain.length}`;
  return { others: read, passedOver: [...passedOver, { source, reason }] };
}

function unreadableFact({ shownTo, chain }: Shown, reason: string, sha256: HashFunction): CertificateFact {
  return {
    ...unreadableSummary(chain[0], sha256),
    shownTo,
    chain,
    others: [],
    dnsNames: [],
    ipAddresses: [],
    mustStaple: false,
    noRevocation: false,
    ocspUrls: [],
    crlUrls: [],
    verdict: {
      trusted: false,
      publicRoot: false,
      nameMatches: false,
      problems: [{ code: "unreadable", reason: `the server's own certificate can't be read: ${reason}` }],
      oddities: [],
    },
    staple: { state: "none" },
    timestamps: { inCertificate: 0, inHandshake: 0, inStaple: 0 },
  };
}
