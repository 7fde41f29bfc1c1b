import { secp256r1 } from "@tlskit/ciphersuites";
import { clientHandshake, type OwnExtensionsOffer, serverHandshake } from "@tlskit/handshake";
import { type Extension, extensionName, extensionsOf, type MessageType, type RawExtension } from "@tlskit/messages";
import { Alert, peerError } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { MemoryHost, runBoth } from "./helpers/memory-host.ts";
import {
  clientHandshakeSettings,
  errorOf,
  resultOf,
  serverHandshakeSettings,
  shake,
  told,
} from "./helpers/two-hosts.ts";

const quicTransportParameters = 57;
const own = (code: number, ...data: readonly number[]): RawExtension => ({ code, data: Uint8Array.from(data) });
const parameters = own(quicTransportParameters, 1, 2, 3);
const unknown = own(0xff5c, 7);

describe("extensions of the caller's own", () => {
  it("are offered by the client and answered by the server, and both read the peer's", () => {
    const asked: OwnExtensionsOffer[] = [];
    const answer = own(quicTransportParameters, 9, 9);
    const { atClient, atServer } = shake(
      { extensions: [parameters, unknown] },
      {
        answerExtensions: (offer) => {
          asked.push(offer);
          return [answer];
        },
      },
    );
    expect(resultOf(atClient).negotiated.peerExtensions).toEqual([answer]);
    expect(resultOf(atServer).negotiated.peerExtensions).toEqual([parameters, unknown]);
    expect(asked).toEqual([{ extensions: [parameters, unknown], serverName: "host.example", alpnProtocol: "h3" }]);
  });

  it("are the caller's to keep: their data is no view of the hello, whatever array that came in", () => {
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    const hello: Uint8Array[] = [];
    hosts[0].other = hosts[1];
    const deliver = hosts[1].deliver.bind(hosts[1]);
    hosts[1].deliver = (epoch, bytes) => {
      hello.push(Buffer.from(bytes));
      deliver(epoch, hello.at(-1) ?? bytes);
    };
    const [, atServer] = runBoth(hosts, [
      clientHandshake(hosts[0], clientHandshakeSettings({ extensions: [parameters] })),
      serverHandshake(hosts[1], serverHandshakeSettings({ answerExtensions: () => [] })),
    ]);
    const { peerExtensions } = resultOf(atServer).negotiated;
    for (const bytes of hello) bytes.fill(0);
    expect(peerExtensions).toEqual([parameters]);
  });

  it("may be answered later", () => {
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    let answer: ((answers: readonly RawExtension[]) => void) | undefined;
    const answerExtensions = () => ({
      then: (done: (answers: readonly RawExtension[]) => void) => {
        answer = done;
      },
    });
    runBoth(hosts, [
      clientHandshake(hosts[0], clientHandshakeSettings({ extensions: [parameters] })),
      serverHandshake(hosts[1], serverHandshakeSettings({ answerExtensions })),
    ]);
    expect(told(hosts[1])).toEqual([]);
    answer?.([own(quicTransportParameters)]);
    for (let i = 0; i < 20; i += 1) for (const host of hosts) host.wake();
    expect(told(hosts[0]).at(-1)).toBe("write application");
  });

  it("are offered again after a HelloRetryRequest, and answered once", () => {
    let asked = 0;
    const { atClient, atServer } = shake(
      { extensions: [parameters] },
      {
        namedGroups: [secp256r1],
        answerExtensions: ({ extensions }) => {
          asked += 1;
          return extensions;
        },
      },
    );
    expect(resultOf(atClient).negotiated).toMatchObject({ helloRetryRequest: true, peerExtensions: [parameters] });
    expect(resultOf(atServer).negotiated.peerExtensions).toEqual([parameters]);
    expect(asked).toBe(1);
  });

  it("may be such as RFC 8701 has to keep peers used to the unknown, and any that is for applications", () => {
    for (const code of [0x0a0a, 14, 39, 55, 56, 57]) {
      const made = shake({ extensions: [own(code, 1)] }, { answerExtensions: () => [own(code, 2)] });
      expect(resultOf(made.atClient).negotiated.peerExtensions).toEqual([own(code, 2)]);
      expect(resultOf(made.atServer).negotiated.peerExtensions).toEqual([own(code, 1)]);
    }
  });

  it("need no answer, and need not be known to the server", () => {
    for (const server of [{}, { answerExtensions: () => [] }]) {
      const { atClient } = shake({ extensions: [parameters, unknown] }, server);
      expect(resultOf(atClient).negotiated.peerExtensions).toEqual([]);
    }
  });

  it("are what the handshake doesn't own: nothing is asked for a client that has none", () => {
    const { atServer } = shake({}, { answerExtensions: ({ extensions }) => extensions });
    expect(resultOf(atServer).negotiated.peerExtensions).toEqual([]);
  });

  it("let the server refuse a client that lacks one, with an alert of its own", () => {
    const refusal = peerError("no_parameters", Alert.missingExtension, "there are no transport parameters");
    const { atServer, serverHost } = shake(
      {},
      {
        answerExtensions: () => {
          throw refusal;
        },
      },
    );
    expect(errorOf(atServer)).toBe(refusal);
    expect(told(serverHost)).toEqual([]);
  });
});

