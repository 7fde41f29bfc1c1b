import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as tls from "node:tls";
import { promisify } from "node:util";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import { certificatesToPem, createCertificateSync, generatePrivateKeySync, toPem } from "@tlskit/x509";
import { afterAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "tlskit-trust-"));
afterAll(() => rmSync(folder, { recursive: true }));

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const [first, second] = ["First", "Second"].map((commonName) => {
  const key = generatePrivateKeySync({ provider, random });
  const validity = { from: new Date() };
  return certificatesToPem(
    createCertificateSync({ provider, random, signer: key, publicKey: key, subject: { commonName }, validity, ca: {} }),
  );
});
if (first === undefined || second === undefined) throw new RangeError("two CAs");

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const firstFile = written("first.pem", `A comment in front\n${first}`);
const secondFile = written("second.pem", second);
const damaged = "-----BEGIN CERTIFICATE-----\nAAAA!\n-----END CERTIFICATE-----\n";

interface Told {
  readonly names: readonly string[];
  readonly passedOver: readonly { readonly source: string; readonly reason: string }[];
  readonly error?: string;
}

/** Whom a process trusts with such variables and options: these are read once, when it starts. */
async function trusted(
  variables: Readonly<Record<string, string>>,
  { options = [], which = "defaultTrust" }: { readonly options?: readonly string[]; readonly which?: string } = {},
): Promise<Told> {
  const module = new URL("../src/index.ts", import.meta.url).href;
  const code = `
    const { ${which} } = await import(${JSON.stringify(module)});
    let told;
    try {
      const { anchors, passedOver } = ${which}();
      told = { names: anchors.all.map(({ name }) => String(name)), passedOver };
    } catch (error) { told = { error: error.code + ": " + error.message, names: [], passedOver: [] }; }
    console.log(JSON.stringify(told));`;
  const cleared = { SSL_CERT_FILE: undefined, SSL_CERT_DIR: undefined, NODE_EXTRA_CA_CERTS: undefined };
  const { stdout } = await run(process.execPath, [...options, "--input-type=module", "--eval", code], {
    env: { ...process.env, ...cleared, ...variables },
    maxBuffer: 1e7,
  });
  return JSON.parse(stdout) as Told;
}

describe("whom a process trusts unless told", () => {
  test("the roots that Node brings along", async () => {
    const { names, passedOver } = await trusted({});
    expect(names).toHaveLength(tls.rootCertificates.length - passedOver.length);
    expect(passedOver).toEqual([]);
  });

  test("and the certificates of NODE_EXTRA_CA_CERTS", async () => {
    const { names } = await trusted({ NODE_EXTRA_CA_CERTS: firstFile });
    expect(names).toHaveLength(tls.rootCertificates.length + 1);
    expect(names).toContain("CN=First");
  });

  test("NODE_EXTRA_CA_CERTS that isn't there is passed over, as by Node, and told", async () => {
    const { names, passedOver } = await trusted({ NODE_EXTRA_CA_CERTS: join(folder, "none.pem") });
    expect(names).toHaveLength(tls.rootCertificates.length);
    expect(passedOver).toEqual([{ source: join(folder, "none.pem"), reason: expect.stringMatching(/ENOENT/) }]);
  });

  test("those of SSL_CERT_FILE and NODE_EXTRA_CA_CERTS instead of Node's", async () => {
    expect((await trusted({ SSL_CERT_FILE: firstFile })).names).toEqual(["CN=First"]);
    const { names } = await trusted({ SSL_CERT_FILE: firstFile, NODE_EXTRA_CA_CERTS: secondFile });
    expect(names).toEqual(["CN=First", "CN=Second"]);
  });

  test("those of all files in the folders of SSL_CERT_DIR, each once", async () => {
    const [one, other] = ["one", "other"].map((name) => join(folder, name));
    if (one === undefined || other === undefined) throw new RangeError("two folders");
    for (const path of [one, other]) mkdirSync(join(path, "deeper"), { recursive: true });
    writeFileSync(join(one, "first.pem"), first);
    symlinkSync(join(one, "first.pem"), join(one, "0123abcd.0"));
    writeFileSync(join(one, "README"), "nothing to trust");
    writeFileSync(join(other, "second.pem"), second);
    const { names, passedOver } = await trusted({ SSL_CERT_DIR: [one, other].join(delimiter) });
    expect(names.toSorted()).toEqual(["CN=First", "CN=Second"]);
    expect(passedOver).toEqual([]);
  });

  test("variables that are empty are as if they weren't set", async () => {
    const { names } = await trusted({ SSL_CERT_FILE: "", SSL_CERT_DIR: "", NODE_EXTRA_CA_CERTS: "" });
    expect(names).toHaveLength(tls.rootCertificates.length);
  });

  test("a certificate that can't be read is passed over alone, and told", async () => {
    const noCertificate = toPem("CERTIFICATE", Uint8Array.of(0x30, 0));
    const path = written("mixed.pem", first + damaged + noCertificate + second);
    const { names, passedOver } = await trusted({ SSL_CERT_FILE: path });
    expect(names).toEqual(["CN=First", "CN=Second"]);
    expect(passedOver.map(({ source }) => source)).toEqual([path, path]);
    expect(passedOver[0]?.reason).toMatch(/base64/);
  });

  test("nobody is an error that tells why, not everybody", async () => {
    const { error } = await trusted({ SSL_CERT_FILE: join(folder, "none.pem") });
    expect(error).toMatch(/^no_trust_anchors: .*none\.pem: .*ENOENT/);
    expect((await trusted({ SSL_CERT_DIR: join(folder, "nowhere") })).error).toMatch(/nowhere: .*ENOENT/);
    expect((await trusted({ SSL_CERT_FILE: written("empty.pem", "") })).error).toMatch(/^no_trust_anchors/);
  });
});

const hasSystem = "getCACertificates" in tls;

describe.skipIf(!hasSystem || process.platform !== "linux")("the system's store", () => {
  test("by systemTrust, which finds SSL_CERT_FILE too, as OpenSSL does", async () => {
    expect((await trusted({ SSL_CERT_FILE: firstFile }, { which: "systemTrust" })).names).toContain("CN=First");
  });

  test("by default with --use-openssl-ca, with which Node's own list is empty", async () => {
    const system = await trusted({}, { which: "systemTrust" });
    expect(await trusted({}, { options: ["--use-openssl-ca"] })).toEqual(system);
  });

  test("by default with --use-system-ca, besides Node's own", async () => {
    const { names } = await trusted({}, { options: ["--use-system-ca"] });
    expect(names.length).toBeGreaterThanOrEqual(tls.rootCertificates.length);
    expect(names).toEqual(expect.arrayContaining([...(await trusted({}, { which: "systemTrust" })).names]));
  });
});
