import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { needsOpenssl, type Workshop, workshop } from "./helpers/cert.ts";
import { tlskit } from "./helpers/command.ts";

/** `tlskit asn1` in a workshop's folder. */
const asn1 = ({ folder }: Workshop, ...args: readonly string[]) => tlskit(["asn1", ...args], "", { cwd: folder });

/** An element as both programs tell it. */
interface Line {
  readonly offset: number;
  readonly header: number;
  readonly length: number | "inf";
  readonly depth: number;
  readonly type: string;
}

/** What we print, without what strings encapsulate, which openssl doesn't open. */
function ours(text: string): readonly Line[] {
  const rows = text.split("\n").flatMap((line) => {
    const match = /^( *(\d+) {2}(\d+)\+(\d+|inf) *)(\S.*)$/.exec(line);
    if (match === null) return [];
    const [, before = "", offset, header, length, what = ""] = match;
    return [{ column: before.length, offset: Number(offset), header: Number(header), length, what }];
  });
  const first = rows[0]?.column ?? 0;
  let encapsulating = Number.POSITIVE_INFINITY;
  return rows.flatMap(({ column, offset, header, length, what }) => {
    if (column > encapsulating) return [];
    encapsulating = what.endsWith(", encapsulating") ? column : Number.POSITIVE_INFINITY;
    const [type = what] = /^(\[\d+\]|OCTET STRING|BIT STRING|OBJECT IDENTIFIER|\w+)/.exec(what) ?? [];
    return [{ offset, header, length: length === "inf" ? length : Number(length), depth: (column - first) / 2, type }];
  });
}

const types: Readonly<Record<string, string>> = {
  OBJECT: "OBJECT IDENTIFIER",
  UTF8STRING: "UTF8String",
  PRINTABLESTRING: "PrintableString",
  IA5STRING: "IA5String",
  BMPSTRING: "BMPString",
  UTCTIME: "UTCTime",
  GENERALIZEDTIME: "GeneralizedTime",
};

/** What `openssl asn1parse` prints, but for the ends of contents, which are lines there. */
function theirs(text: string): readonly Line[] {
  return text.split("\n").flatMap((line) => {
    const match = /^ *(\d+):d=(\d+) +hl=(\d+) l= *(\d+|inf) +(?:cons|prim): (.*?) *(?::.*|\[HEX DUMP\].*)?$/.exec(line);
    if (match === null || match[5] === "EOC") return [];
    const [, offset, depth, header, length, name = ""] = match;
    const context = /^cont \[ (\d+) \]$/.exec(name);
    return [
      {
        offset: Number(offset),
        header: Number(header),
        length: length === "inf" ? ("inf" as const) : Number(length),
        depth: Number(depth),
        type: context === null ? (types[name] ?? name) : `[${context[1]}]`,
      },
    ];
  });
}

describe("asn1 and openssl asn1parse see the same", { timeout: 60_000 }, () => {
  test("of certificates, keys, requests, CRLs, PKCS#7 and PKCS#12, in PEM, DER and BER", async (context) => {
    needsOpenssl(context);
    const shop = workshop();
    const { cert, openssl, path } = shop;
    await cert("create", "--host", "a.test,10.0.0.1,a@b.test", "--key", "rsa");
    await cert("csr", "--host", "a.test", "--key", "ed25519", "--out", ".");
    openssl("x509", "-in", "ca.pem", "-outform", "DER", "-out", "ca.der");
    openssl("crl2pkcs7", "-nocrl", "-certfile", "ca.pem", "-out", "ca.p7b");
    writeFileSync(path("text"), "signed\n".repeat(1000));
    const signer = ["-signer", "a.test+2.pem", "-inkey", "a.test+2-key.pem"];
    openssl(
      "cms",
      "-sign",
      "-binary",
      "-nodetach",
      "-stream",
      ...signer,
      "-in",
      "text",
      "-outform",
      "DER",
      "-out",
      "a.p7m",
    );
    copyFileSync(fileURLToPath(new URL("fixtures/streamed.p12", import.meta.url)), path("streamed.p12"));
    for (const file of ["ca.pem", "ca.der", "a.test+2-key.pem", "a.test.csr", "ca.p7b", "a.p7m", "streamed.p12"]) {
      const form = readFileSync(path(file), "latin1").startsWith("-----") ? "PEM" : "DER";
      const { code, stdout, stderr } = await asn1(shop, file);
      expect({ file, code, stderr }).toEqual({ file, code: 0, stderr: "" });
      const text = openssl("asn1parse", "-inform", form, "-in", file);
      expect(theirs(text).length).toBeGreaterThan(5);
      expect(ours(stdout), file).toEqual(theirs(text));
    }
  });
});

