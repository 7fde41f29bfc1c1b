import { constants } from "node:crypto";
import { tls12, tls13 } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { renegotiation } from "../../src/checks/renegotiation.ts";
import { maxRenegotiationsTried } from "../../src/connection/limits.ts";
import type { ByteStream } from "../../src/transport.ts";
import { InMemoryScanning, speaking } from "../helpers/in-memory-scanning.ts";
import { connectionTo, rawConnection, serverContext } from "../helpers/in-memory-server.ts";
import { connectionToNode } from "../helpers/node-server.ts";

const intrusive = { renegotiation: true };

const outcomeOf = (connect: () => ByteStream, spoken = speaking("TLS 1.2")) =>
  new InMemoryScanning(connect, { intrusive }).outcomeOf(renegotiation, spoken);

/** SSL_OP_NO_EXTENDED_MASTER_SECRET of OpenSSL 3, which Node has no name for. */
const noExtendedMainSecret = 1;

const node = (secureOptions: number) => () => connectionToNode({ maxVersion: "TLSv1.2", secureOptions });

describe("by option, handshakes that clients begin", () => {
  it("are made by OpenSSL where it lets clients make them, as many as are tried", async () => {
    expect(await outcomeOf(node(0))).toMatchObject({
      state: "found",
      value: { clientInitiated: "accepted", times: maxRenegotiationsTried },
    });
  });

  it("are made by OpenSSL without the extended main secret", async () => {
    expect(await outcomeOf(node(noExtendedMainSecret))).toMatchObject({
      value: { clientInitiated: "accepted", times: maxRenegotiationsTried },
    });
  });

  it("are refused by OpenSSL that is told so", async () => {
    const connections = new InMemoryScanning(node(constants.SSL_OP_NO_RENEGOTIATION), { intrusive });
    const outcome = await connections.outcomeOf(renegotiation, speaking("TLS 1.2"));
    expect(outcome).toMatchObject({ value: { clientInitiated: "refused", times: 0 } });
    expect(connections.connections).toBe(1);
    expect(connections.evidence[0]?.messages.at(-1)?.type).toBe("alert");
  });

  it("are refused by ours", async () => {
    const context = serverContext({ versions: [tls12] });
    expect(await outcomeOf(() => connectionTo(context))).toMatchObject({
      value: { clientInitiated: "refused", times: 0 },
    });
  });

  it("aren't tried unless it is asked for, or in TLS 1.3 alone", async () => {
    const context = serverContext({ versions: [tls13] });
    const connect = () => connectionTo(context);
    expect(await new InMemoryScanning(connect).outcomeOf(renegotiation)).toMatchObject({
      state: "skipped",
      why: "not asked",
    });
    expect(await outcomeOf(connect, speaking("TLS 1.3"))).toMatchObject({ state: "skipped", why: "inapplicable" });
  });

  it("fail as the first handshake does", async () => {
    const connect = () => rawConnection(({ writable }) => void writable.getWriter().close());
    expect(await outcomeOf(connect)).toMatchObject({ state: "failed", code: "truncated" });
  });
});
