import type { Attestations, ClientHandshakeSettings, CredentialRequest } from "@tlskit/handshake";
import { clientHandshake, clientSettings, serverHandshake } from "@tlskit/handshake";
import {
  Certificate,
  ClientHello,
  certificateAuthorities,
  certificateStatus,
  decodeMessage,
  type Extension,
  extension,
  extensionCodes,
  extensionIn,
  type MessageType,
  signedCertificateTimestamps,
  statusRequest,
} from "@tlskit/messages";
import { Alert } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { MemoryHost, runBoth } from "./helpers/memory-host.ts";
import {
  clientHandshakeSettings,
  common,
  credential,
  errorOf,
  resultOf,
  serverHandshakeSettings,
  shake,
  verifyPeer,
} from "./helpers/two-hosts.ts";

const response = Uint8Array.of(0x30, 0);
const timestamps = [Uint8Array.of(1), Uint8Array.of(2, 3)];
const said: Attestations = { ocspResponse: response, signedCertificateTimestamps: timestamps };
const everything = { ocspResponses: true, signedCertificateTimestamps: true };

type Asked = ClientHandshakeSettings<string>["attestations"];

const shakeAbout = (attestations: Asked, shown: readonly (Attestations | undefined)[]) =>
  shake({ attestations }, { selectCredential: () => ({ ...credential(), attestations: shown }) });

/** A handshake in which a message is changed by its sender. */
function shakeAltered(attestations: Asked, alter: MemoryHost["alter"], role: "client" | "server" = "server") {
  const hosts = [new MemoryHost(), new MemoryHost()] as const;
  hosts[role === "client" ? 0 : 1].alter = alter;
  const selectCredential = () => ({ ...credential(), attestations: [said] });
  const [atClient, atServer] = runBoth(hosts, [
    clientHandshake(hosts[0], clientHandshakeSettings({ attestations })),
    serverHandshake(hosts[1], serverHandshakeSettings({ selectCredential })),
  ]);
  return { atClient, atServer, serverHost: hosts[1] };
}

/** Puts extensions beside each certificate. */
const beside =
  (...extensions: readonly Extension[]): MemoryHost["alter"] =>
  (type, message) => {
    if ((type as MessageType<unknown>) !== Certificate) return message;
    const certificate = message as Certificate;
    const certificateList = certificate.certificateList.map((entry) => ({ ...entry, extensions }));
    return { ...certificate, certificateList } as typeof message;
  };

const sentHello = ({ events }: MemoryHost): ClientHello => {
  const [hello] = events;
  if (hello?.type !== "sent") throw new RangeError("a client begins with its hello");
  return decodeMessage(ClientHello, hello.bytes);
};

