import { verifierFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import type { ClientAuthentication, ClientCredentialRequest } from "@tlskit/handshake";
import { Certificate, type CertificateEntry, decodeMessage } from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { credential, errorOf, key, resultOf, shake } from "./helpers/two-hosts.ts";

const asking = (changes: Partial<ClientAuthentication<string>> = {}): ClientAuthentication<string> => ({
  demand: "required",
  // biome-ignore lint/correctness/useYield: there is nothing to wait for
  *verifyPeer() {
    return { keyType: "P-256", verifier: verifierFor(nodeProvider, key.privateKey), evidence: "a client" };
  },
  ...changes,
});
const ocspResponse = Uint8Array.of(0x30, 0);

describe("what a client shows beside its certificates", () => {
  const shown = (clientAuthentication: ClientAuthentication<string>): readonly CertificateEntry[] => {
    const selectCredential = () => ({ ...credential(), attestations: [{ ocspResponse }] });
    const { clientHost } = shake({ selectCredential }, { clientAuthentication });
    const sent = clientHost.events.flatMap((event) =>
      event.type === "sent" && event.name === "Certificate" ? [decodeMessage(Certificate, event.bytes)] : [],
    );
    return sent[0]?.certificateList ?? [];
  };

  // RFC 9846 §4.5.1#extensions-requested, §4.5.1.1#ocsp-sent-by-client
  it("is what the server asks for, and nothing else", () => {
    const attestations = { ocspResponses: true, signedCertificateTimestamps: true };
    expect(shown(asking()).map(({ extensions }) => extensions)).toEqual([[], []]);
    expect(shown(asking({ attestations })).map(({ extensions }) => extensions.map(({ code }) => code))).toEqual([
      [5],
      [],
    ]);
  });
});

describe("the application's decision about a client", () => {
  it("is asked for when the client has proved that it has the key, and not before", () => {
    const order: string[] = [];
    const { verifier } = { verifier: verifierFor(nodeProvider, key.privateKey) };
    const clientAuthentication = asking({
      *verifyPeer() {
        order.push("chain");
        const verify: typeof verifier.verify = (...args) => {
          order.push("key");
          return verifier.verify(...args);
        };
        const admit = (): void => void order.push("application");
        return { keyType: "P-256", verifier: { ...verifier, verify }, evidence: "a client", admit };
      },
    });
    const { atServer } = shake({ selectCredential: credential }, { clientAuthentication });
    expect(resultOf(atServer).peer).toBe("a client");
    expect(order).toEqual(["chain", "key", "application"]);
  });

  it("is not asked for about one whose signature is wrong", () => {
    const admit = (): void => {
      throw peerError("asked", Alert.accessDenied, "nobody was to be asked");
    };
    const clientAuthentication = asking({
      *verifyPeer() {
        const verifier = { ...verifierFor(nodeProvider, key.privateKey), verify: () => false };
        return { keyType: "P-256", verifier, evidence: "a client", admit };
      },
    });
    const { atServer } = shake({ selectCredential: credential }, { clientAuthentication });
    expect(errorOf(atServer)).toMatchObject({ code: "bad_signature" });
  });
});

describe("what a client is told of a request", () => {
  it("is in the server's words, and names only schemes that both have", () => {
    const asked: ClientCredentialRequest[] = [];
    const selectCredential = (request: ClientCredentialRequest) => {
      asked.push(request);
      return credential();
    };
    const oidFilters = [
      { certificateExtensionOid: Uint8Array.of(6, 1, 1), certificateExtensionValues: Uint8Array.of(5, 0) },
    ];
    const clientAuthentication = asking({ certificateAuthorities: [Uint8Array.of(0x30, 0)], oidFilters });
    const { atClient } = shake({ selectCredential }, { clientAuthentication });
    expect(asked).toMatchObject([
      {
        certificateAuthorities: [Uint8Array.of(0x30, 0)],
        oidFilters,
        attestations: { ocspResponses: false, signedCertificateTimestamps: false },
        context: new Uint8Array(0),
      },
    ]);
    expect(asked[0]?.signatureSchemes.every(({ inCertificateVerify }) => inCertificateVerify.includes("client"))).toBe(
      true,
    );
    expect(resultOf(atClient).negotiated.clientSignatureScheme?.name).toBe("ecdsa_secp256r1_sha256");
  });
});
