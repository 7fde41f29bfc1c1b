import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PrivateKey, SignatureKeyType } from "@tlskit/crypto";
import { absent } from "@tlskit/vectors";
import { toHex } from "@tlskit/wire";
import { afterAll, describe, expect, test } from "vitest";
import {
  type Certificate,
  CertificateRevocationList,
  certificatesToPem,
  checkRevocation,
  createCertificateSync,
  createCrlSync,
  createOcspRequestSync,
  createOcspResponseSync,
  crlsToPem,
  type DistributionPoint,
  GeneralNames,
  notChecked,
  type OcspCertificateStatus,
  OcspRequest,
  OcspResponse,
  privateKeyToPem,
  type Revocation,
  type RevocationPolicy,
  type RevocationStatus,
  TrustAnchors,
  toPem,
  verifyCertificateSync,
} from "../../src/index.ts";
import { generateKey, provider, random } from "../pki.ts";

const folder = mkdtempSync(join(tmpdir(), "tlskit-revocation-"));
afterAll(() => rmSync(folder, { recursive: true }));

const haveOpenssl = spawnSync("openssl", ["version"]).status === 0;
// openssl has no way to be told the time of everything
const now = Date.now();
const from = new Date(Math.floor(now / 1000) * 1000 - 60_000);
const until = new Date(from.getTime() + 86_400_000);

/** A CA with a good leaf, a revoked one, and a responder. */
interface Party {
  readonly type: SignatureKeyType;
  readonly key: PrivateKey;
  readonly ca: Certificate;
  readonly good: Certificate;
  readonly revoked: Certificate;
  readonly responder: Certificate;
  readonly responderKey: PrivateKey;
  /** Where a file of this name, with this content if it is given, lies. */
  readonly file: (name: string, content?: string | Uint8Array) => string;
}

function makeParty(type: SignatureKeyType): Party {
  const key = generateKey(type);
  const responderKey = generateKey(type);
  const common = { provider, random, signer: key, validity: { from, days: 30 } };
  const ca = createCertificateSync({ ...common, publicKey: key, subject: { commonName: `${type} CA` }, ca: {} });
  const leaf = (name: string): Certificate =>
    createCertificateSync({
      ...common,
      publicKey: generateKey("P-256"),
      issuer: ca,
      subject: { commonName: name },
      dnsNames: [`${name}.example`],
    });
  const file: Party["file"] = (name, content) => {
    const path = join(folder, `${type}-${name}`);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };
  const made = {
    type,
    key,
    ca,
    good: leaf("good"),
    revoked: leaf("revoked"),
    responder: createCertificateSync({
      ...common,
      publicKey: responderKey,
      issuer: ca,
      subject: { commonName: "Responder" },
      purposes: ["ocspSigning"],
    }),
    responderKey,
    file,
  };
  for (const name of ["ca", "good", "revoked", "responder"] as const) {
    file(`${name}.pem`, certificatesToPem(made[name]));
  }
  file("ca.key", privateKeyToPem(key));
  file("responder.key", privateKeyToPem(responderKey));
  return made;
}

/** What a command says; it must succeed unless told. */
function openssl(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout + stderr;
}

/** What is known here of a leaf. */
function statusOf({ ca }: Party, leaf: Certificate, policy: Partial<RevocationPolicy>): RevocationStatus["status"] {
  const result = verifyCertificateSync({
    provider,
    leaf,
    intermediates: [],
    anchors: TrustAnchors.of([ca]),
    at: new Date(),
    purpose: "serverAuth",
    hostname: notChecked,
    revocation: checkRevocation({ mode: "when_available", certificates: "chain", ...policy }),
  });
  if (!result.ok) return result.reason.code === "revoked" ? "revoked" : "unknown";
  const [status] = result.chain.revocation === notChecked ? [] : result.chain.revocation;
  return status?.status ?? "not_checked";
}

const crlDistributionPoint = (url: string): DistributionPoint => ({
  distributionPoint: {
    type: "fullName",
    names: new GeneralNames([{ type: "uniformResourceIdentifier", value: url }]),
  },
  reasons: undefined,
  cRLIssuer: undefined,
});

const revocationOf = ({ serialNumber }: Certificate): Revocation => ({
  serialNumber,
  revocationDate: from,
  reason: "keyCompromise",
});

