import {
  encryptThenMac,
  extendedMainSecret,
  extensionCodes,
  extensionIn,
  type RawExtension,
  recordSizeLimit,
  renegotiationInfo,
} from "@tlskit/messages";
import { Alert, encode } from "@tlskit/wire";
import type { Named } from "../facts.ts";
import {
  newestWith,
  offerBefore13,
  offerOf13,
  spokenVersions,
  suitesTaken,
  versionsBefore13,
} from "../negotiation/known-offer.ts";
import type { Answer } from "../probe/answer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { type KnownCipherSuite, knownCipherSuite } from "../registry/cipher-suite.ts";
import { certificateCompressionAlgorithms, compressionMethods } from "../registry/compression.ts";
import type { Check, FoundSoFar, Scanning } from "../scanning.ts";

/** RFC 6066 §4: 2^9 octets. */
const maxFragmentLength: RawExtension = { code: 1, data: Uint8Array.of(1) };
/** RFC 6066 §7. */
const truncatedHmac: RawExtension = { code: 4, data: new Uint8Array(0) };
/** RFC 6520 §2: peer_allowed_to_send. */
const heartbeat: RawExtension = { code: 15, data: Uint8Array.of(1) };
/** RFC 8449 §4: as much as TLS 1.2's records have, so that the server's flight isn't cut to pieces. */
const recordSize: RawExtension = { code: recordSizeLimit.code, data: encode(recordSizeLimit.data, 2 ** 14) };
const emptyEncryptThenMac: RawExtension = { code: encryptThenMac.code, data: new Uint8Array(0) };

/** RFC 7507 §2. */
const fallbackScsv = 0x5600;

/** What a server answers of what a hello may ask for besides: extensions, compression, the signal of a fallback. */
export const extensionsCheck: Check<"extensions"> = {
  name: "extensions",
  about: "extensions",
  needs: ["versions", "cipherSuites", "groups"],
  run: async (scanning, found) => {
    const [before13, in13, certificateCompression, scsv] = await Promise.all([
      askedBefore13(scanning, found),
      askedIn13(scanning, found),
      compressionOfCertificates(scanning, found),
      isFallbackNoticed(scanning, found),
    ]);
    const answers = [before13, in13].filter((answer) => answer !== undefined);
    const has = (code: number): boolean => answers.some((answer) => codesIn(answer).includes(code));
    const limit = answers.map(({ encryptedExtensions, serverHello }) => {
      const message = encryptedExtensions ?? serverHello;
      return message && sizeLimitIn(message.extensions?.find(({ code }) => code === recordSizeLimit.code)?.value);
    });
    const hello = before13?.serverHello;
    const isCbcChosen = hello !== undefined && knownCipherSuite(hello.cipherSuite)?.mode === "CBC";
    return {
      ...(hello === undefined
        ? {}
        : {
            secureRenegotiation: extensionIn(hello, renegotiationInfo) !== undefined,
            extendedMainSecret: extensionIn(hello, extendedMainSecret) !== undefined,
          }),
      // RFC 7366 §3
      encryptThenMac: isCbcChosen && !isSsl3(before13) ? extensionIn(hello, encryptThenMac) !== undefined : undefined,
      fallbackScsv: scsv,
      compression: hello === undefined ? [] : await compressionsOf(scanning, found, hello.legacyCompressionMethod),
      heartbeat: has(heartbeat.code),
      truncatedHmac: has(truncatedHmac.code),
      maxFragmentLength: has(maxFragmentLength.code) || (await isFragmentLengthTaken(scanning, found, answers)),
      recordSizeLimit: limit.find((size) => size !== undefined),
      certificateCompression,
    };
  },
};

/** The codes in a server's hello and in its EncryptedExtensions. */
function codesIn({ serverHello, encryptedExtensions }: Answer): readonly number[] {
  return [serverHello, encryptedExtensions].flatMap((message) =>
    message === undefined ? [] : extensionCodes(message),
  );
}

/** Decoded where it is described, octets where it isn't. */
function sizeLimitIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return value instanceof Uint8Array && value.length === 2 ? ((value[0] ?? 0) << 8) | (value[1] ?? 0) : undefined;
}

/** RFC 5746 §3.3. */
const emptyRenegotiationInfoScsv = 0x00ff;

function isSsl3(answer: Answer | undefined): boolean {
  return answer?.version === "SSL 3.0";
}

