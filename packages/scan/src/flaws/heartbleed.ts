import { extensionCodes } from "@tlskit/messages";
import { type Flaw, notVulnerable, unclear, vulnerable } from "./flaw.ts";
import { exchangeAfterFlight } from "./raw-exchange.ts";
import { usualSuites } from "./usual-suites.ts";

/** RFC 6520: the extension, and the content type. */
const [heartbeatExtension, heartbeat] = [15, 24];

/** RFC 6520 §2: peer_allowed_to_send. */
const peerAllowedToSend = 1;

/** RFC 6520 §4: heartbeat_request. */
const heartbeatRequest = 1;

/**
 * Octets that the request says it has, and hasn't. As few as there can be: what a server gives away here is somebody's, and
 * it is neither kept nor looked at.
 */
const claimedLength = 16;

/**
 * CVE-2014-0160: a heartbeat that says it is longer than it is. RFC 6520 §4 has such a one dropped without a word; who
 * answers it answers out of its memory.
 */
export const heartbleed: Flaw = {
  id: "heartbleed",
  look: async (scanning, version) => {
    const extension = { code: heartbeatExtension, data: Uint8Array.of(peerAllowedToSend) };
    const offer = { versions: [version], cipherSuites: usualSuites(version), extensions: [extension] };
    return await exchangeAfterFlight(scanning, offer, async ({ serverHello }, exchange) => {
      if (serverHello === undefined || exchange === undefined) return unclear("there was no handshake to ask in");
      if (!extensionCodes(serverHello).includes(heartbeatExtension)) return notVulnerable("it has no heartbeats");
      exchange.send({ type: heartbeat, content: Uint8Array.of(heartbeatRequest, 0, claimedLength) });
      const answer = await exchange.next();
      if (!("type" in answer)) return notVulnerable("it doesn't answer a heartbeat that says it is longer than it is");
      if (answer.type !== heartbeat) return notVulnerable("it refuses a heartbeat that says it is longer than it is");
      return vulnerable(`it answered a heartbeat of no octets that claims ${claimedLength}, out of its memory`);
    });
  },
};
