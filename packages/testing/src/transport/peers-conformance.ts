import type { CryptoProvider, Random } from "@tlskit/crypto";
import { Alert, asciiBytes, equalBytes } from "@tlskit/wire";
import { certificatesFromPem } from "@tlskit/x509";
import type { BadChainName } from "../pki/bad-chains.ts";
import { badChains } from "../pki/bad-chains.ts";
import { expectSame, expectText, failed, pattern, readExactly } from "./helpers.ts";
import type { ClientPeer, OpenPeers, PeersLacks, PeersVersion } from "./peers.ts";
import { PeersPki } from "./peers-pki.ts";
import { expectEcho, expectEqual, expectRefusal, PeersStage } from "./peers-stage.ts";
import type { TransportCase } from "./transport.ts";

/** What the cases need, and what the transport can't do. */
export interface PeersConformanceOptions {
  /** One that answers at once; certificates are made by it, and nothing else. */
  readonly provider: CryptoProvider;
  readonly random: Random;
  /** Milliseconds since 1970, by which certificates are in date: those of the ends' clocks. */
  readonly now: number;
  /** What the transport lacks, each with a sentence that says why. */
  readonly lacks?: PeersLacks;
}

const nothing = new Uint8Array(0);
/** Milliseconds for a handshake that can't be done, so that no machine is too slow for it. */
const shortTime = 50;
/** What clients refuse besides the wrong authority and the wrong name: a sample, since all are x509's affair. */
const badCertificates: readonly BadChainName[] = ["expired", "for another purpose", "issued by another leaf"];

interface Play {
  readonly name: string;
  readonly needs: readonly (keyof PeersLacks)[];
  readonly run: (stage: PeersStage) => Promise<void>;
}

/**
 * What both ends of a connection have to do besides carrying data, whatever carries it: cases without a test runner, each of
 * which makes its own client and server.
 */
export function peersConformance(
  open: OpenPeers,
  { provider, random, now, lacks = {} }: PeersConformanceOptions,
): readonly TransportCase[] {
  let pki: PeersPki | undefined;
  return plays.map(({ name, needs, run }) => ({
    name,
    cannot: needs.map((feature) => lacks[feature]).find((sentence) => sentence !== undefined),
    run: async () => {
      pki ??= new PeersPki(provider, random, now);
      const stage = new PeersStage(open, pki);
      try {
        await run(stage);
      } finally {
        await stage.close();
      }
    },
  }));
}

const versions: readonly (readonly [PeersVersion, number])[] = [
  ["TLS 1.3", 0x0304],
  ["TLS 1.2", 0x0303],
];

