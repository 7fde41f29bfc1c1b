import { type ServerDhParams, serverDhParams, serverEcdhParams } from "@tlskit/messages";
import { Reader, TlsError } from "@tlskit/wire";
import type { Answer } from "../probe/answer.ts";
import { type KnownCipherSuite, knownCipherSuite } from "../registry/cipher-suite.ts";

/** What a ServerKeyExchange says, before TLS 1.3. */
export interface SeenKeyExchange {
  readonly suite: KnownCipherSuite;
  /** RFC 8422 §5.4: the curve's code, and the server's point. */
  readonly curve?: { readonly code: number; readonly public: Uint8Array } | undefined;
  /** RFC 5246 §7.4.3. */
  readonly finiteField?: ServerDhParams | undefined;
  /** Of TLS 1.2 alone, where something is signed. */
  readonly signatureScheme?: number | undefined;
}

/** Of curves that are written out instead of named (RFC 4492 §5.4): IANA's codes for these two kinds. */
const explicitCurves: Readonly<Record<number, number>> = { 1: 0xff01, 2: 0xff02 };

/** What a server's flight says of the key exchange; nothing if there is no such message, or it can't be read. */
export function keyExchangeIn({ version, serverHello, serverKeyExchange }: Answer): SeenKeyExchange | undefined {
  const suite = serverHello === undefined ? undefined : knownCipherSuite(serverHello.cipherSuite);
  if (suite === undefined || serverKeyExchange === undefined) return undefined;
  try {
    return read(suite, new Reader(serverKeyExchange), serverKeyExchange[0] ?? 0, version === "TLS 1.2");
  } catch (error) {
    if (error instanceof TlsError) return undefined;
    throw error;
  }
}

function read(suite: KnownCipherSuite, reader: Reader, curveType: number, isTls12: boolean): SeenKeyExchange {
  const { keyExchange, authentication } = suite;
  // RFC 4279 §3, RFC 5489 §2: a hint comes first.
  if (keyExchange.endsWith("_PSK")) reader.bytes(reader.u16());
  const isSigned = isTls12 && authentication !== "anon" && authentication !== "PSK";
  const signatureScheme = (): { readonly signatureScheme?: number } =>
    isSigned ? { signatureScheme: reader.u16() } : {};
  if (keyExchange.startsWith("ECDHE")) {
    const explicit = keyExchange === "ECDHE" ? explicitCurves[curveType] : undefined;
    if (explicit !== undefined) return { suite, curve: { code: explicit, public: new Uint8Array(0) } };
    const params = serverEcdhParams.read(reader, "params");
    return { suite, curve: { code: params.namedCurve, public: params.public }, ...signatureScheme() };
  }
  if (keyExchange.startsWith("DHE")) {
    return { suite, finiteField: serverDhParams.read(reader, "params"), ...signatureScheme() };
  }
  return { suite };
}
