import { GnutlsServer, gnutls } from "@tlskit/interop/gnutls";
import { onPort, type ScannedServer } from "../scanned-server.ts";
import { ThrowawayAuthority } from "./throwaway.ts";

/** Why there is no `gnutls-serv` here; nothing if there is one. */
export const gnutlsMissing: string | undefined =
  gnutls === undefined ? "gnutls-cli and gnutls-serv (gnutls-bin) are not on this machine" : undefined;

/** What Debian's GnuTLS still has, and no OpenSSL: RC4 and Triple DES. */
const outdated = "NORMAL:+VERS-ALL:+ARCFOUR-128:+3DES-CBC:+MD5:+RSA:+DHE-RSA:+ANON-ECDH:%SERVER_PRECEDENCE";

export const gnutlsServers: readonly ScannedServer[] = [
  {
    name: "gnutls-serv with RC4 and Triple DES",
    findings: [
      "64-bit-block-cipher-suites",
      "anonymous-cipher-suites",
      "cbc-cipher-suites",
      "client-certificates-requested",
      "client-renegotiation-unlimited",
      "dhe-cipher-suites",
      "no-post-quantum-group",
      "rc4-cipher-suites",
      "sha1-signatures",
      "tls1.0-cbc",
      "tls1.0-spoken",
      "tls1.1-spoken",
    ],
    start: async () => {
      const authority = new ThrowawayAuthority("GnuTLS");
      const server = await GnutlsServer.start(authority.identity("RSA"), ["--priority", outdated]);
      return onPort(server.port, authority.anchors, () => server.program.stop());
    },
  },
];
