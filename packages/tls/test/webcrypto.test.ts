import {
  availableCipherSuites,
  availableNamedGroups,
  availableTls12CipherSuites,
  cipherSuites,
  namedGroups,
  secp256r1,
  TLS_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  tls12CipherSuites,
  x25519,
} from "@tlskit/ciphersuites";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { webCryptoSigner } from "@tlskit/crypto-web";
import { maxPlaintextLength } from "@tlskit/record";
import { GivenTicketKeys, SealedTickets } from "@tlskit/sessions";
import {
  clientDeviations,
  type Deviation,
  earlyDataClientDeviations,
  earlyDataServerDeviations,
  resumingClientDeviations,
  resumingServerDeviations,
  seededRandom,
  serverDeviations,
  tls12ClientDeviations,
  tls12ServerDeviations,
} from "@tlskit/testing";
import {
  type ClientOptions,
  ownCertificates,
  postHandshakeAuthentication,
  type ServerOptions,
  tls12,
  tls12With,
  VerifiedChain,
} from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { privateKeyToPkcs8 } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { Fleet, type Two } from "./helpers/fleet.ts";
import { againstClient, againstServer, type Course, check } from "./helpers/misbehaviour.ts";
import { against12Client, against12Server } from "./helpers/misbehaviour12.ts";
import { recordsIn } from "./helpers/records.ts";
import { checkNegotiated, resumingAgainstClient, resumingAgainstServer } from "./helpers/resuming-misbehaviour.ts";
import { expectEstablished, text } from "./helpers/scenarios.ts";
import { quiet, webProvider } from "./helpers/web.ts";
import { clientPki, type Pair, type PairOptions, pair, sharedPki } from "./helpers/world.ts";

/** As a page has it that asks for no more, and with what WebCrypto lacks. */
const provider = await webProvider("nothing");
const whole = await webProvider("noble");

async function connect<P extends Pair | Two>(made: P): Promise<P> {
  made.server.start();
  made.client.start();
  await quiet(made.network);
  return made;
}

const connected = (options: PairOptions = {}): Promise<Pair> => connect(pair({ provider, ...options }));

/** Both send, and both get what was sent. */
async function expectData({ network, client, server, atClient, atServer }: Pair, size: number): Promise<void> {
  const before = [atClient.data.length, atServer.data.length] as const;
  const toServer = new Uint8Array(size).map((_, index) => index % 251);
  const toClient = new Uint8Array(size).map((_, index) => index % 241);
  client.send(toServer);
  server.send(toClient);
  await quiet(network);
  expect(toHex(atServer.data.subarray(before[1]))).toBe(toHex(toServer));
  expect(toHex(atClient.data.subarray(before[0]))).toBe(toHex(toClient));
  expect([client.unsent, server.unsent, client.unread, server.unread]).toEqual([0, 0, 0, 0]);
}

async function expectOrderlyClose({ network, client, server, atClient, atServer }: Pair): Promise<void> {
  client.close();
  server.close();
  await quiet(network);
  expect([atClient.outcome, atServer.outcome]).toEqual(["orderly", "orderly"]);
}

const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "rsaEncryption", "id-RSASSA-PSS"] as const;

