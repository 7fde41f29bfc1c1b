import { defaultCipherSuites, defaultTls12CipherSuites, type Registered } from "@tlskit/ciphersuites";
import { available } from "./choices.ts";

const columns = { version: 9, name: 47, alias: 31 };

/** What `tlskit ciphers` prints: every cipher suite that `--cipher` takes, a line each, with both its names. */
export function cipherList(): string {
  const line = (version: string, { name, aliases = [] }: Registered, isDefault: boolean): string =>
    `${version.padEnd(columns.version)}${name.padEnd(columns.name)}${(aliases[0] ?? "").padEnd(columns.alias)}${isDefault ? "default" : ""}`.trimEnd();
  return [
    ...available.cipherSuites.map((suite) => line("TLSv1.3", suite, defaultCipherSuites.includes(suite))),
    ...available.tls12CipherSuites.map((suite) => line("TLSv1.2", suite, defaultTls12CipherSuites.includes(suite))),
    "",
  ].join("\n");
}
