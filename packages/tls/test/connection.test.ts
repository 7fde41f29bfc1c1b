import { secp256r1, signatureSchemes, TLS_AES_128_GCM_SHA256, x25519 } from "@tlskit/ciphersuites";
import { type CryptoProvider, hashOf, type PublicKey, type Verifier, wait } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { bufferSize } from "@tlskit/record";
import { InMemoryNetwork, LateTasks, scriptedServer, seededRandom, throwawayPki } from "@tlskit/testing";
import {
  Alert,
  type Awaitable,
  ClientContext,
  type ClientOptions,
  type DangerousClientInfo,
  type DangerousClientTarget,
  DangerousTlsClient,
  peerError,
  ServerContext,
  type ServerOptions,
  TlsClient,
  TrustAnchors,
  UnverifiedPeer,
  VerifiedChain,
} from "@tlskit/tls";
import { type Certificate, type IntermediateSource, VerifiedSignatures } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { recordsIn } from "./helpers/records.ts";
import { expectData, expectEstablished, text } from "./helpers/scenarios.ts";
import { Recorder } from "./helpers/under-test.ts";
import { connect, host, now, type Pair, pair, sharedPki } from "./helpers/world.ts";

const schemes = (...names: readonly string[]) => signatureSchemes.filter(({ name }) => names.includes(name));

describe("the handshake's time", () => {
  it("runs out for a client whose server says nothing", () => {
    const { network, client, atClient } = pair();
    client.start();
    expect(client.deadline).toBe(now + 30_000);
    network.advance(29_999);
    expect(atClient.outcome).toBeUndefined();
    network.advance(1);
    expect(atClient.error).toMatchObject({ kind: "timeout", code: "handshake_timeout" });
    expect(client.deadline).toBeUndefined();
  });

  it("runs out for a server, and takes no connection afterwards", () => {
    const { network, client, server, atServer } = pair({ server: { handshakeTimeout: 50 } });
    server.start();
    network.advance(50);
    expect(atServer.error).toMatchObject({ kind: "timeout" });
    client.start();
    network.run();
    expect(atServer.info).toBeUndefined();
  });

  it("runs out in the middle of a slow handshake", () => {
    const made = pair({ link: { latency: 100 }, client: { handshakeTimeout: 150 } });
    made.server.start();
    made.client.start();
    made.network.advance(1000);
    expect(made.atClient.error).toMatchObject({ kind: "timeout" });
    expect(made.atServer.info).toBeUndefined();
  });

  // RFC 9846 §6.1#close-sent, §6.1#canceled-then-closed
  it("runs out with a word to the peer", () => {
    const made = pair({ link: { latency: 100 }, server: { handshakeTimeout: 50 } });
    made.server.start();
    made.client.start();
    made.network.advance(1000);
    expect(made.atServer.error).toMatchObject({ kind: "timeout" });
    const alerts = made.atServer.traced.flatMap((event) => (event.type === "alert" ? [event.description] : []));
    expect(alerts).toEqual([Alert.userCanceled, Alert.closeNotify]);
    expect(made.atClient.error).toMatchObject({ kind: "alert", code: "closed_during_handshake" });
  });

  it("is forgotten once the handshake is done", () => {
    const made = connect(pair());
    expect([made.client.deadline, made.server.deadline]).toEqual([undefined, undefined]);
    made.network.advance(1_000_000);
    made.client.checkDeadline();
    expectData(made, 10);
  });

  it("runs out while a provider keeps the handshake waiting, whose answer then changes nothing", () => {
    let time = now;
    const tasks = new LateTasks();
    const made = pair({ tasks, client: { clock: () => time } });
    made.client.start();
    time += 30_000;
    made.client.checkDeadline();
    expect(made.atClient.error).toMatchObject({ kind: "timeout" });
    expect(tasks.pending).toBeGreaterThan(0);
    made.network.run();
    expect(made.link.left.written.map(([type]) => type)).toEqual([21, 21]);
    expect(made.atClient.events).toEqual(["closed"]);
  });

  it("is not yet over when checked early", () => {
    const { client, atClient } = pair();
    client.start();
    client.checkDeadline();
    expect(atClient.outcome).toBeUndefined();
  });
});

