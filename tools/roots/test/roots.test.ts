import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { nobleProvider as provider } from "@tlskit/crypto-noble";
import {
  type Certificate,
  type CertificateContents,
  createCertificateSync,
  generatePrivateKeySync,
  nameConstraintsExtension,
} from "@tlskit/x509";
import { describe, expect, test } from "vitest";
import { bundledRoots } from "../src/bundled.ts";
import { generate, RootsError } from "../src/generate.ts";
import { origin } from "../src/origin.ts";
import { restrictions } from "../src/restrictions.ts";

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

test("the Node that the roots are taken from is the one that is pinned", () => {
  expect(JSON.parse(read("package.json"))).toMatchObject({ devDependencies: { node: origin.node } });
});

const isPinned = process.versions.node === origin.node;

describe.skipIf(!isPinned)(`with the pinned Node, ${origin.node} (this is ${process.versions.node})`, () => {
  test.each(["data.ts", "date.ts"] as const)("%s of @tlskit/roots is what `pnpm roots` makes", (name) => {
    expect(read(`packages/roots/src/${name}`)).toBe(generate(bundledRoots(), restrictions, origin)[name]);
  });

  test("each restriction is one of a root that there is, by its fingerprint and its name", () => {
    const roots = new Map(bundledRoots().map((root) => [fingerprint(root), root.subject.toString()]));
    for (const restriction of restrictions) expect(roots.get(restriction.fingerprint)).toContain(restriction.name);
  });
});

const random = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const key = generatePrivateKeySync({ provider, random, type: "Ed25519" });
const validity = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2036-01-01T00:00:00Z") };

function rootNamed(commonName: string, contents: Partial<CertificateContents> = {}): Certificate {
  const basics = { provider, random, signer: key, publicKey: key, subject: { commonName }, validity };
  return createCertificateSync({ ...basics, ca: {}, ...contents });
}

function fingerprint(certificate: Certificate): string {
  return createHash("sha256").update(certificate.der).digest("hex");
}

const source = "a test";

test("what is restricted gets into the data, and what is withdrawn doesn't", () => {
  const [dated, named, gone] = ["Dated", "Named", "Gone"].map((name) => rootNamed(name, { ca: { pathLength: 2 } }));
  if (dated === undefined || named === undefined || gone === undefined) throw new RangeError("three roots");
  const made = generate(
    [dated, named, gone],
    [
      { fingerprint: fingerprint(dated), name: "Dated", source, distrustLeafIssuedAfter: new Date("2026-02-01") },
      { fingerprint: fingerprint(named), name: "Named", source, permittedDnsNames: ["tr"] },
      { fingerprint: fingerprint(gone), name: "Gone", source, withdrawn: true },
    ],
    origin,
  )["data.ts"];
  expect(made.match(/CN=\w+/g)?.toSorted()).toEqual(["CN=Dated", "CN=Named"]);
  expect(made.match(/distrustLeafIssuedAfter: .*/g)).toEqual(["distrustLeafIssuedAfter: 1_769_904_000,"]);
  expect(made.match(/nameConstraints: .*/g)).toEqual(['nameConstraints: "MAigBjAEggJ0cg==",']);
  expect(made.match(/pathLength: 2,/g)).toHaveLength(2);
  expect(made.match(/validity: .*/g)?.[0]).toBe("validity: [1_767_225_600, 2_082_758_400],");
});

test.each<[string, readonly Certificate[], RegExp]>([
  ["a root that is no CA", [leafAlone()], /may not issue/],
  ["purposes", [rootNamed("A", { purposes: ["serverAuth"] })], /can't express/],
  ["constraints of its own", [rootNamed("A", { extensions: [constraints()] })], /can't express/],
  ["two roots of one name", [rootNamed("A"), rootNamed("A", { ca: { pathLength: 1 } })], /same name/],
])("what the data can't say is an error, not left out: %s", (_, certificates, message) => {
  expect(() => generate(certificates, [], origin)).toThrow(RootsError);
  expect(() => generate(certificates, [], origin)).toThrow(message);
});

test("so is a restriction of no root", () => {
  const restriction = { fingerprint: "00", name: "Gone", source, withdrawn: true } as const;
  expect(() => generate([rootNamed("A")], [restriction], origin)).toThrow(/Gone is restricted/);
});

function leafAlone(): Certificate {
  return createCertificateSync({
    provider,
    random,
    signer: key,
    publicKey: key,
    subject: { commonName: "A" },
    validity,
  });
}

function constraints(): ReturnType<typeof nameConstraintsExtension> {
  return nameConstraintsExtension({ permitted: [{ type: "dNSName", value: "example" }] });
}
