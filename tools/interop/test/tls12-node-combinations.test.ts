import type { NamedGroup } from "@tlskit/ciphersuites";
import type { FfdheName } from "@tlskit/crypto";
import { describe, it } from "vitest";
import { identity } from "../src/certificates.ts";
import { ffdhePem } from "../src/dh-params.ts";
import { NodeServer, nodeClient } from "../src/node-tls.ts";
import { opensslName } from "../src/openssl.ts";
import { describeTls12Combination, type Tls12Combination, tls12Combinations } from "../src/tls12-matrix.ts";
import { nodeCiphers, nodeTls } from "../src/tls12-peers.ts";
import { enderOf } from "./helpers/combination.ts";
import { expectWholeTls12Connection, tls12ClientFor, tls12ServerFor } from "./helpers/tls12-combination.ts";

/** OpenSSL's options that Node has no names for: `SSL_OP_NO_ENCRYPT_THEN_MAC`, `SSL_OP_NO_EXTENDED_MASTER_SECRET`. */
const noEncryptThenMac = 1 << 19;
const noExtendedMainSecret = 1;

/** Nothing but what a combination says. Node doesn't tell all of it: it is settled by having nothing else. */
function optionsFor({ cipherSuite, encryptThenMac, extendedMainSecret }: Tls12Combination) {
  return {
    minVersion: "TLSv1.2",
    maxVersion: "TLSv1.2",
    ciphers: nodeCiphers(cipherSuite),
    secureOptions:
      (cipherSuite.protection.type === "CBC" && !encryptThenMac ? noEncryptThenMac : 0) |
      (extendedMainSecret ? 0 : noExtendedMainSecret),
  } as const;
}

/** A server's own preferences come first: it has one of each. */
function servingOptionsFor(combination: Tls12Combination) {
  const { namedGroup, signatureScheme } = combination;
  return {
    ...optionsFor(combination),
    ...(namedGroup === undefined ? {} : groupOptions(namedGroup)),
    ...(signatureScheme === undefined ? {} : { sigalgs: signatureScheme.name }),
  };
}

function groupOptions(group: NamedGroup) {
  // The names of finite fields are those of their groups.
  return group.name.startsWith("ffdhe")
    ? { dhparam: ffdhePem(group.name as FfdheName) }
    : { ecdhCurve: opensslName(group) };
}

/** What it offers; ours decides, but of signature schemes. */
function offeringOptionsFor(combination: Tls12Combination) {
  const { signatureScheme } = combination;
  return {
    ...optionsFor(combination),
    ecdhCurve: "X25519:P-256:P-384:P-521:X448",
    ...(signatureScheme === undefined ? {} : { sigalgs: signatureScheme.name }),
  };
}

describe("TLS 1.2 with Node's tls", () => {
  describe("its server serves our client", () => {
    for (const row of tls12Combinations("client", nodeTls.has)) {
      it(describeTls12Combination(row), async () => {
        const server = await NodeServer.start(identity(row.leafKey), servingOptionsFor(row));
        const ours = tls12ClientFor(server.port, row);
        await expectWholeTls12Connection(ours, await server.accept(), row, "ours");
        server.close();
      });
    }
  });

  describe("its client is served by our server", () => {
    for (const [index, row] of tls12Combinations("server", nodeTls.has).entries()) {
      it(describeTls12Combination(row), async () => {
        const server = await tls12ServerFor(row);
        const peer = nodeClient(server.port, identity(row.leafKey), offeringOptionsFor(row));
        await expectWholeTls12Connection(await server.accept(), peer, row, enderOf(index));
        server.close();
      });
    }
  });
});
