import { aeadOf, hashOf, runSync, wait } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { MainSecret, prf } from "@tlskit/keyschedule";
import { isContentType, tls12AeadSealing } from "@tlskit/record";
import type { Pair } from "./world.ts";

/** Seals what an end would send next, behind its Finished: with the main secret out of the key log. */
export function forged(made: Pair, role: "client" | "server"): (type: number, content: Uint8Array) => Uint8Array {
  const [, , secret = ""] = made.clientKeyLog[0]?.split(" ") ?? [];
  const random = (side: Pair["atClient"] | Pair["atServer"], name: string): Uint8Array => {
    const event = side.traced.find((each) => each.type === "message" && each.messageType.name === name);
    return event?.type === "message" ? event.bytes.slice(6, 38) : new Uint8Array(0);
  };
  const main = new MainSecret(prf(hashOf(nodeProvider, "SHA-256")), Buffer.from(secret, "hex"), true);
  const randoms = { client: random(made.atClient, "ClientHello"), server: random(made.atServer, "ServerHello") };
  const keys = main.keyBlock(randoms, { mac: 0, key: 16, iv: 4 })[role];
  const aead = aeadOf(nodeProvider, "AES-128-GCM");
  const sealing = tls12AeadSealing({ aead, key: keys.key, iv: keys.iv, nonce: "explicit", recordLimit: 100 });
  const seal = (type: number, content: Uint8Array): Uint8Array => {
    if (!isContentType(type)) throw new RangeError("no content type");
    const record = new Uint8Array(sealing.size(type, content.length));
    runSync(wait(sealing.seal(type, [content], record, 0, record.length)));
    return record;
  };
  seal(22, new Uint8Array(16)); // its Finished, which has gone
  return seal;
}
