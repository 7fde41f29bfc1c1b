import { secp256r1, TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256 } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type ClientHandshakeSettings,
  clientSettings,
  defaultEarlyDataTolerance,
  type EarlyDataDecline,
  type ServerHandshakeSettings,
  serverSettings,
} from "@tlskit/handshake";
import {
  ClientHello,
  EncryptedExtensions,
  type Extension,
  earlyDataIndication,
  extension,
  type MessageType,
  NewSessionTicket,
  ServerHello,
  selectedIdentity,
} from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import { Alert } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { MemoryHost } from "./helpers/memory-host.ts";
import { Resuming } from "./helpers/resuming.ts";
import { errorOf, told } from "./helpers/two-hosts.ts";

type Client = Partial<ClientHandshakeSettings<string>>;
type Server = Partial<ServerHandshakeSettings>;

const early: Client = { earlyDataLength: 100 };

/** A client that has a session under which early data is taken. */
function allowing(client: Client = {}, server: Server = {}): { readonly world: Resuming; readonly taking: Server } {
  const world = new Resuming();
  const taking = { earlyData: { maxSize: 16_384, guard: world.guard } };
  world.established(client, { ...taking, ...server });
  return { world, taking };
}

function altering<M>(changed: MessageType<M>, alter: (message: M) => M): MemoryHost {
  const host = new MemoryHost();
  // The type that is compared is the one of the message.
  host.alter = (type, message) => ((type as unknown) === changed ? (alter(message as never) as never) : message);
  return host;
}

const with0Rtt = (extensions: readonly Extension[] | undefined): readonly Extension[] => [
  ...(extensions ?? []),
  extension(earlyDataIndication, null),
];

const earlyKeys = ({ events }: MemoryHost) => events.filter((event) => event.type === "earlyKeys");

describe("early data", () => {
  // RFC 9846 §4.3.10#sent, §4.3.10#first-psk, §4.6#sent, §4.3.11.3#no-waiting
  it("is accepted, and ends before the handshake goes on", () => {
    const { world, taking } = allowing();
    const keyLog: string[] = [];
    const { client, server, hosts } = world.established({ ...early, keyLog: (line) => keyLog.push(line) }, taking);
    for (const { negotiated } of [client, server]) {
      expect(negotiated).toMatchObject({ resumed: true, earlyData: "accepted", earlyDataDeclined: undefined });
    }
    expect(told(hosts[0])).toEqual([
      "sent ClientHello (initial)",
      "earlyKeys",
      "read handshake",
      "earlyDataAccepted",
      "read application",
      "sent EndOfEarlyData (early)",
      "write handshake",
      "sent Finished (handshake)",
      "write application",
    ]);
    expect(told(hosts[1])).toEqual([
      "earlyKeys",
      "sent ServerHello (initial)",
      "changeCipherSpec",
      "write handshake",
      "sent EncryptedExtensions (handshake)",
      "sent Finished (handshake)",
      "write application",
      "read handshake",
      "read application",
      "sent NewSessionTicket (application)",
    ]);
    expect(earlyKeys(hosts[0])).toEqual(earlyKeys(hosts[1]));
    expect(earlyKeys(hosts[0])).toMatchObject([{ limit: 16_384 }]);
    const [{ secret, exporter } = { secret: "", exporter: "" }] = earlyKeys(hosts[0]);
    expect(keyLog.slice(0, 2).map((line) => line.split(" ").filter((_, at) => at !== 1))).toEqual([
      ["CLIENT_EARLY_TRAFFIC_SECRET", secret],
      ["EARLY_EXPORTER_SECRET", exporter],
    ]);
    expect(world.failures).toEqual([]);
  });

  it("comes behind a change_cipher_spec for middleboxes, which isn't sent again (RFC 9846 §E.4)", () => {
    for (const accepts of [true, false]) {
      const { world, taking } = allowing();
      const { hosts } = world.established({ ...early, middleboxCompatibility: true }, accepts ? taking : {});
      expect(told(hosts[0]).slice(0, 3)).toEqual(["sent ClientHello (initial)", "changeCipherSpec", "earlyKeys"]);
      expect(told(hosts[0]).filter((line) => line === "changeCipherSpec")).toHaveLength(1);
    }
  });

  it("has no EndOfEarlyData in QUIC (RFC 9001 §8.3)", () => {
    const { world, taking } = allowing();
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    for (const host of hosts) if (host.earlyData !== undefined) host.earlyData = { ...host.earlyData, hasEnd: false };
    const { client, server } = world.established(early, taking, hosts);
    expect(client.negotiated.earlyData).toBe("accepted");
    expect(client.secrets.exporter.dangerouslyExpose()).toEqual(server.secrets.exporter.dangerouslyExpose());
    expect(told(hosts[0])).not.toContain("sent EndOfEarlyData (early)");
  });

  it.each<[string, Client, Partial<Resuming>]>([
    ["nothing to send", {}, {}],
    ["more to send than the ticket allows", { earlyDataLength: 16_385 }, {}],
    ["other application protocols than the session's", { ...early, alpnProtocols: ["h2"] }, {}],
  ])("isn't offered by a client that has %s", (_, client) => {
    const { world, taking } = allowing();
    const { hosts, atServer } = world.shake(client, { ...taking, alpnProtocols: ["h3", "h2"] });
    expect(errorOf(atServer)).toBeUndefined();
    expect(told(hosts[0])).not.toContain("earlyKeys");
    expect(atServer).toMatchObject({ value: { negotiated: { resumed: true, earlyData: undefined } } });
  });

  it("isn't offered under a session whose ticket allows none, nor by a host that can't", () => {
    const world = new Resuming();
    world.established();
    expect(world.established(early).client.negotiated).toMatchObject({ resumed: true, earlyData: undefined });
    const { world: other, taking } = allowing();
    const host = new MemoryHost();
    host.earlyData = undefined;
    const { client } = other.established(early, taking, [host, new MemoryHost()]);
    expect(client.negotiated).toMatchObject({ resumed: true, earlyData: undefined });
  });
});

