import { createPrivateKey, getDiffieHellman } from "node:crypto";
import { otherPrime, ownSafePrime, shortSafePrime } from "@tlskit/interop/dh-params";
import type { CheckName } from "@tlskit/scan";
import type { TrustAnchors } from "@tlskit/x509";
import type { Pretence, PretendedFlaws } from "../pretended/pretence.ts";
import { PretendedServer } from "../pretended/pretended-server.ts";
import {
  SSL_CK_DES_192_EDE3_CBC_WITH_MD5,
  SSL_CK_RC4_128_EXPORT40_WITH_MD5,
  TLS_DH_anon_WITH_AES_128_CBC_SHA,
  TLS_DH_anon_WITH_RC4_128_MD5,
  TLS_DH_RSA_WITH_AES_128_CBC_SHA,
  TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA,
  TLS_DHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
  TLS_RSA_EXPORT_WITH_DES40_CBC_SHA,
  TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5,
  TLS_RSA_EXPORT_WITH_RC4_40_MD5,
  TLS_RSA_WITH_3DES_EDE_CBC_SHA,
  TLS_RSA_WITH_AES_128_CBC_SHA,
  TLS_RSA_WITH_DES_CBC_SHA,
  TLS_RSA_WITH_IDEA_CBC_SHA,
  TLS_RSA_WITH_NULL_MD5,
  TLS_RSA_WITH_RC4_128_MD5,
  TLS_RSA_WITH_RC4_128_SHA,
  TLS_RSA_WITH_SEED_CBC_SHA,
} from "../pretended/suites.ts";
import type { ScannedServer } from "../scanned-server.ts";
import { host, ThrowawayAuthority } from "./throwaway.ts";

const version = { ssl30: 0x0300, tls10: 0x0301, tls11: 0x0302, tls12: 0x0303 } as const;
const nothing = new Uint8Array();
const Extension = {
  serverName: 0,
  maxFragmentLength: 1,
  truncatedHmac: 4,
  heartbeat: 15,
  extendedMainSecret: 23,
} as const;

/** RFC 9846 §B.4 */
const tls13Suites = [0x1301, 0x1302, 0x1303];
const x25519 = { code: 29, shareLength: 32 };
const p256 = { code: 23, shareLength: 65 };
const x25519MlKem768 = { code: 4588, shareLength: 1120 };
const x25519Kyber768 = { code: 0x6399, shareLength: 1120 };

const authority = new ThrowawayAuthority("Pretended");
const rsa = authority.identity("RSA");
const good = rsa.chain.map(({ der }) => der);

/** What takes more than a server's first flight. */
const wholeConnections: readonly CheckName[] = ["resumption", "earlyData", "renegotiation", "http"];

/** A server of TLS 1.2 that nobody has much against. */
export const sound: Pretence = {
  versions: [version.tls12],
  cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384],
  chain: good,
  secureRenegotiation: true,
  extensions: { [Extension.extendedMainSecret]: nothing },
  fallbackScsv: true,
  alpn: ["http/1.1"],
};

