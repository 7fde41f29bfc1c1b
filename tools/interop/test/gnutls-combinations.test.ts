import { X25519MLKEM768 } from "@tlskit/ciphersuites";
import { describe, it } from "vitest";
import { GnutlsServer, gnutls, gnutlsClient } from "../src/gnutls.ts";
import { certificateKey, combinations, describeCombination } from "../src/matrix.ts";
import { clientFor, expectWholeConnection, identityOf, serverFor } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";

const rows = combinations((group) => group !== X25519MLKEM768 || gnutls?.hasHybrid === true);

describePeer("gnutls", "GnuTLS", () => {
  describe("gnutls-serv serves our client", () => {
    let certificate = "";
    let server: GnutlsServer | undefined;
    for (const row of rows) {
      it(describeCombination(row), async () => {
        if (server === undefined || certificate !== certificateKey(row)) {
          await server?.program.stop();
          server = await GnutlsServer.start(identityOf(row));
          certificate = certificateKey(row);
        }
        const peer = server.next();
        await expectWholeConnection(clientFor(server.port, row), peer, row, "ours");
      });
    }
  });

  describe("gnutls-cli is served by our server", () => {
    for (const row of rows) {
      it(describeCombination(row), async () => {
        const server = await serverFor(row);
        const peer = gnutlsClient(server.port, identityOf(row));
        await expectWholeConnection(await server.accept(), peer, row, "peer");
        server.close();
      });
    }
  });
});
