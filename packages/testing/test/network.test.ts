import { describe, expect, it } from "vitest";
import {
  asWritten,
  type Chunking,
  type Endpoint,
  everythingAtOnce,
  InMemoryNetwork,
  LateTasks,
  oneByteAtATime,
  randomChunks,
  seededRandom,
  splitAt,
} from "../src/index.ts";

class Sink implements Endpoint {
  readonly log: string[] = [];
  deadline: number | undefined;
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  receive(bytes: Uint8Array): void {
    this.log.push(`${this.#clock()}: ${[...bytes]}`);
  }

  receiveEnd(): void {
    this.log.push(`${this.#clock()}: end`);
  }

  checkDeadline(): void {
    this.log.push(`${this.#clock()}: deadline`);
    this.deadline = undefined;
  }
}

function world(options: Parameters<InMemoryNetwork["link"]>[0] = {}, tasks?: LateTasks) {
  const network = new InMemoryNetwork({ now: 1000, ...(tasks === undefined ? {} : { tasks }) });
  const link = network.link(options);
  const [atLeft, atRight] = [new Sink(network.clock), new Sink(network.clock)];
  link.left.attach(atLeft);
  link.right.attach(atRight);
  return { network, link, atLeft, atRight };
}

describe("an in-memory network", () => {
  it("delivers in order, after the latency, and only when it runs", () => {
    const { network, link, atRight } = world({ latency: 30 });
    link.left.write(Uint8Array.of(1, 2));
    link.left.write(Uint8Array.of(3));
    expect(atRight.log).toEqual([]);
    network.run();
    expect(atRight.log).toEqual(["1030: 1,2", "1030: 3"]);
    expect(network.clock()).toBe(1030);
  });

  it("closes each direction by itself, behind what was written", () => {
    const { network, link, atLeft, atRight } = world();
    link.left.write(Uint8Array.of(1));
    link.left.end();
    expect(() => link.left.write(Uint8Array.of(2))).toThrow(expect.objectContaining({ code: "closed" }));
    network.run();
    link.right.write(Uint8Array.of(3));
    network.run();
    expect(atRight.log).toEqual(["1000: 1", "1000: end"]);
    expect(atLeft.log).toEqual(["1000: 3"]);
  });

  it("loses what is on its way when the connection is lost", () => {
    const { network, link, atLeft, atRight } = world({ latency: 5 });
    link.left.write(Uint8Array.of(1));
    link.lose();
    network.run();
    expect([atLeft.log, atRight.log]).toEqual([["1000: end"], ["1000: end"]]);
  });

  it("keeps what comes before an endpoint is attached", () => {
    const network = new InMemoryNetwork({ now: 0 });
    const link = network.link();
    link.left.write(Uint8Array.of(1));
    link.left.end();
    network.run();
    const late = new Sink(network.clock);
    link.right.attach(late);
    expect(late.log).toEqual(["0: 1", "0: end"]);
  });

  it("lets a man in the middle change, drop and inject", () => {
    const { network, link, atLeft, atRight } = world({
      intercept: (from, bytes) => {
        if (from === "right") return [];
        return [bytes.map((byte) => byte + 1), Uint8Array.of(99)];
      },
    });
    const sent = Uint8Array.of(1);
    link.left.write(sent);
    link.right.write(Uint8Array.of(2));
    link.left.inject(Uint8Array.of(7));
    network.run();
    expect(atRight.log).toEqual(["1000: 2", "1000: 99"]);
    expect(atLeft.log).toEqual(["1000: 7"]);
    expect(link.left.written).toEqual([Uint8Array.of(1)]);
    expect(sent).toEqual(Uint8Array.of(1));
  });

  it("delivers what was written, not what the buffer holds later", () => {
    const { network, link, atRight } = world();
    const buffer = Uint8Array.of(1);
    link.left.write(buffer);
    buffer[0] = 2;
    network.run();
    expect(atRight.log).toEqual(["1000: 1"]);
  });

  it("calls deadlines when the clock comes to them, and not for their own sake", () => {
    const { network, link, atLeft, atRight } = world({ latency: 100 });
    atLeft.deadline = 1050;
    atRight.deadline = 1200;
    network.run();
    expect(network.clock()).toBe(1000);
    link.left.write(Uint8Array.of(1));
    network.run();
    expect(atLeft.log).toEqual(["1050: deadline"]);
    expect(atRight.log).toEqual(["1100: 1"]);
    network.advance(99);
    expect(atRight.log).toHaveLength(1);
    network.advance(1);
    expect(atRight.log).toEqual(["1100: 1", "1200: deadline"]);
    network.advance(1000);
    expect(network.clock()).toBe(2200);
  });

  it("brings late answers about while it runs", () => {
    const tasks = new LateTasks();
    const { network, link, atRight } = world({}, tasks);
    tasks.later(() => link.left.write(Uint8Array.of(1)));
    network.run();
    expect(atRight.log).toEqual(["1000: 1"]);
    expect(tasks.pending).toBe(0);
  });
});

describe("chunks", () => {
  const arrived = (chunking: () => Chunking): string[] => {
    const { network, link, atRight } = world({ chunking });
    link.left.write(Uint8Array.of(1, 2, 3));
    link.left.write(Uint8Array.of(4, 5));
    network.run();
    link.left.write(Uint8Array.of(6));
    network.run();
    return atRight.log.map((line) => line.slice(6));
  };

  it("come as they were written", () => expect(arrived(asWritten)).toEqual(["1,2,3", "4,5", "6"]));
  it("come joined", () => expect(arrived(everythingAtOnce)).toEqual(["1,2,3,4,5", "6"]));
  it("come byte by byte", () => expect(arrived(oneByteAtATime)).toEqual(["1", "2", "3", "4", "5", "6"]));
  it("come split at an offset of the stream", () => {
    expect(arrived(() => splitAt(4))).toEqual(["1,2,3,4", "5", "6"]);
    expect(arrived(() => splitAt(5))).toEqual(["1,2,3,4,5", "6"]);
  });
  it("come at random, and whole", () => {
    const chunks = arrived(() => randomChunks(seededRandom(1), 3));
    expect(chunks.join(",")).toBe("1,2,3,4,5,6");
    expect(arrived(() => randomChunks(seededRandom(1), 3))).toEqual(chunks);
  });
});
