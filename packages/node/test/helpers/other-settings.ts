import { nodeProvider } from "@tlskit/crypto-node";
import { tls12 } from "@tlskit/tls";
import {
  browserTransparencyPolicy,
  CertificateTransparencyLogs,
  checkRevocation,
  checkTransparency,
} from "@tlskit/x509";
import type { OptionTable } from "../../src/options/table.ts";

/** For each option that is handed on to a context with these settings, another value that it can have. */
export function otherSettings(settings: object, tables: readonly OptionTable[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    tables
      .flatMap((table) => Object.entries(table))
      .filter(([name, row]) => "handedOn" in row && !byThemselves.includes(name))
      .map(([name]) => [name, otherValue(name, Reflect.get(settings, name))]),
  );
}

/** A limit among the limits of messages, and what is for pre-shared keys: tested by themselves. */
const byThemselves: readonly string[] = [
  "maxClientHelloLength",
  "externalPsks",
  "externalPskFor",
  "certificateWithExternalPsk",
];

function otherValue(name: string, value: unknown): unknown {
  // none unless told otherwise, so that nothing tells what it can be
  if (name === "extensions") return [{ code: 0xfa57, data: new Uint8Array(1) }];
  if (name === "revocation") return checkRevocation({ mode: "required", certificates: "chain" });
  if (name === "transparency") {
    const logs = CertificateTransparencyLogs.of(nodeProvider, []);
    return checkTransparency({ logs, policy: browserTransparencyPolicy });
  }
  if (name === "certificateAuthorities") return [Uint8Array.of(0x30, 0)];
  if (
    name === "keyLog" ||
    name === "answerExtensions" ||
    name === "ocspResponseFor" ||
    name === "selectAlpnProtocol" ||
    name === "resumptionFailed"
  )
    return () => undefined;
  if (name === "recordPadding") return () => 1;
  if (name === "ticketRequest") return { newSessionCount: 2, resumptionCount: 1 };
  if (name === "sessions") return { put: () => undefined, take: () => undefined, forget: () => undefined };
  if (name === "sessionContext") return "another";
  if (name === "earlyData") return { maxSize: 1, guard: { admit: () => false }, tolerance: 1 };
  if (name === "versions") return [tls12];
  if (name === "alpnProtocols") return ["h2"];
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value / 2;
  if (Array.isArray(value)) return value.slice(0, 1);
  throw new TypeError(`say here what other value ${name} can have`);
}