describe("refused at the door is", () => {
  const described = new Set(Object.values(extensionsOf).flatMap((types) => types.map(({ code }) => code)));
  // max_fragment_length, status_request and its second version, heartbeat, signed_certificate_timestamp, certificate types,
  // padding, those of TLS 1.2, cached_info, compress_certificate, delegated_credential, transparency_info, connection_id,
  // application_settings, ECH: each changes what is sent elsewhere, or means nothing in TLS 1.3.
  const changing = [1, 5, 15, 17, 18, 19, 20, 21, 22, 23, 25, 27, 34, 35, 52, 54, 17513, 65037];

  it.each([...described, ...changing].sort((a, b) => a - b).map((code) => [extensionName(code), code] as const))(
    "%s, which the handshake owns or has no place for",
    (_name, code) => {
      const refused = expect.objectContaining({ kind: "caller", code: "extension_not_own" });
      const client = shake({ extensions: [own(code)] });
      expect(errorOf(client.atClient)).toEqual(refused);
      expect(told(client.clientHost)).toEqual([]);
      const server = shake({ extensions: [parameters] }, { answerExtensions: () => [own(code)] });
      expect(errorOf(server.atServer)).toEqual(refused);
      expect(told(server.serverHost)).toEqual([]);
    },
  );

  it.each([
    ["one that is given twice", [parameters, parameters], "duplicate_extension"],
    ["a code that isn't two bytes", [own(0x1_0000)], "out_of_range"],
    ["data that doesn't fit", [{ code: 0xff5c, data: new Uint8Array(0x1_0000) }], "out_of_range"],
  ])("%s", (_name, extensions, code) => {
    expect(errorOf(shake({ extensions }).atClient)).toMatchObject({ kind: "caller", code });
    const server = shake({ extensions: [parameters, unknown] }, { answerExtensions: () => extensions });
    expect(errorOf(server.atServer)).toMatchObject({ kind: "caller", code });
  });

  // RFC 9846 §4.3#responses-sent
  it("an answer to what the client doesn't offer", () => {
    const { atServer } = shake({ extensions: [parameters] }, { answerExtensions: () => [unknown] });
    expect(errorOf(atServer)).toMatchObject({ kind: "caller", code: "extension_not_offered" });
  });
});

describe("a client refuses a server", () => {
  /** The same with one more extension, in each entry if it is a Certificate. */
  function grown(message: unknown, added: Extension): unknown {
    if (typeof message !== "object" || message === null) return message;
    const parts: unknown[] = "certificateList" in message ? (message.certificateList as unknown[]) : [];
    if (parts.length > 0) return { ...message, certificateList: parts.map((entry) => grown(entry, added)) };
    const extensions = "extensions" in message ? (message.extensions as readonly Extension[]) : [];
    return { ...message, extensions: [...extensions, added] };
  }

  /** What a client that offers extensions makes of a server that adds one to a message. */
  function refusal(name: string, offered: RawExtension, added: RawExtension, retry = false): unknown {
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    hosts[1].alter = <T>(type: MessageType<T>, message: T): T =>
      type.name === name ? (grown(message, { code: added.code, value: added.data }) as T) : message;
    const [atClient] = runBoth(hosts, [
      clientHandshake(hosts[0], clientHandshakeSettings({ extensions: [offered] })),
      serverHandshake(hosts[1], serverHandshakeSettings(retry ? { namedGroups: [secp256r1] } : {})),
    ]);
    return errorOf(atClient);
  }

  // RFC 9846 §4.3#responses-checked
  it.each(["ServerHello", "EncryptedExtensions", "Certificate"])("that answers in %s what was not offered", (name) => {
    expect(refusal(name, parameters, unknown)).toMatchObject({
      code: "unsolicited_extension",
      alert: Alert.unsupportedExtension,
    });
  });

  // RFC 9846 §4.3#places-checked: that nobody else knows it doesn't matter, since the caller does.
  it.each([
    ["HelloRetryRequest", parameters],
    ["HelloRetryRequest", unknown],
    ["ServerHello", parameters],
    ["ServerHello", unknown],
    ["Certificate", parameters],
    ["Certificate", unknown],
  ])("that answers elsewhere than in EncryptedExtensions: in %s", (name, offered) => {
    expect(refusal(name, offered, offered, name === "HelloRetryRequest")).toMatchObject({
      code: "forbidden_extension",
      alert: Alert.illegalParameter,
    });
  });

  it("but not one that answers in EncryptedExtensions", () => {
    expect(refusal("EncryptedExtensions", unknown, unknown)).toBeUndefined();
  });
});
