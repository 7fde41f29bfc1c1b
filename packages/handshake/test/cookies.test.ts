import { secp256r1, TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, x25519 } from "@tlskit/ciphersuites";
import { Driver } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type ClientHandshakeSettings,
  clientHandshake,
  cookieLifetime,
  type Established,
  type ServerHandshakeSettings,
  serverHandshake,
} from "@tlskit/handshake";
import {
  applicationLayerProtocolNegotiation,
  ClientHello,
  clientShares,
  cookie,
  decodeMessage,
  type Extension,
  earlyDataIndication,
  encodeMessage,
  extension,
  extensionIn,
  HelloRetryRequest,
} from "@tlskit/messages";
import { type Cookies, GivenTicketKeys, SealedCookies, SealedTickets } from "@tlskit/sessions";
import { seededRandom } from "@tlskit/testing";
import { Alert, asciiBytes } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { type Ending, MemoryHost } from "./helpers/memory-host.ts";
import { begin, Resuming } from "./helpers/resuming.ts";
import { clientHandshakeSettings, errorOf, resultOf, serverHandshakeSettings, shake } from "./helpers/two-hosts.ts";

const keys = (byte: number): GivenTicketKeys =>
  new GivenTicketKeys([{ name: new Uint8Array(16).fill(byte), secret: new Uint8Array(32).fill(byte) }]);
const random = seededRandom(8);
const cookiesBy = (byte: number): Cookies => new SealedCookies({ provider: nodeProvider, random, keys: keys(byte) });
const cookies = cookiesBy(1);

interface Forgetful {
  readonly client?: Partial<ClientHandshakeSettings<string>>;
  /** The server that sends the HelloRetryRequest, and forgets all of it. */
  readonly first?: Partial<ServerHandshakeSettings>;
  /** The one that gets the second ClientHello, otherwise as the first. */
  readonly second?: Partial<ServerHandshakeSettings>;
  /** What somebody makes of the second ClientHello's extensions. */
  readonly change?: (extensions: readonly Extension[]) => readonly Extension[];
}

function started<T>(
  host: MemoryHost,
  steps: ReturnType<typeof clientHandshake<T>>,
): { ending: Ending<Established<T>> | undefined } {
  const outcome: { ending: Ending<Established<T>> | undefined } = { ending: undefined };
  new Driver(steps, {
    done: (value) => {
      outcome.ending = { value };
    },
    failed: (error) => {
      outcome.ending = { error };
    },
  }).start();
  host.wake();
  return outcome;
}

/** A client whose two ClientHellos come to two servers that have nothing in common but what they were told. */
function shakeForgetfully({ client = {}, first = {}, second = {}, change = (all) => all }: Forgetful = {}) {
  const [clientHost, firstHost, secondHost] = [new MemoryHost(), new MemoryHost(), new MemoryHost()];
  const settings = { namedGroups: [secp256r1], cookies, ...first };
  const atClient = started(clientHost, clientHandshake(clientHost, clientHandshakeSettings(client)));
  const [hello] = clientHost.events.filter((event) => event.type === "sent");
  if (hello?.type !== "sent") throw new TypeError("the client sends no hello");
  firstHost.other = clientHost;
  const forgotten = new Driver(serverHandshake(firstHost, serverHandshakeSettings(settings)), {
    done: () => {},
    failed: (error) => {
      throw error;
    },
  });
  forgotten.start();
  firstHost.deliver("initial", hello.bytes);
  firstHost.wake();
  forgotten.stop();

  secondHost.other = clientHost;
  clientHost.other = secondHost;
  const deliver = secondHost.deliver.bind(secondHost);
  secondHost.deliver = (epoch, bytes) => deliver(epoch, epoch === "initial" ? changedHello(bytes, change) : bytes);
  const atServer = started(
    secondHost,
    serverHandshake(secondHost, serverHandshakeSettings({ ...settings, ...second })),
  );
  for (let rounds = 0; rounds < 10; rounds += 1) {
    clientHost.wake();
    secondHost.wake();
  }
  return { clientHost, firstHost, secondHost, atClient: atClient.ending, atServer: atServer.ending };
}

function changedHello(
  bytes: Uint8Array,
  change: (extensions: readonly Extension[]) => readonly Extension[],
): Uint8Array {
  const hello = decodeMessage(ClientHello, bytes);
  return encodeMessage(ClientHello, { ...hello, extensions: change(hello.extensions ?? []) });
}

/** The cookie of the only HelloRetryRequest that a server sent. */
function sentCookie({ events }: MemoryHost): Uint8Array | undefined {
  const [retry, ...others] = events.filter((event) => event.type === "sent" && event.name === "HelloRetryRequest");
  expect(others).toEqual([]);
  if (retry?.type !== "sent") throw new TypeError("no HelloRetryRequest");
  return extensionIn(decodeMessage(HelloRetryRequest, retry.bytes), cookie);
}

