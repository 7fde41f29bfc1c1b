import { once } from "node:events";
import type { LookupFunction, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { connect } from "../src/index.ts";
import * as tls from "../src/tls/index.ts";
import { ourServer, pem, pki } from "./helpers/world.ts";

/** A name with two addresses, at the first of which nobody listens: of all of 127.0.0.0/8 servers here have the first. */
const lookup: LookupFunction = (_host, _options, found) => {
  setImmediate(() => {
    found(null, [
      { address: "127.0.0.2", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]);
  });
};

const ways: readonly [string, (port: number) => Socket][] = [
  ["@tlskit/node", (port) => connect({ host: "localhost", port, ca: pki.anchors, lookup, autoSelectFamily: true })],
  [
    "@tlskit/node/tls",
    (port) => tls.connect({ host: "localhost", port, ca: pem.ca, lookup, autoSelectFamily: true } as object),
  ],
];

describe.each(ways)("connect of %s, where a name has several addresses", (_, open) => {
  it("comes to the one where the server is, and tells of the attempts as node:net does", async () => {
    const { port } = await ourServer();
    const told: unknown[][] = [];
    const socket = open(port);
    onTestFinished(() => void socket.destroy());
    for (const event of ["lookup", "connectionAttempt", "connectionAttemptFailed"]) {
      socket.on(event, (...args: unknown[]) => void told.push([event, ...args]));
    }
    await once(socket, "secureConnect");
    expect(told).toEqual([
      ["lookup", null, "127.0.0.2", 4, "localhost"],
      ["lookup", null, "127.0.0.1", 4, "localhost"],
      ["connectionAttempt", "127.0.0.2", port, 4],
      ["connectionAttemptFailed", "127.0.0.2", port, 4, expect.objectContaining({ code: "ECONNREFUSED" })],
      ["connectionAttempt", "127.0.0.1", port, 4],
    ]);
    expect(socket.autoSelectFamilyAttemptedAddresses).toEqual([`127.0.0.2:${port}`, `127.0.0.1:${port}`]);
    expect(socket.remoteAddress).toBe("127.0.0.1");
  });

  it("fails with what every one failed with", async () => {
    const { server, port } = await ourServer();
    server.close();
    await once(server, "close");
    const socket = open(port);
    const [error] = await once(socket, "error");
    expect(error).toBeInstanceOf(AggregateError);
    expect(error).toMatchObject({ code: "ECONNREFUSED" });
    expect(error.errors).toHaveLength(2);
  });
});
