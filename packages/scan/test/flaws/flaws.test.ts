import { nodeProvider } from "@tlskit/crypto-node";
import {
  type Extension,
  encodeMessage,
  HandshakeType,
  ServerHello,
  ServerHelloDone,
  Tls12Certificate,
  Tls12NewSessionTicket,
} from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import { concat, toHex } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FlawsFact } from "../../src/facts.ts";
import { robot } from "../../src/flaws/robot.ts";
import { ticketbleed } from "../../src/flaws/ticketbleed.ts";
import { scan } from "../../src/scan.ts";
import type { Scanning } from "../../src/scanning.ts";
import type { ByteStream } from "../../src/transport.ts";
import { record } from "../helpers/hostile-servers.ts";
import { InMemoryScanning } from "../helpers/in-memory-scanning.ts";
import { host, now, sharedPki } from "../helpers/in-memory-server.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Says {
  say(...records: readonly Uint8Array[]): void;
  close(): void;
}

/** What a server does with the records that come behind the client's hello. */
type Reaction = (type: number, content: Uint8Array, server: Says, count: number) => void;

const rsa = sharedPki().certificates[1];

/** A server that says its flight of TLS 1.2 with an RSA suite to any hello, and then does what it is told. */
function server(react: Reaction, extensions?: readonly Extension[]): ByteStream {
  let answers: ReadableStreamDefaultController<Uint8Array> | undefined;
  let over = false;
  const says: Says = {
    say: (...records) => {
      if (!over) answers?.enqueue(concat(...records));
    },
    close: () => {
      if (!over) answers?.close();
      over = true;
    },
  };
  const flight = [
    encodeMessage(ServerHello, {
      legacyVersion: 0x0303,
      random: seededRandom(6)(32),
      legacySessionIdEcho: new Uint8Array(0),
      cipherSuite: 0x002f,
      legacyCompressionMethod: 0,
      extensions,
    }),
    encodeMessage(Tls12Certificate, { certificateList: rsa?.chain.map(({ der }) => der) ?? [] }),
    encodeMessage(ServerHelloDone, null),
  ];
  let count = 0;
  return {
    readable: new ReadableStream({
      start: (controller) => {
        answers = controller;
      },
      cancel: () => {
        over = true;
      },
    }),
    writable: new WritableStream({
      write: (bytes) => {
        const [type = 0] = bytes;
        if (type === 22 && bytes[5] === HandshakeType.clientHello) says.say(...flight.map((one) => record(22, ...one)));
        else {
          count += 1;
          react(type, bytes.subarray(5), says, count);
        }
      },
    }),
  };
}

async function flawsOf(react: Reaction, extensions?: readonly Extension[]): Promise<Readonly<Record<string, string>>> {
  const promised = scan(
    { host, port: 443 },
    {
      transport: { connect: async () => server(react, extensions) },
      provider: nodeProvider,
      anchors: sharedPki().anchors,
      random: seededRandom(7),
      clock: () => now,
      checks: ["flaws"],
      intrusive: { flaws: true },
    },
  );
  let done = false;
  const settled = (): void => {
    done = true;
  };
  promised.then(settled, settled);
  for (let steps = 0; !done && steps < 10_000; steps += 1) await vi.advanceTimersByTimeAsync(100);
  const report = await promised;
  if (report.state !== "scanned" || report.facts.flaws.state !== "found") throw new TypeError(JSON.stringify(report));
  const { flaws }: FlawsFact = report.facts.flaws.value;
  return Object.fromEntries(flaws.map(({ id, state }) => [id, state]));
}

const alert = (description: number): Uint8Array => record(21, 2, description);

/** A server without any of these: it refuses what it should. */
const sound: Reaction = (type, _, { say, close }) => {
  if (type === 24) return;
  say(alert(type === 20 ? 10 : 20));
  close();
};

describe("a server without flaws", () => {
  it("is called that", async () => {
    expect(await flawsOf(sound)).toMatchObject({ heartbleed: "not vulnerable", "ccs-injection": "not vulnerable" });
  });

  it("may have heartbeats", async () => {
    const heartbeats = [{ code: 15, value: Uint8Array.of(1) }];
    expect(await flawsOf(sound, heartbeats)).toMatchObject({ heartbleed: "not vulnerable" });
  });

  it("shows nothing of what it decrypts", async () => {
    const oneAnswer: Reaction = (type, _, { say, close }) => {
      if (type !== 20) return;
      say(alert(20));
      close();
    };
    expect(await flawsOf(oneAnswer)).toMatchObject({ robot: "not vulnerable" });
  });
});

describe("Heartbleed", () => {
  it("is seen by an answer that there should be none of", async () => {
    const bleeding: Reaction = (type, content, server, count) => {
      if (type !== 24) return sound(type, content, server, count);
      server.say(record(24, 2, 0, 16, ...new Uint8Array(32)));
    };
    const heartbeats = [{ code: 15, value: Uint8Array.of(1) }];
    expect(await flawsOf(bleeding, heartbeats)).toMatchObject({ heartbleed: "vulnerable" });
  });
});

describe("an early change_cipher_spec", () => {
  it("was taken by who can't decrypt a second one", async () => {
    const injected: Reaction = (type, content, server, count) => {
      if (type !== 20) return sound(type, content, server, count);
      if (count > 1) server.say(alert(20));
    };
    expect(await flawsOf(injected)).toMatchObject({ "ccs-injection": "vulnerable" });
  });

  it("is unclear where nothing is ever said", async () => {
    expect(await flawsOf(() => {})).toMatchObject({ "ccs-injection": "unclear", robot: "not vulnerable" });
  });
});