describe("asn1", () => {
  test("shows names, texts, times, and what strings encapsulate", async () => {
    const shop = workshop();
    await shop.cert("create", "--host", "a.test");
    const { stdout } = await asn1(shop, "a.test.pem");
    expect(stdout).toMatch(/^CERTIFICATE\n +0 {2}4\+\d+ {2}SEQUENCE\n/);
    expect(stdout).toMatch(/OBJECT IDENTIFIER subjectAltName \(2\.5\.29\.17\)\n/);
    expect(stdout).toMatch(/OCTET STRING, encapsulating\n.* SEQUENCE\n.* \[2\] "a\.test"\n/);
    expect(stdout).toMatch(/UTCTime \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
  });

  test("shows every block of PEM", async () => {
    const shop = workshop();
    await shop.cert("create", "--host", "a.test");
    writeFileSync(
      shop.path("all.pem"),
      readFileSync(shop.path("ca.pem"), "utf8") + readFileSync(shop.path("a.test-key.pem"), "utf8"),
    );
    const { stdout } = await asn1(shop, "all.pem");
    expect(stdout.match(/^[A-Z]+.*$/gm)).toEqual(["CERTIFICATE", "PRIVATE KEY"]);
  });

  test("shows what is malformed up to the fault, and the fault: exit 1", async () => {
    const shop = workshop();
    await shop.cert("create", "--host", "a.test");
    const whole = await asn1(shop, "ca.pem");
    const [, base64 = ""] = /-----\n([^-]*)/.exec(readFileSync(shop.path("ca.pem"), "utf8")) ?? [];
    const der = Buffer.from(base64, "base64");
    writeFileSync(shop.path("cut.der"), der.subarray(0, 120));
    const cut = await asn1(shop, "cut.der");
    expect(cut.code).toBe(1);
    expect(cut.stdout.split("\n").length).toBeGreaterThan(10);
    const left = 120 - (der[1] === 0x82 ? 4 : 3);
    expect(cut.stderr).toMatch(
      new RegExp(`^tlskit: cut\\.der: at offset 0: it is cut off: it has \\d+ bytes, ${left} are left\\n$`),
    );
    const values = (text: string): readonly string[] => text.match(/[A-Z].*(?=\n)/g) ?? [];
    const told = values(cut.stdout);
    expect(values(whole.stdout).slice(1, 1 + told.length)).toEqual(told);
  });

  test("obeys nothing that a file says", async () => {
    const shop = workshop();
    writeFileSync(shop.path("hostile.der"), Buffer.concat([Buffer.of(12, 9), Buffer.from("\u009b2Ja\u202eb")]));
    const { stdout } = await asn1(shop, "hostile.der");
    expect(stdout).toContain("UTF8String");
    expect(stdout).not.toMatch(/[^\P{C}\n]/u);
  });

  test("files that aren't there, are empty or are nothing of the kind", async () => {
    const shop = workshop();
    writeFileSync(shop.path("empty"), "");
    writeFileSync(shop.path("text"), "hello\n");
    writeFileSync(shop.path("cut.pem"), "-----BEGIN CERTIFICATE-----\nMIIB\n");
    expect(await asn1(shop, "absent")).toMatchObject({ code: 2, stdout: "" });
    expect(await asn1(shop)).toMatchObject({ code: 2, stdout: "" });
    expect(await asn1(shop, "empty")).toEqual({ code: 1, stdout: "", stderr: "tlskit: empty: it is empty\n" });
    expect(await asn1(shop, "text")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tlskit: text: at offset \d+: /),
    });
    expect(await asn1(shop, "cut.pem")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("cut.pem: line 1 "),
    });
    expect((await asn1(shop, "--help")).stdout).toContain("tlskit asn1 FILE");
  });
});

describe("cert show", { timeout: 60_000 }, () => {
  test("shows what it has no words for as a tree", async (context) => {
    needsOpenssl(context);
    const shop = workshop();
    const { cert, path } = shop;
    writeFileSync(
      path("openssl.cnf"),
      `[req]
distinguished_name = dn
x509_extensions = extensions
prompt = no
string_mask = default
[dn]
O = a@b
[extensions]
subjectAltName = otherName:1.3.6.1.4.1.311.20.2.3;UTF8:me@a.test, otherName:1.2.3.4;SEQUENCE:pair
1.3.6.1.5.5.7.1.31 = critical,ASN1:FORMAT:HEX,OCTETSTRING:0011
1.2.3.5 = ASN1:SEQUENCE:pair
1.2.3.6 = DER:30:05:02:01:05:04:01
[pair]
number = INTEGER:5
text = UTF8:five
`,
    );
    const inputs = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem"];
    execFileSync("openssl", ["req", "-x509", "-config", "openssl.cnf", ...inputs, "-out", "odd.pem"], {
      cwd: shop.folder,
      stdio: "pipe",
    });
    const { code, stdout, stderr } = await cert("show", "odd.pem");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /\n {2}attribute organizationName \(2\.5\.4\.10\) of the subject\n {4}\d+ {2}2\+3 {2}TeletexString "a@b"\n/,
    );
    expect(stdout).toContain('other name userPrincipalName "me@a.test"');
    expect(stdout).toContain(
      [
        "  other name 1.2.3.4",
        "    0  2+9  SEQUENCE",
        "    2  2+1    INTEGER 5",
        '    5  2+4    UTF8String "five"',
        "",
      ].join("\n"),
    );
    expect(stdout).toContain(
      "  extension acmeIdentifier (1.3.6.1.5.5.7.1.31), critical\n    0  2+2  OCTET STRING 0011\n",
    );
    expect(stdout).toContain("  extension 1.2.3.5\n    0  2+9  SEQUENCE\n");
    expect(stdout).toContain(
      "  extension 1.2.3.6\n    0  2+5  SEQUENCE\n    2  2+1    INTEGER 5\n    malformed at offset 5: ",
    );
  });
});
