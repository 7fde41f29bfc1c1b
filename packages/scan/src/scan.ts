import type { CryptoProvider, Random } from "@tlskit/crypto";
import { TlsError } from "@tlskit/wire";
import type { TrustAnchors } from "@tlskit/x509";
import { Asking } from "./asking.ts";
import { checkOptions } from "./checked-options.ts";
import { checkNames, checks } from "./checks.ts";
import { Dialling } from "./dialling.ts";
import type { EarlierScan } from "./earlier-scan.ts";
import type { CheckName, FoundFacts, VersionFact } from "./facts.ts";
import { judge } from "./findings.ts";
import { EvidenceKept, failureOf, type Outcomes, runCheck } from "./outcomes.ts";
import { judgePolicy } from "./policies/judge-policy.ts";
import type { Policy } from "./policies/policy.ts";
import type { TargetReport } from "./report.ts";
import type { Check, IntrusiveChecks, Scanning } from "./scanning.ts";
import { Sharing } from "./sharing.ts";
import { checkTarget, type ScanTarget, serverNameOf } from "./target.ts";
import type { Transport } from "./transport.ts";
import { abortable, Lifetime } from "./waiting.ts";

/** How a target is scanned. */
export interface ScanOptions {
  readonly transport: Transport;
  readonly provider: CryptoProvider;
  /** By whose roots chains are judged. */
  readonly anchors: TrustAnchors;
  /** The roots that browsers trust, whose rules hold for what they certify: Mozilla's unless told otherwise. */
  readonly publicRoots?: TrustAnchors | undefined;
  /** The runtime's unless told otherwise. */
  readonly random?: Random | undefined;
  /** Milliseconds since 1970; the runtime's unless told otherwise. */
  readonly clock?: (() => number) | undefined;
  /** What tries a server's patience: nothing unless told otherwise. */
  readonly intrusive?: Partial<IntrusiveChecks> | undefined;
  /** Which checks are run, with those that they rest on: all unless told otherwise. `versions` always is. */
  readonly checks?: readonly CheckName[] | undefined;
  /** Connections to the target at once: 2 unless told otherwise. */
  readonly maxConnections?: number | undefined;
  /** Connections that are begun in a second; as many as come unless told otherwise. */
  readonly rate?: number | undefined;
  /** How often the server may rest, once there were connections, before it is taken for gone: 4 times unless told otherwise. */
  readonly retries?: number | undefined;
  readonly timeouts?: Partial<ScanTimeouts> | undefined;
  /** What the target has to be, if that is asked: one of `policies`, or what `readPolicy` reads. */
  readonly policy?: Policy | undefined;
  /** What an earlier scan of the target has found: some findings need one. */
  readonly earlier?: EarlierScan | undefined;
  /** Ends the scan at once, which fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told how far the scan is. */
  readonly progress?: ((progress: ScanProgress) => void) | undefined;
}

/** Times, each in milliseconds. */
export interface ScanTimeouts {
  /** Until there is a connection: 10 seconds unless told otherwise. */
  readonly connect: number;
  /** For what goes before TLS: 20 seconds unless told otherwise, since there are mail servers that let strangers wait. */
  readonly startTls: number;
  /** Without an octet of an answer: 5 seconds unless told otherwise. */
  readonly silence: number;
  /** For one answer, however it trickles in: 15 seconds unless told otherwise. */
  readonly answer: number;
  /** For one whole connection: 60 seconds unless told otherwise. */
  readonly connection: number;
  /** For the scan: 10 minutes unless told otherwise. Checks that aren't done by then fail. */
  readonly scan: number;
}

const defaultTimeouts: ScanTimeouts = {
  connect: 10_000,
  startTls: 20_000,
  silence: 5_000,
  answer: 15_000,
  connection: 60_000,
  scan: 600_000,
};

/** How far a scan is: a check has begun, or has ended in one way. */
export interface ScanProgress {
  readonly check: CheckName;
  /** For people: `cipher suites`. */
  readonly about: string;
  readonly state: "begun" | "found" | "failed" | "skipped";
  /** Checks that are done, and that there are. */
  readonly done: number;
  readonly of: number;
  /** Connections until now. */
  readonly connections: number;
}

/**
 * Finds out what a server's TLS is, and what is wrong with it.
 * @returns a report, also of a server that can't be reached, or that speaks no TLS
 * @throws {TlsError} `invalid_target`, `out_of_range` (the caller's fault); the reason of `signal`; nothing else
 */
export async function scan(target: ScanTarget, options: ScanOptions): Promise<TargetReport> {
  const { signal = new AbortController().signal, clock = Date.now } = options;
  signal.throwIfAborted();
  checkTarget(target);
  checkOptions(options);
  const timeouts = { ...defaultTimeouts, ...options.timeouts };
  const lifetime = new Lifetime(signal);
  lifetime.limit(timeouts.scan, () => {
    return new TlsError("timeout", "out_of_time", `the scan was not done after ${timeouts.scan / 1000} s`);
  });
  const begun = clock();
  try {
    const dialling = await diallingOf(target, options, timeouts, lifetime.signal);
    const outcomes = await runChecks(
      dialling,
      scanningOf(target, options, timeouts, dialling, lifetime.signal),
      options,
    );
    const { versions } = outcomes;
    if (versions?.state === "failed")
      return { state: "unreached", target, code: versions.code, reason: versions.reason };
    if (versions?.state === "found" && !versions.value.some(isSpoken)) {
      return { state: "unreached", target, ...withoutVersion(versions) };
    }
    const facts = wholeOf(outcomes);
    const address = target.address ?? (options.transport.resolve && dialling.address);
    const { connections, pace } = dialling;
    const about = { target, now: begun, earlier: options.earlier };
    const judgement = judge(facts, about);
    const policy = options.policy && judgePolicy(options.policy, { facts, findings: judgement.findings }, about);
    return { state: "scanned", target, address, begun, ended: clock(), connections, pace, facts, ...judgement, policy };
  } catch (error) {
    signal.throwIfAborted();
    return { state: "unreached", target, ...failureOf(error) };
  } finally {
    lifetime.end();
  }
}