describe("what is said of a server's certificates", () => {
  // RFC 9846 §4.5.1#extensions-offered, §4.5.1.1#ocsp-sent, RFC 9325 §7.5#stapling
  it("is shown to a client that asks, beside the certificate, and told at both ends", () => {
    const seen: (readonly Extension[])[] = [];
    const { atClient, atServer } = shake(
      {
        attestations: everything,
        *verifyPeer(entries) {
          seen.push(...entries.map(({ extensions }) => extensions));
          return yield* verifyPeer(entries);
        },
      },
      { selectCredential: () => ({ ...credential(), attestations: [said] }) },
    );
    expect(seen[0]).toEqual([
      extension(certificateStatus, { statusType: 1, response }),
      extension(signedCertificateTimestamps, timestamps),
    ]);
    expect(seen.slice(1)).toEqual(seen.slice(1).map(() => []));
    for (const end of [atClient, atServer])
      expect(resultOf<{ negotiated: object }>(end).negotiated).toMatchObject({
        serverAttestations: [said, ...seen.slice(1).map(() => ({}))],
      });
  });

  it("is shown beside each certificate that has something", () => {
    const { atClient } = shakeAbout(everything, [undefined, { ocspResponse: response }]);
    expect(resultOf(atClient).negotiated.serverAttestations).toEqual([{}, { ocspResponse: response }]);
  });

  // RFC 6962 §3.3.1#sent, §3.3.1#sent-if-asked, §3.3#one-way
  it.each<[string, Asked, Attestations]>([
    ["nothing", undefined, {}],
    ["nothing, in so many words", { ocspResponses: false, signedCertificateTimestamps: false }, {}],
    ["OCSP responses", { ...everything, signedCertificateTimestamps: false }, { ocspResponse: response }],
    ["timestamps", { ...everything, ocspResponses: false }, { signedCertificateTimestamps: timestamps }],
  ])("is what the client asks for: %s", (_, asked, shown) => {
    const { atClient, clientHost } = shakeAbout(asked, [said]);
    expect(resultOf(atClient).negotiated.serverAttestations[0]).toEqual(shown);
    const codes = extensionCodes(sentHello(clientHost));
    expect(codes.includes(5)).toBe("ocspResponse" in shown);
    expect(codes.includes(18)).toBe("signedCertificateTimestamps" in shown);
  });

  it("isn't shown to a client that asks for a status of a type that nobody knows", () => {
    const { serverHost } = shakeAltered(
      undefined,
      (type, message) => {
        if ((type as MessageType<unknown>) !== ClientHello) return message;
        const hello = message as unknown as ClientHello;
        const asked = extension(statusRequest, { statusType: 9, request: new Uint8Array(2) });
        return { ...hello, extensions: [...(hello.extensions ?? []), asked] } as typeof message;
      },
      "client",
    );
    const sent = serverHost.events.find((event) => event.type === "sent" && event.name === "Certificate");
    if (sent?.type !== "sent") throw new RangeError("no certificate was sent");
    expect(decodeMessage(Certificate, sent.bytes).certificateList[0]?.extensions).toEqual([]);
  });

  // RFC 6962 §3.3#one-sent
  it("isn't sent where there is none", () => {
    const { atClient } = shakeAbout(everything, [{ signedCertificateTimestamps: [] }]);
    expect(resultOf(atClient).negotiated.serverAttestations[0]).toEqual({});
  });

  // RFC 9846 §4.3#responses-checked
  it.each<[string, Extension]>([
    ["an OCSP response", extension(certificateStatus, { statusType: 1, response })],
    ["a list of timestamps", extension(signedCertificateTimestamps, timestamps)],
  ])("is refused unasked: %s", (_, shown) => {
    const { atClient } = shakeAltered(undefined, beside(shown));
    expect(errorOf(atClient)).toMatchObject({
      kind: "peer",
      code: "unsolicited_extension",
      alert: Alert.unsupportedExtension,
    });
  });

  it("is refused as a status of a type that wasn't asked for", () => {
    const { atClient } = shakeAltered(
      everything,
      beside(extension(certificateStatus, { statusType: 2, response: new Uint8Array(3) })),
    );
    expect(errorOf(atClient)).toMatchObject({ code: "certificate_status_type", alert: Alert.illegalParameter });
  });
});

describe("certificate_authorities (RFC 9846 §4.3.4)", () => {
  const names = [Uint8Array.of(0x30, 0), Uint8Array.of(0x30, 1, 0)];

  it("tell a server what certificates a client would like, if it is told them", () => {
    const asked: CredentialRequest[] = [];
    const selectCredential = (request: CredentialRequest) => {
      asked.push(request);
      return credential();
    };
    const { clientHost } = shake({ certificateAuthorities: names, attestations: everything }, { selectCredential });
    const without = shake({}, { selectCredential });
    expect(extensionIn(sentHello(clientHost), certificateAuthorities)).toEqual(names);
    expect(extensionIn(sentHello(without.clientHost), certificateAuthorities)).toBeUndefined();
    expect(asked[0]).toMatchObject({ certificateAuthorities: names, attestations: everything });
    expect(asked[1]).toMatchObject({ certificateAuthorities: [], attestations: { ocspResponses: false } });
  });

  it("fit into the extension", () => {
    const settings = (...certificateAuthorities: readonly Uint8Array[]) =>
      clientSettings({ ...common, random: () => new Uint8Array(0), certificateAuthorities });
    expect(settings(new Uint8Array(0xfffd)).certificateAuthorities).toHaveLength(1);
    for (const wrong of [new Uint8Array(0xfffe), new Uint8Array(0)]) {
      expect(() => settings(wrong)).toThrow(expect.objectContaining({ kind: "caller", code: "out_of_range" }));
    }
  });
});