describe("whole handshakes by WebCrypto", () => {
  const suites = availableCipherSuites(provider, cipherSuites);
  for (const [index, group] of availableNamedGroups(provider, namedGroups).entries()) {
    for (const [other, keyType] of keyTypes.entries()) {
      const suite = suites[(index + other) % suites.length] ?? TLS_AES_128_GCM_SHA256;
      it(`${suite.name}, ${group.name}, ${keyType}`, async () => {
        const certificates = [sharedPki().certificateOf(keyType)];
        const made = await connected({ cipherSuites: [suite], namedGroups: [group], server: { certificates } });
        expectEstablished(made);
        expect(made.atClient.info).toMatchObject({ namedGroup: group, cipherSuite: suite });
        await expectData(made, 1000);
        await expectOrderlyClose(made);
      });
    }
  }

  it("with its defaults alone are by X25519 and AES-128-GCM", async () => {
    const { atClient } = await connected();
    expect(atClient.info).toMatchObject({ namedGroup: x25519, cipherSuite: TLS_AES_128_GCM_SHA256 });
  });

  it("with noble besides it are hybrid", async () => {
    const { atClient } = await connected({ provider: whole });
    expect(atClient.info).toMatchObject({
      namedGroup: { name: "X25519MLKEM768" },
      cipherSuite: TLS_AES_128_GCM_SHA256,
    });
  });

  it.each([
    ["node:crypto", nodeProvider],
    ["noble", nobleProvider],
  ])("at one end, with %s at the other", async (_, other) => {
    for (const options of [{ client: { provider: other } }, { server: { provider: other } }]) {
      const made = await connected(options);
      expectEstablished(made);
      await expectData(made, 40_000);
    }
  });

  it.each([
    ["for another group", { client: { keyShareGroups: [x25519] }, server: { namedGroups: [secp256r1] } }],
    ["for any group", { client: { keyShareGroups: [] } }],
  ])("of a client without a share %s, which is asked for another ClientHello", async (_, options) => {
    const made = await connected({ namedGroups: [x25519, secp256r1], ...options });
    expectEstablished(made);
    expect(made.atClient.info?.helloRetryRequest).toBe(true);
    await expectOrderlyClose(made);
  });
});

describe("data by WebCrypto", () => {
  it("arrives whole, both ways at once, while keys are updated", async () => {
    const made = await connected();
    for (let times = 0; times < 3; times += 1) {
      made.client.updateKeys(true);
      made.client.send(text("before"));
      made.server.updateKeys();
      await expectDataBehind(made, "before");
    }
    expect(made.atServer.data.length).toBe(3 * (6 + 300_000));
    await expectOrderlyClose(made);
  });

  async function expectDataBehind(made: Pair, before: string): Promise<void> {
    const at = made.atServer.data.length;
    const sent = new Uint8Array(300_000).map((_, index) => index % 239);
    made.client.send(sent);
    made.server.send(sent);
    await quiet(made.network);
    expect(toHex(made.atServer.data.subarray(at))).toBe(toHex(text(before)) + toHex(sent));
    expect(toHex(made.atClient.data.subarray(-sent.length))).toBe(toHex(sent));
  }

  it("of a buffer is handed over before the first record is sealed, and keeps its order however answers come", async () => {
    const answers: (() => void)[] = [];
    let holds = false;
    const slow = await webProvider("nothing", async ({ method }, own) => {
      const answer = own();
      if (holds && method === "encrypt") await new Promise<void>((resolve) => answers.push(resolve));
      return await answer;
    });
    const made = await connected({ client: { provider: slow } });
    const before = made.link.left.written.length;
    const sent = new Uint8Array(3 * maxPlaintextLength + 10).map((_, index) => index % 251);
    holds = true;
    made.client.send(sent);
    // Handed over in the very call.
    expect(answers).toHaveLength(4);
    holds = false;
    for (const answer of answers.toReversed()) answer();
    await quiet(made.network);
    expect(toHex(made.atServer.data)).toBe(toHex(sent));
    expect(recordsIn(made.link.left.written.slice(before))).toHaveLength(4);
  });

  it("isn't sent if WebCrypto fails: our own failure, which the peer isn't blamed for", async () => {
    let broken = false;
    const failing = await webProvider("nothing", ({ method }, own) =>
      broken && method === "encrypt" ? Promise.reject(new DOMException("", "OperationError")) : own(),
    );
    const made = await connected({ client: { provider: failing } });
    broken = true;
    made.client.send(text("never sent"));
    await quiet(made.network);
    expect(made.atClient.error).toMatchObject({ kind: "internal", cause: { code: "provider_failed" } });
    expect(made.atServer.text).toBe("");
    expect(made.atServer.info).toBeDefined();
  });

  it("that was changed on its way is bad_record_mac, and nothing of it is handed out", async () => {
    const made = await connected();
    const { link, server, atClient, network } = made;
    server.send(text("changed"));
    const bytes = Uint8Array.from(Array.from({ length: 40 }, (_, at) => [23, 3, 3, 0, 35][at] ?? 7));
    link.left.inject(bytes);
    await quiet(network);
    expect(atClient.error).toMatchObject({ kind: "peer", code: "bad_record_mac", alert: 20 });
    expect(made.atServer.error).toMatchObject({ kind: "alert", alert: 20 });
  });

  it("isn't told of after the connection was discarded with answers outstanding", async () => {
    const made = await connected();
    made.server.send(new Uint8Array(100_000));
    made.client.send(new Uint8Array(100_000));
    made.network.run();
    const told = made.atClient.events.length;
    made.client.discard();
    await quiet(made.network);
    expect(made.atClient.events).toHaveLength(told);
  });
});

