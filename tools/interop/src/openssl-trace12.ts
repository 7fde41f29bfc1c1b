import { byCode, namedGroups, signatureSchemes, tls12CipherSuites } from "@tlskit/ciphersuites";
import { type FfdheName, ffdheGroup } from "@tlskit/crypto";
import type { Tls12Report } from "./tls12-report.ts";

const ffdheNames: readonly FfdheName[] = ["ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192"];

/**
 * What a handshake of TLS 1.2 came to, out of the messages that `openssl -trace` prints.
 * @throws {RangeError} for what has no name here
 */
export function tracedTls12Report(output: string): Tls12Report {
  const serverHello = messageIn(output, "ServerHello") ?? "";
  const keyExchange = messageIn(output, "ServerKeyExchange");
  const [, high, low] = /cipher_suite \{(0x..), (0x..)\}/.exec(serverHello) ?? [];
  const suite = byCode(tls12CipherSuites, Number(high) * 256 + Number(low));
  if (suite === undefined) throw new RangeError(`no cipher suite in ${serverHello}`);
  return {
    cipherSuite: suite.name,
    namedGroup: keyExchange && groupIn(keyExchange),
    signatureScheme: keyExchange && schemeIn(keyExchange),
    encryptThenMac: serverHello.includes("encrypt_then_mac"),
    extendedMainSecret: serverHello.includes("extended_master_secret"),
  };
}

/** A message, up to the next empty line. */
function messageIn(output: string, name: string): string | undefined {
  const at = output.indexOf(` ${name}, Length=`);
  return at === -1 ? undefined : output.slice(at, output.indexOf("\n\n", at));
}

function groupIn(serverKeyExchange: string): string {
  const [, curve] = /named_curve: .* \((\d+)\)/.exec(serverKeyExchange) ?? [];
  const [, prime] = /dh_p \(len=\d+\): ([0-9A-F]+)/.exec(serverKeyExchange) ?? [];
  const name =
    curve === undefined
      ? ffdheNames.find((each) => hex(ffdheGroup(each).prime) === prime)
      : byCode(namedGroups, Number(curve))?.name;
  return name ?? "another group";
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

function schemeIn(serverKeyExchange: string): string {
  const [, code] = /Signature Algorithm: \S+ \((0x....)\)/.exec(serverKeyExchange) ?? [];
  return byCode(signatureSchemes, Number(code))?.name ?? "another scheme";
}
