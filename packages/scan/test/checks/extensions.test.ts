import { encryptThenMac, extendedMainSecret, renegotiationInfo } from "@tlskit/messages";
import { expect, test } from "vitest";
import { extensionsCheck } from "../../src/checks/extensions.ts";
import { type Model, ModelScanning, takingSuites } from "../helpers/model-server.ts";

const gcm = 0xc02f;
const cbc = 0xc013;

async function found(model: Partial<Model> & Pick<Model, "suites">) {
  const scanning = new ModelScanning(model);
  const outcome = await scanning.outcomeOf(extensionsCheck, takingSuites(model.suites));
  return { scanning, value: outcome.state === "found" ? outcome.value : undefined };
}

test("what a server answers before TLS 1.3", async () => {
  const extensions = [renegotiationInfo.code, extendedMainSecret.code, encryptThenMac.code];
  const { value } = await found({ suites: { "TLS 1.2": [gcm, cbc] }, extensions });
  expect(value).toMatchObject({ secureRenegotiation: true, extendedMainSecret: true, encryptThenMac: true });
});

test("a server of TLS 1.2 without any of it", async () => {
  const { value } = await found({ suites: { "TLS 1.2": [gcm, cbc] } });
  expect(value).toEqual({
    secureRenegotiation: false,
    extendedMainSecret: false,
    encryptThenMac: false,
    fallbackScsv: undefined,
    compression: [],
    heartbeat: false,
    truncatedHmac: false,
    maxFragmentLength: false,
    recordSizeLimit: undefined,
    certificateCompression: [],
  });
});

test("encrypt_then_mac is for suites with CBC", async () => {
  const { value } = await found({ suites: { "TLS 1.2": [gcm] }, extensions: [encryptThenMac.code] });
  expect(value?.encryptThenMac).toBeUndefined();
});

test("a server of TLS 1.3 alone has nothing of the versions before", async () => {
  const { value } = await found({ suites: { "TLS 1.3": [0x1301] } });
  expect(value).not.toHaveProperty("secureRenegotiation");
  expect(value).not.toHaveProperty("extendedMainSecret");
  expect(value?.encryptThenMac).toBeUndefined();
});

test.each([
  ["heartbeat", 15],
  ["truncatedHmac", 4],
  ["maxFragmentLength", 1],
] as const)("%s is told if it is answered", async (name, code) => {
  const { value } = await found({ suites: { "TLS 1.2": [cbc] }, extensions: [code] });
  expect(value?.[name]).toBe(true);
});

test("a limit of records' size is told, in either version", async () => {
  for (const suites of [{ "TLS 1.2": [gcm] }, { "TLS 1.3": [0x1301] }]) {
    const { value } = await found({ suites, extensions: [28] });
    expect(value?.recordSizeLimit).toBe(0);
  }
});

test("methods of compression are told, all of them", async () => {
  const { value } = await found({ suites: { "TLS 1.0": [cbc] }, compression: [1, 64] });
  expect(value?.compression).toEqual([
    { code: 1, name: "DEFLATE" },
    { code: 64, name: "LZS" },
  ]);
});

test("algorithms that certificates come compressed by", async () => {
  const { value } = await found({ suites: { "TLS 1.3": [0x1301] }, certificateCompression: [3, 1] });
  expect(value?.certificateCompression).toEqual([
    { code: 1, name: "zlib" },
    { code: 3, name: "zstd" },
  ]);
});

test.each([true, false])("whether a server notices a fallback: %s", async (noticesFallback) => {
  const suites = { "TLS 1.3": [0x1301], "TLS 1.2": [gcm] };
  expect((await found({ suites, noticesFallback })).value?.fallbackScsv).toBe(noticesFallback);
});

test("with one version there is no fallback", async () => {
  const { value, scanning } = await found({ suites: { "TLS 1.2": [gcm] }, noticesFallback: true });
  expect(value?.fallbackScsv).toBeUndefined();
  expect(scanning.offers.flatMap(({ cipherSuites }) => cipherSuites)).not.toContain(0x5600);
});

test("a server that bears no more than it knows is asked plainly", async () => {
  const { value } = await found({
    suites: { "TLS 1.2": [gcm] },
    extensions: [renegotiationInfo.code],
    intolerant: ({ extensions = [] }) => extensions.length > 0,
  });
  expect(value).toMatchObject({ secureRenegotiation: true, heartbeat: false });
});

test("SSL 3.0 is asked for nothing in extensions, and says of renegotiation what it says to a suite", async () => {
  const { value, scanning } = await found({ suites: { "SSL 3.0": [0x000a] }, extensions: [renegotiationInfo.code] });
  expect(value).toMatchObject({ secureRenegotiation: true, encryptThenMac: undefined, maxFragmentLength: false });
  expect(scanning.offers.every(({ extensions }) => extensions === undefined)).toBe(true);
  expect(scanning.offers[0]?.cipherSuites).toContain(0x00ff);
});
