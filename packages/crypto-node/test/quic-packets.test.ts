import { aeadOf, type CryptoProvider, hashOf, hkdfExpand, hkdfExtract, sealOnce } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";

interface Keys {
  readonly secret: string;
  readonly key: string;
  readonly iv: string;
  readonly hp: string;
}

interface Packet {
  readonly packetNumber: number;
  readonly unprotectedHeader: string;
  readonly sample: string;
  readonly mask: string;
  readonly protectedHeader: string;
  readonly packet: string;
}

interface Quic {
  readonly destinationConnectionId: string;
  readonly initialSalt: string;
  readonly hkdfLabels: Readonly<Record<"client in" | "server in" | "quic key" | "quic iv" | "quic hp", string>>;
  readonly client: Keys;
  readonly server: Keys;
  readonly clientInitial: Packet & { readonly cryptoFrame: string; readonly payloadLength: number };
  readonly serverInitial: Packet & { readonly payload: string };
  readonly chacha20ShortHeader: Packet & Keys & { readonly payload: string };
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (given: Uint8Array): string => Buffer.from(given).toString("hex");

/** RFC 9001 §5.3, §5.4: a whole packet; the header's last bytes, as many as its packet number has, are masked. */
async function protect(
  provider: CryptoProvider,
  aeadName: "AES-128-GCM" | "CHACHA20-POLY1305",
  keys: Keys,
  packet: Packet,
  payload: Uint8Array,
): Promise<{ readonly sample: string; readonly mask: string; readonly packet: string }> {
  const aead = aeadOf(provider, aeadName);
  const header = bytes(packet.unprotectedHeader);
  const nonce = bytes(keys.iv);
  const number = Buffer.alloc(12);
  number.writeUInt32BE(packet.packetNumber, 8);
  const sealed = await sealOnce(
    aead,
    bytes(keys.key),
    nonce.map((byte, at) => byte ^ (number[at] ?? 0)),
    header,
    payload,
  );
  const numberLength = ((header[0] ?? 0) & 3) + 1;
  const sample = sealed.subarray(4 - numberLength, 20 - numberLength);
  const protection = aead.headerProtection?.(bytes(keys.hp));
  const mask = await protection?.mask(sample);
  if (mask === undefined) return { sample: hex(sample), mask: "none", packet: "" };
  const firstBits = (header[0] ?? 0) & 0x80 ? 0x0f : 0x1f;
  const numberAt = header.length - numberLength;
  const masked = header.map((byte, at) => {
    if (at === 0) return byte ^ ((mask[0] ?? 0) & firstBits);
    return at < numberAt ? byte : byte ^ (mask[1 + at - numberAt] ?? 0);
  });
  return { sample: hex(sample), mask: hex(mask), packet: hex(masked) + hex(sealed) };
}

describeVectors<Quic>("QUIC's packets, byte by byte (RFC 9001 appendix A)", "rfc/rfc9001-quic.json", (vectors) => {
  describe.each([nobleProvider, nodeProvider])("by $name", (provider) => {
    test("the keys of both sides", () => {
      const hash = hashOf(provider, "SHA-256");
      const initial = hkdfExtract(hash, bytes(vectors.initialSalt), bytes(vectors.destinationConnectionId));
      const label = (secret: Uint8Array, name: keyof Quic["hkdfLabels"], length: number): Uint8Array =>
        hkdfExpand(hash, secret, bytes(vectors.hkdfLabels[name]), length);
      for (const side of ["client", "server"] as const) {
        const secret = label(initial, `${side} in`, 32);
        const [key, iv] = [label(secret, "quic key", 16), label(secret, "quic iv", 12)];
        const made = { secret: hex(secret), key: hex(key), iv: hex(iv), hp: hex(label(secret, "quic hp", 16)) };
        expect(made).toEqual(vectors[side]);
      }
    });

    test("the client's Initial", async () => {
      const { client, clientInitial } = vectors;
      const payload = new Uint8Array(clientInitial.payloadLength);
      payload.set(bytes(clientInitial.cryptoFrame));
      const { sample, mask, packet } = clientInitial;
      expect(await protect(provider, "AES-128-GCM", client, clientInitial, payload)).toEqual({ sample, mask, packet });
    });

    test("the server's Initial", async () => {
      const { server, serverInitial } = vectors;
      const { sample, mask, packet, payload } = serverInitial;
      const made = await protect(provider, "AES-128-GCM", server, serverInitial, bytes(payload));
      expect(made).toEqual({ sample, mask, packet });
    });

    test("a packet with a short header, by ChaCha20-Poly1305", async () => {
      const { chacha20ShortHeader: given } = vectors;
      const { sample, mask, packet } = given;
      const made = await protect(provider, "CHACHA20-POLY1305", given, given, bytes(given.payload));
      expect(made).toEqual({ sample, mask, packet });
    });
  });
});
