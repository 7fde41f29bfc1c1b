import { X25519MLKEM768 } from "@tlskit/ciphersuites";
import { absent } from "@tlskit/vectors";
import { describe, it } from "vitest";
import { type Combination, combinations, describeCombination } from "../src/matrix.ts";
import { NodeServer, nodeClient, nodeHasHybrid } from "../src/node-tls.ts";
import { opensslName } from "../src/openssl.ts";
import { clientFor, enderOf, expectWholeConnection, identityOf, serverFor } from "./helpers/combination.ts";

const rows = combinations((group) => group !== X25519MLKEM768 || nodeHasHybrid);

/** Node's tls tells the suite; that it takes part in nothing else settles the group and the signature. */
function nothingElse({ cipherSuite, namedGroup, certificate, shape }: Combination) {
  const inCertificates = shape === "signed by PKCS#1 v1.5" ? ":rsa_pkcs1_sha256" : ":ecdsa_secp256r1_sha256:ed25519";
  return {
    ciphers: opensslName(cipherSuite),
    ecdhCurve: opensslName(namedGroup),
    sigalgs: `${certificate.signatureScheme.name}${inCertificates}:ecdsa_secp384r1_sha384`,
  };
}

describe("Node's tls", () => {
  it("has the hybrid group", (context) => {
    if (!nodeHasHybrid) absent(context, "this Node's tls has no X25519MLKEM768");
  });

  describe("serves our client", () => {
    for (const [index, row] of rows.entries()) {
      it(describeCombination(row), async () => {
        const server = await NodeServer.start(identityOf(row), nothingElse(row));
        const ours = clientFor(server.port, row);
        await ours.established();
        await expectWholeConnection(ours, await server.accept(), row, enderOf(index));
        server.close();
      });
    }
  });

  describe("is served by our server", () => {
    for (const [index, row] of rows.entries()) {
      it(describeCombination(row), async () => {
        const server = await serverFor(row);
        const peer = nodeClient(server.port, identityOf(row), nothingElse(row));
        await expectWholeConnection(await server.accept(), peer, row, enderOf(index));
        server.close();
      });
    }
  });
});
