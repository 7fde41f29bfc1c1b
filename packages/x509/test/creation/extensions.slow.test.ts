import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  addressSubtree,
  authorityInfoAccessExtension,
  type Certificate,
  certificatePoliciesExtension,
  certificatesToPem,
  createCertificateSync,
  crlDistributionPointsExtension,
  inhibitAnyPolicyExtension,
  nameConstraintsExtension,
  nameOfParts,
  policyConstraintsExtension,
  policyMappingsExtension,
  tlsFeatureExtension,
} from "../../src/index.ts";
import { countingRandom, generateKey, now, provider } from "../pki.ts";
import { needs, output, temporaryFolder } from "../programs.ts";

const file = temporaryFolder();
const key = generateKey();
const common = { provider, random: countingRandom(), signer: key, publicKey: key, validity: { from: now } };

const ca = createCertificateSync({
  ...common,
  subject: { commonName: "Constrained" },
  ca: { pathLength: 0 },
  extensions: [
    nameConstraintsExtension({
      permitted: [
        { type: "dNSName", value: "example.org" },
        { type: "rfc822Name", value: "example.org" },
        { type: "uniformResourceIdentifier", value: ".example.org" },
        { type: "directoryName", value: nameOfParts({ organizationName: "Example" }) },
      ],
      excluded: [addressSubtree("10.0.0.0/8"), addressSubtree("2001:db8::/32")],
    }),
    certificatePoliciesExtension([
      "2.23.140.1.2.1",
      {
        policyIdentifier: "1.2.3.4",
        qualifiers: [
          { type: "cps", uri: "https://example.org/cps" },
          {
            type: "userNotice",
            explicitText: "Only for tests",
            noticeRef: { organization: "Example", noticeNumbers: [1, 2] },
          },
        ],
      },
    ]),
    policyMappingsExtension([{ issuerDomainPolicy: "1.2.3.4", subjectDomainPolicy: "1.2.3.5" }]),
    policyConstraintsExtension({ requireExplicitPolicy: 0, inhibitPolicyMapping: 3 }),
    inhibitAnyPolicyExtension(2),
  ],
});
const leaf = createCertificateSync({
  ...common,
  issuer: ca,
  dnsNames: ["example.org"],
  alternativeNames: [
    { type: "rfc822Name", value: "somebody@example.org" },
    { type: "uniformResourceIdentifier", value: "https://www.example.org/" },
    { type: "directoryName", value: nameOfParts({ organizationName: "Example", commonName: "Somebody" }) },
    { type: "registeredID", value: "1.2.3.4" },
    { type: "otherName", typeId: "1.3.6.1.4.1.311.20.2.3", value: Uint8Array.of(0x0c, 1, 0x61) },
  ],
  extensions: [
    authorityInfoAccessExtension({ ocsp: ["http://ocsp.example.org"], caIssuers: ["http://example.org/ca.cer"] }),
    crlDistributionPointsExtension(["http://example.org/ca.crl"]),
    tlsFeatureExtension([5, 17]),
  ],
});

const textOf = (certificate: Certificate): string =>
  output(
    "openssl",
    "x509",
    "-in",
    file("certificate.pem", certificatesToPem(certificate)),
    "-noout",
    "-text",
  ).replaceAll(/\s+/g, " ");

describe("every extension is read by OpenSSL as it was meant", () => {
  test.for([
    "Basic Constraints: critical CA:TRUE, pathlen:0",
    "Name Constraints: critical Permitted: DNS:example.org email:example.org URI:.example.org DirName:O = Example Excluded: IP:10.0.0.0/255.0.0.0 IP:2001:DB8:0:0:0:0:0:0/FFFF:FFFF:0:0:0:0:0:0",
    "Policy: 2.23.140.1.2.1 Policy: 1.2.3.4 CPS: https://example.org/cps User Notice: Organization: Example Numbers: 1, 2 Explicit Text: Only for tests",
    "Policy Mappings: critical 1.2.3.4:1.2.3.5",
    "Policy Constraints: critical Require Explicit Policy:0, Inhibit Policy Mapping:3",
    "Inhibit Any Policy: critical 2",
  ])("of a CA: %s", (expected, context) => {
    needs(context, "openssl");
    expect(textOf(ca)).toContain(expected);
  });

  test.for([
    "DNS:example.org, email:somebody@example.org, URI:https://www.example.org/, DirName:/O=Example/CN=Somebody, Registered ID:1.2.3.4, othername: UPN::a",
    "Authority Information Access: OCSP - URI:http://ocsp.example.org CA Issuers - URI:http://example.org/ca.cer",
    "CRL Distribution Points: Full Name: URI:http://example.org/ca.crl",
    "TLS Feature: status_request, status_request_v2",
  ])("of a leaf: %s", (expected, context) => {
    needs(context, "openssl");
    expect(textOf(leaf)).toContain(expected);
  });

  test("and by GnuTLS", (context) => {
    needs(context, "certtool");
    const text = output("certtool", "--certificate-info", "--infile", file("ca.pem", certificatesToPem(ca)));
    expect(text.replaceAll(/\s+/g, " ")).toContain("Name Constraints (critical): Permitted: DNSname: example.org");
  });

  test("and, as far as it looks, by Node", () => {
    const { infoAccess, subjectAltName } = new X509Certificate(leaf.der);
    expect(infoAccess).toContain("OCSP - URI:http://ocsp.example.org");
    expect(subjectAltName).toContain("URI:https://www.example.org/");
  });
});