/** Servers that only pretend: what a scan sees of them is a server's first flight, and nothing that needs a key. */
export const pretendedServers: readonly ScannedServer[] = [
  pretended("that is sound, of TLS 1.2", [], {}),
  pretended(
    "of the nineties: SSL 2.0, SSL 3.0, export suites, RC4, DES",
    [
      "64-bit-block-cipher-suites",
      "anonymous-cipher-suites",
      "cbc-cipher-suites",
      "compression",
      "dh-below-1024-bits",
      "dh-unknown-group",
      "export-cipher-suites",
      "insecure-renegotiation",
      "no-encrypt-then-mac",
      "no-extended-main-secret",
      "no-fallback-scsv",
      "no-forward-secrecy",
      "null-cipher-suites",
      "only-deprecated-versions",
      "rc4-cipher-suites",
      "short-key-cipher-suites",
      "ssl2.0-spoken",
      "ssl3.0-cbc",
      "ssl3.0-spoken",
      "static-rsa-cipher-suites",
      "tls1.0-cbc",
      "tls1.0-spoken",
    ],
    {
      ssl2: [SSL_CK_RC4_128_EXPORT40_WITH_MD5, SSL_CK_DES_192_EDE3_CBC_WITH_MD5],
      versions: [version.ssl30, version.tls10],
      cipherSuites: [
        TLS_RSA_WITH_RC4_128_MD5,
        TLS_RSA_WITH_RC4_128_SHA,
        TLS_RSA_WITH_3DES_EDE_CBC_SHA,
        TLS_RSA_WITH_IDEA_CBC_SHA,
        TLS_RSA_WITH_DES_CBC_SHA,
        TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA,
        TLS_RSA_EXPORT_WITH_RC4_40_MD5,
        TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5,
        TLS_RSA_EXPORT_WITH_DES40_CBC_SHA,
        TLS_RSA_WITH_NULL_MD5,
        TLS_DH_anon_WITH_RC4_128_MD5,
      ],
      secureRenegotiation: false,
      extensions: {},
      fallbackScsv: false,
      compressionMethods: [1],
      alpn: undefined,
    },
  ),
  pretended(
    "of 2010: no forward secrecy, compression, DHE of 1,024 bits, heartbeats",
    [
      "alpn-not-enforced",
      "anonymous-cipher-suites",
      "cbc-cipher-suites",
      "compression",
      "deprecated-groups",
      "dh-below-2048-bits",
      "dh-unknown-group",
      "dh-value-reused",
      "dhe-cipher-suites",
      "heartbeat",
      "key-share-reused",
      "no-encrypt-then-mac",
      "no-extended-main-secret",
      "no-fallback-scsv",
      "sha1-signatures",
      "static-dh-cipher-suites",
      "static-rsa-cipher-suites",
      "tls1.0-cbc",
      "tls1.0-spoken",
      "tls1.1-spoken",
      "truncated-hmac",
      "weak-groups",
    ],
    {
      versions: [version.tls10, version.tls11, version.tls12],
      cipherSuites: [
        TLS_RSA_WITH_AES_128_CBC_SHA,
        TLS_RSA_WITH_SEED_CBC_SHA,
        TLS_DH_RSA_WITH_AES_128_CBC_SHA,
        TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256,
        TLS_DHE_RSA_WITH_AES_128_CBC_SHA,
        TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
        TLS_DH_anon_WITH_AES_128_CBC_SHA,
      ],
      order: "client",
      groups: [21, 19, 23],
      dh: { prime: shortSafePrime, generator: Uint8Array.of(2) },
      reusesShares: true,
      signatureSchemes: [0x0201],
      compressionMethods: [1],
      extensions: {
        [Extension.maxFragmentLength]: Uint8Array.of(1),
        [Extension.truncatedHmac]: nothing,
        [Extension.heartbeat]: Uint8Array.of(1),
      },
      fallbackScsv: false,
      alpn: "anything",
    },
  ),
  pretended("without a suite of an AEAD", ["cbc-cipher-suites", "no-aead-cipher-suites", "static-rsa-cipher-suites"], {
    cipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA],
    encryptThenMac: true,
  }),
  pretended(
    "that prefers a suite without forward secrecy",
    ["cbc-cipher-suites", "rc4-cipher-suites", "static-rsa-cipher-suites", "weak-suites-preferred"],
    {
      cipherSuites: [TLS_RSA_WITH_RC4_128_SHA, TLS_RSA_WITH_AES_128_CBC_SHA, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256],
      encryptThenMac: true,
    },
  ),
  pretended("that hangs up on versions that it doesn't know, and on extensions", ["hello-intolerance"], {
    intolerant: ({ version: asked, extensions }) => {
      if (asked > version.tls12) return "close";
      const hasUnknown = [...extensions.keys()].some((code) => code > 60 && code !== 0xff01);
      return hasUnknown ? 40 : undefined;
    },
  }),
  pretended("that can't read a hello that is large or split", ["hello-intolerance"], {
    intolerant: ({ length, records }) => (length > 512 || records > 1 ? "close" : undefined),
  }),
  ...(
    [
      ["that everybody has", getDiffieHellman("modp14").getPrime(), []],
      ["of its own", ownSafePrime, ["dh-unknown-group"]],
      ["whose prime isn't safe", otherPrime, ["dh-unknown-group", "dh-unsafe-prime"]],
      [
        "of 1,024 bits that everybody has",
        getDiffieHellman("modp2").getPrime(),
        ["dh-below-2048-bits", "dh-common-1024-bit-prime"],
      ],
      ["of 1,024 bits of its own", shortSafePrime, ["dh-below-2048-bits", "dh-unknown-group"]],
      ["of 768 bits", getDiffieHellman("modp1").getPrime(), ["dh-below-1024-bits"]],
    ] as const
  ).map(([group, prime, findings]) =>
    pretended(`with DHE over a group ${group}`, ["dhe-cipher-suites", ...findings], {
      cipherSuites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256],
      dh: { prime, generator: Uint8Array.of(2) },
    }),
  ),
  pretended("whose public value of DHE is always the same", ["dh-value-reused", "dhe-cipher-suites"], {
    cipherSuites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256],
    reusesShares: true,
  }),
  withGroups("of TLS 1.3 without the group that everybody has to have", ["required-group-missing"], {
    tls13: { cipherSuites: tls13Suites, groups: [x25519MlKem768, x25519] },
  }),
  pretended("with a curve of old alone", ["weak-groups"], { groups: [1] }),
  withoutHandshakes(
    pretended(
      "with anonymous suites alone",
      ["anonymous-cipher-suites", "cbc-cipher-suites", "no-aead-cipher-suites"],
      {
        cipherSuites: [TLS_DH_anon_WITH_AES_128_CBC_SHA],
        encryptThenMac: true,
      },
    ),
  ),
  withoutHandshakes(
    pretended("with export suites alone", ["export-cipher-suites", "no-aead-cipher-suites", "no-forward-secrecy"], {
      cipherSuites: [TLS_RSA_EXPORT_WITH_RC4_40_MD5],
    }),
  ),
  pretended("with signatures of MD5", ["md5-signatures", "sha1-signatures"], { signatureSchemes: [0x0101, 0x0201] }),
  pretended("of TLS 1.0 alone", ["cbc-cipher-suites", "only-deprecated-versions", "tls1.0-cbc", "tls1.0-spoken"], {
    versions: [version.tls10],
    cipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA],
    encryptThenMac: true,
  }),
  withGroups("of TLS 1.3 with the hybrid of the experiments", ["draft-post-quantum-groups", "no-post-quantum-group"], {
    tls13: { cipherSuites: tls13Suites, groups: [x25519, p256, x25519Kyber768] },
  }),
  withGroups("of TLS 1.3 with a hybrid that it doesn't prefer", ["post-quantum-not-preferred"], {
    tls13: { cipherSuites: tls13Suites, groups: [x25519, p256, x25519MlKem768], retriesForPreferred: true },
  }),
  withGroups("of TLS 1.3 with key shares that are always the same", ["key-share-reused"], {
    tls13: { cipherSuites: tls13Suites, groups: [x25519MlKem768, x25519, p256], retriesForPreferred: true },
    reusesShares: true,
  }),
  flawed({}, []),
  flawed({ heartbleed: true }, ["heartbleed"], { extensions: { [Extension.heartbeat]: Uint8Array.of(1) } }),
  flawed({ ccsInjection: true }, ["ccs-injection"]),
  flawed({ robot: createPrivateKey(rsa.keyPem) }, ["robot"], { cipherSuites: [TLS_RSA_WITH_AES_128_CBC_SHA] }),
];

