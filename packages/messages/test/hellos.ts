import { type RawClientHello, type RawExtension, serverNameList, supportedVersions } from "@tlskit/messages";
import { asciiBytes, encode } from "@tlskit/wire";

/** A ClientHello with these extensions. */
export function hello(
  extensions: readonly RawExtension[] | undefined,
  parts: Partial<RawClientHello> = {},
): RawClientHello {
  return {
    legacyVersion: 0x0303,
    random: asciiBytes("r".repeat(32)),
    legacySessionId: new Uint8Array(0),
    cipherSuites: [0x1301],
    legacyCompressionMethods: Uint8Array.of(0),
    extensions,
    ...parts,
  };
}

export function name(host: string): RawExtension {
  return { code: 0, data: encode(serverNameList.data, [{ nameType: 0, name: asciiBytes(host) }]) };
}

export const versions: RawExtension = { code: 43, data: encode(supportedVersions.data, [0x0304]) };

/** A key_share whose one entry has an empty key_exchange, which RFC 9846 §4.3.8 doesn't allow. */
export const keyShareWithoutKey: RawExtension = { code: 51, data: Uint8Array.of(0, 4, 0, 29, 0, 0) };
