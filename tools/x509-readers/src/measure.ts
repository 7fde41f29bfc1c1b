/**
 * Makes the inputs anew, asks OpenSSL, Go, GnuTLS and Java about each, and writes `data/cases.json`. The four have to be on
 * the machine; nothing else needs them. `pnpm format` afterwards, and `write-page.ts`.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaults, questions } from "./cases.ts";
import type { Case, Input, Measurements, Reader, Verdict } from "./input.ts";

const folder = mkdtempSync(join(tmpdir(), "x509-readers-"));
const pem = (label: string, base64: string): string =>
  `-----BEGIN ${label}-----\n${base64.replaceAll(/(.{64})/g, "$1\n").trimEnd()}\n-----END ${label}-----\n`;

/** An input as files, for programs. */
function write(name: string, input: Input): void {
  const own = join(folder, name);
  mkdirSync(own);
  const put = (file: string, content: string | Uint8Array): void => writeFileSync(join(own, file), content);
  const bytes = (base64: string): Uint8Array => Buffer.from(base64, "base64");
  put("kind", input.kind);
  if (input.named !== false) put("named", "");
  put("root.pem", pem("CERTIFICATE", input.root ?? defaults.root));
  if (input.ca !== undefined) put("ca.pem", pem("CERTIFICATE", input.ca));
  put("leaf.pem", pem("CERTIFICATE", input.leaf ?? (input.ca === undefined ? defaults.leaf : defaults.leafOfCa)));
  if (input.crl !== undefined) put("crl.pem", pem("X509 CRL", input.crl));
  if (input.key !== undefined) put("key.der", bytes(input.key));
  if (input.key !== undefined && input.label !== undefined) put("key.pem", pem(input.label, input.key));
  if (input.request !== undefined) put("request.pem", bytes(input.request));
  if (input.pkcs12 !== undefined) put("file.p12", bytes(input.pkcs12));
}

function succeeds(name: string, command: string, ...args: readonly string[]): Verdict {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: join(folder, name), encoding: "utf8" });
  if (status !== 0)
    console.error(name, command, `${stdout}${stderr}`.split("\n").filter((line) => /rror|fail/i.test(line))[0]);
  return status === 0 ? "taken" : "refused";
}

function openssl(name: string, { kind, ca, named }: Input, ...more: readonly string[]): Verdict {
  const host = named === false ? [] : ["-verify_hostname", "example.org"];
  const between = ca === undefined ? [] : ["-untrusted", "ca.pem"];
  const verify = ["verify", ...more, "-CAfile", "root.pem", "-purpose", "sslserver", ...between];
  switch (kind) {
    case "chain":
      return succeeds(name, "openssl", ...verify, ...host, "leaf.pem");
    case "crl":
      return succeeds(name, "openssl", ...verify, "-crl_check", "-CRLfile", "crl.pem", "leaf.pem");
    case "key":
      return succeeds(name, "openssl", "pkey", "-in", "key.pem", "-noout", "-check");
    case "request":
      return succeeds(name, "openssl", "req", "-in", "request.pem", "-noout", "-verify");
    case "pkcs12":
      return succeeds(name, "openssl", "pkcs12", "-in", "file.p12", "-passin", "pass:", "-noout");
  }
}

function gnutls(name: string, { kind, ca, named }: Input): Verdict {
  const host = named === false ? [] : ["--verify-hostname", "example.org"];
  switch (kind) {
    case "chain": {
      const files = ["leaf.pem", ...(ca === undefined ? [] : ["ca.pem"])];
      const chain = execFileSync("cat", files, { cwd: join(folder, name) });
      writeFileSync(join(folder, name, "chain.pem"), chain);
      const purpose = ["--verify-purpose", "1.3.6.1.5.5.7.3.1"];
      return succeeds(
        name,
        "certtool",
        "--verify",
        "--load-ca-certificate",
        "root.pem",
        "--infile",
        "chain.pem",
        ...purpose,
        ...host,
      );
    }
    case "crl":
      return succeeds(name, "certtool", "--verify-crl", "--load-ca-certificate", "root.pem", "--infile", "crl.pem");
    case "key":
      return succeeds(name, "certtool", "--key-info", "--infile", "key.pem");
    case "request":
      return succeeds(name, "certtool", "--crq-info", "--infile", "request.pem");
    case "pkcs12":
      return succeeds(name, "certtool", "--p12-info", "--inder", "--infile", "file.p12", "--null-password");
  }
}

function verdictsOf(command: string, ...args: readonly string[]): Readonly<Record<string, Verdict>> {
  return JSON.parse(
    execFileSync(command, [...args, folder], { cwd: new URL("../readers", import.meta.url), encoding: "utf8" }),
  );
}

function versionOf(command: string, ...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return `${stdout}${stderr}`.split("\n")[0] ?? "";
}

try {
  for (const { name, input } of questions) write(name, input);
  const go = verdictsOf("go", "run", "readers.go");
  const java = verdictsOf("java", "Readers.java");
  const cases = questions.map((question): Case => {
    const { name, input } = question;
    const verdicts: Partial<Record<Reader, Verdict>> = { openssl: openssl(name, input) };
    if (input.kind === "chain") verdicts.opensslStrict = openssl(name, input, "-x509_strict");
    if (go[name] !== undefined) verdicts.go = go[name];
    verdicts.gnutls = gnutls(name, input);
    if (java[name] !== undefined) verdicts.java = java[name];
    return { ...question, verdicts };
  });
  const measurements: Measurements = {
    versions: {
      OpenSSL: versionOf("openssl", "version").replace(/^OpenSSL (\S+).*/, "$1"),
      Go: versionOf("go", "version").replace(/^go version go(\S+).*/, "$1"),
      GnuTLS: versionOf("certtool", "--version").replace(/^certtool (\S+).*/, "$1"),
      Java: versionOf("java", "--version").replace(/^openjdk (\S+).*/, "OpenJDK $1"),
    },
    measured: new Date().toISOString().slice(0, 10),
    defaults,
    cases,
  };
  writeFileSync(new URL("../data/cases.json", import.meta.url), `${JSON.stringify(measurements, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