// RFC 9846 §4.3.10#conditions, §4.3.10#refused, §4.6#not-sent
describe("early data is declined, and the handshake goes on, with", () => {
  const declined = (
    { world, taking }: ReturnType<typeof allowing>,
    client: Client = {},
    server: Server = {},
    hosts?: readonly [MemoryHost, MemoryHost],
  ) => {
    const ended = world.established({ ...early, ...client }, { ...taking, ...server }, hosts);
    expect(ended.client.negotiated.earlyData).toBe("rejected");
    expect(ended.server.negotiated.earlyData).toBe("rejected");
    const [atClient, atServer] = ended.hosts.map(told) as [string[], string[]];
    expect(atClient).toContain("earlyDataRejected");
    expect(atServer).toContain("skipEarlyData");
    expect(atClient).not.toContain("sent EndOfEarlyData (early)");
    // What is sent afterwards isn't protected by its keys.
    expect(atClient.indexOf("earlyDataRejected")).toBeLessThan(atClient.indexOf("write handshake"));
    return [ended.server.negotiated.resumed, ended.server.negotiated.earlyDataDeclined] as const;
  };
  const because = (reason: EarlyDataDecline, resumed = true) => [resumed, reason];

  it("a server that takes none, or whose host can't", () => {
    expect(declined(allowing(), {}, { earlyData: undefined })).toEqual(because("not_taken"));
    const host = new MemoryHost();
    host.earlyData = undefined;
    expect(declined(allowing(), {}, {}, [new MemoryHost(), host])).toEqual(because("not_taken"));
  });

  it("a session that isn't resumed", () => {
    expect(declined(allowing(), {}, { sessionBinding: Uint8Array.of(1) })).toEqual(because("not_first_psk", false));
    expect(declined(allowing(), {}, { tickets: undefined })).toEqual(because("not_first_psk", false));
  });

  // RFC 9846 §4.3.10#not-after-retry
  it("a HelloRetryRequest, with the session resumed", () => {
    expect(declined(allowing(), {}, { namedGroups: [secp256r1] })).toEqual(because("hello_retry_request"));
  });

  it("another cipher suite, though of the same hash", () => {
    const suites = [TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256];
    const made = allowing({ cipherSuites: suites }, { cipherSuites: [TLS_AES_128_GCM_SHA256] });
    expect(declined(made, { cipherSuites: suites }, { cipherSuites: [TLS_CHACHA20_POLY1305_SHA256] })).toEqual(
      because("other_cipher_suite"),
    );
  });

  it("another application protocol, or none", () => {
    const client = { alpnProtocols: ["h3", "h2"] };
    expect(declined(allowing(client), client, { alpnProtocols: ["h2"] })).toEqual(because("other_alpn_protocol"));
    expect(declined(allowing(client), client, { alpnProtocols: [] })).toEqual(because("other_alpn_protocol"));
  });

  it("a ticket that the server allowed none for", () => {
    const world = new Resuming();
    const allow = altering(NewSessionTicket, (ticket) => ({
      ...ticket,
      extensions: [{ code: 42, value: 16_384 }],
    }));
    world.established({}, {}, [new MemoryHost(), allow]);
    const made = { world, taking: { earlyData: { maxSize: 100, guard: world.guard } } };
    expect(declined(made)).toEqual(because("not_allowed_by_ticket"));
  });

  // RFC 9846 §4.3.10#ticket-age, §8.3
  it("a ClientHello that isn't fresh: it says another age than the ticket has", () => {
    const aged = (milliseconds: number) => {
      const made = allowing();
      const { world } = made;
      world.now += 60_000;
      const client = { clock: () => world.now - milliseconds };
      return { made, client };
    };
    for (const milliseconds of [defaultEarlyDataTolerance + 1, -defaultEarlyDataTolerance - 1]) {
      const { made, client } = aged(milliseconds);
      expect(declined(made, client)).toEqual(because("not_fresh"));
      expect(made.world.admitted).toEqual([]);
    }
    for (const milliseconds of [defaultEarlyDataTolerance, -defaultEarlyDataTolerance]) {
      const { made, client } = aged(milliseconds);
      const { server } = made.world.established({ ...early, ...client }, made.taking);
      expect(server.negotiated.earlyData).toBe("accepted");
    }
  });

  // RFC 9846 §8#at-most-once, §8.2#false-positives
  it("a replay guard that has seen it, says anything but yes, or fails", () => {
    for (const [admit, reason] of [
      [() => false, "replay"],
      [() => Promise.resolve(false), "replay"],
      [() => "yes" as unknown as boolean, "replay"],
    ] as const) {
      const made = allowing();
      const earlyData = { maxSize: 100, guard: { admit } };
      if (admit() instanceof Promise) continue;
      expect(declined(made, {}, { earlyData })).toEqual(because(reason));
    }
    const made = allowing();
    const gone = new Error("the guard is gone");
    const guard = {
      admit: () => {
        throw gone;
      },
    };
    expect(declined(made, {}, { earlyData: { maxSize: 100, guard } })).toEqual(because("guard_failed"));
    expect(made.world.failures).toEqual([gone]);
  });
});