describe.each(["RSA", "P-256", "P-384", "Ed25519"] as const)("with openssl and %s", (type) => {
  const made = haveOpenssl ? makeParty(type) : undefined;
  const withOpenssl = (name: string, body: (party: Party) => void): void => {
    test(name, (context) => {
      if (made === undefined) absent(context, "the command openssl is not on this machine");
      body(made);
    });
  };

  /** What `openssl ca` and `openssl ocsp` know: one that was revoked, and one that wasn't. */
  const indexOf = ({ good, revoked, file }: Party): string => {
    const line = (flag: string, when: string, { serialNumber }: Certificate, name: string): string =>
      `${flag}\t${utc(until)}\t${when}\t${toHex(serialNumber).replace(/^00/, "").toUpperCase()}\tunknown\t/CN=${name}\n`;
    file("index.txt.attr", "unique_subject = no\n");
    return file("index.txt", line("V", "", good, "good") + line("R", `${utc(from)},keyCompromise`, revoked, "revoked"));
  };

  const opensslCrl = (party: Party, ...extensions: readonly string[]): CertificateRevocationList => {
    const config = [
      "[ca]",
      "default_ca = this",
      "[this]",
      `database = ${indexOf(party)}`,
      `crlnumber = ${party.file("crlnumber", "1000\n")}`,
      `default_md = ${type === "Ed25519" ? "null" : "sha256"}`,
      "default_crl_days = 7",
      "crl_extensions = crl",
      "[crl]",
      "authorityKeyIdentifier = keyid",
      ...extensions,
    ].join("\n");
    const out = party.file("openssl.crl");
    openssl(
      ...["ca", "-gencrl", "-config", party.file("ca.cnf", config), "-out", out],
      ...["-keyfile", party.file("ca.key"), "-cert", party.file("ca.pem")],
    );
    return CertificateRevocationList.fromDer(execFileSync("openssl", ["crl", "-in", out, "-outform", "der"]));
  };

  withOpenssl("its CRLs are read and believed", (party) => {
    const crl = opensslCrl(party);
    expect([crl.version, crl.size, crl.cRLNumber]).toEqual([2, 1, 0x1000n]);
    expect([...crl.entries][0]).toMatchObject({ reason: "keyCompromise", serialNumber: party.revoked.serialNumber });
    expect(statusOf(party, party.good, { crls: [crl] })).toBe("good");
    expect(statusOf(party, party.revoked, { crls: [crl] })).toBe("revoked");
  });

  withOpenssl("the scope of its CRLs is held to", (party) => {
    const scoped = (idp: string): string =>
      statusOf(party, party.good, {
        crls: [opensslCrl(party, `issuingDistributionPoint = critical,@idp`, "[idp]", idp)],
      });
    expect(scoped("onlyuser = TRUE")).toBe("good");
    expect(scoped("onlyCA = TRUE")).toBe("unknown");
    expect(scoped("fullname = URI:http://crl.example/1.crl")).toBe("unknown");
    expect(scoped("onlysomereasons = keyCompromise")).toBe("unknown");
  });

  withOpenssl("it reads and believes our CRLs", (party) => {
    const crl = createCrlSync({
      provider,
      random,
      signer: party.key,
      issuer: party.ca,
      thisUpdate: from,
      nextUpdate: until,
      cRLNumber: 7,
      revoked: [revocationOf(party.revoked)],
    });
    const path = party.file("ours.crl", toPem("X509 CRL", crl.der));
    const text = openssl("crl", "-in", path, "-noout", "-text", "-CAfile", party.file("ca.pem"));
    expect(text).toMatch(/verify OK/);
    expect(text).toMatch(/Key Compromise/);
    expect(text).toMatch(/X509v3 CRL Number:\s+7/);
    const verify = (name: "good" | "revoked"): string =>
      spawnSync(
        "openssl",
        ["verify", "-crl_check", "-CAfile", party.file("ca.pem"), "-CRLfile", path, party.file(`${name}.pem`)],
        { encoding: "utf8" },
      ).stderr;
    expect(verify("good")).toBe("");
    expect(verify("revoked")).toMatch(/certificate revoked/);
  });

  withOpenssl("it combines our delta CRLs with complete ones, and holds to our scopes", (party) => {
    const common = { provider, random, signer: party.key, issuer: party.ca, thisUpdate: from, nextUpdate: until };
    const places = crlDistributionPoint("http://crl.example/delta.crl");
    const base = createCrlSync({ ...common, cRLNumber: 1, revoked: [], freshestCRL: [places] });
    const delta = createCrlSync({ ...common, cRLNumber: 2, baseCRLNumber: 1, revoked: [revocationOf(party.revoked)] });
    const scoped = (onlyContains: "userCerts" | "cACerts"): CertificateRevocationList =>
      createCrlSync({ ...common, cRLNumber: 3, revoked: [], issuingDistributionPoint: { onlyContains } });
    const verify = (leaf: "good" | "revoked", ...crls: readonly CertificateRevocationList[]): string => {
      const path = party.file("several.crl", crlsToPem(...crls));
      return spawnSync(
        "openssl",
        [
          ...["verify", "-crl_check", "-use_deltas", "-extended_crl", "-CAfile", party.file("ca.pem")],
          ...["-CRLfile", path, party.file(`${leaf}.pem`)],
        ],
        { encoding: "utf8" },
      ).stderr;
    };
    expect(verify("good", base, delta)).toBe("");
    expect(verify("revoked", base)).toBe("");
    expect(verify("revoked", base, delta)).toMatch(/certificate revoked/);
    expect(verify("good", scoped("userCerts"))).toBe("");
    expect(verify("good", scoped("cACerts"))).toMatch(/different CRL scope/);
  });

  const ask = (party: Party, name: "good" | "revoked", by: "ca" | "responder"): OcspResponse => {
    const nonce = random(32);
    const request = createOcspRequestSync({
      provider,
      certificates: [{ certificate: party[name], issuer: party.ca }],
      nonce,
    });
    const out = party.file("openssl.ocsp");
    openssl(
      ...["ocsp", "-index", indexOf(party), "-CA", party.file("ca.pem"), "-nmin", "60", "-respout", out],
      ...["-rsigner", party.file(`${by}.pem`), "-rkey", party.file(`${by}.key`)],
      ...["-reqin", party.file("ours.request", request.der)],
    );
    const response = OcspResponse.fromDer(readFileSync(out));
    expect(response.basic?.nonce).toEqual(nonce);
    return response;
  };

  withOpenssl("it answers our requests, and its answers are believed", (party) => {
    for (const by of ["ca", "responder"] as const) {
      const responses = [ask(party, "good", by), ask(party, "revoked", by)];
      expect(statusOf(party, party.good, { ocspResponses: responses })).toBe("good");
      expect(statusOf(party, party.revoked, { ocspResponses: responses })).toBe("revoked");
      expect(statusOf(party, party.good, { ocspResponses: responses.slice(1) })).toBe("unknown");
    }
  });

  withOpenssl("its requests are read, and answered", (party) => {
    const out = party.file("openssl.request");
    openssl(
      ...["ocsp", "-issuer", party.file("ca.pem"), "-cert", party.file("good.pem"), "-sha256"],
      ...["-cert", party.file("revoked.pem"), "-reqout", out],
    );
    const { requests, nonce } = OcspRequest.fromDer(readFileSync(out));
    expect(requests.map(({ certId }) => certId.serialNumber)).toEqual([
      party.good.serialNumber,
      party.revoked.serialNumber,
    ]);
    expect(nonce?.length).toBe(16);
    const response = createOcspResponseSync({
      provider,
      random,
      signer: party.key,
      responder: party.ca,
      certificates: [party.ca],
      producedAt: from,
      nonce,
      answers: requests.map(({ certId: about }) => ({
        about,
        certStatus: { status: "good" },
        thisUpdate: from,
        nextUpdate: until,
      })),
    });
    // it compares the nonces
    const said = openssl(
      ...["ocsp", "-no_nonce", "-reqin", out, "-respin", party.file("answer.ocsp", response.der)],
      ...["-CAfile", party.file("ca.pem")],
    );
    expect(said).toMatch(/^Response verify OK$/m);
    expect(said).not.toMatch(/nonce/i);
  });

  withOpenssl("it reads and believes our responses", (party) => {
    const answer = (certificate: Certificate, certStatus: OcspCertificateStatus) => ({
      about: { certificate, issuer: party.ca },
      certStatus,
      thisUpdate: from,
      nextUpdate: until,
    });
    for (const by of ["ca", "responder"] as const) {
      const response = createOcspResponseSync({
        provider,
        random,
        signer: by === "ca" ? party.key : party.responderKey,
        responder: party[by],
        responderId: by === "ca" ? "byName" : "byKey",
        producedAt: from,
        answers: [
          answer(party.good, { status: "good" }),
          answer(party.revoked, { status: "revoked", revocationTime: from, reason: "keyCompromise" }),
        ],
      });
      const said = openssl(
        ...["ocsp", "-respin", party.file("ours.ocsp", response.der), "-CAfile", party.file("ca.pem")],
        ...["-issuer", party.file("ca.pem"), "-cert", party.file("good.pem"), "-cert", party.file("revoked.pem")],
      );
      expect(said).toMatch(/Response verify OK/);
      expect(said).toMatch(/good\.pem: good/);
      expect(said).toMatch(/revoked\.pem: revoked[^/]*Reason: keyCompromise/);
    }
  });
});

/** `YYMMDDHHMMSSZ` */
function utc(time: Date): string {
  return `${time.toISOString().slice(2, 19).replaceAll(/[-:T]/g, "")}Z`;
}