describe("ALPN", () => {
  // RFC 9325 §3.8#alpn
  it("is the server's first choice that the client offers", () => {
    const made = connect(
      pair({ client: { alpnProtocols: ["http/1.1", "h2", "x"] }, server: { alpnProtocols: ["y", "h2", "http/1.1"] } }),
    );
    expectEstablished(made);
    expect(made.atClient.info?.alpnProtocol).toBe("h2");
  });

  it("is nothing if one of the two does without", () => {
    for (const made of [pair({ client: { alpnProtocols: ["h2"] } }), pair({ server: { alpnProtocols: ["h2"] } })]) {
      expectEstablished(connect(made));
      expect(made.atClient.info?.alpnProtocol).toBeUndefined();
    }
  });

  // RFC 9325 §3.8#nothing-in-common
  it("without a common protocol is no_application_protocol", () => {
    const made = connect(pair({ client: { alpnProtocols: ["h2"] }, server: { alpnProtocols: ["http/1.1"] } }));
    expect(made.atServer.error).toMatchObject({ kind: "peer", code: "no_application_protocol", alert: 120 });
    expect(made.atClient.error).toMatchObject({ kind: "alert", code: "alert_no_application_protocol" });
  });
});

describe("the server's certificate", () => {
  const other = throwawayPki(nodeProvider, seededRandom(8), "other.example", now);
  const anchors = TrustAnchors.of([...sharedPki().anchors.all, ...other.anchors.all]);
  const certificates = [sharedPki().certificate, other.certificate];

  // RFC 9846 §9.2#server-name, RFC 6066 §3#sent, RFC 9325 §3.7#server-name
  it("is the one for the name that the client asks for", () => {
    for (const name of [host, "other.example"]) {
      const made = connect(pair({ host: name, client: { anchors }, server: { certificates } }));
      expectEstablished(made);
      expect(made.atServer.info?.serverName).toBe(name);
    }
  });

  // RFC 6066 §3#unknown-name, RFC 9325 §3.7#certificate-name
  it("is the first if the client asks for another name, and the client refuses it", () => {
    const made = connect(pair({ host: "third.example", client: { anchors }, server: { certificates } }));
    expect(made.atClient.error).toMatchObject({ code: "certificate_name_mismatch" });
  });

  // RFC 9846 §4.5.2#scheme-offered
  it("goes with the client's signature schemes", () => {
    for (const [name, keyType] of [
      ["ed25519", "Ed25519"],
      ["ecdsa_secp384r1_sha384", "P-384"],
      ["rsa_pss_rsae_sha512", "rsaEncryption"],
      ["rsa_pss_pss_sha256", "id-RSASSA-PSS"],
    ] as const) {
      const made = connect(
        pair({ client: { signatureSchemes: schemes(name) }, server: { certificates: sharedPki().certificates } }),
      );
      expectEstablished(made);
      expect(made.atClient.info?.signatureScheme?.name).toBe(name);
      expect(made.atClient.info?.signatureScheme?.keyType).toBe(keyType);
    }
  });

  it("that no scheme of the client's goes with is handshake_failure", () => {
    const made = connect(
      pair({
        client: { signatureSchemes: schemes("ed25519") },
        server: { certificates: [sharedPki().certificateOf("P-256")] },
      }),
    );
    expect(made.atServer.error).toMatchObject({ kind: "peer", alert: 40 });
    expect(made.atClient.info).toBeUndefined();
  });

  it("is verified at the time of the client's clock", () => {
    const made = connect(pair({ client: { clock: () => now + 40 * 24 * 3600 * 1000 } }));
    expect(made.atClient.error).toMatchObject({ code: "certificate_expired", alert: 45 });
  });

  it("for an address is verified against it, and no server_name is sent", () => {
    const addressed = throwawayPki(nodeProvider, seededRandom(9), ["127.0.0.1"], now);
    const options = { client: { anchors: addressed.anchors }, server: { certificates: addressed.certificates } };
    const made = connect(pair({ ...options, host: "127.0.0.1" }));
    expectEstablished(made);
    expect(made.atServer.info?.serverName).toBeUndefined();
    const wrong = connect(pair({ ...options, host: "127.0.0.2" }));
    expect(wrong.atClient.error).toMatchObject({ code: "certificate_name_mismatch" });
  });

  it("can be signed for by a signer that is elsewhere", () => {
    const { chain, key } = sharedPki().certificateOf("Ed25519");
    const signer = nodeProvider.signatures
      .find(({ type }) => type === "Ed25519")
      ?.signer(key.privateKey, seededRandom(1));
    if (signer === undefined) throw new Error("node:crypto has Ed25519");
    let signed = 0;
    const elsewhere = {
      algorithms: signer.algorithms,
      sign: (...given: Parameters<typeof signer.sign>) => {
        signed += 1;
        return signer.sign(...given);
      },
    };
    expectEstablished(connect(pair({ server: { certificates: [{ chain, key: elsewhere }] } })));
    expect(signed).toBe(1);
  });

  it("whose signer fails is internal_error, and says no more to the client", () => {
    const { chain } = sharedPki().certificateOf("Ed25519");
    const elsewhere = {
      algorithms: ["Ed25519" as const],
      sign: (): Uint8Array => {
        throw new RangeError("the HSM is on fire");
      },
    };
    const made = connect(pair({ server: { certificates: [{ chain, key: elsewhere }] } }));
    expect(made.atServer.error).toMatchObject({ kind: "internal", code: "internal_error", alert: 80 });
    expect(made.atServer.error?.message).toContain("the HSM is on fire");
    expect(made.atClient.error).toMatchObject({ kind: "alert", code: "alert_internal_error" });
  });
});

