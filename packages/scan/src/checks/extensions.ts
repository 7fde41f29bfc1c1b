import {
  encryptThenMac,
  extendedMainSecret,
  extensionCodes,
  type RawExtension,
  recordSizeLimit,
  renegotiationInfo,
} from "@tlskit/messages";
import { encode } from "@tlskit/wire";
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
import { stoppedAnswering } from "./stopped-answering.ts";

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
    const answers = [...before13, in13].filter((answer) => answer !== undefined);
    const has = (code: number): boolean => answers.some((answer) => codesIn(answer).includes(code));
    const limit = answers.map(({ encryptedExtensions, serverHello }) => {
      const message = encryptedExtensions ?? serverHello;
      return message && sizeLimitIn(message.extensions?.find(({ code }) => code === recordSizeLimit.code)?.value);
    });
    const hellos = before13.flatMap(({ serverHello }) => serverHello ?? []);
    const [hello] = hellos;
    const isCbcChosen = hello !== undefined && knownCipherSuite(hello.cipherSuite)?.mode === "CBC";
    const methods = hellos.map(({ legacyCompressionMethod }) => legacyCompressionMethod);
    return {
      ...(hello === undefined
        ? {}
        : { secureRenegotiation: has(renegotiationInfo.code), extendedMainSecret: has(extendedMainSecret.code) }),
      // RFC 7366 §3
      encryptThenMac: isCbcChosen && before13[0]?.version !== "SSL 3.0" ? has(encryptThenMac.code) : undefined,
      fallbackScsv: scsv,
      compression: await compressionsOf(scanning, found, methods.find((method) => method !== 0) ?? 0),
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

/**
 * Asks for everything at once, with suites of CBC if there are any: encrypt_then_mac and truncated_hmac are for these. A server
 * for which that is too much is asked plainly, and for one thing after the other.
 */
async function askedBefore13(scanning: Scanning, found: FoundSoFar): Promise<readonly Answer[]> {
  const isCbc = ({ mode }: KnownCipherSuite): boolean => mode === "CBC";
  const newest = newestWith(found, isCbc) ?? newestWith(found, () => true);
  if (newest === undefined) return [];
  const { version, suites } = newest;
  const plain: HelloOffer = { versions: [version], cipherSuites: suites };
  const compressed = { compressionMethods: [...compressionMethods.map(({ code }) => code), 0] };
  const asked =
    version === "SSL 3.0"
      ? // It has no extensions, and says that of renegotiation by a suite.
        [{ cipherSuites: [...suites, emptyRenegotiationInfoScsv] }]
      : [emptyEncryptThenMac, heartbeat, truncatedHmac, recordSize].map((one) => ({ extensions: [one] }));
  const extensions = asked.flatMap((one) => ("extensions" in one ? one.extensions : []));
  const everything = { ...plain, ...asked[0], ...(extensions.length === 0 ? {} : { extensions }), ...compressed };
  const about = "which extensions the server answers";
  const whole = await answered(scanning, about, "hello", everything);
  if (whole.serverHello !== undefined) return [whole];
  const first = await answered(scanning, about, "hello", plain);
  if (first.serverHello === undefined) throw stoppedAnswering("the server takes no hello any more", first);
  const others = [...asked, compressed].map((one) => answered(scanning, about, "hello", { ...plain, ...one }));
  return [first, ...(await Promise.all(others))];
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

/** Notes it if the server goes on with it: one that asks for much may be too much for it. */
async function answered(
  scanning: Scanning,
  about: string,
  until: "hello" | "flight",
  offer: HelloOffer,
): Promise<Answer> {
  const answer = await scanning.probe(offer, until);
  if (answer.serverHello !== undefined) scanning.note({ about, messages: answer.seen });
  return answer;
}

async function askedIn13(scanning: Scanning, found: FoundSoFar): Promise<Answer | undefined> {
  const offer = offerOf13(scanning, found);
  if (offer === undefined) return undefined;
  const about = "which extensions the server answers in TLS 1.3";
  const asked = await answered(scanning, about, "flight", { ...offer, extensions: [heartbeat, recordSize] });
  if (asked.serverHello !== undefined) return asked;
  const plain = await answered(scanning, about, "flight", offer);
  if (plain.serverHello === undefined) throw stoppedAnswering("the server takes no hello of TLS 1.3 any more", plain);
  return plain;
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

/** RFC 8879 §3: the server chooses one of them; whether it has another one is asked for then. */
async function compressionOfCertificates(scanning: Scanning, found: FoundSoFar): Promise<readonly Named[]> {
  const offer = offerOf13(scanning, found);
  if (offer === undefined) return [];
  let left = certificateCompressionAlgorithms;
  while (left.length > 0) {
    const codes = left.flatMap(({ code }) => [code >> 8, code & 0xff]);
    const extension = { code: compressCertificate, data: Uint8Array.of(codes.length, ...codes) };
    const { compressedBy, seen } = await scanning.probe({ ...offer, extensions: [extension] }, "flight");
    const algorithm = left.find(({ code }) => code === compressedBy);
    if (algorithm === undefined) break;
    scanning.note({ about: `the certificate is compressed by ${algorithm.name}`, messages: seen });
    left = left.filter((other) => other !== algorithm);
  }
  return certificateCompressionAlgorithms.filter((algorithm) => !left.includes(algorithm));
}

/** RFC 8879 §7.1. */
const compressCertificate = 27;

/**
 * RFC 7507 §3: a hello that says that it is a fallback, and offers less than the server speaks, gets an alert. Without the signal
 * the server takes it, so that whoever refuses it has noticed.
 */
async function isFallbackNoticed(scanning: Scanning, found: FoundSoFar): Promise<boolean | undefined> {
  const spoken = spokenVersions(found);
  const [, version] = (["TLS 1.3", ...versionsBefore13] as const).filter((version) => spoken.includes(version));
  if (version === undefined) return undefined;
  const cipherSuites = [...suitesTaken(found, version).map(({ code }) => code), fallbackScsv];
  const { end, serverHello, seen } = await scanning.probe({ versions: [version], cipherSuites }, "hello");
  scanning.note({ about: `what a fallback to ${version} comes to`, messages: seen });
  if (serverHello !== undefined) return false;
  if (end.how === "alert") return true;
  const plain = await scanning.probe({ versions: [version], cipherSuites: cipherSuites.slice(0, -1) }, "hello");
  if (plain.serverHello === undefined) throw stoppedAnswering("what a fallback comes to can't be told", plain);
  return true;
}
