import {
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
  TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
  TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
} from "@tlskit/ciphersuites";
import type { RsaPrivateKey } from "@tlskit/crypto";
import { power, toBytes, toInteger } from "@tlskit/crypto/integers";
import { nodeProvider } from "@tlskit/crypto-node";
import { encryptThenMac } from "@tlskit/messages";
import {
  altered,
  before,
  type Deviation,
  type Edit,
  edits,
  instantStep,
  instead,
  leftOut,
  messageStep,
  RawClientHello,
  RawServerHello,
  RecordType,
  refused,
  type ScriptedTls12Client,
  type ScriptedTls12Peer,
  type ScriptedTls12Server,
  type Step,
  seededRandom,
  step,
  type TestCertificate,
} from "@tlskit/testing";
import { Alert, tls12With } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { rsa } from "@tlskit/tls/rsa";
import { concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { counting } from "./helpers/counting.ts";
import { against12Client, against12Server, type Course12 } from "./helpers/misbehaviour12.ts";
import { sharedPki } from "./helpers/world.ts";

// What an attacker who sends one wrong thing after another gets to see of a connection, and what it costs: if that is the
// same for whatever is wrong, there is nothing to learn but that something is.

/** Everything that there is to see. */
interface Seen {
  readonly code: string | undefined;
  readonly alert: number | undefined;
  readonly events: readonly string[];
  readonly received: readonly string[];
  readonly receivedAlert: number | undefined;
  readonly counts: Readonly<Record<string, number>>;
}

function seen({ recorder, peer }: Course12, counts: Readonly<Record<string, number>>): Seen {
  expect(peer.failure).toBeUndefined();
  const { code, alert } = recorder.error ?? {};
  return { code, alert, events: recorder.events, received: peer.messages, receivedAlert: peer.alert, counts };
}

/** Whose signatures have one length: those of ECDSA haven't, and transcripts are hashed. */
const certificate = (): TestCertificate => sharedPki().certificateOf("Ed25519");

const badRecordMac = refused(Alert.badRecordMac, "bad_record_mac");

function deviation<P>(phase: Deviation<P>["phase"], apply: Edit<P>): Deviation<P> {
  return { name: "oracle", section: "RFC 5246 §6.2.3.2", expected: badRecordMac, phase, apply };
}

// RFC 5246 §6.2.3.2#padding-time, §6.2.3.2#padding-checked, §7.2.2#bad-padding
describe("whatever is wrong with a record of MAC-then-encrypt, a connection does the same", () => {
  /** Makes the plaintext of a record, MAC and padding included. */
  type Blocks = (mac: (content: Uint8Array) => Uint8Array) => Uint8Array;

  /** Where blocks of ciphers and hashes begin and end, and where there is least and most. */
  const borders = [0, 1, 15, 16, 47, 63, 64, 127, 128, 255];

  /** All ways of being wrong that a record of one length has. */
  function classes(length: number, macLength: number, paddings: readonly number[]): ReadonlyMap<string, Blocks> {
    const made = new Map<string, Blocks>([
      ["zeros", () => new Uint8Array(length)],
      ["what was there at random", () => seededRandom(77)(length)],
      ["a padding that is longer than the record", () => new Uint8Array(length).fill(255)],
      ["a padding that leaves no room for the MAC", () => new Uint8Array(length).fill(length - macLength)],
    ]);
    for (const padding of paddings) {
      const content = new Uint8Array(length - macLength - 1 - padding).fill(9);
      const right: Blocks = (mac) => concat(content, mac(content), new Uint8Array(padding + 1).fill(padding));
      const changed =
        (at: number): Blocks =>
        (mac) =>
          right(mac).map((byte, index) => (index === at ? byte ^ 1 : byte));
      made.set(`the MAC's first byte before a padding of ${padding}`, changed(content.length));
      if (padding > 0) made.set(`the first byte of a padding of ${padding}`, changed(content.length + macLength));
      if (!borders.includes(padding)) continue;
      made.set(`the padding's length where it is ${padding}`, changed(length - 1));
      if (content.length > 0) made.set(`the content before a padding of ${padding}`, changed(0));
      made.set(`the MAC's last byte before a padding of ${padding}`, changed(content.length + macLength - 1));
      if (padding > 1) made.set(`the last byte but one of a padding of ${padding}`, changed(length - 2));
      made.set(`a MAC over more than a content before a padding of ${padding}`, (mac) =>
        concat(content, mac(concat(content, Uint8Array.of(0))), new Uint8Array(padding + 1).fill(padding)),
      );
    }
    return made;
  }

  const spoilt = <P extends ScriptedTls12Peer>(type: number, blocks: Blocks): Step<P> =>
    step("spoilt record", function* (peer) {
      yield* peer.flush();
      peer.raw(
        peer.writing.sealBlocks(
          type,
          blocks((content) => peer.writing.mac(type, content)),
        ),
      );
    });

  /** In the place of the data, or of Finished. */
  const place = <P extends ScriptedTls12Peer>(where: "data" | "Finished", blocks: Blocks): Edit<P> =>
    where === "data"
      ? before<P>("data", spoilt(RecordType.applicationData, blocks))
      : edits<P>(
          before("Finished", spoilt(RecordType.handshake, blocks)),
          leftOut("Finished"),
          leftOut("data"),
          leftOut("close"),
        );

  const notAsked: Edit<ScriptedTls12Client> = altered("ClientHello", RawClientHello, (hello) => ({
    ...hello,
    extensions: hello.extensions.filter(({ code }) => code !== encryptThenMac.code),
  }));
  const notAnswered: Edit<ScriptedTls12Server> = altered("ServerHello", RawServerHello, (hello, server) => {
    server.encryptThenMac = false;
    return { ...hello, extensions: hello.extensions.filter(({ code }) => code !== encryptThenMac.code) };
  });

  function atServer(suite: Tls12CipherSuite, where: "data" | "Finished", blocks: Blocks): Seen {
    const { provider, counts } = counting(nodeProvider);
    const course = against12Client(
      deviation(where === "data" ? "established" : "handshake", edits(notAsked, place(where, blocks))),
      {
        provider,
        server: { versions: [tls12With({ cipherSuites: [suite], cbc })], certificates: [certificate()] },
        scriptedClient: { cipherSuites: [suite] },
      },
    );
    return seen(course, counts);
  }

  function atClient(suite: Tls12CipherSuite, where: "data" | "Finished", blocks: Blocks): Seen {
    const { provider, counts } = counting(nodeProvider);
    const course = against12Server(
      deviation(where === "data" ? "established" : "handshake", edits(notAnswered, place(where, blocks))),
      {
        provider,
        client: { versions: [tls12With({ cipherSuites: [suite], cbc })] },
        scriptedServer: { cipherSuite: suite, certificate: certificate() },
      },
    );
    return seen(course, counts);
  }

  const every = Array.from({ length: 256 }, (_, padding) => padding);
  const sha = TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA;

  it.each([
    ["a server", "data", sha.name, sha, 20, every, atServer],
    ["a server", "Finished", sha.name, sha, 20, borders, atServer],
    ["a client", "data", sha.name, sha, 20, borders, atClient],
    ["a client", "Finished", sha.name, sha, 20, borders, atClient],
    [
      "a server",
      "data",
      TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256.name,
      TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
      32,
      borders,
      atServer,
    ],
    [
      "a client",
      "data",
      TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384.name,
      TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
      48,
      borders,
      atClient,
    ],
  ] as const)(
    "%s, in the place of %s, by %s",
    (_, where, __, suite, macLength, paddings, play) => {
      const [first, ...others] = classes(320, macLength, paddings);
      const expected = first && play(suite, where, first[1]);
      expect(expected).toMatchObject({ code: "bad_record_mac", alert: Alert.badRecordMac, receivedAlert: 20 });
      for (const [what, blocks] of others) expect(play(suite, where, blocks), what).toEqual(expected);
    },
    60_000,
  );

  // The measure itself: it sees that the content is a block shorter.
  it("which is counted", () => {
    const [[, shorter] = [], [, longer] = []] = [...classes(304, 20, []), ...classes(320, 20, [])].filter(
      ([what]) => what === "zeros",
    );
    if (shorter === undefined || longer === undefined) throw new TypeError("there are zeros of each length");
    expect(atServer(sha, "data", shorter).counts).not.toEqual(atServer(sha, "data", longer).counts);
  });

  // RFC 7366 §3#mac-first, §3#wrong-mac
  it("nothing is decrypted where encryption comes first, whatever is changed", () => {
    const changedAt = (at: number): Step<ScriptedTls12Client> =>
      step("changed record", function* (client) {
        const sealed = yield* client.sealed(RecordType.applicationData, new Uint8Array(200));
        client.raw(sealed.map((byte, index) => (index === at ? byte ^ 1 : byte)));
      });
    const play = (at: number): Seen => {
      const { provider, counts } = counting(nodeProvider);
      const course = against12Client(deviation("established", before("data", changedAt(at))), {
        provider,
        server: { versions: [tls12With({ cipherSuites: [sha], cbc })], certificates: [certificate()] },
        scriptedClient: { cipherSuites: [sha] },
      });
      return seen(course, counts);
    };
    const expected = play(5);
    expect(expected).toMatchObject({ code: "bad_record_mac", receivedAlert: 20 });
    // The client's Finished, and no more: 16 bytes, and 16 of padding.
    expect(expected.counts["blocks decrypted by AES-128-CBC"]).toBe(2);
    for (let at = 6; at < 5 + 16 + 208 + 20; at += 1) expect(play(at), `byte ${at}`).toEqual(expected);
  });
});

// RFC 5246 §7.4.7.1#no-oracle, §7.4.7.1#version-checked
describe("whatever a client has encrypted to an RSA key, a server does the same", () => {
  const suite = TLS_RSA_WITH_AES_128_GCM_SHA256;
  const size = 256;

  function publicKey(): Pick<RsaPrivateKey, "modulus" | "publicExponent"> {
    const { privateKey } = sharedPki().certificateOf("rsaEncryption").key;
    if (privateKey.type !== "RSA") throw new TypeError("it is an RSA key");
    return privateKey;
  }

  /** RSA without padding (RFC 8017 §5.1.1). */
  function encrypted(block: Uint8Array): Uint8Array {
    const { modulus, publicExponent } = publicKey();
    return toBytes(power(toInteger(block), toInteger(publicExponent), toInteger(modulus)), size);
  }

  /** RFC 8017 §7.2.1 of a secret of 48 bytes that begins with TLS 1.2's version. */
  const conforming = (): Uint8Array => {
    const secret = concat(Uint8Array.of(3, 3), new Uint8Array(46).fill(0x41));
    return concat(Uint8Array.of(0, 2), new Uint8Array(size - 3 - 48).fill(0x11), Uint8Array.of(0), secret);
  };
  const withBytes = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const block = conforming();
    block.set(bytes, at < 0 ? size + at : at);
    return block;
  };

  // Bleichenbacher's, Klíma's with the version, and those of ROBOT (Böck, Somorovsky, Young 2017).
  const classes: readonly (readonly [what: string, ciphertext: () => Uint8Array])[] = [
    ["as it should be", () => encrypted(conforming())],
    ["without the zero in front", () => encrypted(withBytes(0, 1))],
    ["padded as a signature", () => encrypted(withBytes(1, 1))],
    ["of another kind of padding", () => encrypted(withBytes(1, 0x17))],
    ["without a zero behind the padding", () => encrypted(withBytes(-49, 0x11))],
    ["without any zero", () => encrypted(conforming().map((byte, at) => (at > 0 && byte === 0 ? 0x11 : byte)))],
    ["with a zero among the first eight of the padding", () => encrypted(withBytes(5, 0))],
    ["with a zero at the end of the padding", () => encrypted(withBytes(-50, 0))],
    ["of a secret of no bytes", () => encrypted(conforming().fill(0x11, 2).fill(0, -1))],
    ["of a secret of one byte", () => encrypted(withBytes(-49, ...new Uint8Array(47).fill(0x11), 0, 3))],
    ["of a secret of 47 bytes", () => encrypted(withBytes(-49, 0x11, 0, 3, 3))],
    ["of a secret of 49 bytes", () => encrypted(withBytes(-50, 0, 3, 3))],
    ["of TLS 1.1", () => encrypted(withBytes(-48, 3, 2))],
    ["of SSL 3.0", () => encrypted(withBytes(-48, 3, 0))],
    ["of TLS 1.3", () => encrypted(withBytes(-48, 3, 4))],
    ["of version 2.3", () => encrypted(withBytes(-48, 2, 3))],
    ["of zeros", () => new Uint8Array(size)],
    ["of one", () => toBytes(1n, size)],
    ["that is the modulus less one", () => toBytes(toInteger(publicKey().modulus) - 1n, size)],
    ["that is the modulus", () => toBytes(toInteger(publicKey().modulus), size)],
    ["above the modulus", () => new Uint8Array(size).fill(0xff)],
    ["of a byte less", () => encrypted(conforming()).subarray(1)],
    ["of a byte more", () => concat(Uint8Array.of(0), encrypted(conforming()))],
    ["of no bytes", () => new Uint8Array(0)],
  ];

  const keyExchange = (ciphertext: Uint8Array): Edit<ScriptedTls12Client> =>
    edits<ScriptedTls12Client>(
      instead(
        "ClientKeyExchange",
        messageStep("ClientKeyExchange", (client) => client.clientKeyExchange(() => ciphertext)),
      ),
      // Who doesn't know what was encrypted has no keys.
      instead(
        "main secret",
        instantStep("main secret", (client) => client.forgetMainSecret()),
      ),
    );
  const endless = edits<ScriptedTls12Client>(leftOut("data"), leftOut("close"));

  /** How much of its flight a client sends: ROBOT found servers that answer otherwise where something is missing. */
  const flights: readonly (readonly [what: string, Edit<ScriptedTls12Client>])[] = [
    ["wholly", endless],
    [
      "up to ClientKeyExchange",
      edits<ScriptedTls12Client>(
        leftOut("change_cipher_spec"),
        leftOut("keys"),
        leftOut("Finished"),
        leftOut("receive Finished"),
        endless,
      ),
    ],
    [
      "up to change_cipher_spec",
      edits<ScriptedTls12Client>(leftOut("keys"), leftOut("Finished"), leftOut("receive Finished"), endless),
    ],
    ["with Finished in the clear", edits<ScriptedTls12Client>(leftOut("keys"), endless)],
    ["without change_cipher_spec", edits<ScriptedTls12Client>(leftOut("change_cipher_spec"), endless)],
  ];

  it.each(flights)("where it sends its flight %s", (_, flight) => {
    const play = (ciphertext: Uint8Array): unknown => {
      const { provider, counts } = counting(nodeProvider);
      const random = seededRandom(5);
      const asked: number[] = [];
      const course = against12Client(deviation("handshake", edits(keyExchange(ciphertext), flight)), {
        provider,
        server: {
          versions: [tls12With({ cipherSuites: [suite], keyExchanges: [rsa] })],
          certificates: [sharedPki().certificateOf("rsaEncryption")],
          random: (length) => {
            asked.push(length);
            return random(length);
          },
        },
        scriptedClient: { cipherSuites: [suite] },
      });
      const { counts: counted, ...visible } = seen(course, counts);
      // The message itself is as long as it is, which the client knows.
      const { "bytes of SHA-256's transcript": transcript = 0, ...work } = counted;
      return { ...visible, work, transcript: transcript - ciphertext.length, asked };
    };
    const [[, first] = []] = classes;
    const expected = first && play(first());
    expect(expected).toMatchObject({ work: { [`RSA decryptions of ${size} bytes`]: 1 } });
    for (const [what, ciphertext] of classes) expect(play(ciphertext()), what).toEqual(expected);
  });
});