describe("a context", () => {
  const client = (changes: Partial<ClientOptions>): ClientContext =>
    new ClientContext({
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      anchors: sharedPki().anchors,
      ...changes,
    });
  const server = (changes: Partial<ServerOptions>): ServerContext =>
    new ServerContext({
      provider: nodeProvider,
      random: seededRandom(1),
      clock: () => now,
      certificates: sharedPki().certificates,
      ...changes,
    });
  const cause = (code: string) => expect.objectContaining({ name: "TlsError", kind: "caller", code });

  // Some client takes any certificate if it was given no anchors.
  it("without trust anchors is an error that says so", () => {
    expect(() => client({ anchors: TrustAnchors.of([]) })).toThrow(cause("no_trust_anchors"));
  });

  it("that trusts nobody on purpose refuses whatever it is shown", () => {
    const made = connect(pair({ client: { anchors: TrustAnchors.nobody() } }));
    expect(made.atClient.error).toMatchObject({ code: "certificate_no_anchors", alert: Alert.unknownCa });
  });

  // RFC 9846 §4.5.1#never-empty
  it("without certificates is an error", () => {
    expect(() => server({ certificates: [] })).toThrow(cause("no_certificates"));
    expect(() => server({ certificates: [{ chain: [], key: sharedPki().certificate.key }] })).toThrow(
      cause("no_certificates"),
    );
  });

  // RFC 9846 §4.5.1#leaf-first
  it("with another certificate's key is an error", () => {
    const { chain } = sharedPki().certificateOf("P-256");
    const { key } = sharedPki().certificateOf("Ed25519");
    expect(() => server({ certificates: [{ chain, key }] })).toThrow(cause("certificate_key_mismatch"));
  });

  // RFC 9846 §4.3.7#no-duplicates, §4.3.8#one-share-a-group, §4.3.8#shares-in-order
  it("with what can't be chosen is an error", () => {
    expect(() => client({ cipherSuites: [] })).toThrow(cause("unsupported_choice"));
    expect(() => client({ namedGroups: [x25519, x25519] })).toThrow(cause("unsupported_choice"));
    expect(() => client({ namedGroups: [x25519, { ...x25519 }] })).toThrow(cause("unsupported_choice"));
    expect(() => client({ namedGroups: [x25519], keyShareGroups: [secp256r1] })).toThrow(cause("unsupported_choice"));
    expect(() => client({ provider: { ...nodeProvider, keyExchanges: [] } })).toThrow(cause("unsupported_choice"));
    const withoutX25519 = nodeProvider.keyExchanges.filter(({ name }) => name !== "X25519");
    expect(() => client({ provider: { ...nodeProvider, keyExchanges: withoutX25519 }, namedGroups: [x25519] })).toThrow(
      cause("unsupported_choice"),
    );
  });

  it("with an ALPN protocol that has no encoding is an error", () => {
    for (const protocol of ["", "ä", "x".repeat(256)]) {
      expect(() => client({ alpnProtocols: [protocol] })).toThrow(cause("invalid_alpn_protocol"));
    }
  });

  it("is used by any number of connections", () => {
    const context = client({ cipherSuites: [TLS_AES_128_GCM_SHA256], namedGroups: [x25519] });
    const randoms = new Set<string>();
    for (let i = 0; i < 5; i += 1) {
      const network = new InMemoryNetwork({ now });
      const { left, right } = network.link();
      const recorder = new Recorder<unknown>(left.write, left.end);
      const connection = new TlsClient(context, { host }, recorder);
      const peer = scriptedServer({
        provider: nodeProvider,
        random: seededRandom(i),
        ciphertext: right.write,
        ended: right.end,
        pki: sharedPki(),
      });
      left.attach(connection);
      right.attach(peer);
      peer.start();
      connection.start();
      network.run();
      expect(recorder.info).toBeDefined();
      expect(peer.finishedWasRight).toBe(true);
      randoms.add(peer.clientHello.random.join());
    }
    expect(randoms.size).toBe(5);
  });
});

