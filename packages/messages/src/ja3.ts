import { isGrease } from "@tlskit/ciphersuites";
import { asciiBytes, toHex } from "@tlskit/wire";
import { type Extension, extensionCodes, extensionIn, type RawExtension } from "./extension.ts";
import { ecPointFormats, supportedGroups } from "./extensions.ts";
import type { ClientHello } from "./messages.ts";

/**
 * What JA3 (Salesforce, 2017) makes of a ClientHello before hashing:
 * `legacy_version,ciphers,extensions,groups,point formats`, each a decimal list in the order of the hello, GREASE
 * (RFC 8701) left out.
 * @throws {TlsError} `decode_error` if the hello is raw and one of the extensions that are looked into is malformed
 */
export function ja3Text(hello: ClientHello<Extension | RawExtension>): string {
  const lists = [
    hello.cipherSuites,
    extensionCodes(hello),
    extensionIn(hello, supportedGroups) ?? [],
    [...(extensionIn(hello, ecPointFormats) ?? [])],
  ];
  return [hello.legacyVersion, ...lists.map((codes) => codes.filter((code) => !isGrease(code)).join("-"))].join(",");
}

/**
 * The JA3 fingerprint of a ClientHello: 32 hexadecimal digits.
 * @param md5 gives the MD5 digest of its argument: nothing of this project has it, since it protects nothing.
 * @throws {TlsError} as {@link ja3Text}
 */
export function ja3(hello: ClientHello<Extension | RawExtension>, md5: (message: Uint8Array) => Uint8Array): string {
  return toHex(md5(asciiBytes(ja3Text(hello))));
}
