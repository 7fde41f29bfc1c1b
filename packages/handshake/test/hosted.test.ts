import { secp256r1, TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, x25519 } from "@tlskit/ciphersuites";
import { hashOf, runSync, verifierFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  clientHandshake,
  receivePostHandshake,
  type ServerHandshakeSettings,
  serverHandshake,
} from "@tlskit/handshake";
import { TrafficSecret } from "@tlskit/keyschedule";
import { encodeMessage, KeyUpdate, NewSessionTicket } from "@tlskit/messages";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import { Alert, peerError, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { MemoryHost, runBoth } from "./helpers/memory-host.ts";
import {
  clientHandshakeSettings,
  credential,
  errorOf,
  resultOf,
  serverHandshakeSettings,
  shake,
  told,
} from "./helpers/two-hosts.ts";

describe("a host without records", () => {
  // RFC 9846 §4#order-sent, §4.4.1#sent, §4.5.2#sent, §4.5.2#position, §4.6#not-sent, §4.6#never-sent, §4.5.3#next-keys
  it("is told each message and each change of keys, in the RFC's order", () => {
    const { clientHost, serverHost, atClient, atServer } = shake();
    const [client, server] = [resultOf(atClient), resultOf(atServer)];
    // The server alone knows both lists.
    const { sharedSignatureSchemes } = server.negotiated;
    expect({ ...client.negotiated, sharedSignatureSchemes }).toEqual(server.negotiated);
    expect(client.negotiated).toMatchObject({ alpnProtocol: "h3", serverName: "host.example", namedGroup: x25519 });
    expect([client.peer, server.peer]).toEqual(["seen", undefined]);
    expect(told(clientHost)).toEqual([
      "sent ClientHello (initial)",
      "read handshake",
      "write handshake",
      "read application",
      "sent Finished (handshake)",
      "write application",
    ]);
    expect(told(serverHost)).toEqual([
      "sent ServerHello (initial)",
      "changeCipherSpec",
      "read handshake",
      "write handshake",
      "sent EncryptedExtensions (handshake)",
      "sent Certificate (handshake)",
      "sent CertificateVerify (handshake)",
      "sent Finished (handshake)",
      "write application",
      "read application",
    ]);
  });

  it("is given secrets that fit the other side's, and each in its place", () => {
    const { clientHost, serverHost, atClient } = shake();
    resultOf(atClient);
    const secrets = ({ events }: MemoryHost, direction: "read" | "write"): string[] =>
      events.flatMap((event) => (event.type === direction ? [`${event.epoch} ${event.suite} ${event.secret}`] : []));
    expect(secrets(clientHost, "read")).toEqual(secrets(serverHost, "write"));
    expect(secrets(clientHost, "write")).toEqual(secrets(serverHost, "read"));
    const all = [...secrets(clientHost, "read"), ...secrets(clientHost, "write")];
    expect(new Set(all.map((line) => line.split(" ")[2])).size).toBe(4);
  });

  it("takes a HelloRetryRequest, with another hash too", () => {
    for (const suite of [TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384]) {
      const { atClient, atServer, serverHost } = shake({}, { namedGroups: [secp256r1], cipherSuites: [suite] });
      expect(resultOf(atClient).negotiated).toMatchObject({ helloRetryRequest: true, cipherSuite: suite });
      expect(resultOf(atServer).secrets.exporter.dangerouslyExpose()).toEqual(
        resultOf(atClient).secrets.exporter.dangerouslyExpose(),
      );
      expect(told(serverHost)[0]).toBe("sent HelloRetryRequest (initial)");
    }
  });

  it("is asked for change_cipher_spec by a client that wants to look like TLS 1.2, and by every server", () => {
    const { clientHost, serverHost } = shake({ middleboxCompatibility: true });
    expect(told(clientHost).filter((line) => line === "changeCipherSpec")).toHaveLength(1);
    expect(told(serverHost).filter((line) => line === "changeCipherSpec")).toHaveLength(1);
    const plain = shake();
    expect(told(plain.clientHost)).not.toContain("changeCipherSpec");
    expect(told(plain.serverHost).filter((line) => line === "changeCipherSpec")).toHaveLength(1);
  });
});

describe("what the host brings", () => {
  it("a certificate may be chosen later", () => {
    const hosts = [new MemoryHost(), new MemoryHost()] as const;
    let choose: (() => void) | undefined;
    const late: ServerHandshakeSettings["selectCredential"] = () => ({
      then: (done) => {
        choose = () => done(credential());
      },
    });
    const [atClient] = runBoth(hosts, [
      clientHandshake(hosts[0], clientHandshakeSettings()),
      serverHandshake(hosts[1], serverHandshakeSettings({ selectCredential: late })),
    ]);
    expect(atClient).toBeUndefined();
    expect(told(hosts[1])).toEqual([]);
    choose?.();
    for (let i = 0; i < 20; i += 1) for (const host of hosts) host.wake();
    expect(told(hosts[0]).at(-1)).toBe("write application");
  });

  it("a refusal with an alert of its own reaches the caller as it is", () => {
    const refusal = peerError("nobody_here", Alert.unrecognizedName, "there is no such host here");
    const { atServer, serverHost } = shake(
      {},
      {
        selectCredential: () => {
          throw refusal;
        },
      },
    );
    expect(errorOf(atServer)).toBe(refusal);
    expect(told(serverHost)).toEqual([]);
  });

  it("no certificate at all is handshake_failure", () => {
    const { atServer } = shake({}, { selectCredential: () => undefined });
    expect(errorOf(atServer)).toMatchObject({ code: "no_certificate", alert: Alert.handshakeFailure });
  });

  it("a peer that is not trusted ends the client's handshake, before anything is sent to it", () => {
    const { atClient, clientHost } = shake({
      // biome-ignore lint/correctness/useYield: a refusal needs no waiting
      *verifyPeer() {
        throw peerError("not_trusted", Alert.unknownCa, "nobody knows this certificate");
      },
    });
    expect(errorOf(atClient)).toMatchObject({ code: "not_trusted" });
    expect(told(clientHost)).not.toContain("sent Finished (handshake)");
  });

  it("another key than the certificate's is decrypt_error", () => {
    const other = throwawayPki(nodeProvider, seededRandom(77), "other", 0).certificate.key.privateKey;
    const { atClient } = shake({
      // biome-ignore lint/correctness/useYield: this trust needs no waiting
      *verifyPeer() {
        return { keyType: "P-256", verifier: verifierFor(nodeProvider, other), evidence: "wrong" };
      },
    });
    expect(errorOf(atClient)).toMatchObject({ code: "bad_signature", alert: Alert.decryptError });
  });
});

describe("after the handshake", () => {
  const hash = hashOf(nodeProvider, "SHA-256");
  const secret = new TrafficSecret("server application", hash, new Uint8Array(32).fill(1));
  const ticket = encodeMessage(NewSessionTicket, {
    ticketLifetime: 1,
    ticketAgeAdd: 2,
    ticketNonce: Uint8Array.of(3),
    ticket: Uint8Array.of(4),
    extensions: [],
  });
  const after = (role: "client" | "server", message: Uint8Array) => {
    const host = new MemoryHost();
    host.deliver("initial", message);
    const kept: NewSessionTicket[] = [];
    const resumption = { keep: (message: NewSessionTicket) => void kept.push(message), *issue() {}, identified() {} };
    const run = () => runSync(receivePostHandshake(host, role, TLS_AES_128_GCM_SHA256, secret, resumption));
    return { host, kept, run };
  };

  it("a client hands a ticket to what keeps it; a server takes none", () => {
    const { run, kept } = after("client", ticket);
    expect(run()).toEqual({ type: "ticket" });
    expect(kept).toMatchObject([{ ticketLifetime: 1, ticketAgeAdd: 2 }]);
    expect(after("server", ticket).run).toThrow(expect.objectContaining({ code: "unexpected_message" }));
  });

  it("a KeyUpdate brings the peer's next keys into use", () => {
    for (const requestUpdate of [0, 1]) {
      const { host, run } = after("client", encodeMessage(KeyUpdate, { requestUpdate }));
      const received = run();
      expect(received).toMatchObject({ type: "keyUpdate", updateRequested: requestUpdate === 1 });
      expect(host.events).toMatchObject([
        { type: "read", epoch: "application", secret: toHex(secret.next().dangerouslyExpose()) },
      ]);
    }
  });

  // RFC 9846 §4.7.3#update-limit-unchecked
  it("a KeyUpdate is taken however many came before it", () => {
    const host = new MemoryHost();
    host.deliver("initial", encodeMessage(KeyUpdate, { requestUpdate: 0 }));
    const last = new TrafficSecret("server application", hash, new Uint8Array(32).fill(1), 2 ** 48 - 1);
    const resumption = { keep: () => {}, *issue() {}, identified() {} };
    const received = runSync(receivePostHandshake(host, "client", TLS_AES_128_GCM_SHA256, last, resumption));
    expect(received).toMatchObject({ type: "keyUpdate", next: { generation: 2 ** 48 } });
  });

  it("a KeyUpdate of another value changes nothing", () => {
    const { host, run } = after("server", encodeMessage(KeyUpdate, { requestUpdate: 2 }));
    expect(run).toThrow(expect.objectContaining({ code: "key_update_request", alert: Alert.illegalParameter }));
    expect(host.events).toEqual([]);
  });
});