describe("clients' certificates by WebCrypto", () => {
  for (const keyType of keyTypes) {
    it(`of ${keyType}, asked for in the handshake and after it`, async () => {
      const certificates = [clientPki().certificateOf(keyType)];
      const anchors = clientPki().anchors;
      for (const demand of ["required", "later"] as const) {
        const made = await connected({
          client: { certificates: ownCertificates(certificates), postHandshakeAuth: postHandshakeAuthentication },
          server: { clientCertificates: { demand, anchors } },
        });
        if (demand === "later") made.server.requestClientCertificate();
        await quiet(made.network);
        expect(made.server.info?.clientCertificates).toEqual(certificates[0]?.chain.map(({ der }) => der));
        await expectData(made, 100);
      }
    });
  }

  it("of somebody else's authority are refused", async () => {
    const { atServer, atClient } = await connected({
      client: { certificates: ownCertificates([clientPki().certificate]) },
      server: { clientCertificates: { demand: "required", anchors: sharedPki().anchors } },
    });
    expect(atServer.error).toMatchObject({ kind: "peer", alert: 42, code: "certificate_bad_signature" });
    expect(atClient.error).toMatchObject({ kind: "alert", alert: 42 });
  });
});

describe("sessions by WebCrypto", () => {
  const ticketKeys = new GivenTicketKeys([{ name: new Uint8Array(16), secret: new Uint8Array(32).fill(7) }]);
  /** Tickets are sealed by WebCrypto, too. */
  const tickets = new SealedTickets({ provider, random: seededRandom(5), keys: ticketKeys });
  const versions = { "TLS 1.3": {}, "TLS 1.2": { versions: [tls12] } } as const;

  for (const [name, common] of Object.entries(versions)) {
    it(`of ${name} are resumed`, async () => {
      const fleet = new Fleet();
      const next = (): Promise<Two> => connect(fleet.made({ provider, ...common }, { provider, tickets, ...common }));
      for (const resumed of [false, true, true]) {
        const { atClient, atServer } = await next();
        expect([atClient.error, atServer.error]).toEqual([undefined, undefined]);
        expect([atClient.info?.resumed, atServer.info?.resumed]).toEqual([resumed, resumed]);
      }
    });
  }

  const early = async (client: Partial<ClientOptions> = {}, server: Partial<ServerOptions> = {}): Promise<Two> => {
    const fleet = new Fleet();
    const { earlyData } = fleet;
    await connect(fleet.made({ provider, ...client }, { provider, tickets, earlyData }));
    const two = fleet.made({ provider, ...client }, { provider, tickets, earlyData, ...server });
    two.client.sendEarly(text("asked early"));
    two.client.send(text(", and later"));
    two.atServer.answer = () => two.server.send(text("answered"));
    return await connect(two);
  };

  it("take early data, which is answered", async () => {
    const { atClient, atServer } = await early();
    expect([atServer.early, atServer.text, atClient.text]).toEqual(["asked early", ", and later", "answered"]);
    expect(atClient.outcomes).toEqual([["accepted", ""]]);
  });

  it.each<[string, Partial<ServerOptions>]>([
    ["a server whose guard has seen it", { earlyData: { maxSize: 10_000, guard: { admit: () => false } } }],
    ["a server that asks for another share, which reads past it", { namedGroups: [secp256r1] }],
  ])("give early data back that is refused by %s", async (_, server) => {
    const { atClient, atServer } = await early({}, server);
    expect(atClient.error).toBeUndefined();
    expect([atServer.early, atServer.text]).toEqual(["", ", and later"]);
    expect(atClient.outcomes).toEqual([["rejected", "asked early"]]);
  });
});

