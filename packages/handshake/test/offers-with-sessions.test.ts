import {
  ClientHello,
  decodeMessage,
  extensionCodes,
  extensionIn,
  hostNameIn,
  offeredPsks,
  serverNameList,
} from "@tlskit/messages";
import { describe, expect, it } from "vitest";
import { Resuming } from "./helpers/resuming.ts";

describe("a client that offers a session", () => {
  const world = new Resuming();
  const attestations = { ocspResponses: true, signedCertificateTimestamps: true };
  const [full, resumed] = [1, 2].map(() => {
    const [hello] = world.established({ attestations }).hosts[0].events;
    if (hello?.type !== "sent") throw new TypeError("a client begins with its hello");
    return decodeMessage(ClientHello, hello.bytes);
  });

  // RFC 5246 §7.4.1.4#extensions-with-session, RFC 6066 §1.1#with-session, RFC 6962 §3.3.1#with-session
  it("sends the same extensions as without, and the session", () => {
    if (full === undefined || resumed === undefined) throw new TypeError("there are two hellos");
    expect(extensionCodes(full)).not.toContain(offeredPsks.code);
    expect(extensionCodes(resumed)).toEqual([...extensionCodes(full), offeredPsks.code]);
  });

  // RFC 6066 §3#kept
  it("sends the same name", () => {
    const names = [full, resumed].map((hello) => hello && hostNameIn(extensionIn(hello, serverNameList) ?? []));
    expect(names).toEqual(["host.example", "host.example"]);
  });
});
