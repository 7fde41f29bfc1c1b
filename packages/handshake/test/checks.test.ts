import {
  defaultSignatureSchemes,
  secp256r1,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import { Driver } from "@tlskit/crypto";
import { clientHandshake, type ServerHandshakeSettings, serverHandshake } from "@tlskit/handshake";
import {
  type Certificate,
  ClientHello,
  clientShares,
  decodeMessage,
  EncryptedExtensions,
  type Extension,
  encodeMessage,
  extension,
  extensionIn,
  type HasExtensions,
  offeredPsks,
  pskKeyExchangeModes,
  serverNameList,
  supportedGroups,
} from "@tlskit/messages";
import { Alert, asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { checkPlaces, checkResponses } from "../src/extension-rules.ts";
import { MemoryHost, runBoth } from "./helpers/memory-host.ts";
import {
  clientHandshakeSettings,
  errorOf,
  resultOf,
  serverHandshakeSettings,
  shake,
  told,
} from "./helpers/two-hosts.ts";

/** The ClientHello of our own client: what a test changes in one place. */
function clientHello(): ClientHello {
  const host = new MemoryHost();
  new Driver(clientHandshake(host, clientHandshakeSettings()), {
    done: () => undefined,
    failed: () => undefined,
  }).start();
  const [sent] = host.events;
  if (sent?.type !== "sent") throw new RangeError("a client begins with its hello");
  return decodeMessage(ClientHello, sent.bytes);
}

/** A server that is sent these, and how it ended if it has. */
function serverGets(server: Partial<ServerHandshakeSettings>, ...hellos: readonly ClientHello[]) {
  const host = new MemoryHost();
  let error: unknown;
  for (const hello of hellos) host.deliver("initial", encodeMessage(ClientHello, hello));
  // Nothing may come ahead of its turn.
  host.endOfFlight = () => undefined;
  new Driver(serverHandshake(host, serverHandshakeSettings(server)), {
    done: () => undefined,
    failed: (reason) => {
      error = reason;
    },
  }).start();
  return { host, error };
}

function withExtensions(hello: ClientHello, ...replacing: readonly Extension[]): ClientHello {
  const codes = replacing.map(({ code }) => code);
  const kept = (hello.extensions ?? []).filter(({ code }) => !codes.includes(code));
  return { ...hello, extensions: [...kept, ...replacing] };
}

describe("a server", () => {
  it("takes two names of two types (RFC 6066 §3)", () => {
    const names = [0, 1].map((nameType) => ({ nameType, name: asciiBytes("host.example") }));
    const { host, error } = serverGets({}, withExtensions(clientHello(), extension(serverNameList, names)));
    expect(error).toBeUndefined();
    expect(told(host)).toContain("sent Finished (handshake)");
  });

  it("follows a client to ChaCha20 by the first suite that both can do", () => {
    const { atClient } = shake(
      { cipherSuites: [TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256] },
      { cipherSuites: [TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256], followClientToChaCha20: true },
    );
    expect(resultOf(atClient).negotiated.cipherSuite).toBe(TLS_CHACHA20_POLY1305_SHA256);
  });

  // RFC 9846 §4.3.3: RSASSA-PKCS1-v1_5 is for certificates alone.
  it("chooses a certificate by schemes that may sign a handshake, and keeps the others apart", () => {
    const asked: Parameters<ServerHandshakeSettings["selectCredential"]>[0][] = [];
    shake(
      {},
      {
        selectCredential: (request) => {
          asked.push(request);
          return undefined;
        },
      },
    );
    expect(defaultSignatureSchemes.some(({ inCertificateVerify }) => inCertificateVerify.length === 0)).toBe(true);
    expect(asked[0]?.signatureSchemes).toEqual(
      defaultSignatureSchemes.filter((scheme) => scheme.inCertificateVerify.includes("server")),
    );
    expect(asked[0]?.signatureSchemesInCertificates).toEqual(defaultSignatureSchemes.map(({ code }) => code));
  });

  // RFC 9846 §4.3.7
  it("tells which groups it likes, if the one in use is not the one it likes best", () => {
    const told = (namedGroups: ServerHandshakeSettings["namedGroups"]) => {
      const { serverHost, atServer } = shake({}, { namedGroups });
      resultOf(atServer);
      const sent = serverHost.events.find((event) => event.type === "sent" && event.name === "EncryptedExtensions");
      if (sent?.type !== "sent") throw new RangeError("every server sends EncryptedExtensions");
      return extensionIn(decodeMessage(EncryptedExtensions, sent.bytes), supportedGroups);
    };
    expect(told([secp256r1, x25519])).toEqual([secp256r1.code, x25519.code]);
    expect(told([x25519, secp256r1])).toBeUndefined();
  });

  it("shows what a client offers to whoever has settings for it: nothing where there is nothing", () => {
    const offers: unknown[] = [];
    const settings = serverHandshakeSettings();
    shake(
      { alpnProtocols: [] },
      {
        forClient: (offer) => {
          offers.push(offer.alpnProtocols);
          return settings;
        },
      },
    );
    expect(offers).toEqual([[]]);
  });
});

describe("a second ClientHello (RFC 9846 §4.2.2)", () => {
  const psks = [
    extension(pskKeyExchangeModes, [1]),
    extension(offeredPsks, {
      identities: [{ identity: Uint8Array.of(1), obfuscatedTicketAge: 0 }],
      binders: [new Uint8Array(32)],
    }),
  ];
  const share = extension(clientShares, [{ group: secp256r1.code, keyExchange: shareOnP256() }]);
  const onlyP256 = { namedGroups: [secp256r1] };

  it("may leave pre-shared keys out, which don't fit the cipher suite", () => {
    const first = withExtensions(clientHello(), ...psks);
    const without = (first.extensions ?? []).filter(({ code }) => code !== offeredPsks.code);
    const { host, error } = serverGets(onlyP256, first, withExtensions({ ...first, extensions: without }, share));
    expect(error).toBeUndefined();
    expect(told(host)).toContain("sent Finished (handshake)");
  });
});

/** The base point of P-256: a share like any other. */
function shareOnP256(): Uint8Array {
  return Uint8Array.from(
    Buffer.from(
      "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
      "hex",
    ),
  );
}

describe("a client", () => {
  // RFC 9846 §4.3#places-checked
  it("refuses an extension that has no place in a Certificate, though it was asked for", () => {
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    hosts[1].alter = (type, message) => {
      if (type.name !== "Certificate") return message;
      const entries = (message as Certificate).certificateList; // its name says so
      const extensions = [extension(supportedGroups, [x25519.code])];
      return { ...message, certificateList: entries.map((entry) => ({ ...entry, extensions })) };
    };
    const [atClient] = runBoth(hosts, [
      clientHandshake(hosts[0], clientHandshakeSettings()),
      serverHandshake(hosts[1], serverHandshakeSettings()),
    ]);
    expect(errorOf(atClient)).toMatchObject({ code: "forbidden_extension", alert: Alert.illegalParameter });
  });
});

describe("what is wrong with an extension", () => {
  const keyShare: HasExtensions = { extensions: [extension(pskKeyExchangeModes, [1])] };

  it.each([
    ["serverHello", "ServerHello"],
    ["helloRetryRequest", "HelloRetryRequest"],
    ["encryptedExtensions", "EncryptedExtensions"],
    ["certificateRequest", "CertificateRequest"],
    ["certificate", "Certificate"],
    ["newSessionTicket", "NewSessionTicket"],
  ] as const)("is told with the message's name: %s", (place, name) => {
    expect(() => checkPlaces(place, keyShare)).toThrow(` in ${name}`);
    expect(() => checkResponses(place, keyShare, [])).toThrow(` in ${name} `);
  });

  it("also in a ClientHello", () => {
    expect(() => checkResponses("clientHello", keyShare, [])).toThrow(" in ClientHello ");
  });
});
