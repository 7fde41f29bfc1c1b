import { applicationLayerProtocolNegotiation, type RawExtension, supportedVersions } from "@tlskit/messages";
import { alertName, asciiBytes, encode } from "@tlskit/wire";
import type { ToleranceFact } from "../facts.ts";
import { ordinaryOffer, shareable } from "../negotiation/known-offer.ts";
import type { Answer } from "../probe/answer.ts";
import { defaultGroups, registeredSignatureSchemes } from "../probe/default-offer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { knownGroup } from "../registry/group.ts";
import { type Check, type FoundSoFar, foundOf, type Scanning, Skipped } from "../scanning.ts";
import { type Version, versions } from "../version.ts";
import { stoppedAnswering } from "./stopped-answering.ts";

type OddityId =
  | "unknown-version"
  | "unknown-legacy-version"
  | "record-version"
  | "unknown-extension"
  | "unknown-suites"
  | "grease"
  | "hello-of-256"
  | "large-hello"
  | "hello-in-two-records"
  | "split-hello"
  | "empty-last-extension"
  | "unknown-compression";

/** Something that a hello may have without a server's being bothered by it. */
interface Oddity {
  readonly id: OddityId;
  readonly about: string;
  /** The hello that the server takes, made odd; nothing if it can't be for this one. */
  odd(offer: Taken, scanning: Scanning): HelloOffer | undefined;
}

/** A hello that the server takes: the groups that it has come first. */
type Taken = HelloOffer & { readonly groups: readonly number[] };

/** RFC 8701 §2. */
const grease = { code: 0x7a7a, other: 0xbaba } as const;

/** IANA "TLS ExtensionType Values": assigned to nobody, and long: 0x5a00 and following are free. */
const unassigned = 0x5a17;

const padding = (length: number): RawExtension => ({ code: 21, data: new Uint8Array(length) });

const newestIs13 = ({ versions }: HelloOffer): boolean => versions.includes("TLS 1.3");

const oddities: readonly Oddity[] = [
  {
    id: "unknown-version",
    about: "a hello that offers a version still to come",
    // RFC 9846 §4.3.1, §E.2; before TLS 1.3 the hello's own field says it (RFC 5246 §E.1).
    odd: (offer) =>
      newestIs13(offer)
        ? { ...offer, extensions: [...(offer.extensions ?? []), offered([0x0305, versions["TLS 1.3"]])] }
        : { ...offer, legacyVersion: 0x0304 },
  },
  {
    id: "unknown-legacy-version",
    about: "a hello whose own field says a version still to come",
    // RFC 5246 §E.1. A server of TLS 1.3 has to refuse any other than TLS 1.2's beside supported_versions (RFC 9846 §4.2.2).
    odd: (offer) => (newestIs13(offer) ? undefined : { ...offer, legacyVersion: 0x0399 }),
  },
  {
    id: "record-version",
    about: "a hello in a record of SSL 3.0's version",
    // RFC 9846 §5.1: the field is passed over; RFC 5246 §E.1: any {03,XX}.
    odd: (offer) => ({ ...offer, recordVersion: 0x0300 }),
  },
  {
    id: "unknown-extension",
    about: "a hello with an extension that nobody knows",
    // RFC 9846 §4.3, RFC 5246 §7.4.1.4
    odd: (offer) => ({
      ...offer,
      extensions: [...(offer.extensions ?? []), { code: unassigned, data: asciiBytes("tlskit") }],
    }),
  },
  {
    id: "unknown-suites",
    about: "a hello with cipher suites that nobody knows",
    // RFC 9846 §4.2.2, RFC 5246 §7.4.1.2
    odd: (offer) => ({ ...offer, cipherSuites: [0x5a00, 0x5a01, ...offer.cipherSuites, 0x5a02] }),
  },
  {
    id: "grease",
    about: "a hello with GREASE in every list (RFC 8701)",
    odd: (offer) => ({
      ...offer,
      cipherSuites: [grease.code, ...offer.cipherSuites],
      groups: [grease.code, ...offer.groups],
      signatureSchemes: [grease.code, ...registeredSignatureSchemes],
      extensions: [
        ...(offer.extensions ?? []),
        { code: grease.code, data: new Uint8Array(0) },
        { code: grease.other, data: Uint8Array.of(0) },
        {
          code: applicationLayerProtocolNegotiation.code,
          data: encode(applicationLayerProtocolNegotiation.data, [
            Uint8Array.of(grease.code >> 8, grease.code & 0xff),
            asciiBytes("http/1.1"),
          ]),
        },
        ...(newestIs13(offer) ? [offered([grease.code, versions["TLS 1.3"]])] : []),
      ],
    }),
  },
  {
    id: "hello-of-256",
    about: "a hello of 256 to 511 octets",
    // RFC 7685 §1: some load balancers took its length for that of SSL 2.0's.
    odd: (offer, { provider }) => {
      const available = shareable(provider);
      // A post-quantum share alone is longer.
      const curves = offer.groups.filter((code) => knownGroup(code)?.kind === "curve");
      const share = newestIs13(offer) ? curves.find((code) => available.has(code)) : undefined;
      if (newestIs13(offer) && share === undefined) return undefined;
      return {
        ...offer,
        cipherSuites: offer.cipherSuites.slice(0, 20),
        groups: curves.slice(0, 4),
        ...(share === undefined ? {} : { keyShares: [share] }),
        signatureSchemes: registeredSignatureSchemes.slice(0, 12),
        extensions: [...(offer.extensions ?? []), padding(newestIs13(offer) ? 96 : 160)],
      };
    },
  },
  {
    id: "large-hello",
    about: "a hello of more than 4 KiB, as post-quantum shares make it",
    odd: (offer) => ({ ...offer, extensions: [...(offer.extensions ?? []), padding(4096)] }),
  },
  {
    id: "hello-in-two-records",
    about: "a hello longer than a record",
    // RFC 9846 §5.1: a message may go over records.
    odd: (offer) => ({ ...offer, extensions: [...(offer.extensions ?? []), padding(20_000)] }),
  },
  {
    id: "split-hello",
    about: "a hello in records of 64 octets",
    odd: (offer) => ({ ...offer, recordSize: 64 }),
  },
  {
    id: "empty-last-extension",
    about: "a hello whose last extension is empty",
    // RFC 7685 §4 knows of servers that refuse it.
    odd: (offer) => ({
      ...offer,
      extensions: [...(offer.extensions ?? []), { code: unassigned, data: new Uint8Array(0) }],
    }),
  },
  {
    id: "unknown-compression",
    about: "a hello with a compression method that nobody knows",
    // RFC 5246 §7.4.1.2. RFC 9846 §4.2.2 wants null alone where TLS 1.3 is offered.
    odd: (offer) => (newestIs13(offer) ? undefined : { ...offer, compressionMethods: [0xe7, 0] }),
  },
];

