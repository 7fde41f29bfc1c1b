import { nodeForge } from "../certificates/forge.ts";
import { type BenchChain, benchChain, type CertificateLibrary } from "../certificates/library.ts";
import { nodeCrypto } from "../certificates/node-crypto.ts";
import { peculiar } from "../certificates/peculiar.ts";
import { pkiJs } from "../certificates/pkijs.ts";
import { tlskit } from "../certificates/tlskit.ts";
import { preparedWith, providers } from "../providers.ts";
import type { Absence, Comparison, Contender, Effort, Measure, Row } from "../row.ts";
import { perSecond } from "../stopwatch.ts";

interface Job {
  readonly what: string;
  /** What a library does, unless it hasn't got that. */
  readonly of: (library: CertificateLibrary, chain: BenchChain) => (() => unknown) | undefined;
}

const jobs: readonly Job[] = [
  {
    what: "read a leaf with nine extensions",
    of:
      ({ read }, { leaf }) =>
      () =>
        read(leaf),
  },
  {
    what: "read leaf and CA, and verify the chain",
    of: ({ verify }, { leaf, ca }) => verify && (() => verify(leaf, ca)),
  },
  { what: "make and sign a leaf", of: ({ create }) => create },
];

function contenders(keys: BenchChain["keys"], job: Job): readonly [Contender, ...Contender[]] {
  const measured = async (
    library: CertificateLibrary,
    chain: BenchChain,
    { milliseconds }: Effort,
  ): Promise<Measure | Absence> => {
    await check(library, chain);
    const run = job.of(library, chain);
    return run === undefined ? { absent: "it doesn't do that" } : () => perSecond(run, milliseconds);
  };
  const contender = (
    name: string,
    open: (chain: BenchChain) => CertificateLibrary | Promise<CertificateLibrary>,
  ): Contender => ({
    name,
    prepare: async (effort) => {
      const chain = benchChain(keys);
      return measured(await open(chain), chain, effort);
    },
  });
  return [
    contender("node:crypto", nodeCrypto),
    ...providers.map(
      (provider): Contender => ({
        name: `@tlskit/x509 (${provider.name})`,
        prepare: preparedWith(provider, (made, effort) => {
          const chain = benchChain(keys);
          return measured(tlskit(chain, made), chain, effort);
        }),
      }),
    ),
    contender("@peculiar/x509", peculiar),
    contender("pkijs", pkiJs),
    keys === "RSA"
      ? contender("node-forge", nodeForge)
      : { name: "node-forge", prepare: async () => ({ absent: "it knows no elliptic curves" }) },
  ];
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

export const certificates: Row = {
  about: "Certificates read, verified and made, beside other libraries; a chain of three like those on the web.",
  comparisons: (["P-256", "RSA"] as const).flatMap((keys) =>
    jobs.map((job): Comparison => ({ what: `${job.what}, ${keys}`, unit: "1/s", contenders: contenders(keys, job) })),
  ),
};
