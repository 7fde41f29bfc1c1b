/**
 * `pnpm bench`: our speed beside that of others. All figures are medians of turns taken in one run; the ratios are what
 * can be compared between machines. Names of sections as arguments run these only: `pnpm bench certificates`.
 */
import { cpus } from "node:os";
import { benchCertificates } from "./certificates/bench.ts";
import { benchTls } from "./tls.ts";

const sections: Readonly<Record<string, () => Promise<void>>> = { tls: benchTls, certificates: benchCertificates };

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(sections, name));
if (unknown !== undefined) {
  console.error(`no section ${unknown}; there are ${Object.keys(sections).join(", ")}`);
  process.exit(2);
}

console.log(`Node ${process.versions.node}, OpenSSL ${process.versions.openssl}, ${cpus()[0]?.model ?? "unknown CPU"}`);
for (const [name, run] of Object.entries(sections)) if (wanted.length === 0 || wanted.includes(name)) await run();
// Sockets that were destroyed in the middle keep nothing alive, but a server may still be closing.
process.exit();