describe("a call at the wrong time", () => {
  const cause = (code: string) => expect.objectContaining({ kind: "caller", code });

  // RFC 5246 §7.3#no-early-data
  it("before the handshake is done", () => {
    const { client } = pair();
    expect(() => client.updateKeys()).toThrow(cause("not_established"));
    expect(() => client.exportKeyingMaterial("EXPERIMENTAL x", text(""), 1)).toThrow(cause("not_established"));
    expect(client.info).toBeUndefined();
  });

  it("twice", () => {
    const { client } = connect(pair());
    expect(() => client.start()).toThrow(cause("started"));
  });

  it("after the end", () => {
    const made = connect(pair());
    made.client.close();
    made.client.close();
    expect(() => made.client.send(text("x"))).toThrow(cause("closed"));
    expect(() => made.client.updateKeys()).toThrow(cause("closed"));
    made.link.lose();
    made.client.receive(text("whatever"));
    made.client.receiveEnd();
    expect(made.atClient.events.filter((event) => event === "closed")).toEqual(["closed"]);
  });

  it("for a host that is none", () => {
    const { client } = pair();
    expect(client).toBeDefined();
    for (const name of ["", "no host", "http://x", "ä.example"]) {
      expect(() => pair({ host: name })).toThrow(cause("invalid_host"));
    }
  });
});

