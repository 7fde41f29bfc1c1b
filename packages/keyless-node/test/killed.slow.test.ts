import { RemoteSigner } from "@tlskit/keyless";
import { afterEach, describe, expect, it } from "vitest";
import { addressOf, handshake, keyClient, webServer } from "./helpers/places.ts";
import { Folder, KeyServerProcess } from "./helpers/process.ts";

const thousand = 1000;
/** Handshakes at a time. */
const atATime = 40;
/** Milliseconds: a machine with much to do may take seconds to begin a process. A handshake has thirty. */
const patience = 20_000;
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function started(configuration: string): Promise<KeyServerProcess> {
  const made = await KeyServerProcess.start(configuration);
  endings.push(() => made.end("SIGKILL"));
  return made;
}

function folder(): Folder {
  const made = new Folder();
  endings.push(() => made.remove());
  return made;
}

/** A TLS server with the key at these, to the first of which it has a connection. */
async function web(servers: readonly KeyServerProcess[], timeLimit: number): Promise<number> {
  const { client } = keyClient(
    servers.map(({ port }) => addressOf(port)),
    { timeLimit },
  );
  endings.push(() => client.close());
  const { server, port } = await webServer(new RemoteSigner(client, "www", ["ECDSA/P-256/SHA-256"]));
  endings.push(() => server.close());
  while ((await handshake(port)) !== undefined);
  return port;
}

/** So many handshakes, some at a time; `ended` is told of each what became of it, and how many there were. */
async function handshakes(port: number, count: number, ended: (failure: string | undefined, number: number) => void) {
  let [begun, done] = [0, 0];
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      const failure = await handshake(port);
      done += 1;
      ended(failure, done);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  expect(done).toBe(count);
}

const internalError = "ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR";

describe("a key server that is killed in the middle of a thousand handshakes", { timeout: 240_000 }, () => {
  it("and started again: no handshake hangs, and none that has the time fails", async () => {
    const files = folder();
    const first = await started(files.configure());
    const port = await web([first], patience);
    files.configure({ port: first.port });
    let second: Promise<KeyServerProcess> | undefined;
    const failures: string[] = [];
    await handshakes(port, thousand, (failure, number) => {
      if (failure !== undefined) failures.push(failure);
      if (number === 300) second = first.end("SIGKILL").then(() => started(`${files.path}/keyless.json`));
    });
    expect(failures).toEqual([]);
    expect((await second)?.lines.some(({ event }) => event === "signed")).toBe(true);
  });

  it("and started again late: handshakes end with internal_error, and succeed again", async () => {
    const files = folder();
    const first = await started(files.configure());
    const port = await web([first], 100);
    files.configure({ port: first.port });
    const outcomes = new Map<string | undefined, number>();
    let second: Promise<KeyServerProcess> | undefined;
    await handshakes(port, thousand, (failure, number) => {
      outcomes.set(failure, (outcomes.get(failure) ?? 0) + 1);
      if (number === 300) void first.end("SIGKILL");
      // not before there has been a handshake that the loss was fatal to
      if (failure !== undefined) second ??= started(`${files.path}/keyless.json`);
    });
    expect([...outcomes.keys()].toSorted()).toEqual([internalError, undefined].toSorted());
    expect(outcomes.get(undefined)).toBeGreaterThanOrEqual(300);
    await second;
    // However long the new process took to begin, this is after it.
    while ((await handshake(port)) !== undefined);
    await handshakes(port, 100, (failure) => expect(failure).toBeUndefined());
  });

  it("beside another one, which answers the rest", async () => {
    const files = folder();
    const [first, second] = [await started(files.configure()), await started(files.configure())];
    const port = await web([first, second], patience);
    const failures: string[] = [];
    await handshakes(port, thousand, (failure, number) => {
      if (failure !== undefined) failures.push(failure);
      if (number === 300) void first.end("SIGKILL");
    });
    expect(failures).toEqual([]);
    const signed = second.lines.filter(({ event }) => event === "signed").length;
    expect(signed).toBeGreaterThanOrEqual(thousand - 300 - 2 * atATime);
  });
});
