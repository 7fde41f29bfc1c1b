import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  certificateRequestToPem,
  createCertificateRequestSync,
  extendedKeyUsageExtension,
  nameOfParts,
  Oid,
  privateKeyToPem,
  tlsFeatureExtension,
  verifyCertificateRequestSync,
} from "../../src/index.ts";
import { kinds, ourKey } from "../keys/samples.ts";
import { countingRandom, provider } from "../pki.ts";
import { needs, output, temporaryFolder } from "../programs.ts";

const file = temporaryFolder();
const random = countingRandom();

describe.for(kinds)("requests with a key for %s", (kind) => {
  const key = ourKey(kind);
  const request = createCertificateRequestSync({
    provider,
    random,
    signer: key,
    publicKey: key,
    subject: { countryName: "DE", organizationName: "Übung", commonName: "example.org" },
    dnsNames: ["example.org", "*.example.org"],
    ipAddresses: ["2001:db8::1"],
    alternativeNames: [
      { type: "rfc822Name", value: "somebody@example.org" },
      { type: "directoryName", value: nameOfParts({ commonName: "Other" }) },
    ],
    // RFC 7633 §4.3.2#request
    extensions: [extendedKeyUsageExtension([Oid.serverAuth]), tlsFeatureExtension([5])],
  });
  const path = file("request.pem", certificateRequestToPem(request));

  test("are verified and read by OpenSSL", (context) => {
    needs(context, "openssl");
    file("request.pem", certificateRequestToPem(request));
    const text = output("openssl", "req", "-in", path, "-verify", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus");
    expect(text).toContain("Subject: C=DE,O=Übung,CN=example.org");
    expect(text).toContain(
      "DNS:example.org, DNS:*.example.org, IP Address:2001:DB8:0:0:0:0:0:1, email:somebody@example.org, DirName:/CN=Other",
    );
    expect(text).toMatch(/TLS Feature:\s+status_request/);
    expect(text).toContain("TLS Web Server Authentication");
  });

  test("are read by GnuTLS", (context) => {
    needs(context, "certtool");
    file("request.pem", certificateRequestToPem(request));
    const text = output("certtool", "--crq-info", "--infile", path);
    expect(text).toContain("DNSname: *.example.org");
    expect(text).toContain("Self signature: verified");
  });

  test("of OpenSSL's are verified", (context) => {
    needs(context, "openssl");
    const keyPath = file("key.pem", privateKeyToPem(key));
    const made = file("theirs.pem");
    const names = [
      "-addext",
      "subjectAltName=DNS:example.org,URI:https://example.org/",
      "-addext",
      "keyUsage=critical,digitalSignature",
    ];
    output("openssl", "req", "-new", "-key", keyPath, "-subj", "/C=DE/CN=example.org", ...names, "-out", made);
    const read = verifyCertificateRequestSync({ provider, request: readFileSync(made, "utf8") });
    expect(read.subject.toString()).toBe("CN=example.org,C=DE");
    expect(read.subjectAlternativeName?.all.map(({ value }) => value)).toEqual(["example.org", "https://example.org/"]);
    expect(read.extension(Oid.keyUsage)?.critical).toBe(true);
    expect(read.subjectPublicKeyInfo.der).toEqual(key.subjectPublicKeyInfo.der);
  });

  test("of GnuTLS's are verified", (context) => {
    needs(context, "certtool");
    const keyPath = file("key.pem", privateKeyToPem(key));
    const template = file("template", 'cn = "example.org"\ndns_name = "example.org"\nsigning_key\n');
    const made = file("gnutls.pem");
    output("certtool", "--generate-request", "--load-privkey", keyPath, "--template", template, "--outfile", made);
    const read = verifyCertificateRequestSync({ provider, request: readFileSync(made, "utf8") });
    expect(read.subjectAlternativeName?.dnsNames).toEqual(["example.org"]);
  });
});