describe("a stream that is cut off, told to whoever may know better", () => {
  /** A server that is told, and a client whose stream ends behind these words. */
  function cutOff(): { readonly made: Pair; readonly told: string[] } {
    const made = pair();
    const told: string[] = [];
    Object.assign(made.atServer, { truncated: ({ code }: { code: string }) => told.push(made.atServer.text, code) });
    connect(made);
    made.client.send(text("a whole request"));
    made.network.run();
    made.link.left.end();
    made.network.run();
    return { made, told };
  }

  it("ends nothing but reading: answers still go, and a close_notify behind them", () => {
    const { made, told } = cutOff();
    expect(told).toEqual(["a whole request", "truncated"]);
    expect(made.atServer.outcome).toBeUndefined();
    made.server.send(text("an answer"));
    made.server.close();
    made.network.run();
    expect(made.atServer.outcome).toBe("orderly");
    expect(made.atServer.events).not.toContain("ended");
    expect(made.atClient.text).toBe("an answer");
    expect(made.atClient.events).toContain("ended");
  });

  it("is over at once where we have said our close_notify before", () => {
    const made = pair();
    const told: string[] = [];
    Object.assign(made.atServer, { truncated: ({ code }: { code: string }) => told.push(code) });
    connect(made);
    made.server.close();
    made.link.left.end();
    made.network.run();
    expect(told).toEqual(["truncated"]);
    expect(made.atServer.events.slice(-2)).toEqual(["sendEnded", "closed"]);
  });

  it("is a failure during the handshake", () => {
    const made = pair();
    Object.assign(made.atServer, { truncated: () => made.atServer.events.push("truncated") });
    made.server.start();
    made.link.left.end();
    made.network.run();
    expect(made.atServer.error).toMatchObject({ kind: "truncation" });
    expect(made.atServer.events).toEqual(["closed"]);
  });
});

describe("what an application wants of a server besides", () => {
  it("is asked for once the chain is verified, and may come later", async () => {
    const asked: string[] = [];
    const checkServer = async ({ leaf }: VerifiedChain): Promise<void> => {
      asked.push(leaf.fingerprint(hashOf(nodeProvider, "SHA-256")));
    };
    const made = connect(pair({ target: { checkServer } }));
    expect(made.atClient.info).toBeUndefined();
    for (let turn = 0; turn < 5; turn += 1) await undefined;
    made.network.run();
    expect(made.atClient.info).toBeDefined();
    expect(asked).toEqual([sharedPki().certificate.chain[0]?.fingerprint(hashOf(nodeProvider, "SHA-256"))]);
  });

  it("refuses a server with an alert", () => {
    const checkServer = (): never => {
      throw peerError("not_pinned", Alert.certificateUnknown, "another key than the one that is known");
    };
    const made = connect(pair({ target: { checkServer } }));
    expect(made.atClient.error).toMatchObject({ kind: "peer", code: "not_pinned" });
    expect(made.atServer.error).toMatchObject({ code: "alert_certificate_unknown" });
    expect(made.atClient.info).toBeUndefined();
  });

  it("is not asked for a server that can't be verified", () => {
    const checkServer = (): never => {
      throw new Error("asked");
    };
    const made = connect(pair({ host: "other.example", target: { checkServer } }));
    expect(made.atClient.error).toMatchObject({ code: "certificate_name_mismatch" });
  });
});

describe("intermediates that a server leaves out", () => {
  const [leaf, ...left] = sharedPki().certificate.chain;
  if (leaf === undefined) throw new TypeError("no leaf");
  const incomplete = { certificates: [{ chain: [leaf], key: sharedPki().certificate.key }] };
  const having = (certificates: readonly Certificate[]): IntermediateSource => ({
    begin: () => ({
      *issuersOf() {
        return { certificates: yield* wait(Promise.resolve(certificates)), tried: ["a source was asked"] };
      },
    }),
  });

  it("are got by whoever the context has for it, who may answer later", async () => {
    expect(left).toHaveLength(1);
    const made = connect(pair({ server: incomplete, client: { missingIntermediates: having(left) } }));
    expect(made.atClient.info).toBeUndefined();
    for (let turn = 0; turn < 9; turn += 1) await undefined;
    made.network.run();
    expect(made.atClient.info).toBeDefined();
  });

  it("are missed without, and the reason tells what was tried", async () => {
    const unaided = connect(pair({ server: incomplete }));
    expect(unaided.atClient.error).toMatchObject({ code: "certificate_unknown_issuer", alert: Alert.unknownCa });
    const made = connect(pair({ server: incomplete, client: { missingIntermediates: having([]) } }));
    for (let turn = 0; turn < 9; turn += 1) await undefined;
    made.network.run();
    expect(made.atClient.error?.message).toMatch(/ is not known; a source was asked$/);
  });
});