/** One of whose groups alone is asked: its TLS 1.3 ends with a ServerHello. */
function withGroups(name: string, findings: readonly string[], changes: Partial<Pretence>): ScannedServer {
  return { ...pretended(name, findings, changes), checks: ["cipherSuites", "groups"] };
}

/** One that nobody has the suites of who looks for flaws. */
function withoutHandshakes(server: ScannedServer): ScannedServer {
  return { ...server, unclear: [...(server.unclear ?? []), "heartbleed", "ccs-injection"] };
}

/** One of whose flaws alone is asked. */
function flawed(flaws: PretendedFlaws, findings: readonly string[], changes: Partial<Pretence> = {}): ScannedServer {
  const name = `with ${Object.keys(flaws).join() || "no flaw"}`;
  return { ...pretended(name, findings, { flaws, ...changes }), checks: ["flaws"] };
}

/** @param changes what it has otherwise than {@link sound}. */
function pretended(name: string, findings: readonly string[], changes: Partial<Pretence>): ScannedServer {
  return pretending(
    `a pretended server ${name}`,
    [...findings, ...withoutTls13(changes)],
    { ...sound, ...changes },
    authority.anchors,
  );
}

function withoutTls13({ tls13 }: Partial<Pretence>): readonly string[] {
  return tls13 === undefined ? ["tls1.3-not-spoken"] : [];
}

/** A row about a server that pretends, which is reached in memory. */
export function pretending(
  name: string,
  findings: readonly string[],
  pretence: Pretence,
  anchors: TrustAnchors,
): ScannedServer {
  return {
    name,
    findings,
    checksInVain: wholeConnections,
    // It has no tickets without a whole connection.
    unclear: ["ticketbleed"],
    start: () => ({
      target: { host, port: 443 },
      anchors,
      transport: new PretendedServer(pretence).transport,
      stop: () => undefined,
    }),
  };
}
