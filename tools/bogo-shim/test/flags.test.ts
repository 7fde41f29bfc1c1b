import { expect, test } from "vitest";
import { parseFlags, Unimplemented } from "../src/flags.ts";

test("what is not known is not implemented, and never passed over", () => {
  expect(() => parseFlags(["-port", "1", "-enable-ech-grease"])).toThrow(Unimplemented);
  expect(() => parseFlags(["-constructor"])).toThrow(Unimplemented);
  expect(() => parseFlags(["port"])).toThrow(Unimplemented);
});

test("flags have values, or none", () => {
  const { initial, resume, retry } = parseFlags([
    "-server",
    "-port",
    "1234",
    "-shim-id",
    "18446744073709551615",
    "-curves",
    "29",
    "-curves",
    "23",
  ]);
  for (const config of [initial, resume, retry]) {
    expect(config).toMatchObject({ server: true, port: 1234, shimId: 2n ** 64n - 1n, curves: [29, 23] });
  }
});

test("flags for one connection count for no other, and those for other programs for none", () => {
  const args = [
    "-on-resume-expect-version",
    "771",
    "-on-initial-expect-version",
    "772",
    "-on-retry-expect-alpn",
    "foo",
    "-on-shim-on-resume-no-ticket",
    "-on-handshaker-key-file",
    "a",
    "-on-handshaker-on-resume-no-ticket",
  ];
  const nothing = { expectVersion: undefined, expectAlpn: undefined, keyFile: undefined, noTicket: false };
  const { initial, resume, retry } = parseFlags(args);
  expect(initial).toMatchObject({ ...nothing, expectVersion: 772 });
  expect(resume).toMatchObject({ ...nothing, expectVersion: 771, noTicket: true });
  expect(retry).toMatchObject({ ...nothing, expectAlpn: "foo" });
});

test("a flag about certificates is for the last of them", () => {
  const args = ["-cert-file", "a", "-new-x509-credential", "-cert-file", "b", "-signing-prefs", "1027"];
  const { resume: config } = parseFlags([...args, "-new-x509-credential", "-cert-file", "c"]);
  expect(config.certFile).toBe("a");
  expect(config.credentials).toMatchObject([{ certFile: "b", signingPrefs: [1027] }, { certFile: "c" }]);
});

test("a flag about pre-shared keys is for the last of them, and nothing without one", () => {
  const first = ["-new-psk-credential", "-psk-importer-identity", "cHNrMQ==", "-psk-importer-sha384"];
  const { initial } = parseFlags([...first, "-new-psk-credential", "-psk-importer-context", "Y29udGV4dDE="]);
  expect(initial.credentials.map(({ importedPsk }) => importedPsk)).toMatchObject([
    { identity: new TextEncoder().encode("psk1"), hash: "SHA-384" },
    { importContext: new TextEncoder().encode("context1"), hash: undefined },
  ]);
  expect(() => parseFlags(["-psk-importer-sha256"])).toThrow(Unimplemented);
});

test("what is shown beside a certificate is the last one's, and names come in DER", () => {
  const args = ["-cert-file", "a", "-ocsp-response", "AQI=", "-new-x509-credential", "-must-match-issuer"];
  const { initial } = parseFlags([...args, "-signed-cert-timestamps", "AAA=", "-use-client-ca-list", "3000,3001"]);
  expect(initial).toMatchObject({ ocspResponse: Uint8Array.of(1, 2), mustMatchIssuer: false });
  expect(initial.credentials).toMatchObject([{ signedCertTimestamps: Uint8Array.of(0, 0), mustMatchIssuer: true }]);
  expect(initial.clientCaList).toEqual([Uint8Array.of(0x30, 0), Uint8Array.of(0x30, 1)]);
  expect(parseFlags(["-use-client-ca-list", "<EMPTY>"]).initial.clientCaList).toEqual([]);
  expect(parseFlags([]).initial.expectClientCaList).toBeUndefined();
});