describe("signatures in certificates that a context has verified before", () => {
  /** How many signatures the client's provider verifies in a handshake. */
  function verifying(): { readonly provider: CryptoProvider; count(): number } {
    let signatures = 0;
    const counting = nodeProvider.signatures.map((keys) => ({
      ...keys,
      verifier: (publicKey: PublicKey): Verifier => {
        const verifier = keys.verifier(publicKey);
        return {
          algorithms: verifier.algorithms,
          verify: (...signed) => {
            signatures += 1;
            return verifier.verify(...signed);
          },
        };
      },
    }));
    return { provider: { ...nodeProvider, signatures: counting }, count: () => signatures };
  }

  it("aren't computed again; that of the handshake is, each time", () => {
    const { provider, count } = verifying();
    const client = { provider, verifiedSignatures: new VerifiedSignatures() };
    const { chain } = sharedPki().certificate;
    connect(pair({ client }));
    expect(count()).toBe(chain.length + 1);
    expect(connect(pair({ client })).atClient.info).toBeDefined();
    expect(count()).toBe(chain.length + 2);
  });

  it("are computed each time unless told", () => {
    const { provider, count } = verifying();
    connect(pair({ client: { provider } }));
    const once = count();
    connect(pair({ client: { provider } }));
    expect(count()).toBe(2 * once);
  });

  it("tell nothing of the host", () => {
    const client = { verifiedSignatures: new VerifiedSignatures() };
    expect(connect(pair({ client })).atClient.info).toBeDefined();
    const made = connect(pair({ client, host: "other.example" }));
    expect(made.atClient.error).toMatchObject({ code: "certificate_name_mismatch" });
  });
});

describe("a client that accepts whoever answers", () => {
  /** A client for another name than the server's certificate has. */
  function reached(
    host: string,
    judging: Pick<DangerousClientTarget, "judge" | "nameChecked"> = {},
    made: Pair = pair(),
  ): Recorder<DangerousClientInfo> {
    const recorder = new Recorder<DangerousClientInfo>(made.link.left.write, made.link.left.end);
    const context = new ClientContext({
      provider: nodeProvider,
      random: seededRandom(3),
      clock: made.network.clock,
      anchors: sharedPki().anchors,
    });
    const client = new DangerousTlsClient(context, { host, ...judging }, recorder);
    made.link.left.attach(client);
    made.server.start();
    client.start();
    made.network.run();
    return recorder;
  }

  it("is told why the server would have been refused, and what it showed", () => {
    const { info } = reached("other.example");
    expect(info?.peer).toBeInstanceOf(UnverifiedPeer);
    expect(info?.peer).toMatchObject({
      refusal: { kind: "peer", code: "certificate_name_mismatch" },
      certificates: sharedPki().certificate.chain.map(({ der }) => ({ der })),
    });
  });

  it("has a judge decide, who is asked in the handshake whether or not the server is verified", () => {
    const asked: unknown[] = [];
    const { info } = reached("other.example", { judge: (peer) => void asked.push(peer) });
    expect(asked).toEqual([info?.peer]);
    expect(asked[0]).toBeInstanceOf(UnverifiedPeer);
  });

  it.each<[string, (refuse: () => void) => Awaitable<void>]>([
    ["at once", (refuse) => refuse()],
    ["later", async (refuse) => refuse()],
  ])("is refused by a judge, %s, with his alert", async (_when, answer) => {
    const made = pair();
    const recorder = reached(
      "other.example",
      {
        judge: (peer) =>
          answer(() => {
            if (peer instanceof UnverifiedPeer) throw peer.refusal;
          }),
      },
      made,
    );
    // A promise is awaited in microtasks, all of which have run by then.
    await new Promise((resolve) => setImmediate(resolve));
    made.network.run();
    expect(recorder).toMatchObject({ info: undefined, error: { code: "certificate_name_mismatch" } });
    expect(made.atServer.error).toMatchObject({ code: "alert_bad_certificate" });
  });

  it("leaves the name to a judge where that is said", () => {
    const asked: unknown[] = [];
    reached("other.example", { nameChecked: false, judge: (peer) => void asked.push(peer) });
    expect(asked[0]).toBeInstanceOf(VerifiedChain);
  });

  it("is told of the chain of a server that can be verified", () => {
    expect(VerifiedChain.isGenuine(reached(host).info?.peer)).toBe(true);
  });
});