describe("what is passed over", () => {
  const skipped = (options: object): number =>
    serverSettings({ provider: nodeProvider, random: seededRandom(1), clock: () => 0, ...options }).maxSkippedEarlyData;
  const guard = { admit: () => true };

  it("is as much as would be taken, in small records, unless told otherwise", () => {
    expect(skipped({})).toBe(65_536);
    expect(skipped({ earlyData: { maxSize: 16_384, guard } })).toBe(65_536);
    expect(skipped({ earlyData: { maxSize: 100_000, guard } })).toBe(400_000);
    expect(skipped({ earlyData: { maxSize: 100_000, guard }, maxSkippedEarlyData: 5 })).toBe(5);
  });
});

describe("a server's settings of sessions", () => {
  const common = { provider: nodeProvider, random: seededRandom(1), clock: () => 0 };
  const guard = { admit: () => true };

  it.each([
    [{ earlyData: { maxSize: 0, guard } }],
    [{ earlyData: { maxSize: 2 ** 32, guard } }],
    [{ earlyData: { maxSize: 1, guard, tolerance: 0 } }],
    [{ ticketCount: -1 }],
    [{ ticketCount: 9 }],
    [{ sessionLifetime: 0 }],
    [{ sessionLifetime: 604_801 }],
  ])("are refused out of their range: %j", (options) => {
    expect(() => serverSettings({ ...common, ...options })).toThrow(
      expect.objectContaining({ kind: "caller", code: "out_of_range" }),
    );
  });

  it.each([
    [{ ticketRequest: { newSessionCount: 256, resumptionCount: 0 } }],
    [{ ticketRequest: { newSessionCount: 0, resumptionCount: -1 } }],
    [{ sessionLifetime: 604_801 }],
  ])("and a client's: %j", (options) => {
    expect(() => clientSettings({ ...common, ...options })).toThrow(
      expect.objectContaining({ kind: "caller", code: "out_of_range" }),
    );
  });
});