describe("ROBOT", () => {
  const key = rsa?.key.privateKey;

  /** RFC 8017 §5.1.2, of what a ClientKeyExchange has. */
  function decrypted(content: Uint8Array): Uint8Array {
    if (key === undefined || !("privateExponent" in key)) throw new TypeError("no RSA key");
    const [modulus, exponent] = [key.modulus, key.privateExponent].map((bytes) => BigInt(`0x${toHex(bytes)}`));
    if (modulus === undefined || exponent === undefined) throw new TypeError("no RSA key");
    let [result, square] = [1n, BigInt(`0x${toHex(content.subarray(6))}`)];
    for (let left = exponent; left > 0n; left >>= 1n) {
      if (left & 1n) result = (result * square) % modulus;
      square = (square * square) % modulus;
    }
    const hex = result.toString(16).padStart(2 * (content.length - 6), "0");
    return Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));
  }

  it("is seen by answers that tell blocks apart", async () => {
    let isFormed = true;
    const oracle: Reaction = (type, content, { say, close }) => {
      if (type === 22 && content[0] === HandshakeType.clientKeyExchange) {
        const block = decrypted(content);
        isFormed = block[0] === 0 && block[1] === 2 && block.at(-49) === 0;
        return;
      }
      say(alert(isFormed ? 20 : 47));
      close();
    };
    expect(await flawsOf(oracle)).toMatchObject({ robot: "vulnerable" });
  });

  it("is seen where a client waits, too", async () => {
    const oracle: Reaction = (type, content, { say, close }) => {
      if (type === 22 && content[0] === HandshakeType.clientKeyExchange) {
        // It tells as soon as it knows.
        if (decrypted(content)[1] === 2) return;
        say(alert(51));
        close();
        return;
      }
      say(alert(51));
      close();
    };
    expect(await flawsOf(oracle)).toMatchObject({ robot: "vulnerable" });
  });

  const lateOracle =
    (milliseconds: number): Reaction =>
    (type, content, { say, close }) => {
      if (type !== 22 || content[0] !== HandshakeType.clientKeyExchange || decrypted(content)[1] === 2) return;
      setTimeout(() => {
        say(alert(51));
        close();
      }, milliseconds);
    };

  it("is seen by answers that come late to a malformed block alone", async () => {
    expect(await flawsOf(lateOracle(900))).toMatchObject({ robot: "vulnerable" });
    // A second and more on a connection that takes no time isn't waited for: this would be another sign, of timing.
    expect(await flawsOf(lateOracle(1100))).toMatchObject({ robot: "not vulnerable" });
  });

  it("isn't waited for long of a server that says nothing", async () => {
    const finished: Reaction = (type, _, { say, close }) => {
      if (type !== 20) return;
      say(alert(20));
      close();
    };
    const begun = performance.now();
    const looked = robot.look(new InMemoryScanning(() => server(finished)), "TLS 1.2");
    // Once as long as for any answer, of a block that is well formed, and once more for the others.
    await vi.advanceTimersByTimeAsync(5000 + 1000 + 100);
    expect(await looked).toMatchObject({ state: "not vulnerable" });
    expect(performance.now() - begun).toBeLessThan(6200);
  });

  it("is unclear where the answers are now one and now another", async () => {
    let times = 0;
    const fickle: Reaction = (type, _, { say, close }) => {
      if (type !== 20) return;
      times += 1;
      say(alert(times % 3 === 0 ? 20 : 40));
      close();
    };
    expect(await flawsOf(fickle)).toMatchObject({ robot: "unclear" });
  });
});

describe("Ticketbleed", () => {
  /** A scan of a server that gives tickets, and echoes a session identifier in some way. */
  function scanningOf(echo: (sent: Uint8Array) => Uint8Array): Scanning {
    const ticket = encodeMessage(Tls12NewSessionTicket, { ticketLifetimeHint: 300, ticket: Uint8Array.of(1, 2, 3) });
    const seen = [{ from: "server", type: "handshake", bytes: ticket }];
    const model: Partial<Scanning> = {
      // What makes it isn't run: it has the one visit that there is.
      shared: async <T>() => ({ conversation: { info: { version: 0x0303 }, seen } }) as T,
      probe: async ({ sessionId = new Uint8Array(0) }) => {
        const random = new Uint8Array(32);
        const hello = { legacyVersion: 0x0303, random, cipherSuite: 0x2f, legacyCompressionMethod: 0 };
        const serverHello = { ...hello, legacySessionIdEcho: echo(sessionId), extensions: undefined };
        return { end: { how: "complete" }, seen: [], version: "TLS 1.2", serverHello };
      },
    };
    // Nothing else of it is asked.
    return model as Scanning;
  }

  it("is seen by more of a session identifier than was sent", async () => {
    const bleeding = scanningOf((sent) => concat(sent, new Uint8Array(31)));
    expect(await ticketbleed.look(bleeding, "TLS 1.2")).toMatchObject({ state: "vulnerable" });
  });

  it("isn't there where as much comes back", async () => {
    const sane = scanningOf((sent) => sent);
    expect(await ticketbleed.look(sane, "TLS 1.2")).toMatchObject({ state: "not vulnerable" });
  });

  it("isn't there where the server has an identifier of its own", async () => {
    const other = scanningOf(() => new Uint8Array(32));
    expect(await ticketbleed.look(other, "TLS 1.2")).toMatchObject({ state: "not vulnerable" });
  });
});
