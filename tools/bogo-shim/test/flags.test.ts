import { expect, test } from "vitest";
import { parseFlags, Unimplemented } from "../src/flags.ts";

test("what is not known is not implemented, and never passed over", () => {
  expect(() => parseFlags(["-port", "1", "-enable-ech-grease"])).toThrow(Unimplemented);
  expect(() => parseFlags(["-constructor"])).toThrow(Unimplemented);
  expect(() => parseFlags(["port"])).toThrow(Unimplemented);
});

test("flags have values, or none", () => {
  const config = parseFlags([
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
  expect(config).toMatchObject({ server: true, port: 1234, shimId: 2n ** 64n - 1n, curves: [29, 23] });
});

test("flags for other connections and other programs are read, and count for nothing", () => {
  const args = [
    "-on-resume-expect-version",
    "771",
    "-on-initial-expect-version",
    "772",
    "-on-handshaker-key-file",
    "a",
  ];
  expect(parseFlags(args)).toMatchObject({ expectVersion: 772, keyFile: undefined });
});

test("a flag about certificates is for the last of them", () => {
  const args = ["-cert-file", "a", "-new-x509-credential", "-cert-file", "b", "-signing-prefs", "1027"];
  const config = parseFlags([...args, "-new-x509-credential", "-cert-file", "c"]);
  expect(config.certFile).toBe("a");
  expect(config.credentials).toMatchObject([{ certFile: "b", signingPrefs: [1027] }, { certFile: "c" }]);
});

test("no client certificate is asked for as if it were nothing", () => {
  expect(() => parseFlags(["-server", "-verify-peer"])).toThrow(Unimplemented);
  expect(() => parseFlags(["-verify-peer"])).not.toThrow();
});
