import { hashOf } from "@tlskit/crypto";
import { equalBytes } from "@tlskit/wire";
import {
  agreementKeyFromPem,
  agreementKeyFromPkcs8,
  agreementKeyToPkcs8,
  CertificateTransparencyLogs,
  certificatesFromPem,
  decodePem,
  formatIpAddress,
  parseIpAddress,
  privateKeyFromPem,
  privateKeyFromPkcs8,
  privateKeyToPem,
  privateKeyToPkcs8,
  publicKeyFromPem,
  publicKeyToPem,
  referenceIdentity,
  toPem,
  trustAnchorsFromPem,
} from "@tlskit/x509";
import { askEverything } from "../ask.ts";
import { promise, type Target } from "../target.ts";
import { pki, provider } from "../world.ts";
import { derTarget, describe, isX509Error } from "./certificates.ts";
import { sampleKeys } from "./sample-keys.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Whether something ends as it may: what it gives, or nothing where it refuses. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isX509Error(error)) throw error;
    return undefined;
  }
}

/** X25519 and X448 (RFC 8410 §7). */
const agreementKeys = [
  `302e020100300506032b656e04220420${"07".repeat(32)}`,
  `3046020100300506032b656f043a0438${"07".repeat(56)}`,
].map((digits) => Uint8Array.from(Buffer.from(digits, "hex")));

/** Private keys. */
export const privateKeyTarget: Target = {
  ...derTarget,
  name: "private-key",
  what: "a PKCS#8 private key: read, written and read again",
  maxLength: 4096,
  seeds: () => [...sampleKeys().map(privateKeyToPkcs8), ...agreementKeys],
  run(input) {
    const agreement = attempt(() => agreementKeyFromPkcs8(input, { provider }));
    if (agreement !== undefined) {
      const again = agreementKeyFromPkcs8(agreementKeyToPkcs8(agreement), { provider });
      promise(describe(again) === describe(agreement), "an agreement key that is written is read again");
    }
    const key = privateKeyFromPkcs8(input, { provider });
    const again = privateKeyFromPkcs8(privateKeyToPkcs8(key), { provider });
    promise(describe(again) === describe(key), "a key that is written is read again");
    askEverything(key);
  },
};

/** PEM texts. */
export const pemTarget: Target = {
  name: "pem",
  what: "a PEM text: its blocks, its certificates, its private key",
  maxLength: 8192,
  isRefusal: isX509Error,
  dictionary: [
    ...[
      "CERTIFICATE",
      "PUBLIC KEY",
      "PRIVATE KEY",
      "EC PRIVATE KEY",
      "RSA PRIVATE KEY",
      "ENCRYPTED PRIVATE KEY",
      "X",
    ].flatMap((label) => [bytesOf(`-----BEGIN ${label}-----\n`), bytesOf(`-----END ${label}-----\n`)]),
    ...["\r\n", "\r", "\n", "\n\n", "=", "==", "====", "-----", "Proc-Type: 4,ENCRYPTED\n\n", " ", "\t", ": "].map(
      bytesOf,
    ),
  ],
  seeds: () => [
    bytesOf(
      pki()
        .certificate.chain.map(({ der }) => toPem("CERTIFICATE", der))
        .join("some text\n"),
    ),
    ...sampleKeys().map((key) => bytesOf(privateKeyToPem(key))),
    bytesOf("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
    ...sampleKeys().map((key) => bytesOf(publicKeyToPem(key.subjectPublicKeyInfo))),
    bytesOf("-----BEGIN X-----\r\nAA==\r\n-----END X-----\r\n"),
  ],
  run(input) {
    const text = textOf(input);
    attempt(() => certificatesFromPem(text));
    attempt(() => privateKeyFromPem(text, { provider }));
    attempt(() => agreementKeyFromPem(text, { provider }));
    attempt(() => publicKeyFromPem(text));
    const anchors = attempt(() => trustAnchorsFromPem(text));
    promise(
      (anchors?.passedOver ?? []).every(({ reason }) => reason !== ""),
      "what is passed over is told",
    );
    for (const block of attempt(() => decodePem(text)) ?? []) {
      const { label } = block;
      const bytes = attempt(() => block.bytes);
      if (bytes === undefined) continue;
      const [again] = decodePem(toPem(label, bytes));
      promise(again?.label === label && equalBytes(again.bytes, bytes), "a block that is written is read again");
    }
  },
};

/** Host names and addresses. */
export const hostTarget: Target = {
  name: "host",
  what: "a host as a user gives it: a name, an IPv4 or IPv6 address, with or without brackets",
  maxLength: 300,
  isRefusal: isX509Error,
  dictionary: ["::", ":", ".", "[", "]", "0", "ffff", "255", "%1", "xn--", "0x7f", "*.", "-", "_"].map(bytesOf),
  seeds: () =>
    ["a.example", "192.0.2.1", "2001:db8::1", "[::ffff:192.0.2.1]", "a.b.c.", "1:2:3:4:5:6:7:8"].map(bytesOf),
  run(input) {
    const text = textOf(input);
    const address = parseIpAddress(text);
    if (address !== undefined) {
      promise(address.length === 4 || address.length === 16, "an address has four bytes or sixteen");
      const again = parseIpAddress(formatIpAddress(address));
      promise(again !== undefined && equalBytes(again, address), "an address that is written is read again");
    }
    referenceIdentity(text);
  },
};

/** Lists of certificate transparency logs. */
export const logListTarget: Target = {
  name: "log-list",
  what: "a list of certificate transparency logs in JSON, as browsers publish it",
  maxLength: 4096,
  isRefusal: isX509Error,
  dictionary: [
    ...["operators", "name", "logs", "tiled_logs", "key", "log_id", "state", "temporal_interval", "timestamp"],
    ...["description", "qualified", "usable", "readonly", "retired", "start_inclusive", "end_exclusive"],
  ]
    .map((name) => bytesOf(`"${name}":`))
    .concat(["{", "}", "[", "]", ",", "null", "1", '"', '"2026-01-01T00:00:00Z"', '"__proto__":'].map(bytesOf)),
  seeds: () =>
    ["usable", "retired"].map((state) => {
      const logs = sampleKeys().map(({ subjectPublicKeyInfo: { der } }) => ({
        description: "a log",
        key: Buffer.from(der).toString("base64"),
        log_id: Buffer.from(hashOf(provider, "SHA-256").digest(der)).toString("base64"),
        state: { [state]: { timestamp: "2026-01-01T00:00:00Z" } },
        temporal_interval: { start_inclusive: "2026-01-01T00:00:00Z", end_exclusive: "2027-01-01T00:00:00Z" },
      }));
      return bytesOf(JSON.stringify({ operators: [{ name: "an operator", logs, tiled_logs: [] }] }));
    }),
  run: (input) => askEverything(CertificateTransparencyLogs.fromJson(provider, textOf(input))),
};
