import { expect, test } from "vitest";
import { explains, unknownNames } from "../src/pages/rivals-page.ts";
import { configurationNames } from "../src/rivals/configuration.ts";
import { differences } from "../src/rivals/differences.ts";
import { explanations } from "../src/rivals/explanations.ts";
import type { Answers } from "../src/rivals/questions.ts";
import { keptResults, type Results } from "../src/rivals/results.ts";
import { scannerNames } from "../src/rivals/scanner.ts";
import { sslyze } from "../src/rivals/sslyze.ts";
import { testssl } from "../src/rivals/testssl.ts";
import { tlskit } from "../src/rivals/tlskit.ts";

test("twelve configurations were scanned by all three", () => {
  const { configurations: scanned } = keptResults();
  expect(scanned.map(({ name }) => name)).toEqual([...configurationNames]);
  expect(scanned).toHaveLength(12);
  for (const { scanners } of scanned) {
    for (const name of scannerNames) {
      const { seconds, traffic, answers } = scanners[name];
      expect(seconds).toBeGreaterThan(0);
      expect(traffic.connections).toBeGreaterThan(0);
      expect(Object.keys(answers).length, name).toBeGreaterThan(10);
    }
  }
});

test("each difference has one explanation, and each explanation a difference", () => {
  const all = differences(keptResults());
  for (const difference of all) {
    const those = explanations.filter((explanation) => explains(explanation, difference));
    expect(those, `${difference.configuration}: ${difference.question}`).toHaveLength(1);
  }
  for (const explanation of explanations) {
    expect(
      all.filter((difference) => explains(explanation, difference)),
      explanation.because,
    ).not.toEqual([]);
    for (const name of explanation.configurations) {
      expect(
        all.some((each) => each.configuration === name && explains(explanation, each)),
        name,
      ).toBe(true);
    }
  }
});

test("the checks and findings that the comparison names exist", () => {
  expect(unknownNames()).toEqual([]);
});

test("who says nothing doesn't differ, and of sets what not all say is shown", () => {
  const results = said({ suites: "A B", hsts: "none", key: "EC 256" }, { suites: "B C", hsts: "60" }, { suites: "B" });
  expect(differences(results)).toEqual([
    {
      configuration: "nginx as it comes",
      question: "suites",
      said: new Map([
        ["tlskit scan", "A"],
        ["testssl.sh", "C"],
        ["sslyze", ""],
      ]),
    },
    {
      configuration: "nginx as it comes",
      question: "hsts",
      said: new Map([
        ["tlskit scan", "none"],
        ["testssl.sh", "60"],
      ]),
    },
  ]);
});

test("a report of testssl.sh's", () => {
  const findings = {
    SSLv3: "not offered",
    TLS1_2: "offered",
    TLS1_3: "offered with final",
    cipher_xc02b: "xc02b   ECDHE-ECDSA-AES128-GCM-SHA256     ECDH 253   AESGCM      128",
    cipher_order: "NOT a cipher order configured",
    PFS_ECDHE_curves: "prime256v1 X25519",
    DH_groups: "ffdhe2048",
    cert_keySize: "EC 256 bits",
    cert_expirationStatus: "expired",
    cert_trust: "Ok via SAN (same w/o SNI)",
    cert_chain_of_trust: "failed (expired). ",
    fallback_SCSV: "no protocol below TLS 1.2 offered",
    secure_renego: "OpenSSL handshake didn't succeed",
    secure_client_renego: "VULNERABLE, DoS threat",
    heartbleed: "not vulnerable, no heartbeat extension",
    CCS: "test failed, around line 1",
    HSTS_time: "730 days (=63072000 seconds) > 15552000 seconds",
    ALPN: "h2 http/1.1",
  };
  const written = Object.entries(findings).map(([id, finding]) => ({ id, finding }));
  expect(testssl.answers(JSON.stringify(written))).toEqual({
    ssl3: "no",
    tls12: "yes",
    tls13: "yes",
    suites: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    order: "client's",
    groups: "ffdhe2048 secp256r1 x25519",
    certificate: "expired",
    key: "EC 256",
    clientRenegotiation: "yes",
    heartbleed: "no",
    hsts: "63072000",
    alpn: "h2 http/1.1",
  });
});

test("a report of sslyze's", () => {
  const done = (result: unknown): unknown => ({ status: "COMPLETED", result });
  const scan_result = {
    tls_1_2_cipher_suites: done({
      is_tls_version_supported: true,
      accepted_cipher_suites: [
        {
          cipher_suite: { name: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
          ephemeral_key: { type_name: "DH", size: 2048 },
        },
      ],
    }),
    certificate_info: done({
      certificate_deployments: [
        {
          received_certificate_chain: [{ public_key: { algorithm: "RSAPublicKey", key_size: 2048 } }],
          path_validation_results: [
            { trust_store: { name: "Mozilla" }, validation_error: "validation failed: candidates exhausted" },
            { trust_store: { name: "Supplied CA file" }, validation_error: null },
          ],
          ocsp_response: null,
        },
      ],
    }),
    elliptic_curves: done({ supported_curves: [{ name: "X25519" }, { name: "prime256v1" }] }),
    robot: done({ robot_result: "NOT_VULNERABLE_NO_ORACLE" }),
    tls_1_3_early_data: { status: "ERROR", result: null },
  };
  expect(sslyze.answers(JSON.stringify({ server_scan_results: [{ scan_result }] }))).toEqual({
    tls12: "yes",
    suites: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    groups: "secp256r1 x25519",
    dhBits: "2048",
    certificate: "nothing",
    key: "RSA 2048",
    staple: "no",
    robot: "no",
  });
});

test("a scanner that said nothing answers nothing", () => {
  expect(testssl.answers("[]")).toEqual({});
  expect(sslyze.answers('{"server_scan_results":[{"scan_result":null}]}')).toEqual({});
  expect(tlskit.answers('{"targets":[{}]}')).toEqual({});
});

function said(...[ours, testssls, sslyzes]: readonly [Answers, Answers, Answers]): Results {
  const result = (answers: Answers) => ({
    seconds: 1,
    traffic: { connections: 1, octetsToServer: 1, octetsToClient: 1 },
    answers,
  });
  return {
    day: "2026-11-27",
    versions: { "tlskit scan": "1", "testssl.sh": "1", sslyze: "1" },
    configurations: [
      {
        name: "nginx as it comes",
        scanners: { "tlskit scan": result(ours), "testssl.sh": result(testssls), sslyze: result(sslyzes) },
      },
    ],
  };
}