/** Asks for everything at once, with suites of CBC if there are any: encrypt_then_mac and truncated_hmac are for these. */
async function askedBefore13(scanning: Scanning, found: FoundSoFar): Promise<Answer | undefined> {
  const isCbc = ({ mode }: KnownCipherSuite): boolean => mode === "CBC";
  const newest = newestWith(found, isCbc) ?? newestWith(found, () => true);
  if (newest === undefined) return undefined;
  const { version, suites } = newest;
  const methods = [...compressionMethods.map(({ code }) => code), 0];
  const offer: HelloOffer =
    version === "SSL 3.0"
      ? // It has no extensions, and says that of renegotiation by a suite.
        { versions: [version], cipherSuites: [...suites, emptyRenegotiationInfoScsv] }
      : {
          versions: [version],
          cipherSuites: suites,
          extensions: [emptyEncryptThenMac, heartbeat, truncatedHmac, recordSize],
        };
  const plain: HelloOffer = { versions: [version], cipherSuites: suites };
  return await answered(scanning, "which extensions the server answers", "hello", [
    { ...offer, compressionMethods: methods },
    plain,
  ]);
}

/** RFC 3749 §2: the server chooses one; whether it has another one is asked for then. */
async function compressionsOf(scanning: Scanning, found: FoundSoFar, chosen: number): Promise<readonly Named[]> {
  const offer = offerBefore13(found);
  const taken: Named[] = [];
  let code: number | undefined = chosen;
  while (code !== undefined) {
    const method = compressionMethods.find((known) => known.code === code && !taken.includes(known));
    if (method === undefined || offer === undefined) break;
    taken.push(method);
    const left = compressionMethods.filter((known) => !taken.includes(known)).map((known) => known.code);
    const answer = await scanning.probe({ ...offer, compressionMethods: [...left, 0] }, "hello");
    code = answer.serverHello?.legacyCompressionMethod;
  }
  return taken;
}

/** The answer to the first of some hellos that the server goes on with: one that asks for much may be too much for it. */
async function answered(
  scanning: Scanning,
  about: string,
  until: "hello" | "flight",
  offers: readonly HelloOffer[],
): Promise<Answer | undefined> {
  for (const offer of offers) {
    const answer = await scanning.probe(offer, until);
    if (answer.serverHello === undefined) continue;
    scanning.note({ about, messages: answer.seen });
    return answer;
  }
  return undefined;
}

async function askedIn13(scanning: Scanning, found: FoundSoFar): Promise<Answer | undefined> {
  const offer = offerOf13(scanning, found);
  if (offer === undefined) return undefined;
  const asked = { ...offer, extensions: [heartbeat, recordSize] };
  return await answered(scanning, "which extensions the server answers in TLS 1.3", "flight", [asked, offer]);
}

/** RFC 8449 §5: a server that has record_size_limit passes over max_fragment_length beside it, so that it comes alone. */
async function isFragmentLengthTaken(
  scanning: Scanning,
  found: FoundSoFar,
  answers: readonly Answer[],
): Promise<boolean> {
  if (answers.length === 0) return false;
  const before13 = offerBefore13(found);
  const offer = before13?.versions.includes("SSL 3.0") === false ? before13 : offerOf13(scanning, found);
  if (offer === undefined) return false;
  const answer = await scanning.probe(
    { ...offer, extensions: [maxFragmentLength] },
    before13 === offer ? "hello" : "flight",
  );
  scanning.note({ about: "whether max_fragment_length is taken", messages: answer.seen });
  return codesIn(answer).includes(maxFragmentLength.code);
}

/** RFC 8879 §3. Each is asked for alone: the server chooses, and which it can't do isn't said. */
async function compressionOfCertificates(scanning: Scanning, found: FoundSoFar): Promise<readonly Named[]> {
  const offer = offerOf13(scanning, found);
  if (offer === undefined) return [];
  const taken: Named[] = [];
  for (const algorithm of certificateCompressionAlgorithms) {
    const extension = { code: compressCertificate, data: Uint8Array.of(2, algorithm.code >> 8, algorithm.code & 0xff) };
    const { compressedBy, seen } = await scanning.probe({ ...offer, extensions: [extension] }, "flight");
    if (compressedBy !== algorithm.code) continue;
    scanning.note({ about: `the certificate is compressed by ${algorithm.name}`, messages: seen });
    taken.push(algorithm);
  }
  return taken;
}

/** RFC 8879 §7.1. */
const compressCertificate = 27;

/** RFC 7507 §3: a hello that says that it is a fallback, and offers less than the server speaks, gets an alert. */
async function isFallbackNoticed(scanning: Scanning, found: FoundSoFar): Promise<boolean | undefined> {
  const spoken = spokenVersions(found);
  const [, version] = (["TLS 1.3", ...versionsBefore13] as const).filter((version) => spoken.includes(version));
  if (version === undefined) return undefined;
  const cipherSuites = [...suitesTaken(found, version).map(({ code }) => code), fallbackScsv];
  const { end, seen } = await scanning.probe({ versions: [version], cipherSuites }, "hello");
  scanning.note({ about: `what a fallback to ${version} comes to`, messages: seen });
  return end.how === "alert" && end.description === Alert.inappropriateFallback;
}