describe("abort", () => {
  it("ends an established connection with the alert that it is told", () => {
    const made = connect(pair());
    made.client.send(text("before"));
    made.client.abort(Alert.badCertificate);
    made.network.run();
    expect(made.atClient.error).toMatchObject({ kind: "caller", code: "aborted", alert: Alert.badCertificate });
    expect(made.atServer.error).toMatchObject({ kind: "alert", code: "alert_bad_certificate" });
    made.client.abort();
    expect(made.atClient.events.filter((event) => event === "closed")).toHaveLength(1);
  });

  it("is internal_error unless told otherwise, and drops what is not sent yet", () => {
    const tasks = new LateTasks("first in, first out");
    const made = connect(pair({ tasks }));
    made.server.send(new Uint8Array(100_000));
    made.server.abort();
    made.network.run();
    expect(made.server.unsent).toBe(0);
    // The buffer of records that were being sealed when it happened may go out.
    expect(made.atClient.data.length).toBeLessThanOrEqual(bufferSize);
    expect(made.atClient.error).toMatchObject({ code: "alert_internal_error" });
  });

  it("ends a handshake", () => {
    const made = pair();
    made.server.start();
    made.client.start();
    made.client.abort(Alert.accessDenied);
    made.network.run();
    expect(made.atServer.info).toBeUndefined();
    expect(made.atClient.error).toMatchObject({ code: "aborted" });
  });

  it("takes no alert that passes for an orderly end", () => {
    const made = connect(pair());
    for (const closure of [Alert.closeNotify, Alert.userCanceled]) {
      expect(() => made.client.abort(closure)).toThrow(
        expect.objectContaining({ kind: "caller", code: "out_of_range" }),
      );
    }
    expect(made.atClient.events).not.toContain("closed");
  });
});

