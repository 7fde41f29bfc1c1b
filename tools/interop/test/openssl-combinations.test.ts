import { cipherSuites, type NamedGroup, namedGroups, X25519MLKEM768 } from "@tlskit/ciphersuites";
import { describe, it } from "vitest";
import { certificateKey, combinations, describeCombination } from "../src/matrix.ts";
import { OpensslServer, openssl, opensslClient, opensslName, traced } from "../src/openssl.ts";
import { clientFor, enderOf, expectWholeConnection, identityOf, serverFor } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";

const opensslHas = (group: NamedGroup): boolean => group !== X25519MLKEM768 || openssl?.hasHybrid === true;

const rows = combinations(opensslHas);

/** All that we have, whatever its default; ours, which offers or takes one of each, decides. */
const everything: readonly string[] = [
  ...traced,
  ...["-ciphersuites", cipherSuites.map(opensslName).join(":")],
  ...["-groups", namedGroups.filter(opensslHas).map(opensslName).join(":")],
];

describePeer("openssl", "openssl", () => {
  describe("s_server serves our client", () => {
    let certificate = "";
    let server: OpensslServer | undefined;
    for (const row of rows) {
      it(describeCombination(row), async () => {
        if (server === undefined || certificate !== certificateKey(row)) {
          await server?.program.stop();
          server = await OpensslServer.start(identityOf(row), ...everything);
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
        const peer = opensslClient(server.port, identityOf(row), ...everything);
        await expectWholeConnection(await server.accept(), peer, row, enderOf(index));
        server.close();
      });
    }
  });
});