function offered(codes: readonly number[]): RawExtension {
  return { code: supportedVersions.code, data: encode(supportedVersions.data, codes) };
}

/**
 * What a server does about hellos with something that it can't know, or that are unusually long or short: what it should pass
 * over (RFC 9846 §4.2.2, RFC 8701). Who doesn't can't be talked to by what is still to come.
 */
export const toleranceCheck: Check<"tolerance"> = {
  name: "tolerance",
  about: "tolerance of what is still to come",
  needs: ["versions", "cipherSuites", "groups"],
  run: async (scanning, found) => {
    const offer = ordinaryOffer(scanning, found);
    if (offer instanceof Skipped) return offer;
    const [version] = offer.versions;
    if (version === undefined || version === "SSL 3.0") return new Skipped("SSL 3.0 has no extensions");
    const { groups = groupsBefore13(scanning, found) } = offer;
    const taken = { ...offer, groups };
    const tries = await Promise.all(together.map((ids) => triedTogether(scanning, ids, taken, version)));
    const facts = tries.flat();
    if (facts.some((fact) => fact?.tolerated === false)) {
      // So does a server that has had enough of us.
      const ordinary = await scanning.probe(taken, "hello");
      if (refusal(ordinary, version) !== undefined) {
        throw stoppedAnswering("the server takes no ordinary hello any more", ordinary);
      }
    }
    return oddities.flatMap(({ id }) => facts.find((fact) => fact.id === id) ?? []);
  },
};

/**
 * What one hello may have together, in the order in which it is made so: the lengths, and what stands at one place, don't go
 * together. Who takes such a hello takes each of them; otherwise they are tried one by one.
 */
const together: readonly (readonly OddityId[])[] = [
  ["unknown-version", "record-version", "unknown-suites", "hello-of-256"],
  ["grease", "hello-in-two-records", "empty-last-extension"],
  ["unknown-extension", "large-hello", "split-hello", "unknown-compression"],
  ["unknown-legacy-version"],
];

async function triedTogether(
  scanning: Scanning,
  ids: readonly OddityId[],
  offer: Taken,
  version: Version,
): Promise<readonly ToleranceFact[]> {
  const possible = oddities.filter(({ id, odd }) => ids.includes(id) && odd(offer, scanning) !== undefined);
  const [first, ...more] = ids.flatMap((id) => possible.find((oddity) => oddity.id === id) ?? []);
  if (first === undefined) return [];
  if (more.length > 0) {
    let hello = offer;
    for (const { odd } of [first, ...more]) {
      const odder = odd(hello, scanning) ?? hello;
      hello = { ...odder, groups: odder.groups ?? offer.groups };
    }
    const answer = await scanning.probe(hello, "hello");
    if (refusal(answer, version) === undefined) {
      return possible.map(({ id, about }) => ({ id, about, tolerated: true, how: undefined }));
    }
  }
  return await Promise.all(possible.map((oddity) => tried(scanning, oddity, offer, version)));
}

function groupsBefore13({ provider }: Scanning, { groups }: FoundSoFar): readonly number[] {
  const taken = foundOf(groups)?.find(({ version }) => version === "TLS 1.2")?.accepted ?? [];
  return [...new Set([...taken.map(({ code }) => code), ...defaultGroups(provider, ["TLS 1.2"])])];
}

async function tried(
  scanning: Scanning,
  { id, about, odd }: Oddity,
  offer: Taken,
  version: Version,
): Promise<ToleranceFact> {
  const answer = await scanning.probe(odd(offer, scanning) ?? offer, "hello");
  const how = refusal(answer, version);
  if (how !== undefined) scanning.note({ about, messages: answer.seen });
  return { id, about, tolerated: how === undefined, how };
}

/** What a server did that didn't go on as it does with an ordinary hello. */
function refusal({ end, version, serverHello, retry }: Answer, expected: Version): string | undefined {
  if ((serverHello ?? retry) !== undefined)
    return version === expected ? undefined : `chose ${version ?? "an unknown version"}`;
  switch (end.how) {
    case "alert":
      return `alert ${alertName(end.description)}`;
    case "closed":
      return "hung up";
    case "silent":
      return `said nothing for ${end.seconds} s`;
    case "unreadable":
      return end.reason;
    case "complete":
      return "sent no hello";
  }
}
