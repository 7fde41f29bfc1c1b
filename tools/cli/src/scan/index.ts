import {
  atAllAddresses,
  htmlReport,
  jsonReport,
  type ScanTarget,
  scan,
  scanAll,
  type TargetReport,
  type Transport,
  textReport,
} from "@tlskit/scan";
import { nodeTransport } from "@tlskit/scan/node";
import { exitCodeOf } from "./exit-code.ts";
import { scanHelp } from "./help.ts";
import { endAtSignals } from "./interruption.ts";
import { progressOn, silence } from "./progress.ts";
import { scanSettings } from "./settings.ts";
import { layoutFor } from "./terminal.ts";

/** `tlskit scan`. Resolves with the exit code. */
export async function scanCommand(args: string[]): Promise<number> {
  const settings = scanSettings(args);
  if (settings === undefined) {
    process.stdout.write(scanHelp);
    return 0;
  }
  const { all, evidence, json, noColor, quiet, targetsAtOnce, writePage } = settings;
  const transport = nodeTransport();
  const targets = all ? await everywhere(settings.targets, transport) : settings.targets;
  const progress = quiet ? silence : progressOn(process.stderr, targets.length);
  const layout = layoutFor(process.stdout, noColor, process.env);
  const report = (reports: readonly TargetReport[], unfinished: readonly ScanTarget[]): void => {
    progress.clear();
    const what = { evidence, unfinished };
    process.stdout.write(json ? jsonReport(reports, what) : textReport(reports, { ...what, ...layout }));
    writePage?.(htmlReport(reports, what));
  };
  const ended = new Map<ScanTarget, TargetReport>();
  endAtSignals(() => {
    progress.clear();
    if (ended.size > 0) {
      report(
        targets.flatMap((target) => ended.get(target) ?? []),
        targets.filter((target) => !ended.has(target)),
      );
    }
    const what = ended.size === 0 ? "nothing is reported" : "what was done is reported";
    return `${what} (${ended.size} of ${targets.length} were scanned)`;
  });
  const scanTarget = async (target: ScanTarget, signal: AbortSignal): Promise<TargetReport> => {
    progress.begin(target);
    const scanned = await scan(target, {
      ...settings.scan,
      transport,
      earlier: settings.earlier(target),
      signal,
      progress: (step) => progress.step(target, step),
    });
    ended.set(target, scanned);
    progress.end(scanned);
    return scanned;
  };
  const reports: TargetReport[] = [];
  for await (const scanned of scanAll(targets, scanTarget, { targetsAtOnce })) reports.push(scanned);
  report(reports, []);
  return exitCodeOf(reports);
}

/** Each name at all of its addresses. What has none stays as it is, and its report says so. */
async function everywhere(targets: readonly ScanTarget[], transport: Transport): Promise<readonly ScanTarget[]> {
  const { signal } = new AbortController();
  const found = await Promise.all(
    targets.map((target) => atAllAddresses(target, transport, signal).catch(() => [target])),
  );
  return found.flat();
}
