import { randomBytes } from "node:crypto";
import { identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { onFreePort } from "@tlskit/interop/free-port";
import { Program } from "@tlskit/interop/program";
import { noRedis } from "@tlskit/interop/redis";
import { identityFiles, scratchFolder } from "@tlskit/interop/scratch";
import { createClient } from "redis";
import { beforeAll, expect, it } from "vitest";
import { startExample } from "./helpers/example.ts";

const certificate = identity("P-256");

/** A Redis without TLS, as on a network of its own. */
async function startRedis(): Promise<string> {
  return await onFreePort(async (port) => {
    const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", scratchFolder("redis")];
    const program = new Program("redis-server", settings);
    const [, taken] = await program.waitForLine(/[Rr]eady to accept connections|(Address already in use)/);
    if (taken === undefined) return `redis://127.0.0.1:${port}`;
    await program.stop();
    return undefined;
  });
}

interface Server {
  readonly program: Program;
  readonly port: string;
}

/** What the client says of one time. */
interface Said {
  readonly server: number;
  readonly resumed: boolean;
  readonly early: string;
}

describeUnless(noRedis, "the fleet", () => {
  let redis: string;
  let balancer: Program;
  let client: Program;
  let servers: readonly Server[];

  async function startServer(fleetKey: string): Promise<Server> {
    const { chain, key } = identityFiles(certificate);
    const program = startExample("fleet/server.ts", [redis, chain, key], { environment: { FLEET_KEY: fleetKey } });
    const [, port = ""] = await program.waitForLine(/^listening on (\d+)$/);
    return { program, port };
  }

  const started = (fleetKey: string): Promise<readonly Server[]> =>
    Promise.all([startServer(fleetKey), startServer(fleetKey), startServer(fleetKey)]);

  /** What the client says that comes so many times, one after the other. */
  async function hello(times: number): Promise<readonly Said[]> {
    const said: Said[] = [];
    for (let time = 0; time < times; time += 1) {
      const from = client.lines.length;
      client.write("\n");
      const [line] = await client.waitForLine(/^\{.*\}$/, from);
      said.push(JSON.parse(line));
    }
    return said;
  }

  async function passOnTo(next: readonly Server[]): Promise<void> {
    servers = next;
    const from = balancer.lines.length;
    balancer.write(`${next.map(({ port }) => port).join(" ")}\n`);
    await balancer.waitForLine(/^passing on/, from);
  }

  const resumed = { resumed: true, early: "accepted" };
  const anew = { resumed: false, early: "not_sent" };
  const different = (said: readonly Said[]): number => new Set(said.map(({ server }) => server)).size;
  const firstKey = randomBytes(32).toString("hex");

  beforeAll(async () => {
    redis = await startRedis();
    servers = await started(firstKey);
    // A guard declines for some seconds when it is new, since it may have forgotten something: this one hasn't.
    const operator = await createClient({ url: redis }).connect();
    await operator.hIncrBy("tlskit:guard", "since", -86_400_000);
    await operator.close();
    balancer = startExample(
      "fleet/balancer.ts",
      servers.map(({ port }) => port),
    );
    const [, port = ""] = await balancer.waitForLine(/^listening on (\d+)$/);
    client = startExample("fleet/client.ts", ["localhost", port, identityFiles(certificate).root]);
    await client.waitForLine(/^ready$/);
  });

  it("resumes a session at any server, with early data", async () => {
    expect(await hello(1)).toMatchObject([anew]);
    const said = await hello(3);
    expect(said).toMatchObject([resumed, resumed, resumed]);
    expect(different(said)).toBe(3);
  });

  it("does so when a server is killed", async () => {
    const [first] = servers;
    await first?.program.stop("SIGKILL");
    const said = await hello(4);
    expect(said).toMatchObject([resumed, resumed, resumed, resumed]);
    expect(different(said)).toBe(2);
  });

  it("does so when a server is new", async () => {
    await passOnTo([...servers.slice(1), await startServer(firstKey)]);
    const said = await hello(3);
    expect(said).toMatchObject([resumed, resumed, resumed]);
    expect(different(said)).toBe(3);
  });

  it("begins anew when the fleet's key is another, and goes on from there", async () => {
    const old = servers;
    await passOnTo(await started(randomBytes(32).toString("hex")));
    await Promise.all(old.map(({ program }) => program.stop("SIGTERM")));
    const [first, ...later] = await hello(4);
    expect(first).toMatchObject({ resumed: false, early: "rejected" });
    expect(later).toMatchObject([resumed, resumed, resumed]);
    expect(different(later)).toBe(3);
  });
});
