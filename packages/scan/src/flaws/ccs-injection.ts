import { ContentType } from "@tlskit/record";
import { Alert, alertName } from "@tlskit/wire";
import { type Flaw, notVulnerable, unclear, vulnerable } from "./flaw.ts";
import { exchangeAfterFlight } from "./raw-exchange.ts";
import { usualSuites } from "./usual-suites.ts";

const changeCipherSpec = { type: ContentType.changeCipherSpec, content: Uint8Array.of(1) };

/** What a server says to a record in the clear that it takes for an encrypted one. */
const cannotDecrypt: readonly number[] = [Alert.badRecordMac, Alert.decryptionFailed];

/**
 * CVE-2014-0224: a change_cipher_spec before there are keys. RFC 5246 §7.1 has it unexpected there. A server that takes it
 * reads what comes next, in the clear, as encrypted under keys that everybody knows.
 */
export const ccsInjection: Flaw = {
  id: "ccs-injection",
  look: async (scanning, version) => {
    const offer = { versions: [version], cipherSuites: usualSuites(version) };
    return await exchangeAfterFlight(scanning, offer, async (_, exchange) => {
      if (exchange === undefined) return unclear("there was no handshake to ask in");
      exchange.send(changeCipherSpec);
      const first = await exchange.next();
      if ("type" in first || first.how === "closed") return notVulnerable("it refuses an early change_cipher_spec");
      exchange.send(changeCipherSpec);
      const second = await exchange.next();
      if (!("type" in second)) return unclear("it says nothing to an early change_cipher_spec");
      const [, description = 0] = second.content;
      if (second.type !== ContentType.alert || !cannotDecrypt.includes(description)) {
        return notVulnerable("it refuses a second early change_cipher_spec");
      }
      return vulnerable(`it took an early change_cipher_spec, and then says ${alertName(description)}`);
    });
  },
};
