import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { inTurns, perSecond } from "../stopwatch.ts";
import { nodeForge } from "./forge.ts";
import { type BenchChain, benchChain, type CertificateLibrary } from "./library.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { peculiar } from "./peculiar.ts";
import { pkiJs } from "./pkijs.ts";
import { tlskit } from "./tlskit.ts";

/** What was done, with which keys, and how often a second by each library that does it. */
export interface CertificateFigures {
  readonly keys: BenchChain["keys"];
  readonly what: string;
  readonly perSecond: Readonly<Record<string, number>>;
}

/** Reads a leaf, verifies a chain of three, makes a leaf: by each library, in turns. */
export async function measureCertificates(
  keys: BenchChain["keys"],
  rounds: number,
  milliseconds: number,
): Promise<readonly CertificateFigures[]> {
  const chain = benchChain(keys);
  const libraries = [
    nodeCrypto(chain),
    tlskit(chain, nodeProvider),
    tlskit(chain, nobleProvider),
    await peculiar(chain),
    pkiJs(chain),
    ...(keys === "RSA" ? [nodeForge(chain)] : []),
  ];
  for (const library of libraries) await check(library, chain);
  const { leaf, ca } = chain;
  const jobs: readonly (readonly [string, (library: CertificateLibrary) => (() => unknown) | undefined])[] = [
    [
      `read a leaf of ${leaf.length} bytes`,
      ({ read }) =>
        () =>
          read(leaf),
    ],
    ["read leaf and CA, and verify the chain", ({ verify }) => verify && (() => verify(leaf, ca))],
    ["make and sign a leaf", ({ create }) => create],
  ];
  const figures: CertificateFigures[] = [];
  for (const [what, jobOf] of jobs) {
    const measures = libraries.flatMap((library) => {
      const job = jobOf(library);
      return job === undefined ? [] : [[library.name, () => perSecond(job, milliseconds)] as const];
    });
    figures.push({ keys, what, perSecond: await inTurns(rounds, Object.fromEntries(measures)) });
  }
  return figures;
}

/** Who doesn't do the work isn't compared: a good chain is good, and one with a wrong signature isn't. */
async function check({ name, verify }: CertificateLibrary, { leaf, ca }: BenchChain): Promise<void> {
  if (verify === undefined) return;
  const spoilt = new Uint8Array(leaf);
  spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
  if (!(await verify(leaf, ca))) throw new Error(`${name} refuses a good chain`);
  if (await refuses(() => verify(spoilt, ca))) return;
  throw new Error(`${name} accepts a wrong signature`);
}

async function refuses(verify: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return !(await verify());
  } catch {
    return true; // some throw
  }
}