/** What is the same in both versions. */
function inEither(version: PeersVersion, code: number): readonly Play[] {
  const play = (name: string, needs: readonly (keyof PeersLacks)[], run: Play["run"]): Play => ({
    name: `${version}: ${name}`,
    needs: [version, ...needs],
    run,
  });
  return [
    play("both ends know what was negotiated, and the server's certificate", [], async (stage) => {
      const pair = await stage.established(await stage.peers({ version }, { version }));
      const [leaf] = certificatesFromPem(stage.pki.server.certificates).certificates;
      for (const { info } of [pair.client, pair.server]) {
        expectEqual("the version", info.version, code);
        expectEqual("the cipher suite", info.cipherSuite.code, pair.client.info.cipherSuite.code);
        expectEqual("whether a session was resumed", info.resumed, false);
        expectSame("the server's certificate", info.serverCertificates[0] ?? nothing, leaf?.der ?? nothing);
        expectEqual("the client's certificates", info.clientCertificates.length, 0);
      }
      await expectEcho(pair);
    }),

    play("an application protocol that both have is agreed upon", [], async (stage) => {
      const peers = await stage.peers(
        { version, alpnProtocols: ["first", "second"] },
        { version, alpnProtocols: ["third", "second"] },
      );
      const { client, server } = await stage.established(peers);
      expectEqual("at the client", client.alpnProtocol, "second");
      expectEqual("at the server", server.alpnProtocol, "second");
    }),

    // RFC 7301 §3.2
    play("a server without any of the client's application protocols refuses it", [], async (stage) => {
      const peers = await stage.peers({ version, alpnProtocols: ["one"] }, { version, alpnProtocols: ["another"] });
      const { client, server } = stage.attempt(peers);
      const alert = Alert.noApplicationProtocol;
      await expectRefusal("the server", server, { kind: "peer", code: "no_application_protocol", alert });
      await expectRefusal("the client", client, { kind: "alert", alert });
    }),

    play("keying material is the same at both ends, and for each label another", ["keying material"], async (stage) => {
      const { client, server } = await stage.established(await stage.peers({ version }, { version }));
      const context = asciiBytes("context");
      const [here, there] = [client, server].map((end) => end.exportKeyingMaterial("EXPORTER-test", context, 40));
      expectSame("keying material", here ?? nothing, there ?? nothing);
      const others = [
        client.exportKeyingMaterial("EXPORTER-other", context, 40),
        client.exportKeyingMaterial("EXPORTER-test", asciiBytes("another"), 40),
      ];
      for (const other of others)
        if (equalBytes(other, here ?? nothing)) throw failed("other keying material is the same");
      expectSame("the channel binding", client.channelBinding(), server.channelBinding());
    }),

    play("a session is resumed, and who the server is stays known", ["resumption"], async (stage) => {
      const peers = await stage.peers({ version }, { version, resumption: true });
      const first = await stage.established(peers);
      // Of TLS 1.3 sessions come with data, or before.
      await expectEcho(first);
      const session = await first.client.session();
      const second = await stage.established(peers, { session });
      for (const { info } of [second.client, second.server]) {
        expectEqual("whether a session was resumed", info.resumed, true);
        expectEqual("the version", info.version, code);
      }
      const [certificate] = first.client.info.serverCertificates;
      expectSame(
        "the server's certificate",
        second.client.info.serverCertificates[0] ?? nothing,
        certificate ?? nothing,
      );
      await expectEcho(second);
      // And the session that came with that is good again.
      const third = await stage.established(peers, { session: await second.client.session() });
      expectEqual("whether the second session was resumed", third.client.info.resumed, true);
    }),

    play("a session of another server means a full handshake", ["resumption"], async (stage) => {
      const wishes = [{ version }, { version, resumption: true }] as const;
      const [peers, others] = [await stage.peers(...wishes), await stage.peers(...wishes)];
      const first = await stage.established(others);
      await expectEcho(first);
      const second = await stage.established(peers, { session: await first.client.session() });
      expectEqual("whether a session was resumed", second.server.info.resumed, false);
      await expectEcho(second);
    }),

    play("a client that no longer trusts the server resumes no session of it", ["resumption"], async (stage) => {
      const first = await stage.established(await stage.peers({ version }, { version, resumption: true }));
      await expectEcho(first);
      const session = await first.client.session();
      const distrusting = await stage.peers(
        { version, authorities: stage.pki.otherAuthority },
        { version, resumption: true },
      );
      const { client, server } = stage.attempt(distrusting, { session });
      await expectRefusal("the client", client, { kind: "peer", alert: Alert.unknownCa });
      await expectRefusal("the server", server, { kind: "alert", alert: Alert.unknownCa });
    }),

    play("a client shows the certificate that is required", ["client certificates"], async (stage) => {
      const { pki } = stage;
      const clients = { demand: "required", authorities: pki.clientAuthority } as const;
      const pair = await stage.established(await stage.peers({ version, identity: pki.client }, { version, clients }));
      const [leaf] = certificatesFromPem(pki.client.certificates).certificates;
      expectSame("the client's certificate", pair.server.info.clientCertificates[0] ?? nothing, leaf?.der ?? nothing);
      await expectEcho(pair);
    }),

    play("a session is resumed with the client's certificate", ["client certificates", "resumption"], async (stage) => {
      const { pki } = stage;
      const clients = { demand: "required", authorities: pki.clientAuthority } as const;
      const peers = await stage.peers({ version, identity: pki.client }, { version, clients, resumption: true });
      const first = await stage.established(peers);
      await expectEcho(first);
      const second = await stage.established(peers, { session: await first.client.session() });
      expectEqual("whether a session was resumed", second.server.info.resumed, true);
      const [certificate] = first.server.info.clientCertificates;
      expectSame("who the client is", second.server.info.clientCertificates[0] ?? nothing, certificate ?? nothing);
    }),

    play("a client without the certificate that is required is refused", ["client certificates"], async (stage) => {
      const clients = { demand: "required", authorities: stage.pki.clientAuthority } as const;
      const { client, server } = stage.attempt(await stage.peers({ version }, { version, clients }));
      const alert = version === "TLS 1.3" ? Alert.certificateRequired : Alert.handshakeFailure;
      await expectRefusal("the server", server, { kind: "peer", code: "certificate_required", alert });
      await expectRefusal("the client", handshakeOrRead(client), { kind: "alert", alert });
    }),

    play("a client of an unknown authority is refused", ["client certificates"], async (stage) => {
      const { pki } = stage;
      // A client shows nothing to a server that names other authorities than its own.
      const clients = { demand: "required", authorities: pki.namesakeOfClientAuthority } as const;
      const { client, server } = stage.attempt(
        await stage.peers({ version, identity: pki.client }, { version, clients }),
      );
      await expectRefusal("the server", server, { kind: "peer", code: "certificate_bad_signature" });
      await expectRefusal("the client", handshakeOrRead(client), { kind: "alert", alert: Alert.badCertificate });
    }),

    play("a client that trusts another authority refuses the server", [], async (stage) => {
      const peers = await stage.peers({ version, authorities: stage.pki.otherAuthority }, { version });
      const { client, server } = stage.attempt(peers);
      await expectRefusal("the client", client, { kind: "peer", alert: Alert.unknownCa });
      await expectRefusal("the server", server, { kind: "alert", alert: Alert.unknownCa });
    }),

    play("a client that asks for another host refuses the server", [], async (stage) => {
      const { client, server } = stage.attempt(await stage.peers({ version, host: "elsewhere.example" }, { version }));
      const alert = Alert.badCertificate;
      await expectRefusal("the client", client, { kind: "peer", code: "certificate_name_mismatch", alert });
      await expectRefusal("the server", server, { kind: "alert", alert });
    }),

    ...badCertificates.map((name) =>
      play(`a client refuses a certificate that is bad: ${name}`, [], async (stage) => {
        const { alert, code } = badChains[name].expected;
        const { client, server } = stage.attempt(
          await stage.peers({ version }, { version, identity: stage.pki.bad(name) }),
        );
        // Every bad chain has an alert.
        const told = alert === undefined ? {} : { alert };
        await expectRefusal("the client", client, { kind: "peer", code, ...told });
        await expectRefusal("the server", server, { kind: "alert", ...told });
      }),
    ),

    play("what was altered on its way is refused", ["wires"], async (stage) => {
      let altering = false;
      const wire = (from: "client" | "server", bytes: Uint8Array): Uint8Array => {
        if (!altering || from === "client") return bytes;
        const altered = bytes.slice();
        altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
        return altered;
      };
      const pair = await stage.established(await stage.peers({ version }, { version }), { wire });
      await expectEcho(pair);
      altering = true;
      const [atClient, atServer] = [pair.client.read(), pair.server.read()];
      atServer.catch(() => undefined);
      // It may fail: the client is gone by then.
      pair.server.write(asciiBytes("altered")).catch(() => undefined);
      await expectRefusal("the client's read", atClient, { kind: "peer", alert: Alert.badRecordMac });
      await expectRefusal("the server's read", atServer, { kind: "alert", alert: Alert.badRecordMac });
    }),

    play("a client gives up on a server that doesn't answer", ["time limits", "wires"], async (stage) => {
      const peers = await stage.peers({ version, handshakeTimeout: shortTime }, { version });
      const { client } = stage.attempt(peers, { wire: (from, bytes) => (from === "server" ? nothing : bytes) });
      await expectRefusal("the client", client, { kind: "timeout", code: "handshake_timeout" });
    }),

    play("a server gives up on a client that says nothing", ["time limits", "wires"], async (stage) => {
      const peers = await stage.peers({ version }, { version, handshakeTimeout: shortTime });
      const { server } = stage.attempt(peers, { wire: () => nothing });
      await expectRefusal("the server", server, { kind: "timeout", code: "handshake_timeout" });
    }),

    play("a handshake that is cut off fails at both ends", ["cuts", "wires"], async (stage) => {
      const peers = await stage.peers({ version }, { version });
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const wire = (from: "client" | "server", bytes: Uint8Array): Uint8Array => {
        if (from === "client") return bytes;
        begin();
        return nothing;
      };
      const { client, server, cut } = stage.attempt(peers, { wire });
      await begun;
      cut();
      await expectRefusal("the client", client, { kind: "truncation" });
      await expectRefusal("the server", server, { kind: "truncation" });
    }),
  ];
}