describe("a record's size", () => {
  const sizes = (made: Pair): number[] => recordsIn(made.link.left.written).map(({ length }) => length);

  it("is what the context says at most, during the handshake too", () => {
    const made = connect(pair({ client: { recordSize: 100 } }));
    made.client.send(new Uint8Array(1000));
    made.network.run();
    expect(Math.max(...sizes(made))).toBe(5 + 100 + 1 + 16);
    expect(made.atServer.data).toHaveLength(1000);
  });

  it("has bounds", () => {
    for (const recordSize of [0, 63, 2 ** 14 + 1, Number.NaN]) {
      expect(() => pair({ client: { recordSize } }), String(recordSize)).toThrow(
        expect.objectContaining({ code: "out_of_range" }),
      );
    }
    for (const recordSize of [64, 2 ** 14]) {
      expect(connect(pair({ server: { recordSize } })).atServer.info).toBeDefined();
    }
  });

  it("can be changed while a connection runs, and for no more than it can be from the beginning", () => {
    const made = connect(pair());
    const largest = (): number => {
      const before = sizes(made).length;
      made.client.send(new Uint8Array(1000));
      made.network.run();
      return Math.max(...sizes(made).slice(before)) - (5 + 1 + 16);
    };
    expect([made.client.recordSize, largest()]).toEqual([2 ** 14, 1000]);
    made.client.recordSize = 100;
    expect([made.client.recordSize, largest()]).toEqual([100, 100]);
    for (const size of [63, 2 ** 14 + 1, 100.5, Number.NaN]) {
      expect(() => (made.client.recordSize = size), String(size)).toThrow(
        expect.objectContaining({ kind: "caller", code: "out_of_range" }),
      );
    }
    expect(largest()).toBe(100);
    made.client.recordSize = 2 ** 14;
    expect(largest()).toBe(1000);
  });
});

describe("the server's name", () => {
  it("is not sent if the client is told so, and the server is verified by it all the same", () => {
    const made = connect(pair({ target: { sendServerName: false } }));
    expect(made.atServer.info?.serverName).toBeUndefined();
    expect(made.atClient.info).toBeDefined();
    const other = connect(pair({ host: "other.example", target: { sendServerName: false } }));
    expect(other.atClient.error).toMatchObject({ code: "certificate_name_mismatch" });
  });
});

describe("a man in the middle", () => {
  // RFC 6066 §1.1#hashed
  it("who changes any one byte of a handshake's records prevents it, and is noticed", () => {
    const quick = {
      cipherSuites: [TLS_AES_128_GCM_SHA256],
      namedGroups: [x25519],
      // Its signatures are of one length, so that an offset means the same in every run.
      server: { certificates: [sharedPki().certificateOf("Ed25519")] },
    };
    const whole = connect(pair(quick));
    for (const from of ["left", "right"] as const) {
      const bytes = whole.link[from].written.reduce((sum, { length }) => sum + length, 0);
      for (let at = 0; at < bytes; at += 7) {
        let passed = 0;
        const made = pair({
          ...quick,
          link: {
            intercept: (side, chunk) => {
              const index = at - passed;
              if (side !== from) return [chunk];
              passed += chunk.length;
              const byte = chunk[index];
              if (byte !== undefined) chunk[index] = byte ^ 0x20;
              return [chunk];
            },
          },
        });
        connect(made);
        made.network.advance(60_000);
        const both = made.atClient.info !== undefined && made.atServer.info !== undefined;
        const failed = made.atClient.error !== undefined || made.atServer.error !== undefined;
        // RFC 9846 §5.1: the record's version is ignored where nothing protects it.
        const harmless = isRecordVersion(whole.link[from].written, at);
        expect([both, failed], `byte ${at} from the ${from}`).toEqual(harmless ? [true, false] : [false, true]);
      }
    }
  });

  it("who drops a record is noticed", () => {
    const dropped = pair({
      link: { intercept: (from, chunk) => (from === "right" && chunk.length > 500 ? [] : [chunk]) },
    });
    connect(dropped);
    dropped.network.advance(60_000);
    expect(dropped.atClient.info).toBeUndefined();
    const made = connect(pair());
    made.link.left.inject(Uint8Array.of(21, 3, 3, 0, 2, 1, 0));
    made.network.run();
    expect(made.atClient.error).toMatchObject({ kind: "peer", code: "unexpected_record" });
    expect(made.atClient.events).not.toContain("ended");
  });
});

/** Whether an offset is in the version of a record without protection. */
function isRecordVersion(records: readonly Uint8Array[], offset: number): boolean {
  let start = 0;
  for (const record of records) {
    if (offset < start + record.length) return record[0] !== 23 && [1, 2].includes(offset - start);
    start += record.length;
  }
  return false;
}
