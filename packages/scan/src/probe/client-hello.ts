import { byCode, namedGroups } from "@tlskit/ciphersuites";
import { type CryptoProvider, type KeyShareOffer, keyExchangeOf, type Random, run, wait } from "@tlskit/crypto";
import {
  anyOcspResponse,
  applicationLayerProtocolNegotiation,
  clientShares,
  cookie,
  type ExtensionType,
  ecPointFormats,
  encodeMessage,
  extendedMainSecret,
  pskKeyExchangeModes,
  RawClientHello,
  type RawExtension,
  renegotiationInfo,
  serverNameList,
  signatureAlgorithms,
  signedCertificateTimestampsRequest,
  statusRequest,
  supportedGroups,
  supportedVersions,
} from "@tlskit/messages";
import { asciiBytes, callerError, encode } from "@tlskit/wire";
import { type Version, versions } from "../version.ts";
import { defaultGroups, registeredSignatureSchemes } from "./default-offer.ts";
import type { HelloOffer } from "./hello.ts";

/** A key share that was offered, and the code of its group. */
export interface OfferedShare {
  readonly group: number;
  readonly offer: KeyShareOffer;
}

/** A ClientHello as it is sent, and what is needed to go on with the answer. */
export interface MadeHello {
  readonly hello: RawClientHello;
  /** Header included. */
  readonly message: Uint8Array;
  readonly shares: readonly OfferedShare[];
}

/** What hellos are made with. */
export interface HelloMaking {
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** The target's host, if it is a name. */
  readonly serverName: string | undefined;
}

/**
 * The ClientHello of an offer, in the form of SSL 3.0 and TLS.
 * @throws {TlsError} `invalid_offer`, `out_of_range` (the caller's fault)
 */
export async function makeHello(offer: HelloOffer, making: HelloMaking): Promise<MadeHello> {
  const { provider, random } = making;
  const offersTls13 = offer.versions.includes("TLS 1.3");
  const groups = offer.groups ?? defaultGroups(provider, offer.versions);
  const shareGroups = !offersTls13
    ? []
    : (offer.keyShares ?? groups.filter((code) => canShare(provider, code)).slice(0, 1));
  const shares: OfferedShare[] = [];
  for (const group of shareGroups) shares.push(await makeShare(group, making));
  const hello: RawClientHello = {
    legacyVersion: offer.legacyVersion ?? legacyVersionOf(offer.versions),
    random: random(32),
    // RFC 9846 §E.4: a session identifier, so that whoever is on the way takes it for TLS 1.2.
    legacySessionId: offer.sessionId ?? (offersTls13 ? random(32) : new Uint8Array(0)),
    cipherSuites: offer.cipherSuites,
    legacyCompressionMethods: Uint8Array.from(offer.compressionMethods ?? [0]),
    extensions: extensionsOf(offer, groups, shares, making.serverName),
  };
  return { hello, message: encodeMessage(RawClientHello, padded(hello, offer)), shares };
}

/**
 * RFC 9846 §4.2.2: the same hello again, with the share that a HelloRetryRequest asked for and its cookie.
 * @throws {TlsError} `unsupported_group` (the caller's fault) if the provider hasn't got it
 */
export async function makeSecondHello(
  first: MadeHello,
  asked: { readonly group: number | undefined; readonly cookie: Uint8Array | undefined },
  making: HelloMaking,
): Promise<MadeHello> {
  const shares = asked.group === undefined ? first.shares : [await makeShare(asked.group, making)];
  const keyShare = raw(clientShares, entriesOf(shares));
  const hello: RawClientHello = {
    ...first.hello,
    extensions: [
      ...(first.hello.extensions ?? []).map((extension) => (extension.code === keyShare.code ? keyShare : extension)),
      ...(asked.cookie === undefined ? [] : [raw(cookie, asked.cookie)]),
    ],
  };
  return { hello, message: encodeMessage(RawClientHello, hello), shares };
}

/** Whether a provider makes key shares in a group. */
export function canShare(provider: CryptoProvider, code: number): boolean {
  const group = byCode(namedGroups, code);
  return group !== undefined && provider.keyExchanges.some(({ name }) => name === group.keyExchange);
}

async function makeShare(code: number, { provider, random }: HelloMaking): Promise<OfferedShare> {
  const group = byCode(namedGroups, code);
  if (group === undefined || !canShare(provider, code)) {
    throw callerError("unsupported_group", `no key share can be made in the group 0x${code.toString(16)}`);
  }
  return { group: code, offer: await run(wait(keyExchangeOf(provider, group.keyExchange).offer(random))) };
}

