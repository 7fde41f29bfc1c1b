import { TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 } from "@tlskit/ciphersuites";
import { maxUselessRecords } from "@tlskit/record";
import { Alert, maxIgnoredAlerts, tls12With } from "@tlskit/tls";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { forged } from "./helpers/forged12.ts";
import { text } from "./helpers/scenarios.ts";
import { connect, type Pair, pair } from "./helpers/world.ts";

const versions = [tls12With({ cipherSuites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] })];

const [alert, data] = [21, 23];

/** A connection of TLS 1.2, and what one end of it gets besides, as if the other had sent it. */
function sending(role: "client" | "server") {
  const made = connect(pair({ client: { versions }, server: { versions } }));
  const seal = forged(made, role);
  const [receiver, end] = role === "client" ? [made.atServer, made.link.right] : [made.atClient, made.link.left];
  const send = (type: number, ...content: readonly number[]): void => {
    end.inject(seal(type, Uint8Array.from(content)));
    made.network.run();
  };
  const warn = (times: number, description: number): void => {
    for (let time = 0; time < times; time += 1) send(alert, 1, description);
  };
  return { ...made, receiver, send, warn };
}

const tooMany = { kind: "peer", code: "too_many_alerts", alert: Alert.unexpectedMessage };

describe.each(["client", "server"] as const)("a warning of a %s of TLS 1.2", (role) => {
  // RFC 5246 §7.2.2
  it.each([
    ["unrecognized_name", Alert.unrecognizedName],
    ["no_renegotiation", Alert.noRenegotiation],
    ["user_canceled", Alert.userCanceled],
    ["one that nobody knows", 200],
  ])("ends nothing, and too many in a row do: %s", (_, description) => {
    const { receiver, send, warn } = sending(role);
    for (const word of ["one", "two", "three"]) {
      warn(maxIgnoredAlerts, description);
      send(data, ...text(word));
    }
    expect([toHex(receiver.data), receiver.outcome]).toEqual([toHex(text("onetwothree")), undefined]);
    warn(maxIgnoredAlerts, description);
    expect(receiver.outcome).toBeUndefined();
    warn(1, description);
    expect(receiver.error).toMatchObject(tooMany);
  });

  it("isn't forgotten over records that carry nothing", () => {
    const { receiver, send, warn } = sending(role);
    for (let time = 0; time < maxIgnoredAlerts; time += 1) {
      warn(1, Alert.unrecognizedName);
      send(data);
    }
    expect(receiver.outcome).toBeUndefined();
    warn(1, Alert.unrecognizedName);
    expect(receiver.error).toMatchObject(tooMany);
  });

  // RFC 5246 §7.2.2: the level counts, but for what is closed by.
  it("ends everything if it is none: its level is fatal", () => {
    const { receiver, send } = sending(role);
    send(alert, 2, Alert.noRenegotiation);
    expect(receiver.error).toMatchObject({ kind: "alert", alert: Alert.noRenegotiation });
  });
});

describe.each(["client", "server"] as const)("records of a %s of TLS 1.2 that carry nothing", (role) => {
  // RFC 5246 §6.2.1
  it("are data of no length, of which some may come in a row", () => {
    const { receiver, send } = sending(role);
    for (const word of ["one", "two"]) {
      for (let time = 0; time < maxUselessRecords; time += 1) send(data);
      send(data, ...text(word));
    }
    expect([toHex(receiver.data), receiver.outcome]).toEqual([toHex(text("onetwo")), undefined]);
    for (let time = 0; time <= maxUselessRecords; time += 1) send(data);
    expect(receiver.error).toMatchObject({ code: "too_many_useless_records", alert: Alert.unexpectedMessage });
  });

  // RFC 5246 §6.2.1#empty-fragments
  it.each([
    ["alert", 21],
    ["handshake", 22],
  ])("may be nothing else: no %s", (_, type) => {
    const { receiver, send } = sending(role);
    send(type);
    expect(receiver.error).toMatchObject({ kind: "peer", code: "unexpected_record", alert: Alert.unexpectedMessage });
  });
});

describe.each(["client", "server"] as const)("a close_notify of a %s of TLS 1.2", (role) => {
  // RFC 5246 §7.2.1#close-answered
  it("is answered at once by its own, whatever its level: what waits is dropped, and nothing more can be sent", () => {
    for (const level of [1, 2]) {
      const made = sending(role);
      const { receiver, send, client, server } = made;
      const ours: Pick<Pair["client"], "send"> = role === "client" ? server : client;
      send(alert, level, Alert.closeNotify);
      expect(receiver.events.slice(-3)).toEqual(["ended", "sendEnded", "closed"]);
      expect(receiver.outcome).toBe("orderly");
      expect(() => ours.send(text("more"))).toThrow(expect.objectContaining({ kind: "caller", code: "closed" }));
    }
  });
});
