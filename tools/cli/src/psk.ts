import { ExternalPsk, type PskProtocol, TlsError } from "@tlskit/tls";
import { UsageError } from "./usage.ts";

/**
 * Pre-shared keys out of `IDENTITY:HEX`; the identity may have colons itself. What is wrong is said without the value, which
 * has the key in it.
 * @throws {UsageError}
 */
export function externalPsks(
  values: readonly string[] | undefined,
  protocol: PskProtocol,
): readonly ExternalPsk[] | undefined {
  return values?.map((value) => pskOf(value, protocol));
}

function pskOf(value: string, protocol: PskProtocol): ExternalPsk {
  const [, name = "", digits] = /^(.+):((?:[0-9a-f]{2})+)$/is.exec(value) ?? [];
  if (digits === undefined) {
    throw new UsageError("--psk takes IDENTITY:HEX: a name, a colon and the key, of which each byte is two digits");
  }
  try {
    return new ExternalPsk({
      identity: new TextEncoder().encode(name),
      key: Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
      protocol,
    });
  } catch (error) {
    if (error instanceof TlsError) throw new UsageError(`--psk: ${error.message}`);
    throw error;
  }
}

/** The name of a key that was agreed upon, as a person gave it; in hexadecimal digits if nobody did. */
export function pskName({ identity }: ExternalPsk): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(identity);
  } catch {
    return Buffer.from(identity).toString("hex");
  }
}
