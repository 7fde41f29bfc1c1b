import { applicationLayerProtocolNegotiation, extensionIn } from "@tlskit/messages";
import { asciiBytes, equalBytes, printable } from "@tlskit/wire";
import type { AlpnFact } from "../facts.ts";
import { ordinaryOffer } from "../negotiation/known-offer.ts";
import type { Answer } from "../probe/answer.ts";
import type { HelloOffer } from "../probe/hello.ts";
import { knownAlpnProtocols } from "../registry/alpn-protocol.ts";
import { type Check, type Scanning, Skipped } from "../scanning.ts";
import { stoppedAnswering } from "./stopped-answering.ts";

/** A protocol that nobody has: RFC 8701 §3.1 has such for clients that keep servers used to the unknown. */
const nobodys = "tlskit-nobody-has-this";

/** Which protocols a server chooses (RFC 7301), and what it does about one that it can't know. */
export const alpnCheck: Check<"alpn"> = {
  name: "alpn",
  about: "application protocols (ALPN)",
  needs: ["versions", "cipherSuites", "groups"],
  run: async (scanning, found) => {
    const offer = ordinaryOffer(scanning, found);
    if (offer instanceof Skipped) return offer;
    const isOld = offer.versions.includes("SSL 3.0");
    if (isOld) return new Skipped("SSL 3.0 has no extensions");
    const accepted: string[] = [];
    for (;;) {
      const left = [nobodys, ...knownAlpnProtocols.filter((protocol) => !accepted.includes(protocol))];
      const answer = await scanning.probe({ ...offer, alpnProtocols: left }, "flight");
      const chosen = protocolIn(answer);
      const protocol = left.find((name) => chosen !== undefined && equalBytes(asciiBytes(name), chosen));
      const about = chosen === undefined ? "no protocol is chosen" : `${printable(chosen)} is chosen`;
      scanning.note({ about: `ALPN: ${about}`, messages: answer.seen });
      if (protocol === undefined || protocol === nobodys) {
        const unknown = unknownIs(answer, chosen);
        return { accepted, unknown: unknown ?? (await refusedBy(scanning, offer)) };
      }
      accepted.push(protocol);
    }
  },
};

/** RFC 7301 §3.1: in ServerHello, or in TLS 1.3 in EncryptedExtensions. */
function protocolIn({ encryptedExtensions, serverHello }: Answer): Uint8Array | undefined {
  const message = encryptedExtensions ?? serverHello;
  return message && extensionIn(message, applicationLayerProtocolNegotiation)?.[0];
}

/** RFC 7301 §3.2: `no_application_protocol` for whoever has none in common; some have another alert. Nothing if there is none. */
function unknownIs({ end }: Answer, chosen: Uint8Array | undefined): AlpnFact["unknown"] | undefined {
  if (chosen !== undefined) return "accepted";
  if (end.how === "complete") return "ignored";
  return end.how === "alert" ? "refused" : undefined;
}

/** Some hang up, or say nothing; so does a server that has had enough of us. */
async function refusedBy(scanning: Scanning, ordinary: HelloOffer): Promise<"refused"> {
  const answer = await scanning.probe(ordinary, "flight");
  if (answer.end.how === "complete") return "refused";
  throw stoppedAnswering("the server takes no ordinary hello any more", answer);
}