const replaced =
  (other: Extension) =>
  (all: readonly Extension[]): readonly Extension[] =>
    all.map((each) => (each.code === other.code ? other : each));

/** The other half of a pair that does nothing. */
const nothingElse = { cookieFor: () => undefined };

function flipped(bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

// RFC 9846 §4.3.2
describe("a server that keeps nothing between two ClientHellos", () => {
  it.each([TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384])("goes on by its cookie, with $name", (cipherSuite) => {
    const { firstHost, secondHost, atClient, atServer } = shakeForgetfully({ client: { cipherSuites: [cipherSuite] } });
    const [ofClient, ofServer] = [resultOf(atClient), resultOf(atServer)];
    expect(sentCookie(firstHost)).toBeDefined();
    expect(firstHost.events.map((event) => (event.type === "sent" ? event.name : event.type))).toEqual([
      "HelloRetryRequest",
      "changeCipherSpec",
    ]);
    expect(secondHost.events.some((event) => event.type === "sent" && event.name === "HelloRetryRequest")).toBe(false);
    for (const { negotiated } of [ofClient, ofServer]) {
      expect(negotiated).toMatchObject({ helloRetryRequest: true, cipherSuite, namedGroup: secp256r1 });
    }
    const exported = ofServer.secrets.exporter.export("EXPERIMENTAL test", new Uint8Array(0), 32);
    expect(ofClient.secrets.exporter.export("EXPERIMENTAL test", new Uint8Array(0), 32)).toEqual(exported);
  });

  it("may be another one, with the same keys, which would choose otherwise now", () => {
    const { atClient, atServer } = shakeForgetfully({
      second: {
        cookies: cookiesBy(1),
        namedGroups: [x25519, secp256r1],
        cipherSuites: [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256],
      },
    });
    expect(resultOf(atServer).negotiated).toMatchObject({
      cipherSuite: TLS_AES_128_GCM_SHA256,
      namedGroup: secp256r1,
      helloRetryRequest: true,
    });
    expect(resultOf(atClient).negotiated.cipherSuite).toBe(TLS_AES_128_GCM_SHA256);
  });

  it("takes cookies that are made and understood later", async () => {
    const late: Cookies = {
      cookieFor: async (state) => cookies.cookieFor(state),
      stateOf: async (given) => cookies.stateOf(given),
    };
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    [hosts[0].other, hosts[1].other] = [hosts[1], hosts[0]];
    const settings = serverHandshakeSettings({ namedGroups: [secp256r1], cookies: late });
    const atServer = started(hosts[1], serverHandshake(hosts[1], settings));
    const atClient = started(hosts[0], clientHandshake(hosts[0], clientHandshakeSettings()));
    for (let rounds = 0; rounds < 50; rounds += 1) {
      for (const host of hosts) host.wake();
      await Promise.resolve();
    }
    expect(resultOf(atServer.ending).negotiated.helloRetryRequest).toBe(true);
    expect(resultOf(atClient.ending).negotiated.helloRetryRequest).toBe(true);
  });

  it("resumes sessions, whose binders are made over the hash that the cookie has", () => {
    const world = new Resuming();
    world.established();
    const { atClient, atServer } = shakeForgetfully({ client: world.client, first: world.server });
    expect(resultOf(atServer).negotiated).toMatchObject({ resumed: true, helloRetryRequest: true });
    expect(resultOf(atClient).negotiated.resumed).toBe(true);
  });

  it("knows that early data was offered, which is rejected", () => {
    const world = new Resuming();
    const server = { ...world.server, earlyData: { maxSize: 100, guard: world.guard } };
    world.established({}, server);
    const { atServer } = shakeForgetfully({ client: { ...world.client, earlyDataLength: 5 }, first: server });
    expect(resultOf(atServer).negotiated).toMatchObject({ resumed: true, earlyData: "rejected" });
    expect(resultOf(atServer).negotiated.earlyDataDeclined).toBeDefined();
  });

  it("takes a cookie as long as it is good, also if its clock is behind", () => {
    for (const passed of [cookieLifetime, -cookieLifetime]) {
      const { atServer } = shakeForgetfully({
        first: { clock: () => begin },
        second: { clock: () => begin + passed },
      });
      expect(resultOf(atServer).negotiated.helloRetryRequest).toBe(true);
    }
  });
});

describe("a second ClientHello that comes to a server that keeps nothing is refused", () => {
  const refusal = (code: string): object =>
    expect.objectContaining({ name: "TlsError", kind: "peer", code, alert: Alert.illegalParameter });
  const address = (last: number): Uint8Array => Uint8Array.of(192, 0, 2, last);
  const sealedElsewhere = (): Uint8Array => {
    const ticket = new SealedTickets({ provider: nodeProvider, random, keys: keys(1) }).ticketFor(new Uint8Array(90));
    if (!(ticket instanceof Uint8Array)) throw new TypeError("node:crypto answers at once");
    return ticket;
  };

  it.each<[string, string, Forgetful]>([
    ["with a cookie under other keys", "invalid_cookie", { second: { cookies: cookiesBy(2) } }],
    [
      "with a cookie of which a bit is another",
      "invalid_cookie",
      {
        change: (all) =>
          all.map((each) =>
            each.code === cookie.code ? extension(cookie, flipped(extensionIn({ extensions: all }, cookie))) : each,
          ),
      },
    ],
    ["with some bytes", "invalid_cookie", { change: replaced(extension(cookie, new Uint8Array(100))) }],
    ["with a ticket under the same keys", "invalid_cookie", { change: replaced(extension(cookie, sealedElsewhere())) }],
    [
      "with a cookie for another address",
      "invalid_cookie",
      { first: { cookieBinding: address(1) }, second: { cookieBinding: address(2) } },
    ],
    ["with a cookie for nobody in particular", "invalid_cookie", { second: { cookieBinding: address(1) } }],
    [
      "with a cookie whose form isn't known",
      "invalid_cookie",
      { second: { cookies: { ...nothingElse, stateOf: () => Uint8Array.of(2) } } },
    ],
    [
      "with a cookie that is too old",
      "cookie_expired",
      { first: { clock: () => begin }, second: { clock: () => begin + cookieLifetime + 1 } },
    ],
    [
      "with a cookie out of the future",
      "cookie_expired",
      { first: { clock: () => begin }, second: { clock: () => begin - cookieLifetime - 1 } },
    ],
    ["by a clock that says nothing", "cookie_expired", { second: { clock: () => Number.NaN } }],
    [
      "with a suite that this server hasn't got",
      "invalid_cookie",
      { second: { cipherSuites: [TLS_AES_256_GCM_SHA384] } },
    ],
    ["with a group that this server hasn't got", "invalid_cookie", { second: { namedGroups: [x25519] } }],
    [
      "that differs from the first in what must stay",
      "second_client_hello",
      { change: replaced(extension(applicationLayerProtocolNegotiation, [asciiBytes("h3"), asciiBytes("h2")])) },
    ],
    ["with early data", "early_data_after_retry", { change: (all) => [...all, extension(earlyDataIndication, null)] }],
    ["without the share that was asked for", "wrong_key_share", { change: replaced(extension(clientShares, [])) }],
  ])("%s", (_what, code, forgetful) => {
    expect(errorOf(shakeForgetfully(forgetful).atServer)).toEqual(refusal(code));
  });
});

describe("a server that keeps its handshake", () => {
  const server = { namedGroups: [secp256r1], cookies };

  it("may send a cookie all the same, which has to come back as it was", () => {
    const { serverHost, atClient, atServer } = shake({}, server);
    expect(resultOf(atServer).negotiated.helloRetryRequest).toBe(true);
    expect(resultOf(atClient).negotiated.helloRetryRequest).toBe(true);
    expect(sentCookie(serverHost)).toBeDefined();
  });

  it("sends none unless told so", () => {
    expect(sentCookie(shake({}, { namedGroups: [secp256r1] }).serverHost)).toBeUndefined();
  });

  it.each<[string, (extensions: readonly Extension[]) => readonly Extension[]]>([
    ["another one", replaced(extension(cookie, Uint8Array.of(1)))],
    ["none", (all) => all.filter(({ code }) => code !== cookie.code)],
  ])("refuses a second ClientHello with %s", (_what, change) => {
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    [hosts[0].other, hosts[1].other] = [hosts[1], hosts[0]];
    const deliver = hosts[1].deliver.bind(hosts[1]);
    let hellos = 0;
    hosts[1].deliver = (epoch, bytes) => {
      hellos += 1;
      deliver(epoch, hellos === 2 ? changedHello(bytes, change) : bytes);
    };
    const atServer = started(hosts[1], serverHandshake(hosts[1], serverHandshakeSettings(server)));
    started(hosts[0], clientHandshake(hosts[0], clientHandshakeSettings()));
    for (let rounds = 0; rounds < 5; rounds += 1) for (const host of [...hosts].reverse()) host.wake();
    expect(errorOf(atServer.ending)).toMatchObject({ code: "invalid_cookie", alert: Alert.illegalParameter });
  });

  it("fails if a cookie shall be for more than 255 bytes", () => {
    const [most, more] = [255, 256].map((length) => shake({}, { ...server, cookieBinding: new Uint8Array(length) }));
    expect(resultOf(most?.atServer).negotiated.helloRetryRequest).toBe(true);
    expect(errorOf(more?.atServer)).toMatchObject({ kind: "caller", code: "out_of_range" });
  });

  it("fails if no cookie can be made, by no fault of the client's", () => {
    const { atServer } = shake({}, { ...server, cookies: { ...nothingElse, stateOf: () => undefined } });
    expect(errorOf(atServer)).toMatchObject({ kind: "caller", code: "no_cookie" });
  });
});
