import { hashOf } from "@tlskit/crypto";
import type { ClientSettings } from "@tlskit/handshake";
import { asciiBytes, toHex } from "@tlskit/wire";
import type { CheckedCertificates } from "./own-certificates.ts";

/** Parts of what sessions belong to, as bytes: other parts are other bytes, wherever one ends and the next begins. */
export function bindingOf(...parts: readonly unknown[]): Uint8Array {
  return asciiBytes(JSON.stringify(parts).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)};`));
}

/**
 * What a client's sessions belong to: whom the server takes the client for when they are resumed. Nothing for a client that has
 * nothing to show. It is made when it is first asked for: a Worker, which makes its context at the top of a module, has no
 * randomness there, but has it when it connects.
 */
export function clientSessionBinding(
  { provider, random }: Pick<ClientSettings, "provider" | "random">,
  own: CheckedCertificates | undefined,
  sessionContext: string | undefined,
): () => Uint8Array | undefined {
  const isChosen = own !== undefined && own.leaves === undefined;
  const leaves = own?.leaves ?? [];
  if (leaves.length === 0 && !isChosen && sessionContext === undefined) return () => undefined;
  // Whom a choice falls on that has no name nobody else knows.
  const unnamed = isChosen && sessionContext === undefined;
  let binding: Uint8Array | undefined;
  return () => {
    const parts = (): readonly string[] => [
      sessionContext ?? "",
      unnamed ? toHex(random(32)) : "",
      ...leaves.map(toHex),
    ];
    binding ??= hashOf(provider, "SHA-256").digest(bindingOf(...parts()));
    return binding;
  };
}