/** A client of TLS 1.3 is connected before it is judged: then its first read tells. */
async function handshakeOrRead(client: Promise<ClientPeer>): Promise<unknown> {
  return await (await client).read();
}

const plays: readonly Play[] = [
  ...versions.flatMap(([version, code]) => inEither(version, code)),

  ...(
    [
      ["TLS 1.3", "TLS 1.2"],
      ["TLS 1.2", "TLS 1.3"],
    ] as const
  ).map(
    ([ours, theirs]): Play => ({
      name: `a client of ${ours} alone and a server of ${theirs} alone tell each other so`,
      needs: [ours, theirs],
      run: async (stage) => {
        const { client, server } = stage.attempt(await stage.peers({ version: ours }, { version: theirs }));
        const alert = Alert.protocolVersion;
        await expectRefusal("the server", server, { kind: "peer", code: "protocol_version", alert });
        await expectRefusal("the client", client, { kind: "alert", alert });
      },
    }),
  ),

  {
    name: "TLS 1.3: keys are updated by either end, with data before, between and behind",
    needs: ["TLS 1.3", "key updates"],
    run: async (stage) => {
      const pair = await stage.established(await stage.peers({ version: "TLS 1.3" }, { version: "TLS 1.3" }));
      await expectEcho(pair);
      pair.client.updateKeys(false);
      await expectEcho(pair, "of the client");
      pair.server.updateKeys(true);
      await expectEcho(pair, "of both");
      const sent = pattern(200_000, 7);
      const writing = (async () => {
        for (let offset = 0; offset < sent.length; offset += 20_000) {
          await pair.client.write(sent.slice(offset, offset + 20_000));
          pair.client.updateKeys(offset % 40_000 === 0);
        }
      })();
      expectSame("at the server", await readExactly(pair.server, sent.length), sent);
      await writing;
      await expectEcho(pair, "behind all");
    },
  },

  {
    name: "TLS 1.3: early data comes apart from all other data, and what becomes of it is known",
    needs: ["TLS 1.3", "resumption", "early data"],
    run: async (stage) => {
      const peers = await stage.peers(
        { version: "TLS 1.3" },
        { version: "TLS 1.3", resumption: true, earlyData: "taken" },
      );
      const first = await stage.established(peers);
      await expectEcho(first);
      const session = await first.client.session();
      const second = await stage.established(peers, { session, earlyData: asciiBytes("early") });
      expectEqual("what became of early data", await second.client.earlyData(), "accepted");
      expectText("what came early", second.server.earlyData, "early");
      await expectEcho(second, "later");
    },
  },

  {
    name: "TLS 1.3: early data that is declined comes to nobody, and the connection goes on",
    needs: ["TLS 1.3", "resumption", "early data"],
    run: async (stage) => {
      const peers = await stage.peers(
        { version: "TLS 1.3" },
        { version: "TLS 1.3", resumption: true, earlyData: "declined" },
      );
      const first = await stage.established(peers);
      await expectEcho(first);
      const session = await first.client.session();
      const second = await stage.established(peers, { session, earlyData: asciiBytes("early") });
      expectEqual("what became of early data", await second.client.earlyData(), "rejected");
      expectEqual("bytes that came early", second.server.earlyData.length, 0);
      expectEqual("whether the session was resumed", second.client.info.resumed, true);
      await expectEcho(second, "later");
    },
  },

  {
    name: "TLS 1.3: a client that is asked after the handshake says who it is",
    needs: ["TLS 1.3", "client certificates", "client certificates after the handshake"],
    run: async (stage) => {
      const { pki } = stage;
      const pair = await stage.established(
        await stage.peers(
          { version: "TLS 1.3", identity: pki.client, postHandshakeAuth: true },
          { version: "TLS 1.3", clients: { demand: "later", authorities: pki.clientAuthority } },
        ),
      );
      await expectEcho(pair);
      expectEqual("certificates before", pair.server.info.clientCertificates.length, 0);
      const reading = [pair.client.read(), pair.server.read()];
      await pair.server.requestClientCertificate();
      const [leaf] = certificatesFromPem(pki.client.certificates).certificates;
      expectSame("the client's certificate", pair.server.info.clientCertificates[0] ?? nothing, leaf?.der ?? nothing);
      await pair.server.write(asciiBytes("welcome"));
      await pair.client.write(asciiBytes("thanks"));
      const [atClient = nothing, atServer = nothing] = await Promise.all(reading);
      expectText("at the client", atClient, "welcome");
      expectText("at the server", atServer, "thanks");
    },
  },

  {
    name: "a server that is no server of TLS is found out",
    needs: ["wires"],
    run: async (stage) => {
      const wire = (from: "client" | "server", bytes: Uint8Array): Uint8Array =>
        from === "client" ? bytes : asciiBytes("HTTP/1.1 400 Bad Request\r\n\r\n");
      const { client } = stage.attempt(await stage.peers(), { wire });
      await expectRefusal("the client", client, { kind: "peer", code: "http_response" });
    },
  },

  {
    name: "a client that is no client of TLS is found out",
    needs: ["wires"],
    run: async (stage) => {
      const wire = (from: "client" | "server", bytes: Uint8Array): Uint8Array =>
        from === "server" ? bytes : asciiBytes("GET / HTTP/1.1\r\n\r\n");
      const { server } = stage.attempt(await stage.peers(), { wire });
      await expectRefusal("the server", server, { kind: "peer", code: "http_request" });
    },
  },
];
