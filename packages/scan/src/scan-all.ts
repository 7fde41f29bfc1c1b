import { callerError } from "@tlskit/wire";
import type { TargetReport } from "./report.ts";
import type { ScanTarget } from "./target.ts";
import type { Transport } from "./transport.ts";

/**
 * Targets that are scanned at the same time unless told otherwise: a scan mostly waits for its server, so that a few
 * beside each other take as long as one, and a few is what nobody's network notices.
 */
export const defaultTargetsAtOnce = 4;

/** How several targets are scanned. */
export interface ScanAllOptions {
  /** Targets at the same time, `defaultTargetsAtOnce` unless told otherwise. */
  readonly targetsAtOnce?: number | undefined;
  /** Ends the whole when it is aborted: what is being scanned is given up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scans several targets, some at the same time, but never two that are at the same address: the limits of a scan are
 * about what a server has to bear.
 * @param scanTarget scans one of them, until its signal is aborted: `(target, signal) => scan(target, { …, signal })`
 * @returns the reports in the order of the targets, each as soon as it and those before it are there. Whoever stops
 *   asking for more ends what is still being scanned
 * @throws {TlsError} `out_of_range` (the caller's fault); what `scanTarget` fails with; the signal's reason
 */
export async function* scanAll(
  targets: readonly ScanTarget[],
  scanTarget: (target: ScanTarget, signal: AbortSignal) => Promise<TargetReport>,
  { targetsAtOnce = defaultTargetsAtOnce, signal }: ScanAllOptions = {},
): AsyncGenerator<TargetReport, void, undefined> {
  if (!Number.isInteger(targetsAtOnce) || targetsAtOnce < 1) {
    throw callerError("out_of_range", `targetsAtOnce is ${targetsAtOnce}, and is to be a number from 1 on`);
  }
  signal?.throwIfAborted();
  const waiting = new Set(targets.keys());
  const busy = new Set<string>();
  const done = new Map<number, TargetReport>();
  let failure: { readonly error: unknown } | undefined;
  let changed = (): void => undefined;
  const stop = new AbortController();
  const abort = (): void => {
    failure ??= { error: signal?.reason };
    stop.abort(signal?.reason);
    changed();
  };
  signal?.addEventListener("abort", abort, { once: true });

  const startMore = (): void => {
    for (const index of waiting) {
      const target = targets[index];
      if (busy.size >= targetsAtOnce || target === undefined) return;
      const where = serverOf(target);
      if (busy.has(where)) continue;
      waiting.delete(index);
      busy.add(where);
      scanTarget(target, stop.signal)
        .then(
          (report) => void done.set(index, report),
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(() => {
          busy.delete(where);
          if (failure === undefined && !stop.signal.aborted) startMore();
          changed();
        });
    }
  };

  try {
    startMore();
    for (const index of targets.keys()) {
      for (let report = done.get(index); ; report = done.get(index)) {
        if (failure !== undefined) throw failure.error;
        if (report !== undefined) {
          done.delete(index);
          yield report;
          break;
        }
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    }
  } finally {
    signal?.removeEventListener("abort", abort);
    stop.abort();
  }
}

/** Names are compared as they are written: two of the same machine are two servers unless their address is told. */
function serverOf({ address, host }: ScanTarget): string {
  return (address ?? host).toLowerCase();
}

/**
 * The same server at each of its addresses.
 * @returns one target for each address, in the order of the transport; the target itself if it has an address already
 * @throws what the transport fails with where there is none; {TlsError} `cannot_resolve` of a transport that resolves no names (the caller's fault)
 */
export async function atAllAddresses(
  target: ScanTarget,
  transport: Transport,
  signal: AbortSignal,
): Promise<readonly ScanTarget[]> {
  if (target.address !== undefined) return [target];
  if (transport.resolve === undefined) {
    throw callerError("cannot_resolve", "this transport resolves no names, so that nobody knows all addresses of one");
  }
  const addresses = new Set(await transport.resolve(target.host, signal));
  return [...addresses].map((address) => ({ ...target, address }));
}
