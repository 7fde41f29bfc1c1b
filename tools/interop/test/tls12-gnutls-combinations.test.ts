import { describe, it } from "vitest";
import { identity } from "../src/certificates.ts";
import { GnutlsServer, gnutlsClient } from "../src/gnutls.ts";
import { gnutlsTls12SignatureName } from "../src/gnutls-names.ts";
import { describeTls12Combination, type Tls12Combination, tls12Combinations } from "../src/tls12-matrix.ts";
import { gnutlsCommands } from "../src/tls12-peers.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectWholeTls12Connection, inRows, tls12ClientFor, tls12ServerFor } from "./helpers/tls12-combination.ts";

const ciphers = [
  "AES-128-GCM",
  "AES-256-GCM",
  "CHACHA20-POLY1305",
  "AES-128-CCM",
  "AES-256-CCM",
  "AES-128-CCM-8",
  "AES-256-CCM-8",
  "AES-128-CBC",
  "AES-256-CBC",
  "3DES-CBC",
];

/** All that we have, whatever its default; but of signature schemes one, where one is told. */
function priority({ signatureScheme, cipherSuite, encryptThenMac, extendedMainSecret }: Tls12Combination): string {
  const scheme = signatureScheme && gnutlsTls12SignatureName(signatureScheme).toUpperCase();
  return [
    "NONE:+VERS-TLS1.2:+CTYPE-X509:+COMP-NULL",
    "+ECDHE-ECDSA:+ECDHE-RSA:+DHE-RSA:+RSA:+GROUP-ALL:+AEAD:+SHA1:+SHA256:+SHA384",
    ...ciphers.map((cipher) => `+${cipher}`),
    scheme === undefined ? "+SIGN-ALL" : `+SIGN-${scheme}`,
    ...(cipherSuite.protection.type === "CBC" && !encryptThenMac ? ["%NO_ETM"] : []),
    ...(extendedMainSecret ? [] : ["%NO_SESSION_HASH"]),
  ].join(":");
}

const servingPriority = (row: Tls12Combination): string => priority({ ...row, signatureScheme: undefined });
const settingsOf = (row: Tls12Combination): string => `${row.leafKey} ${servingPriority(row)}`;

describePeer("gnutls", "TLS 1.2 with GnuTLS", () => {
  describe("gnutls-serv serves our client", () => {
    let settings = "";
    let server: GnutlsServer | undefined;
    for (const row of inRows(tls12Combinations("client", gnutlsCommands.has), settingsOf)) {
      it(describeTls12Combination(row), async () => {
        if (server === undefined || settings !== settingsOf(row)) {
          await server?.program.stop();
          settings = settingsOf(row);
          server = await GnutlsServer.start(identity(row.leafKey), ["--priority", servingPriority(row)]);
        }
        const peer = server.next();
        await expectWholeTls12Connection(tls12ClientFor(server.port, row), peer, row, "ours");
      });
    }
  });

  describe("gnutls-cli is served by our server", () => {
    for (const row of tls12Combinations("server", gnutlsCommands.has)) {
      it(describeTls12Combination(row), async () => {
        const server = await tls12ServerFor(row);
        const peer = gnutlsClient(server.port, identity(row.leafKey), ["--priority", priority(row)]);
        await expectWholeTls12Connection(await server.accept(), peer, row, "peer");
        server.close();
      });
    }
  });
});
