import { nodeProvider } from "@tlskit/crypto-node";
import { Certificate, certificateStatus, extensionIn } from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import {
  Alert,
  type CertificateWithKey,
  type ClientCertificates,
  ClientContext,
  notChecked,
  ocspStaple,
  ownCertificates,
} from "@tlskit/tls";
import { checkRevocation, createCertificateSync, generatePrivateKeySync, OcspResponse } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { pki, revoked, staple } from "./helpers/attested.ts";
import { only, sent } from "./helpers/sent.ts";
import { connect, now, pair, whenAvailable } from "./helpers/world.ts";

const making = { provider: nodeProvider, random: seededRandom(51) };
const key = generatePrivateKeySync(making);
const leaf = createCertificateSync({
  ...making,
  signer: pki.intermediate.key,
  issuer: pki.intermediate.certificate,
  publicKey: key,
  subject: { commonName: "somebody" },
  validity: { from: new Date(now - 86_400_000), days: 20 },
  purposes: ["clientAuth"],
});
const response = staple(leaf);
const asking = {
  clientCertificates: { demand: "required", anchors: pki.anchors, revocation: whenAvailable },
} as const;

/** The OCSP response that a client shows beside its certificate to a server that asks so. */
function shown(asks: Partial<ClientCertificates>): Uint8Array | undefined {
  const certificates = [{ chain: [leaf, pki.intermediate.certificate], key, ocspStaple: ocspStaple(response) }];
  const server = { clientCertificates: { ...asking.clientCertificates, ...asks } };
  const { atClient, atServer } = connect(pair({ client: { certificates: ownCertificates(certificates) }, server }));
  expect(atServer.info?.peer?.certificates[0]?.der).toEqual(leaf.der);
  const [entry] = only(sent(atClient, Certificate)).certificateList;
  return entry && extensionIn(entry, certificateStatus)?.response;
}

describe("an OCSP response about a client's certificate", () => {
  // RFC 9846 §4.5.1.1#ocsp-sent-by-client
  it("is shown to a server that asks", () => expect(shown({})).toEqual(response));

  // RFC 9846 §4.5.1#extensions-requested
  it("isn't shown to one that doesn't", () => expect(shown({ revocation: notChecked })).toBeUndefined());

  it("is had by a function, when a server asks or the client is told to", async () => {
    const asked: string[] = [];
    const certificate: CertificateWithKey = {
      chain: [leaf, pki.intermediate.certificate],
      key,
      ocspStaple: ocspStaple(({ certificate: { serialNumber } }) => {
        asked.push(Buffer.from(serialNumber).toString("hex"));
        return response;
      }),
    };
    for (const certificates of [ownCertificates([certificate]), ownCertificates(() => certificate)]) {
      const { atServer } = connect(pair({ client: { certificates }, server: asking }));
      expect(atServer.info?.peer?.revocation).toMatchObject([{ status: "good" }, {}]);
    }
    const context = new ClientContext({
      ...making,
      clock: () => now,
      anchors: pki.anchors,
      certificates: ownCertificates([certificate]),
    });
    await context.renewStaples();
    await context.renewStaples();
    expect(asked).toHaveLength(3);
  });
});

describe("a client's certificate that was revoked", () => {
  it("is refused by a server that knows so, which the client hears", () => {
    const revoking = OcspResponse.fromDer(staple(leaf, revoked));
    const { atClient, atServer } = connect(
      pair({
        client: { certificates: ownCertificates([{ chain: [leaf, pki.intermediate.certificate], key }]) },
        server: {
          clientCertificates: {
            ...asking.clientCertificates,
            revocation: checkRevocation({ mode: "when_available", certificates: "chain", ocspResponses: [revoking] }),
          },
        },
      }),
    );
    expect(atServer.error).toMatchObject({ code: "certificate_revoked", alert: Alert.certificateRevoked });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: Alert.certificateRevoked });
  });
});
