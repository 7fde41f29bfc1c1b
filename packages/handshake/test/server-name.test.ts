import { decodeMessage, EncryptedExtensions, extensionCodes, serverNameAcknowledged } from "@tlskit/messages";
import { describe, expect, it } from "vitest";
import { resultOf, shake } from "./helpers/two-hosts.ts";

/** Whether EncryptedExtensions has server_name. */
function acknowledged(...sides: Parameters<typeof shake>): boolean {
  const { serverHost, atClient, atServer } = shake(...sides);
  expect(resultOf(atClient).negotiated.serverName).toBe(resultOf(atServer).negotiated.serverName);
  const sent = serverHost.events.find((event) => event.type === "sent" && event.name === "EncryptedExtensions");
  if (sent?.type !== "sent") throw new TypeError("no EncryptedExtensions");
  return extensionCodes(decodeMessage(EncryptedExtensions, sent.bytes)).includes(serverNameAcknowledged.code);
}

// RFC 6066 §3#acknowledged
describe("a name that a client asks for", () => {
  it("is acknowledged, and not if the client names nobody", () => {
    expect(acknowledged()).toBe(true);
    expect(acknowledged({ serverName: undefined })).toBe(false);
  });

  it("isn't acknowledged by a server that is told so, whose handshake comes to its end all the same", () => {
    expect(acknowledged({}, { acknowledgeServerName: false })).toBe(false);
  });
});
