import { mysql, smtp } from "@tlskit/starttls";
import { TlsServer } from "@tlskit/tls";
import { asciiBytes } from "@tlskit/wire";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flawsCheck } from "../../src/checks/flaws.ts";
import { startTlsInjection } from "../../src/flaws/starttls-injection.ts";
import type { ByteStream } from "../../src/transport.ts";
import { InMemoryScanning, speaking } from "../helpers/in-memory-scanning.ts";
import { rawConnection, serverContext } from "../helpers/in-memory-server.ts";

/** What a server of SMTP does with what comes behind the command for TLS. */
type Behind = "keeps it" | "forgets it" | "forgets it and greets anew" | "refuses it" | "takes it for TLS";

const command = "STARTTLS\r\n";

/** What failed of the server, which is not to be taken for what it does. */
let failures: unknown[] = [];
const failed = (error: unknown): void => void failures.push(error);

beforeEach(() => {
  failures = [];
});

afterEach(() => {
  expect(failures).toEqual([]);
});

async function serve({ readable, writable }: ByteStream, behind: Behind): Promise<void> {
  const [reader, writer] = [readable.getReader(), writable.getWriter()];
  const tell = (text: string): Promise<void> => writer.write(asciiBytes(`${text}\r\n`));
  await tell("220 server.example ESMTP");
  let clear = "";
  while (!clear.includes(command)) {
    const { value, done } = await reader.read();
    if (done) return;
    clear += new TextDecoder().decode(value);
    if (clear.endsWith("]\r\n")) await tell("250-server.example\r\n250 STARTTLS");
  }
  const rest = clear.slice(clear.indexOf(command) + command.length);
  if (behind === "refuses it" && rest !== "") return await tell("554 Not so fast");
  await tell("220 Ready");
  const tls = new TlsServer(serverContext(), {
    ciphertext: (bytes) => void writer.write(bytes).catch(failed),
    plaintext: () => {},
    established: () => {
      if (behind === "keeps it" && rest === "NOOP\r\n") tls.send(asciiBytes("250 OK\r\n"));
      if (behind === "forgets it and greets anew") tls.send(asciiBytes("220 server.example ESMTP\r\n"));
    },
    ended: () => tls.close(),
    closed: () => void writer.close().catch(failed),
  });
  tls.start();
  if (behind === "takes it for TLS") tls.receive(asciiBytes(rest));
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return tls.receiveEnd();
    tls.receive(value);
  }
}

function scanningOf(behind: Behind): InMemoryScanning {
  const connect = (): ByteStream => rawConnection((server) => void serve(server, behind).catch(failed));
  return new InMemoryScanning(connect, { target: { startTls: smtp }, intrusive: { flaws: true } });
}

describe("what comes in the clear behind STARTTLS", () => {
  it("is answered in TLS by a server that keeps it", async () => {
    const scanning = scanningOf("keeps it");
    expect(await startTlsInjection(scanning, smtp)).toEqual({
      state: "vulnerable",
      how: "NOOP, sent in the clear behind STARTTLS, is answered in TLS",
    });
    expect(scanning.connections).toBe(1);
    expect(scanning.evidence.map(({ about }) => about)).toEqual(["NOOP in the clear behind STARTTLS"]);
  });

  it.each([
    ["forgets it", "isn't answered in TLS"],
    ["forgets it and greets anew", "isn't answered in TLS"],
    ["refuses it", "doesn't begin TLS"],
    ["takes it for TLS", "no handshake succeeds"],
  ] as const)("is nothing to a server that %s", async (behind, how) => {
    expect(await startTlsInjection(scanningOf(behind), smtp)).toEqual({
      state: "not vulnerable",
      how: expect.stringContaining(how),
    });
  });

  it("isn't tried in a protocol without lines", async () => {
    expect(await startTlsInjection(scanningOf("keeps it"), mysql)).toBeUndefined();
  });

  it("is tried of a server that has TLS 1.3 alone, too", async () => {
    expect(await scanningOf("forgets it").outcomeOf(flawsCheck, speaking("TLS 1.3"))).toMatchObject({
      state: "found",
      value: { flaws: [{ id: "starttls-injection", state: "not vulnerable" }] },
    });
  });
});