describe("TLS 1.2 by WebCrypto", () => {
  const suites: readonly Tls12CipherSuite[] = availableTls12CipherSuites(provider, tls12CipherSuites).filter(
    ({ name }) => /^TLS_ECDHE_(ECDSA|RSA)_.*_GCM_/.test(name),
  );
  for (const keyType of keyTypes) {
    const isRsa = keyType === "rsaEncryption" || keyType === "id-RSASSA-PSS";
    for (const suite of suites.filter(({ certificateKey }) => (certificateKey === "RSA") === isRsa)) {
      it(`${suite.name}, ${keyType}`, async () => {
        const versions = [tls12With({ cipherSuites: [suite] })];
        const certificates = [sharedPki().certificateOf(keyType)];
        const anchors = clientPki().anchors;
        const made = await connected({
          client: { versions, certificates: ownCertificates([clientPki().certificateOf(keyType)]) },
          server: { versions, certificates, clientCertificates: { demand: "required", anchors } },
        });
        for (const { info } of [made.atClient, made.atServer]) {
          expect(info).toMatchObject({ version: 0x0303, cipherSuite: suite });
          expect(info?.peer).toBeInstanceOf(VerifiedChain);
        }
        await expectData(made, 40_000);
        await expectOrderlyClose(made);
      });
    }
  }

  it("takes a key that WebCrypto ties to RSASSA-PKCS1-v1_5, which TLS 1.3 doesn't", async () => {
    const { chain, key } = sharedPki().certificateOf("rsaEncryption");
    const der = new Uint8Array(privateKeyToPkcs8(key));
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" };
    const tied = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
    const certificates = [{ chain, key: webCryptoSigner(crypto.subtle, tied) }];
    const made = pair({ provider, client: { versions: [tls12] }, server: { versions: [tls12], certificates } });
    await connect(made);
    while ((made.atClient.info ?? made.atClient.outcome) === undefined) await quiet(made.network);
    expect(made.atClient.info?.signatureScheme?.name).toBe("rsa_pkcs1_sha384");
  });
});

describe("peers that misbehave, with WebCrypto", () => {
  const judge = async (deviation: Omit<Deviation<unknown>, "apply">, course: Course): Promise<void> => {
    await quiet(course.network);
    check(deviation, course);
  };

  for (const deviation of serverDeviations) {
    it(`server: ${deviation.name}`, () => judge(deviation, againstServer(deviation, undefined, whole)));
  }
  for (const deviation of clientDeviations) {
    it(`client: ${deviation.name}`, () => judge(deviation, againstClient(deviation, undefined, whole)));
  }
  for (const deviation of tls12ServerDeviations) {
    it(`server of TLS 1.2: ${deviation.name}`, () => judge(deviation, against12Server(deviation, { provider: whole })));
  }
  for (const deviation of tls12ClientDeviations) {
    it(`client of TLS 1.2: ${deviation.name}`, () => judge(deviation, against12Client(deviation, { provider: whole })));
  }
  for (const [what, earlyData, servers, clients] of [
    ["a session", false, resumingServerDeviations, resumingClientDeviations],
    ["early data", true, earlyDataServerDeviations, earlyDataClientDeviations],
  ] as const) {
    for (const deviation of servers) {
      it(`server, about ${what}: ${deviation.name}`, async () => {
        const course = resumingAgainstServer(deviation, earlyData, undefined, whole);
        await judge(deviation, course);
        if (deviation.expected === "accepted") checkNegotiated(deviation, course);
      });
    }
    for (const deviation of clients) {
      it(`client, about ${what}: ${deviation.name}`, async () => {
        const course = resumingAgainstClient(deviation, earlyData, undefined, whole);
        await judge(deviation, course);
        if (deviation.expected === "accepted") checkNegotiated(deviation, course);
      });
    }
  }
});
