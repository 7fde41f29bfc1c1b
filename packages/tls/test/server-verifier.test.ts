import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { ClientContext } from "@tlskit/tls";
import { Alert } from "@tlskit/wire";
import { describe, expect, test } from "vitest";
import { serverVerifier } from "../src/server-verifier.ts";
import { host, now } from "./helpers/world.ts";

const pki = throwawayPki(nodeProvider, seededRandom(20), host, now);
const [leaf, ...intermediates] = pki.certificate.chain.map(({ der }) => der);
if (leaf === undefined) throw new RangeError("a leaf");

/** What no reader takes for a certificate. */
const unreadable = Uint8Array.of(0x30, 0);

/** What a client makes of these certificates, the server's own first. */
function verified(...ders: readonly Uint8Array[]) {
  const context = new ClientContext({
    provider: nodeProvider,
    random: seededRandom(1),
    clock: () => now,
    anchors: pki.anchors,
  });
  const entries = ders.map((certData) => ({ certData, extensions: [] }));
  return runSync(serverVerifier(context.trust, host, undefined)(entries));
}

describe("of a server's certificates only the leaf has to be readable", () => {
  test("another one that isn't needed doesn't end the handshake, wherever it stands", () => {
    const unrelated = [unreadable, ...intermediates, unreadable];
    expect(verified(leaf, ...unrelated).evidence.certificates[0]?.der).toEqual(leaf);
  });

  test("one that is needed is as good as absent, and the refusal tells of it", () => {
    expect(() => verified(leaf, unreadable)).toThrow(
      expect.objectContaining({
        code: "certificate_unknown_issuer",
        alert: Alert.unknownCa,
        message: expect.stringMatching(/is not known; passed over: certificate 2: the TBSCertificate/),
      }),
    );
  });

  test("of many, the refusal tells of three", () => {
    expect(() => verified(leaf, ...Array.from({ length: 9 }, () => unreadable))).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/certificate 4: [^;]*$/) }),
    );
  });

  test("the leaf is refused as what it is", () => {
    expect(() => verified(unreadable, leaf, ...intermediates)).toThrow(
      expect.objectContaining({ code: "bad_certificate", alert: Alert.badCertificate }),
    );
  });
});
