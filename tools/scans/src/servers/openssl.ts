import { dhPem, shortSafePrime } from "@tlskit/interop/dh-params";
import { OpensslServer, openssl, withoutExtendedMainSecret } from "@tlskit/interop/openssl";
import { scratchFile } from "@tlskit/interop/scratch";
import { checkNames } from "@tlskit/scan";
import { onPort, type ScannedServer } from "../scanned-server.ts";
import { ThrowawayAuthority } from "./throwaway.ts";

/** Why there is no `openssl` here; nothing if there is one. */
export const opensslMissing: string | undefined =
  openssl === undefined ? "the command openssl (3.0 or later) is not on this machine" : undefined;

export const opensslServers: readonly ScannedServer[] = [
  {
    name: "openssl s_server with everything that it has",
    findings: [
      "anonymous-cipher-suites",
      "cbc-cipher-suites",
      "chain-duplicate",
      "clients-order-of-weak-suites",
      "deprecated-groups",
      "dh-below-2048-bits",
      "dh-unknown-group",
      "dhe-cipher-suites",
      "no-encrypt-then-mac",
      "no-hsts",
      "no-post-quantum-group",
      "null-cipher-suites",
      "sha1-signatures",
      "short-tag-cipher-suites",
      "static-rsa-cipher-suites",
      "tls1.0-cbc",
      "tls1.0-spoken",
      "tls1.1-spoken",
      "weak-groups",
    ],
    // It is asked nothing that it is silent about, or, as about renegotiation with -www, takes a second for each time.
    checks: checkNames.filter((name) => name !== "flaws" && name !== "renegotiation"),
    start: async () => {
      const authority = new ThrowawayAuthority("OpenSSL");
      const dh = scratchFile("dh.pem", dhPem(shortSafePrime));
      const server = await OpensslServer.start(
        authority.identity("RSA"),
        ...["-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-dhparam", dh],
        ...["-groups", "P-256:X25519:P-384:P-521:secp224r1:secp192r1:sect163k1"],
        ...["-client_renegotiation", "-no_etm", "-www"],
      );
      return onPort(server.port, authority.anchors, () => server.program.stop());
    },
  },
  {
    name: "openssl s_server of TLS 1.2 without extended_master_secret",
    findings: ["chain-duplicate", "no-extended-main-secret", "no-hsts", "tls1.3-not-spoken"],
    start: async () => {
      const authority = new ThrowawayAuthority("OpenSSL");
      const server = await OpensslServer.startIn(
        withoutExtendedMainSecret(),
        authority.identity("P-256"),
        ...["-tls1_2", "-serverpref", "-cipher", "ECDHE+AESGCM", "-no_ticket", "-www"],
      );
      return onPort(server.port, authority.anchors, () => server.program.stop());
    },
  },
];
