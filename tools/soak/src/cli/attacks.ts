import type { Random } from "@tlskit/crypto";
import { randomBelow } from "@tlskit/testing";
import { type TlsClient, TlsError } from "@tlskit/tls";
import type { Target } from "./server-under-test.ts";
import { clientHello, Grudge, handshake, Wire } from "./wire.ts";

/** One hostile connection. It ends when the server hangs up, when it has had enough, or when `stop` says so. */
export interface Attack {
  readonly name: string;
  /** How many of them are kept going at a time. */
  readonly at: number;
  /** @throws {Grudge} */
  run(target: Target, random: Random, stop: AbortSignal): Promise<void>;
}

function attack(name: string, at: number, act: (wire: Wire, target: Target, random: Random) => Promise<void>): Attack {
  return {
    name,
    at,
    run: async (target, random, stop) => {
      const wire = await Wire.open(target, stop);
      try {
        await act(wire, target, random);
        // Each attack keeps the server busy, but leaves a core to the honest client on a machine with two.
        await wire.sleep(randomBelow(random, 100));
      } catch (error) {
        // The server has refused what was sent, and the client at hand knows it.
        if (!(error instanceof TlsError)) throw error;
      } finally {
        wire.socket.destroy();
      }
    },
  };
}

/** An attack by a peer that has done its handshake. */
function established(
  name: string,
  at: number,
  act: (wire: Wire, client: TlsClient, random: Random, target: Target) => Promise<void>,
): Attack {
  return attack(name, at, async (wire, target, random) => {
    const client = await handshake(wire, target);
    if (!wire.closed && client.info !== undefined) await act(wire, client, random, target);
  });
}

/** A record's header, and as much of a body as one likes. */
function record(type: number, length: number, body: Uint8Array = new Uint8Array(0)): Uint8Array {
  return Buffer.concat([Uint8Array.of(type, 3, 3, length >> 8, length & 0xff), body]);
}

/** Sends bytes so many at a time, so many milliseconds apart. */
async function drip(wire: Wire, bytes: Uint8Array, size: number, milliseconds: number): Promise<void> {
  for (let offset = 0; offset < bytes.length && !wire.closed; offset += size) {
    await wire.write(bytes.subarray(offset, offset + size));
    await wire.sleep(milliseconds);
  }
}

/** Resets at some moment, most likely before all is said. */
async function resetWithin(wire: Wire, milliseconds: number, random: Random): Promise<void> {
  await wire.sleep(randomBelow(random, milliseconds));
  wire.socket.resetAndDestroy();
}

const request = "GET / HTTP/1.1\r\nHost: localhost\r\n";

