import type { CertificateKeyType } from "@tlskit/ciphersuites";
import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import {
  Alert,
  alertName,
  type ClientCertificates,
  type ClientOptions,
  peerError,
  type ServerOptions,
  TrustAnchors,
  VerifiedChain,
} from "@tlskit/tls";
import { createCertificateSync, generatePrivateKeySync } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { clientPki, connect, now, pair, sharedPki } from "./helpers/world.ts";

const asking = (changes: Partial<ClientCertificates> = {}): Partial<ServerOptions> => ({
  clientCertificates: { demand: "required", anchors: clientPki().anchors, ...changes },
});
const showing = (type: CertificateKeyType = "P-256"): Partial<ClientOptions> => ({
  certificates: [clientPki().certificateOf(type)],
});
const shaken = (client: Partial<ClientOptions>, server: Partial<ServerOptions>) => connect(pair({ client, server }));

/** Somebody whom nobody has to do with. */
const stranger = (() => {
  const making = { provider: nodeProvider, random: seededRandom(77) };
  const key = generatePrivateKeySync(making);
  const subject = { commonName: "Stranger" };
  const validity = { from: new Date(now - 1000), days: 2 };
  return createCertificateSync({ ...making, publicKey: key, signer: key, subject, validity, ca: {} });
})();
const strangers = TrustAnchors.of([stranger]);

/** What a server refused a client with, and what the client was told. */
function refusal(client: Partial<ClientOptions>, server: Partial<ServerOptions>) {
  const made = pair({ client, server });
  made.client.send(new Uint8Array(9));
  made.server.send(new Uint8Array(9));
  const { atServer, atClient } = connect(made);
  expect(atServer.info, "established at the server").toBeUndefined();
  expect(atServer.data, "data that was handed out").toHaveLength(0);
  expect(atClient.data, "data that was sent").toHaveLength(0);
  // A client of TLS 1.3 is connected before its certificate is judged.
  expect(atClient.info, "established at the client").toBeDefined();
  expect(atClient.error?.kind).toBe("alert");
  expect(atClient.error?.alert).toBe(atServer.error?.alert);
  return `${atServer.error?.code}: ${alertName(atClient.error?.alert ?? 255)}`;
}

describe("a server that requires a certificate", () => {
  // RFC 9846 §4.4.2#position, §4.4.2#context-empty, §4.4.2#signature-algorithms, §4.5.2#sent-by-client
  it.each<CertificateKeyType>(["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"])(
    "takes one with a key of type %s",
    (type) => {
      const { atClient, atServer } = shaken(showing(type), asking());
      const { chain } = clientPki().certificateOf(type);
      expect(atServer.info?.peer).toBeInstanceOf(VerifiedChain);
      expect(atServer.info?.peer?.certificates[0]).toEqual(chain[0]);
      const shown = { clientCertificates: chain.map(({ der }) => der), clientSignatureScheme: { keyType: type } };
      expect(atServer.info).toMatchObject(shown);
      expect(atClient.info).toMatchObject(shown);
    },
  );

  it("refuses a client that shows none", () => {
    expect(refusal({}, asking())).toBe("certificate_required: certificate_required");
  });

  it("refuses a chain that leads to nobody whom it trusts", () => {
    expect(refusal(showing(), asking({ anchors: strangers, certificateAuthorities: [] }))).toBe(
      "certificate_unknown_issuer: unknown_ca",
    );
  });

  it("refuses a certificate that isn't for clients", () => {
    expect(refusal({ certificates: [sharedPki().certificate] }, asking({ anchors: sharedPki().anchors }))).toBe(
      "certificate_extended_key_usage: unsupported_certificate",
    );
  });

  it.each([
    ["expired", "certificate_expired: certificate_expired"],
    ["not yet valid", "certificate_not_yet_valid: certificate_expired"],
    ["expired intermediate", "certificate_expired: certificate_expired"],
    ["wrong signature", "certificate_bad_signature: bad_certificate"],
  ] as const)("refuses a chain: %s", (name, expected) => {
    const bad = runSync(clientPki().bad(name));
    expect(refusal({ chooseCertificate: () => bad }, asking())).toBe(expected);
  });

  it("asks the application about a client that is verified, which may refuse it", () => {
    const asked: VerifiedChain[] = [];
    const checkClient = (chain: VerifiedChain): void => {
      asked.push(chain);
      throw peerError("not_on_the_list", Alert.accessDenied, "nobody of that name is known");
    };
    expect(refusal(showing(), asking({ checkClient }))).toBe("not_on_the_list: access_denied");
    expect(asked).toHaveLength(1);
    expect(refusal({}, asking({ checkClient }))).toBe("certificate_required: certificate_required");
    expect(asked).toHaveLength(1);
  });

  it("waits for the application's answer, and hands nothing out before", async () => {
    let answer = (): void => {};
    const checkClient = () => new Promise<void>((resolve) => (answer = resolve));
    const made = pair({ client: showing(), server: asking({ checkClient }) });
    made.client.send(Uint8Array.of(1, 2, 3));
    made.server.send(Uint8Array.of(4, 5));
    connect(made);
    expect(made.atServer.events).toEqual([]);
    expect(made.atClient.data).toHaveLength(0);
    answer();
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    made.network.run();
    expect(made.atServer.data).toEqual(Uint8Array.of(1, 2, 3));
    expect(made.atClient.data).toEqual(Uint8Array.of(4, 5));
  });

  it("is told of a failure of the application's own as such", () => {
    const checkClient = (): never => {
      throw new RangeError("the list is lost");
    };
    expect(refusal(showing(), asking({ checkClient }))).toBe("internal_error: internal_error");
  });
});

describe("a server for which a certificate is optional", () => {
  it("takes a client that shows one, and one that shows none", () => {
    expect(shaken(showing(), asking({ demand: "optional" })).atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    const { atClient, atServer } = shaken({}, asking({ demand: "optional" }));
    for (const { info, error } of [atClient, atServer]) {
      expect(error).toBeUndefined();
      expect(info).toMatchObject({ clientCertificates: [], clientSignatureScheme: undefined });
    }
    expect(atServer.info?.peer).toBeUndefined();
  });

  it("refuses one that it can't verify all the same", () => {
    expect(refusal(showing(), asking({ demand: "optional", anchors: strangers, certificateAuthorities: [] }))).toBe(
      "certificate_unknown_issuer: unknown_ca",
    );
  });
});

describe("a server that asks nobody, or later", () => {
  it.each([{}, asking({ demand: "later" })])("gets no certificate of a client that has one", (server) => {
    const { atServer, atClient } = shaken(showing(), server);
    expect(atServer.info?.peer).toBeUndefined();
    expect(atClient.info?.clientCertificates).toEqual([]);
  });
});
