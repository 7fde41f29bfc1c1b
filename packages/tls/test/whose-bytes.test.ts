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

describe("what is given to exportKeyingMaterial", () => {
  it("is used before it returns", () => {
    const { client, server } = connect(pair());
    const context = text("context");
    const atClient = client.exportKeyingMaterial("EXPERIMENTAL", context, 16);
    context.fill(0);
    expect(server.exportKeyingMaterial("EXPERIMENTAL", text("context"), 16)).toEqual(atClient);
  });
});
