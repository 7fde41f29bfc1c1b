import { TLS_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { hashOf } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { Exporter } from "@tlskit/keyschedule";
import { describe, expect, it } from "vitest";
import { tls12 } from "../src/index.ts";
import { expectOrderlyClose, text } from "./helpers/scenarios.ts";
import { connect, pair } from "./helpers/world.ts";

describe("keying material", () => {
  // RFC 9846 §7.5#exporter-secret
  it("is made of the exporter secret, the one in the key log", () => {
    const { client, server, clientKeyLog } = connect(pair({ cipherSuites: [TLS_AES_128_GCM_SHA256] }));
    const line = clientKeyLog.find((each) => each.startsWith("EXPORTER_SECRET "));
    const exporter = new Exporter(hashOf(nodeProvider, "SHA-256"), Buffer.from(line?.split(" ")[2] ?? "", "hex"));
    const expected = exporter.export("EXPERIMENTAL test", text("context"), 20);
    for (const side of [client, server]) {
      expect(side.exportKeyingMaterial("EXPERIMENTAL test", text("context"), 20)).toEqual(expected);
    }
  });

  // RFC 9266 §4.1, §4.2
  it("binds a channel: 32 bytes under the registered label, with an empty context, another in each connection", () => {
    const bindings = [1, 2].map((seed) => {
      const { client, server } = connect(pair({ seed }));
      const binding = client.channelBinding("tls-exporter");
      expect(binding).toHaveLength(32);
      expect(binding).toEqual(client.exportKeyingMaterial("EXPORTER-Channel-Binding", text(""), 32));
      expect(server.channelBinding("tls-exporter")).toEqual(binding);
      return binding;
    });
    expect(bindings[0]).not.toEqual(bindings[1]);
    expect(() => pair().client.channelBinding("tls-exporter")).toThrow(
      expect.objectContaining({ kind: "caller", code: "not_established" }),
    );
  });

  // RFC 9846 §6#secrets-forgotten
  it("is there after an orderly end, and forgotten after a failure, by both sides", () => {
    const orderly = connect(pair());
    expectOrderlyClose(orderly);
    const failed = connect(pair());
    failed.client.receive(text("garbage"));
    failed.network.run();
    expect([failed.atClient.error?.kind, failed.atServer.error?.kind]).toEqual(["peer", "alert"]);
    for (const side of [orderly.client, orderly.server]) {
      expect(side.exportKeyingMaterial("EXPERIMENTAL test", text(""), 20)).toHaveLength(20);
    }
    for (const side of [failed.client, failed.server]) {
      expect(() => side.exportKeyingMaterial("EXPERIMENTAL test", text(""), 20)).toThrow(
        expect.objectContaining({ kind: "caller", code: "closed" }),
      );
      expect(side.info).toBeDefined();
    }
  });

  // RFC 9846 §4.5.3, RFC 5246 §7.4.9, RFC 5929 §3.1
  it.each([
    ["TLS 1.3", {}, 32],
    ["TLS 1.2", { client: { versions: [tls12] }, server: { versions: [tls12] } }, 12],
  ])("of %s: what one end's Finished said is what the other has got", (_, options, length) => {
    const waiting = pair(options);
    expect([waiting.client.finished, waiting.server.finished]).toEqual([undefined, undefined]);
    const { client, server } = connect(waiting);
    expect([client.finished?.sent.length, client.finished?.received.length]).toEqual([length, length]);
    expect(server.finished).toEqual({ sent: client.finished?.received, received: client.finished?.sent });
    expect(client.finished?.sent).not.toEqual(client.finished?.received);
    if (length === 12) expect(client.channelBinding("tls-unique")).toEqual(client.finished?.sent);
  });
});
