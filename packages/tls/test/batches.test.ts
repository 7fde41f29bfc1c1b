import { bufferSize, maxPlaintextLength } from "@tlskit/record";
import { everythingAtOnce, LateTasks } from "@tlskit/testing";
import { describe, expect, it } from "vitest";
import { recordsIn } from "./helpers/records.ts";
import { text } from "./helpers/scenarios.ts";
import { connect, pair } from "./helpers/world.ts";

/** What a record costs: header, content type, tag. */
const overhead = 5 + 1 + 16;
const keyUpdateLength = 5;

for (const world of ["at once", "late"] as const) {
  /** Two ends that are connected, and what the client writes from then on. */
  const connected = () => {
    const made = connect(pair(world === "late" ? { tasks: new LateTasks("last in, first out") } : {}));
    const before = made.link.left.written.length;
    const writes = () => made.link.left.written.slice(before);
    return { made, writes, contents: () => recordsIn(writes()).map(({ length }) => length - overhead) };
  };

  describe(`data, with an AEAD that answers ${world}`, () => {
    it("in pieces shares records", () => {
      const { made, contents } = connected();
      made.client.send(text("one "), text("two "), new Uint8Array(0), text("three"));
      made.network.run();
      expect([contents(), made.atServer.text]).toEqual([[13], "one two three"]);
    });

    it("in pieces is cut where records are full", () => {
      const { made, contents } = connected();
      const pieces = [10_000, 10_000, 5].map((length, index) => new Uint8Array(length).fill(index));
      made.client.send(...pieces);
      made.network.run();
      expect(contents()).toEqual([maxPlaintextLength, 20_005 - maxPlaintextLength]);
      expect(made.atServer.data).toEqual(Uint8Array.from(pieces.flatMap((piece) => [...piece])));
    });

    it("of several calls has records of its own for each, unless they are a batch", () => {
      const { made, contents } = connected();
      const send = (): void => {
        for (const word of ["one ", "two ", "three"]) made.client.send(text(word));
      };
      send();
      made.client.batch(send);
      made.network.run();
      expect(contents()).toEqual([4, 4, 5, 13]);
      expect(made.atServer.text).toBe("one two threeone two three");
    });

    it("of a batch may be changed as soon as it was sent, and is unsent until the batch ends", () => {
      const { made } = connected();
      made.client.batch(() => {
        const bytes = text("kept ");
        made.client.send(bytes);
        bytes.fill(0x21);
        made.client.send(bytes);
        bytes.fill(0x22);
        expect(made.client.unsent).toBe(10);
      });
      made.network.run();
      expect([made.atServer.text, made.client.unsent]).toEqual(["kept !!!!!", 0]);
    });

    it("of a batch within a batch goes with the outer one's", () => {
      const { made, contents } = connected();
      made.client.batch(() => {
        made.client.send(text("a"));
        made.client.batch(() => made.client.send(text("b")));
        made.client.send(text("c"));
      });
      made.network.run();
      expect([contents(), made.atServer.text]).toEqual([[3], "abc"]);
    });

    it("of a batch keeps its place among what else is done in it", () => {
      const { made, contents } = connected();
      made.client.batch(() => {
        made.client.send(text("one"));
        made.client.send(text("two"));
        made.client.updateKeys();
        made.client.send(text("three"));
        made.client.close();
      });
      made.network.run();
      expect(contents()).toEqual([6, keyUpdateLength, 5, 2]);
      expect([made.atServer.text, made.atServer.events.at(-1)]).toEqual(["onetwothree", "ended"]);
    });

    it("of a batch that throws is sent all the same, and the error is the caller's", () => {
      const { made } = connected();
      expect(() =>
        made.client.batch(() => {
          made.client.send(text("sent"));
          throw new RangeError("the caller's own");
        }),
      ).toThrow("the caller's own");
      made.network.run();
      expect(made.atServer.text).toBe("sent");
    });

    it("that waited for the handshake shares records", () => {
      const made = pair(world === "late" ? { tasks: new LateTasks() } : {});
      for (const word of ["one ", "two"]) made.client.send(text(word));
      made.server.start();
      made.client.start();
      made.network.run();
      expect(recordsIn(made.link.left.written).at(-1)).toHaveLength(7 + overhead);
      expect(made.atServer.text).toBe("one two");
    });

    it("is handed over in buffers of several records, and no more", () => {
      const { made, writes, contents } = connected();
      made.client.send(new Uint8Array(300_000));
      made.network.run();
      const lengths = writes().map(({ length }) => length);
      expect(lengths).toHaveLength(5);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(bufferSize);
      expect(
        contents()
          .slice(0, -1)
          .every((length) => length === maxPlaintextLength),
      ).toBe(true);
    });
  });
}

describe("an AEAD that answers later", () => {
  it("is asked for all records of a buffer before the first has answered", () => {
    const tasks = new LateTasks();
    const made = connect(pair({ tasks }));
    made.client.send(new Uint8Array(4 * maxPlaintextLength));
    expect(tasks.pending).toBe(4);
  });
});

describe("what is handed out", () => {
  it("comes at once for records that come together", () => {
    const { server, atClient, network } = connect(pair());
    server.send(new Uint8Array(3 * maxPlaintextLength));
    network.run();
    expect(atClient.pieces.map(({ length }) => length)).toEqual([3 * maxPlaintextLength]);
  });

  it("shares its buffer with nothing else that is handed out", () => {
    const { server, atClient, network } = connect(pair({ link: { chunking: everythingAtOnce } }));
    const before = atClient.events.length;
    server.send(text("before"));
    server.updateKeys();
    server.send(text("after"));
    network.run();
    expect(atClient.pieces.map((bytes) => String.fromCharCode(...bytes))).toEqual(["before", "after"]);
    expect(atClient.events.slice(before)).toEqual(["plaintext", "plaintext"]);
    const [one, other] = atClient.pieces;
    expect(one?.buffer).not.toBe(other?.buffer);
  });
});

describe("buffers", () => {
  it("come from where the context says", () => {
    const lengths: number[] = [];
    const allocate = (length: number): Uint8Array<ArrayBuffer> => {
      lengths.push(length);
      // What isn't filled with zeros must make no difference.
      return new Uint8Array(length).fill(0xee);
    };
    const made = connect(pair({ client: { allocate }, server: { allocate } }));
    lengths.length = 0;
    made.client.send(text("through"));
    made.network.run();
    expect(made.atServer.text).toBe("through");
    // A record, and what it is opened into: content, type and tag.
    expect(lengths).toEqual([7 + overhead, 7 + 1 + 16]);
  });
});
