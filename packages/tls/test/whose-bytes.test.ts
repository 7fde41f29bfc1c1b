import { LateTasks } from "@tlskit/testing";
import { describe, expect, it } from "vitest";
import { text } from "./helpers/scenarios.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

/** Sends some data, and uses its bytes for something else at once. */
function sendAndReuse({ client }: Pair, data: string): void {
  const bytes = text(data);
  client.send(bytes);
  bytes.fill(0x21);
}

describe("what is given to send may be changed when it returns", () => {
  it("before the handshake", () => {
    const made = pair();
    sendAndReuse(made, "at once, ");
    made.server.start();
    made.client.start();
    sendAndReuse(made, "and in the handshake");
    made.network.run();
    expect(made.atServer.text).toBe("at once, and in the handshake");
  });

  it("after it", () => {
    const made = connect(pair());
    sendAndReuse(made, "hello");
    made.network.run();
    expect(made.atServer.text).toBe("hello");
  });

  it("while an AEAD that answers later is busy", () => {
    const made = connect(pair({ tasks: new LateTasks() }));
    for (const word of ["one ", "two ", "x".repeat(40_000), " four"]) sendAndReuse(made, word);
    expect(made.client.unsent).toBe(40_013);
    made.network.run();
    expect(made.atServer.text).toBe(`one two ${"x".repeat(40_000)} four`);
  });
});

describe("memory that was received from may be written to once it is released", () => {
  const tasksOf = { "at once": () => undefined, late: () => new LateTasks() };

  it.each([
    ["at once", 1],
    ["at once", 700],
    ["late", 1],
    ["late", 700],
  ] as const)("by an end that answers %s, in chunks of up to %i bytes", (world, most) => {
    const tasks = tasksOf[world]();
    const made = pair(tasks === undefined ? {} : { tasks });
    const shared = new Uint8Array(most);
    for (const end of [made.client, made.server]) {
      const receive = end.receive.bind(end);
      end.receive = (bytes) => {
        for (let at = 0; at < bytes.length; at += most) {
          const length = Math.min(most, bytes.length - at);
          shared.set(bytes.subarray(at, at + length));
          receive(shared.subarray(0, length));
          end.release(shared.buffer);
          shared.fill(0xee);
        }
      };
    }
    connect(made);
    made.client.send(text("one "), text("x".repeat(20_000)));
    made.client.updateKeys(true);
    made.client.send(text(" three"));
    made.server.send(text("back"));
    made.network.run();
    expect(made.atServer.text).toBe(`one ${"x".repeat(20_000)} three`);
    expect(made.atClient.text).toBe("back");
  });
});

describe("what is given to exportKeyingMaterial", () => {
  it("is used before it returns", () => {
    const { client, server } = connect(pair());
    const context = text("context");
    const atClient = client.exportKeyingMaterial("EXPERIMENTAL", context, 16);
    context.fill(0);
    expect(server.exportKeyingMaterial("EXPERIMENTAL", text("context"), 16)).toEqual(atClient);
  });
});
