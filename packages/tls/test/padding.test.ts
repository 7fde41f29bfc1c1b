import { LateTasks } from "@tlskit/testing";
import { padToMultiple } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { recordsIn } from "./helpers/records.ts";
import { expectData, expectEstablished, expectOrderlyClose } from "./helpers/scenarios.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

/** The lengths of the protected records' bodies that a side wrote, each once. */
const lengths = (written: readonly Uint8Array[]): ReadonlySet<number> =>
  new Set(
    recordsIn(written)
      .filter(([type]) => type === 23)
      .map(({ length }) => length - 5),
  );

describe("a policy of padding", () => {
  // RFC 9846 §5.4
  it.each<[string, () => LateTasks | undefined]>([
    ["at once", () => undefined],
    ["late", () => new LateTasks("last in, first out")],
  ])(
    "makes records alike, of the handshake, of data and of ends, with a provider that answers %s",
    (_when, tasksOf) => {
      const tasks = tasksOf();
      const recordPadding = padToMultiple(2 ** 14);
      const world = tasks === undefined ? {} : { tasks };
      const made = connect(pair({ ...world, client: { recordPadding }, server: { recordPadding } }));
      expectEstablished(made);
      expectData(made);
      expectOrderlyClose(made);
      const all = 2 ** 14 + 1 + 16;
      expect([...lengths(made.link.left.written)]).toEqual([all]);
      expect([...lengths(made.link.right.written)]).toEqual([all]);
    },
  );

  it("is one side's own choice, and the keys that follow an update keep it", () => {
    const made = connect(pair({ client: { recordPadding: padToMultiple(512) } }));
    made.client.updateKeys();
    expectData(made);
    const sizes = [...lengths(made.link.left.written)];
    // Full records have no room for zeros, so that they are as they would be.
    expect(sizes.every((size) => (size - 17) % 512 === 0)).toBe(true);
    expect(lengths(made.link.right.written)).not.toEqual(lengths(made.link.left.written));
  });

  it("is asked about each record's content", () => {
    const asked: number[] = [];
    const padded = connect(
      pair({
        client: {
          recordPadding: (content) => {
            asked.push(content);
            return 0;
          },
        },
      }),
    );
    asked.length = 0;
    padded.client.send(new Uint8Array(2 ** 14 + 7));
    padded.network.run();
    expect(asked).toEqual([2 ** 14, 7]);
  });

  it.each<[string, () => number, string]>([
    ["gives no number of bytes", () => -1, "out_of_range"],
    [
      "throws",
      () => {
        throw new RangeError("no idea");
      },
      "internal_error",
    ],
  ])("that %s ends the connection, and the peer gets nothing unpadded", (_what, broken, code) => {
    let recordPadding = (): number => 1;
    const made: Pair = connect(pair({ client: { recordPadding: () => recordPadding() } }));
    recordPadding = broken;
    const before = made.link.left.written.length;
    made.client.send(new Uint8Array(1));
    made.network.run();
    expect(made.atClient.error).toMatchObject({ code });
    expect(made.link.left.written).toHaveLength(before);
  });
});
