import type { FfdheName } from "@tlskit/crypto";
import { describe, it } from "vitest";
import { identity } from "../src/certificates.ts";
import { ffdhePem } from "../src/dh-params.ts";
import { OpensslServer, opensslClientIn, traced, withoutExtendedMainSecret } from "../src/openssl.ts";
import { scratchFile } from "../src/scratch.ts";
import { describeTls12Combination, type Tls12Combination, tls12Combinations } from "../src/tls12-matrix.ts";
import { everyOpensslSuite, opensslCommand } from "../src/tls12-peers.ts";
import { enderOf } from "./helpers/combination.ts";
import { describePeer } from "./helpers/describe-peer.ts";
import { expectWholeTls12Connection, inRows, tls12ClientFor, tls12ServerFor } from "./helpers/tls12-combination.ts";

const everything: readonly string[] = [
  "-tls1_2",
  ...traced,
  ...["-cipher", everyOpensslSuite],
  ...["-groups", "X25519:P-256:P-384:P-521:X448"],
];

const environmentFor = ({ extendedMainSecret }: Tls12Combination) =>
  extendedMainSecret ? {} : withoutExtendedMainSecret();
const etmFor = ({ cipherSuite: { protection }, encryptThenMac }: Tls12Combination): readonly string[] =>
  protection.type === "CBC" && !encryptThenMac ? ["-no_etm"] : [];

const schemeFor = ({ signatureScheme }: Tls12Combination): readonly string[] =>
  signatureScheme === undefined ? [] : ["-sigalgs", signatureScheme.name];

const dhFiles = new Map<string, string>();

/** It has groups of its own where it isn't told one. */
function dhParamsFor({ cipherSuite, namedGroup }: Tls12Combination): readonly string[] {
  if (cipherSuite.keyExchange !== "DHE" || namedGroup === undefined) return [];
  // The names of finite fields are those of their groups.
  const file = dhFiles.get(namedGroup.name) ?? scratchFile("dh.pem", ffdhePem(namedGroup.name as FfdheName));
  dhFiles.set(namedGroup.name, file);
  return ["-dhparam", file];
}

const settingsOf = (row: Tls12Combination): string =>
  [row.leafKey, row.extendedMainSecret, ...etmFor(row), ...dhParamsFor(row)].join(" ");

describePeer("openssl", "TLS 1.2 with openssl", () => {
  describe("s_server serves our client", () => {
    let settings = "";
    let server: OpensslServer | undefined;
    for (const row of inRows(tls12Combinations("client", opensslCommand.has), settingsOf)) {
      it(describeTls12Combination(row), async () => {
        if (server === undefined || settings !== settingsOf(row)) {
          await server?.program.stop();
          settings = settingsOf(row);
          const args = [...everything, ...etmFor(row), ...dhParamsFor(row)];
          server = await OpensslServer.startIn(environmentFor(row), identity(row.leafKey), ...args);
        }
        const peer = server.next();
        await expectWholeTls12Connection(tls12ClientFor(server.port, row), peer, row, "ours");
      });
    }
  });

  describe("s_client is served by our server", () => {
    for (const [index, row] of tls12Combinations("server", opensslCommand.has).entries()) {
      it(describeTls12Combination(row), async () => {
        const server = await tls12ServerFor(row);
        const args = [...everything, ...etmFor(row), ...schemeFor(row)];
        const peer = opensslClientIn(environmentFor(row), server.port, identity(row.leafKey), ...args);
        await expectWholeTls12Connection(await server.accept(), peer, row, enderOf(index));
        server.close();
      });
    }
  });
});
