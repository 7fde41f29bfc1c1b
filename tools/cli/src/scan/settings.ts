import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { nodeProvider } from "@tlskit/crypto-node";
import { defaultTrust } from "@tlskit/node";
import {
  checkNames,
  type EarlierScan,
  earlierScansIn,
  type Policy,
  policies,
  readPolicy,
  type ScanOptions,
  type ScanTarget,
} from "@tlskit/scan";
import { anchorsFrom } from "../anchors.ts";
import { UsageError } from "../usage.ts";
import { checksOf } from "./checks.ts";
import { maxTargetsAtOnce } from "./limits.ts";
import { limitsOfAScan } from "./limits-of-a-scan.ts";
import { wholeNumber } from "./numbers.ts";
import { scanOptions } from "./options.ts";
import { pageTo } from "./page.ts";
import { targetsOf } from "./targets.ts";

/** What a command line asks for. */
export interface ScanSettings {
  readonly targets: readonly ScanTarget[];
  /** Whether each name is scanned at all of its addresses. */
  readonly all: boolean;
  readonly targetsAtOnce: number | undefined;
  /** How each target is scanned. */
  readonly scan: Omit<ScanOptions, "transport" | "signal" | "progress" | "earlier">;
  /** What an earlier report has of a target. */
  readonly earlier: (target: ScanTarget) => EarlierScan | undefined;
  readonly json: boolean;
  readonly evidence: boolean;
  readonly noColor: boolean;
  readonly quiet: boolean;
  /** Writes the page, where one is wanted. */
  readonly writePage: ((html: string) => void) | undefined;
}

/**
 * Whatever is wrong with a command line is known before anybody is connected to.
 * @returns nothing if help is wanted
 * @throws {UsageError} or {TlsError} of the caller's, or what `parseArgs` throws
 */
export function scanSettings(args: string[]): ScanSettings | undefined {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: scanOptions });
  if (values.help === true) return undefined;
  const { ca, compare, html } = values;
  const targets = targetsOf({ ...values, targets: positionals });
  return {
    targets,
    all: values.all === true,
    targetsAtOnce: wholeNumber("--at-once", values["at-once"], { least: 1, most: maxTargetsAtOnce }),
    scan: {
      provider: nodeProvider,
      anchors: ca === undefined ? defaultTrust().anchors : anchorsFrom(ca),
      checks: checksOf(checkNames, values),
      intrusive: {
        renegotiation: values.renegotiation === true,
        earlyDataReplay: values.replay === true,
        flaws: values.flaws === true,
      },
      policy: policyNamed(values.require),
      ...limitsOfAScan(values),
    },
    earlier: compare === undefined ? () => undefined : earlierScansIn(readText(compare)),
    json: values.json === true,
    evidence: values.evidence === true,
    noColor: values["no-color"] === true,
    quiet: values.quiet === true,
    writePage: html === undefined ? undefined : pageTo(html),
  };
}

/** One of Mozilla's, or a file's. */
function policyNamed(name: string | undefined): Policy | undefined {
  if (name === undefined) return undefined;
  const known = Object.entries(policies).find(([policy]) => policy === name);
  if (known !== undefined) return known[1];
  try {
    return readPolicy(readText(name), name);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`--require takes ${Object.keys(policies).join(", ")} or a file: ${error.message}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : error}`);
  }
}