function entriesOf(shares: readonly OfferedShare[]): { readonly group: number; readonly keyExchange: Uint8Array }[] {
  return shares.map(({ group, offer }) => ({ group, keyExchange: offer.share }));
}

/** RFC 9846 §4.2.2: never more than TLS 1.2's, which is the newest that this field can say. */
function legacyVersionOf(offered: readonly Version[]): number {
  const codes = offered.filter((version) => version !== "SSL 2.0").map((version) => versions[version]);
  if (codes.length === 0) throw callerError("invalid_offer", "a hello in TLS's form offers at least SSL 3.0");
  return Math.min(Math.max(...codes), versions["TLS 1.2"]);
}

function raw<T>(type: ExtensionType<T>, value: T): RawExtension {
  return { code: type.code, data: encode(type.data, value) };
}

/** What a hello has unless told otherwise, each by the versions that it is for, in the order in which it is sent. */
function extensionsOf(
  offer: HelloOffer,
  groups: readonly number[],
  shares: readonly OfferedShare[],
  ownServerName: string | undefined,
): readonly RawExtension[] | undefined {
  const { versions: offered, signatureSchemes = registeredSignatureSchemes, alpnProtocols = [] } = offer;
  const serverName = offer.serverName === undefined ? ownServerName : (offer.serverName ?? undefined);
  const codes = offered.map((version) => versions[version]);
  const [newest, oldest] = [Math.max(...codes), Math.min(...codes)];
  const [hasTls, hasTls12, hasTls13, hasOlder] = [newest > 0x0300, newest >= 0x0303, newest >= 0x0304, oldest < 0x0304];
  const usual: readonly (RawExtension | undefined)[] = [
    hasTls && serverName !== undefined
      ? raw(serverNameList, [{ nameType: 0, name: asciiBytes(serverName) }])
      : undefined,
    hasTls && hasOlder ? raw(extendedMainSecret, null) : undefined,
    // SSL 3.0 had no extensions; RFC 5746 §3.4 has it said there by a suite, which a check may offer.
    hasTls && hasOlder ? raw(renegotiationInfo, new Uint8Array(0)) : undefined,
    hasTls && groups.length > 0 ? raw(supportedGroups, groups) : undefined,
    hasTls && hasOlder && groups.length > 0 ? raw(ecPointFormats, Uint8Array.of(0)) : undefined,
    hasTls && alpnProtocols.length > 0
      ? raw(applicationLayerProtocolNegotiation, alpnProtocols.map(asciiBytes))
      : undefined,
    hasTls12 && signatureSchemes.length > 0 ? raw(signatureAlgorithms, signatureSchemes) : undefined,
    hasTls13 ? raw(supportedVersions, codes) : undefined,
    hasTls13 ? raw(pskKeyExchangeModes, [1]) : undefined,
    hasTls13 ? raw(clientShares, entriesOf(shares)) : undefined,
  ];
  const { extensions: own = [], leftOut = [] } = offer;
  const kept = usual.filter(
    (extension): extension is RawExtension => extension !== undefined && !leftOut.includes(extension.code),
  );
  const replaced = kept.map((extension) => own.find(({ code }) => code === extension.code) ?? extension);
  const added = own.filter(({ code }) => !kept.some((extension) => extension.code === code));
  const all = [...replaced, ...added];
  return all.length === 0 ? undefined : all;
}

/** The two questions about a certificate that most clients ask: for an OCSP response, and for certificate timestamps. */
export const certificateQuestions: readonly RawExtension[] = [
  raw(statusRequest, anyOcspResponse),
  raw(signedCertificateTimestampsRequest, null),
];

/** RFC 7685: the code of the extension `padding`. */
const padding = 21;

/** RFC 7685 §1: there are servers that hang if a hello has 256 to 511 octets. */
function padded(hello: RawClientHello, offer: HelloOffer): RawClientHello {
  const { extensions } = hello;
  const unwanted =
    offer.leftOut?.includes(padding) === true || extensions?.some(({ code }) => code === padding) === true;
  if (extensions === undefined || unwanted) return hello;
  const { length } = encodeMessage(RawClientHello, hello);
  if (length < 256 || length > 511) return hello;
  const data = new Uint8Array(Math.max(1, 512 - length - 4));
  // pre_shared_key comes last (RFC 9846 §4.3.11).
  const last = extensions.findIndex(({ code }) => code === 41);
  const at = last === -1 ? extensions.length : last;
  return { ...hello, extensions: [...extensions.slice(0, at), { code: padding, data }, ...extensions.slice(at)] };
}