describe("a replay guard", () => {
  // RFC 9846 §8.2#storage-key
  it("is asked once, about the binder that was verified, and until when it is fresh", () => {
    const { world } = allowing();
    const asked: object[] = [];
    world.now += 5000;
    const clock = () => world.now + 2000;
    const guard = { admit: (attempt: object) => asked.push(attempt) > 0 };
    let binder: Uint8Array | undefined;
    const host = altering(ClientHello, (hello) => {
      const psk = hello.extensions?.at(-1)?.value as { readonly binders: readonly Uint8Array[] };
      [binder] = psk.binders;
      return hello;
    });
    const earlyData = { maxSize: 16_384, guard, tolerance: 3000 };
    world.established({ ...early, clock }, { earlyData }, [host, new MemoryHost()]);
    expect(asked).toEqual([
      // The client says that it is two seconds later than the server thinks.
      { binder, ticket: expect.any(Uint8Array), freshUntil: world.now + 2000 + 3000 },
    ]);
  });
});

describe("a server that accepts early data wrongly is refused: it accepts", () => {
  const answering = (
    change: (message: EncryptedExtensions) => EncryptedExtensions,
    client: Client = early,
    server: Server = {},
    prepared = allowing(),
  ) => {
    const host = altering(EncryptedExtensions, change);
    return errorOf(prepared.world.shake(client, { ...prepared.taking, ...server }, [new MemoryHost(), host]).atClient);
  };
  const accepting = (message: EncryptedExtensions) => ({ ...message, extensions: with0Rtt(message.extensions) });

  it("what was not offered", () => {
    expect(answering(accepting, {}, { earlyData: undefined })).toMatchObject({
      code: "unsolicited_extension",
      alert: Alert.unsupportedExtension,
    });
  });

  it("what was offered before a HelloRetryRequest", () => {
    expect(answering(accepting, early, { namedGroups: [secp256r1] })).toMatchObject({
      code: "unsolicited_extension",
      alert: Alert.unsupportedExtension,
    });
  });

  it("it without the pre-shared key", () => {
    expect(answering(accepting, early, { tickets: undefined })).toMatchObject({
      code: "early_data_without_psk",
      alert: Alert.illegalParameter,
    });
  });

  it("it under another cipher suite", () => {
    const suites = [TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256];
    const made = allowing({ cipherSuites: suites }, { cipherSuites: [TLS_AES_128_GCM_SHA256] });
    const server = { cipherSuites: [TLS_CHACHA20_POLY1305_SHA256] };
    expect(answering(accepting, { ...early, cipherSuites: suites }, server, made)).toMatchObject({
      code: "early_data_cipher_suite",
      alert: Alert.illegalParameter,
    });
  });

  it("it for another application protocol", () => {
    const client = { ...early, alpnProtocols: ["h3", "h2"] };
    const made = allowing({ alpnProtocols: ["h3", "h2"] });
    expect(answering(accepting, client, { alpnProtocols: ["h2"] }, made)).toMatchObject({
      code: "early_data_alpn_protocol",
      alert: Alert.illegalParameter,
    });
  });

  // RFC 9846 §4.3.11#early-selection-checked
  it("it under a pre-shared key of another index", () => {
    const { world, taking } = allowing();
    const host = altering(ServerHello, (hello) => ({
      ...hello,
      extensions: hello.extensions?.map((one) =>
        one.code === selectedIdentity.code ? extension(selectedIdentity, 1) : one,
      ),
    }));
    expect(errorOf(world.shake(early, taking, [new MemoryHost(), host]).atClient)).toMatchObject({
      code: "psk_not_offered",
      alert: Alert.illegalParameter,
    });
  });
});

describe("a client that offers early data wrongly", () => {
  it("without a pre-shared key has it passed over", () => {
    const { world, taking } = allowing();
    world.sessions.length = 0;
    const host = altering(ClientHello, (hello) => ({ ...hello, extensions: with0Rtt(hello.extensions) }));
    const { atServer, hosts } = world.shake({}, taking, [host, new MemoryHost()]);
    expect(errorOf(atServer)).toBeUndefined();
    expect(told(hosts[1])).toContain("skipEarlyData");
  });

  it("and sends no EndOfEarlyData is refused", () => {
    const { world, taking } = allowing();
    const client = new MemoryHost();
    if (client.earlyData !== undefined) client.earlyData = { ...client.earlyData, hasEnd: false };
    const { atServer, hosts } = world.shake(early, taking, [client, new MemoryHost()]);
    // The server waits for it, in what is protected as early data is.
    expect(atServer).toBeUndefined();
    const [, server] = hosts;
    server.deliver("early", Uint8Array.of(20, 0, 0, 0));
    expect(told(server)).not.toContain("read handshake");
  });
});