export const attacks: readonly Attack[] = [
  attack("random bytes", 2, async (wire, _target, random) => {
    wire.discard();
    await wire.write(random(1 + randomBelow(random, 4096)));
    await wire.hungUp();
  }),
  attack("records of random bytes", 2, async (wire, _target, random) => {
    wire.discard();
    for (let i = 0; i < 8 && !wire.closed; i += 1) {
      const length = randomBelow(random, 2048);
      await wire.write(record(20 + randomBelow(random, 4), length, random(length)));
    }
    await wire.sleep(500);
  }),
  attack("a ClientHello, then random bytes", 2, async (wire, target, random) => {
    wire.discard();
    await wire.write(clientHello(target));
    await wire.write(random(1 + randomBelow(random, 4096)));
    await wire.hungUp();
  }),
  attack("a ClientHello with bytes changed", 2, async (wire, target, random) => {
    const hello = clientHello(target);
    for (let i = randomBelow(random, 4); i >= 0; i -= 1) hello[randomBelow(random, hello.length)] = random(1)[0] ?? 0;
    await wire.write(hello);
    wire.discard();
    await wire.sleep(500);
  }),
  attack("a ClientHello over and over", 1, async (wire, target) => {
    await wire.write(clientHello(target));
    await wire.write(clientHello(target));
    await wire.hungUp();
  }),
  attack("reset in the middle of the handshake", 2, async (wire, target, random) => {
    await wire.write(clientHello(target));
    await resetWithin(wire, 10, random);
  }),
  attack("closed in the middle of the handshake", 2, async (wire, target, random) => {
    const hello = clientHello(target);
    wire.socket.end(hello.subarray(0, randomBelow(random, hello.length + 1)));
    await wire.hungUp();
  }),
  attack("half open: nothing is ever sent", 40, (wire) => wire.hungUp()),
  attack("half open: half a record is sent", 40, async (wire, target, random) => {
    const hello = clientHello(target);
    await wire.write(hello.subarray(0, 1 + randomBelow(random, hello.length - 1)));
    await wire.hungUp();
  }),
  attack("half open: the handshake is never finished", 20, async (wire, target) => {
    await wire.write(clientHello(target));
    await wire.hungUp();
  }),
  attack("slow: a byte of a ClientHello every 50 ms", 20, async (wire, target) => {
    await drip(wire, clientHello(target), 1, 50);
    await wire.hungUp();
  }),
  attack("a ClientHello of 64 KiB, byte by byte", 2, async (wire) => {
    wire.discard();
    await wire.write(Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0xff, 0xff));
    for (let i = 0; i < 0xffff && !wire.closed; i += 1) await wire.write(Uint8Array.of(22, 3, 3, 0, 1, i));
  }),
  attack("huge records", 2, async (wire, _target, random) => {
    wire.discard();
    await wire.write(record(20 + randomBelow(random, 4), 0xffff, random(65_535)));
    await wire.hungUp();
  }),
  attack("a long record that never ends", 10, async (wire, _target, random) => {
    await wire.write(record(22, 16_384, Buffer.concat([Uint8Array.of(1, 0, 0xff, 0xff), random(16_000)])));
    await wire.hungUp();
  }),
  attack("change_cipher_spec without end", 1, async (wire, target) => {
    await wire.write(clientHello(target));
    while (!wire.closed) await wire.write(record(20, 1, Uint8Array.of(1)));
  }),
  attack("data instead of a handshake", 1, async (wire, target, random) => {
    await wire.write(clientHello(target));
    wire.discard();
    while (!wire.closed) await wire.write(record(23, 4096, random(4096)));
  }),
  {
    name: "two hundred connections at once",
    at: 1,
    run: async (target, random, stop) => {
      const wires = await Promise.all(Array.from({ length: 200 }, () => Wire.open(target, stop)));
      const hello = clientHello(target);
      for (const wire of wires) wire.socket.write(hello);
      await wires[0]?.sleep(500 + randomBelow(random, 3000));
      for (const wire of wires) wire.socket.resetAndDestroy();
    },
  },

  established("a handshake, then nothing", 20, async (wire) => wire.hungUp()),
  established("a handshake, then random bytes", 2, async (wire, _client, random) => {
    await wire.write(random(1 + randomBelow(random, 4096)));
    await wire.hungUp();
  }),
  established("a handshake, then records of random bytes", 2, async (wire, _client, random) => {
    const length = 17 + randomBelow(random, 2048);
    await wire.write(record(23, length, random(length)));
    await wire.hungUp();
  }),
  established("a handshake, then a reset", 2, (wire, client, random) => {
    client.send(Buffer.from(request));
    return resetWithin(wire, 20, random);
  }),
  established("a handshake, then half a record", 10, async (wire, _client, random) => {
    await wire.write(record(23, 4096, random(1 + randomBelow(random, 4095))));
    await wire.hungUp();
  }),
  established("a handshake, then the transport's end alone", 2, async (wire) => {
    wire.socket.end();
    await wire.hungUp();
  }),
  established("slow: a byte of a request every 50 ms", 20, async (wire, client, _random, { service }) => {
    client.send(Buffer.from(request));
    const start = performance.now();
    while (!wire.closed && !wire.socket.writableEnded) {
      client.send(Buffer.from("a"));
      await wire.sleep(50);
      if (performance.now() - start < wire.patience) continue;
      // Whoever has bytes echoed may go on for ever; a request may not.
      if (service === "page") throw new Grudge(`the server still listened ${wire.patience} ms later`);
      return;
    }
  }),
  established("slow: a byte of a record every 5 ms", 5, async (wire, _client, random) => {
    await drip(wire, record(23, 16_640, random(16_640)), 1, 5);
  }),
  established("KeyUpdates without end", 2, async (wire, client) => {
    for (let i = 0; i < 100 && !wire.closed; i += 1) client.updateKeys(true);
    await wire.hungUp();
  }),
  established("KeyUpdates with a byte of data between them", 2, async (wire, client) => {
    client.send(Buffer.from(`${request}a: `));
    for (let i = 0; i < 2000 && !wire.closed && !wire.socket.writableEnded; i += 1) {
      client.updateKeys(true);
      client.send(Buffer.from("a"));
      await wire.sleep(1);
    }
  }),
  established("answers that are never read", 10, async (wire, client, random, { service }) => {
    wire.socket.pause();
    const data = service === "page" ? Buffer.from(`${request}\r\n`.repeat(200)) : Buffer.from(random(65_536));
    for (let i = 0; i < 100 && !wire.closed; i += 1) {
      client.send(data);
      // When the server reads no more, the kernel takes no more.
      if (wire.socket.writableLength > 1024 * 1024) break;
      await wire.sleep(5);
    }
    await wire.sleep(5000 + randomBelow(random, 60_000));
  }),
];
