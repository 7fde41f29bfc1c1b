import { X25519MLKEM768 } from "@tlskit/ciphersuites";
import { describe, it } from "vitest";
import { certificateKey, combinations, describeCombination } from "../src/matrix.ts";
import { OpensslServer, openssl, opensslClient } from "../src/openssl.ts";
import { clientFor, enderOf, expectWholeConnection, identityOf, serverFor } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";

const rows = combinations((group) => group !== X25519MLKEM768 || openssl?.hasHybrid === true);

describePeer("openssl", "openssl", () => {
  describe("s_server serves our client", () => {
    let certificate = "";
    let server: OpensslServer | undefined;
    for (const row of rows) {
      it(describeCombination(row), async () => {
        if (server === undefined || certificate !== certificateKey(row)) {
          await server?.program.stop();
          server = await OpensslServer.start(identityOf(row), "-groups", opensslGroups());
          certificate = certificateKey(row);
        }
        const peer = server.next();
        await expectWholeConnection(clientFor(server.port, row), peer, row, "ours");
      });
    }
  });

  describe("s_client is served by our server", () => {
    for (const [index, row] of rows.entries()) {
      it(describeCombination(row), async () => {
        const server = await serverFor(row);
        const peer = opensslClient(server.port, identityOf(row), "-groups", opensslGroups());
        await expectWholeConnection(await server.accept(), peer, row, enderOf(index));
        server.close();
      });
    }
  });
});

/** All that we have, in an order in which ours, not its default, decides. */
function opensslGroups(): string {
  return `${openssl?.hasHybrid === true ? "X25519MLKEM768:" : ""}X25519:P-256:P-384:P-521`;
}
