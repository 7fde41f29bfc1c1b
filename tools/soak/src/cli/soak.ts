import { seededRandom } from "@tlskit/testing";
import { startAttack } from "./attack.ts";
import { type ConnectChecks, keepConnecting } from "./connect-check.ts";
import { type Answers, ask, keepAsking } from "./honest-client.ts";
import { heapMargin, residentMargin, settlingTime } from "./limits.ts";
import { type Footprint, ServerUnderTest, type Service } from "./server-under-test.ts";

/** What to do. */
export interface Soak {
  /** How long the attack lasts. */
  readonly seconds: number;
  /** Of what is random: the same attacks for the same seed, though not at the same moments. */
  readonly seed: number;
  /** Seconds that the tool gives to a handshake, and to a request. */
  readonly timeout: number;
  /** How many times as long as on a machine of its own everything may take: 1 unless told otherwise. */
  readonly slack?: number;
  readonly progress?: (line: string) => void;
}

/** How a server stood it. */
export interface ServerReport {
  readonly service: Service;
  readonly answers: Answers;
  readonly base: Footprint;
  readonly peak: Footprint;
  readonly end: Footprint;
}

/** What came of it. Nothing was wrong if there are no failures. */
export interface Report {
  readonly servers: readonly ServerReport[];
  readonly connections: Readonly<Record<string, number>>;
  readonly connect: ConnectChecks;
  /** A sentence for each thing that was wrong. */
  readonly failures: readonly string[];
}

/** Milliseconds between looks at how large the servers are. */
const lookEvery = 5_000;

/** Milliseconds between an honest client's answer and its next question. */
const pause = 250;

/** Milliseconds of an attack before the base is taken: for what is made when it is first needed. */
const warmUp = 3_000;

/** Holds both kinds of `tlskit serve`, and `tlskit connect`, under attack. */
export async function soak({ seconds, seed, timeout, slack = 1, progress = () => undefined }: Soak): Promise<Report> {
  // Nobody attacks it: what hostile servers pass on comes from it.
  const honest = await ServerUnderTest.start("page", timeout, slack);
  const servers = [
    await ServerUnderTest.start("page", timeout, slack),
    await ServerUnderTest.start("echo", timeout, slack),
  ] as const;
  try {
    const plan = { targets: servers.map(({ target }) => target), seed };
    for (const { target } of servers) await ask(target);
    const warming = startAttack(plan);
    await sleep(warmUp);
    await warming.stop();
    const bases = await Promise.all(servers.map(settled));
    progress(`base: ${bases.map(describe).join("; ")}`);

    const stop = new AbortController();
    const attack = startAttack({ ...plan, seed: seed + 1_000_000 });
    const asking = servers.map(({ target }) => keepAsking(target, stop.signal, pause));
    const connecting = keepConnecting(honest.target, seededRandom(seed), stop.signal);
    const peaks = [...bases];
    for (let left = seconds * 1000; left > 0; left -= lookEvery) {
      await sleep(Math.min(left, lookEvery));
      const now = await Promise.all(servers.map((server) => server.footprint()));
      for (const [index, footprint] of now.entries()) peaks[index] = larger(peaks[index] ?? footprint, footprint);
      progress(`${seconds - Math.max(0, left - lookEvery) / 1000} s: ${now.map(describe).join("; ")}`);
    }
    stop.abort();
    const answers = await Promise.all(asking);
    const connect = await connecting;
    const attacked = await attack.stop();
    const reports = await Promise.all(
      servers.map(async (server, index): Promise<ServerReport> => {
        const end = await settled(server);
        return {
          service: server.target.service,
          answers: answers[index] ?? { milliseconds: [], failures: [] },
          base: bases[index] ?? end,
          peak: peaks[index] ?? end,
          end,
        };
      }),
    );
    const failures = [
      ...reports.flatMap(judge),
      ...attacked.failures,
      ...connect.failures,
      ...(await Promise.all(servers.map(judgeProcess))).flat(),
    ];
    return { servers: reports, connections: attacked.counts, connect, failures };
  } finally {
    for (const { process } of [honest, ...servers]) process.kill();
  }
}

/** How large a server is once the connections of an attack that is over are gone. */
async function settled(server: ServerUnderTest): Promise<Footprint> {
  const deadline = performance.now() + settlingTime * server.target.slack;
  for (;;) {
    const footprint = await server.footprint();
    if (footprint.sockets === 0 || performance.now() > deadline) return footprint;
    await sleep(200);
  }
}

function judge({ service, answers, base, end }: ServerReport): string[] {
  const failures = [...answers.failures];
  const say = (sentence: string): number => failures.push(`tlskit serve, ${service}: ${sentence}`);
  if (answers.milliseconds.length === 0) say("it answered nobody");
  if (end.sockets > 0) say(`${end.sockets} sockets are left open`);
  if (end.timers > base.timers) say(`${end.timers} timers are left, there were ${base.timers}`);
  if (end.heap > base.heap + heapMargin) say(`the heap has ${mebibytes(end.heap)}, it had ${mebibytes(base.heap)}`);
  if (end.resident > base.resident + residentMargin) {
    say(`${mebibytes(end.resident)} are resident, there were ${mebibytes(base.resident)}`);
  }
  return failures;
}

async function judgeProcess(server: ServerUnderTest): Promise<string[]> {
  const { service } = server.target;
  const failures: string[] = [];
  if (!server.running) failures.push(`tlskit serve, ${service}: it has ended: ${server.process.stderr}`);
  const code = await server.stop();
  if (code !== 0) failures.push(`tlskit serve, ${service}: exit ${code} when it was told to stop`);
  if (/^ {4}at /m.test(server.process.stderr)) {
    failures.push(`tlskit serve, ${service}: a stack trace on stderr: ${server.process.stderr}`);
  }
  return failures;
}

function larger(a: Footprint, b: Footprint): Footprint {
  return {
    resident: Math.max(a.resident, b.resident),
    heap: Math.max(a.heap, b.heap),
    sockets: Math.max(a.sockets, b.sockets),
    timers: Math.max(a.timers, b.timers),
  };
}

/** A footprint in a few words. */
export function describe({ resident, heap, sockets, timers }: Footprint): string {
  return `${mebibytes(resident)} resident, ${mebibytes(heap)} heap, ${sockets} sockets, ${timers} timers`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