/** Connections to a target, at whichever of its addresses. */
async function diallingOf(
  target: ScanTarget,
  { transport, maxConnections = 2, rate, retries = 4 }: ScanOptions,
  { connect: connectTime, startTls: startTlsTime }: ScanTimeouts,
  signal: AbortSignal,
): Promise<Dialling> {
  const addresses =
    target.address !== undefined
      ? [target.address]
      : await abortable(transport.resolve?.(target.host, signal) ?? Promise.resolve([target.host]), signal);
  const limits = { maxConnections, rate, retries, connectTime, startTlsTime };
  return new Dialling({ transport, target, addresses, ...limits, signal });
}

/** What checks have, but for where they put what they saw. */
function scanningOf(
  target: ScanTarget,
  options: ScanOptions,
  { silence, answer, connection }: ScanTimeouts,
  dialling: Dialling,
  signal: AbortSignal,
): Omit<Scanning, "note"> {
  const { provider, anchors, publicRoots, clock = Date.now, random = randomOfRuntime } = options;
  const probing = { provider, random, serverName: serverNameOf(target), patience: { silence, answer } };
  const asking = new Asking({ dialling, probing, connection });
  const sharing = new Sharing();
  const scanning: Omit<Scanning, "note"> = {
    target,
    provider,
    random,
    clock,
    anchors,
    publicRoots,
    silence,
    intrusive: { renegotiation: false, earlyDataReplay: false, flaws: false, ...options.intrusive },
    signal,
    probe: (offer, until) => asking.probe(offer, until),
    withConnection: (use) => asking.withConnection(use),
    inTheClear: (use) => asking.inTheClear(use),
    shared: (make) => sharing.get(make, { ...scanning, note: () => {} }),
  };
  return scanning;
}

const randomOfRuntime: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Runs all checks that were asked for, `versions` first: without any there is nothing else to ask. */
async function runChecks(
  dialling: Dialling,
  scanning: Omit<Scanning, "note">,
  { checks: asked, progress, signal }: ScanOptions,
): Promise<Outcomes> {
  const outcomes: Outcomes = {};
  const kept = new EvidenceKept();
  const wanted = asked === undefined ? checks : withNeeds(asked);
  let done = 0;
  const tell = ({ name, about }: Check<CheckName>, state: ScanProgress["state"]): void => {
    progress?.({ check: name, about, state, done, of: wanted.length, connections: dialling.connections });
  };
  const runOne = async (check: Check<CheckName>): Promise<void> => {
    tell(check, "begun");
    const state = await runCheck(check, scanning, kept, outcomes);
    signal?.throwIfAborted();
    done += 1;
    tell(check, state);
  };
  const [versions, ...others] = wanted;
  if (versions !== undefined) await runOne(versions);
  if (outcomes.versions?.state !== "found" || !outcomes.versions.value.some(isSpoken)) return outcomes;
  const running = new Map<CheckName, Promise<void>>();
  for (const check of others) {
    const { needs, uses } = check;
    const before =
      needs === undefined && uses === undefined ? [...running.keys()] : [...(needs ?? []), ...(uses ?? [])];
    running.set(
      check.name,
      Promise.all(before.map((name) => running.get(name))).then(() => runOne(check)),
    );
  }
  await Promise.all(running.values());
  return outcomes;
}

/** What was asked for, and what that needs, and what that needs again, in the order of the table. */
function withNeeds(asked: readonly CheckName[]): readonly Check<CheckName>[] {
  const wanted = new Set<CheckName>(["versions", ...asked]);
  // Whatever a check needs stands before it.
  for (const { name, needs = [] } of checks.toReversed()) {
    if (wanted.has(name)) for (const needed of needs) wanted.add(needed);
  }
  return checks.filter(({ name }) => wanted.has(name));
}

function isSpoken({ spoken }: VersionFact): boolean {
  return spoken;
}

/** Of a server that speaks none: who refuses in TLS does speak it. */
function withoutVersion({ value, evidence }: FoundVersions): { readonly code: string; readonly reason: string } {
  const refusals = new Set(value.map(({ refusal }) => refusal));
  const isTls = evidence.some(({ messages }) =>
    messages.some(({ from, type }) => from === "server" && type === "alert"),
  );
  return isTls
    ? { code: "hello_refused", reason: `TLS is spoken there, but no hello is taken: ${[...refusals].join(", ")}` }
    : { code: "no_tls", reason: `no version of TLS is spoken there: ${[...refusals].join(", ")}` };
}

type FoundVersions = Extract<FoundFacts["versions"], { readonly state: "found" }>;

/** All outcomes; what wasn't run wasn't asked. */
function wholeOf(outcomes: Outcomes): FoundFacts {
  const skipped = { state: "skipped", why: "left out", reason: "it wasn't asked for" } as const;
  // All names are there.
  return Object.fromEntries(checkNames.map((name) => [name, outcomes[name] ?? skipped])) as FoundFacts;
}
