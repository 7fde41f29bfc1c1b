import {
  secp256r1,
  TLS_AES_128_GCM_SHA256,
  TLS_AES_256_GCM_SHA384,
  TLS_CHACHA20_POLY1305_SHA256,
  x25519,
} from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  AuthenticatedPeer,
  type ClientHandshakeSettings,
  clientSettings,
  externalPskOffers,
  type FindExternalPsk,
  maxExternalPskBytes,
  type OfferedIdentity,
  resumption,
  type ServerHandshakeSettings,
  serverSettings,
  VerifiedFinished,
} from "@tlskit/handshake";
import { EarlyStage, ExternalPsk, type ExternalPskOptions } from "@tlskit/keyschedule";
import {
  ClientHello,
  certWithExternPsk,
  clientShares,
  decodeMessage,
  EncryptedExtensions,
  type Extension,
  earlyDataIndication,
  encodeMessage,
  extension,
  extensionCodes,
  extensionIn,
  type MessageType,
  type OfferedPsks,
  offeredPsks,
  pskKeyExchangeModes,
  ServerHello,
  selectedIdentity,
  serverShare,
  signatureAlgorithms,
  truncateBeforeBinders,
} from "@tlskit/messages";
import { decodeClientSession } from "@tlskit/sessions";
import { Alert, asciiBytes, peerError, toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { MemoryHost } from "./helpers/memory-host.ts";
import { begin, Resuming } from "./helpers/resuming.ts";
import { common, errorOf, resultOf, shake, told } from "./helpers/two-hosts.ts";

const made = (name: string, changes: Partial<ExternalPskOptions> = {}): ExternalPsk =>
  new ExternalPsk({ identity: asciiBytes(name), key: new Uint8Array(32).fill(name.length), ...changes });
const psk = made("one");
const other = made("another");
const forSha384 = made("for SHA-384", { hash: "SHA-384" });
const imported = made("imported", { importContext: asciiBytes("context") });
const wrong = (right: ExternalPsk): ExternalPsk =>
  new ExternalPsk({ ...right, identity: right.identity, key: new Uint8Array(32).fill(99) });

/** Neither end has anything to do with certificates. */
const alone = { verifyPeer: undefined, selectCredential: () => undefined };

function pskAlone(
  clientPsks: readonly ExternalPsk[],
  serverPsks: readonly ExternalPsk[] | FindExternalPsk,
  client: Partial<ClientHandshakeSettings<string>> = {},
  server: Partial<ServerHandshakeSettings> = {},
) {
  return shake(
    { verifyPeer: alone.verifyPeer, externalPsks: clientPsks, ...client },
    { selectCredential: alone.selectCredential, externalPsks: serverPsks, ...server },
  );
}

/** The hellos that a host has sent. */
const hellosOf = ({ events }: MemoryHost): readonly ClientHello[] =>
  events.flatMap((event) =>
    event.type === "sent" && event.name === "ClientHello" ? [decodeMessage(ClientHello, event.bytes)] : [],
  );

const namesIn = (hello: ClientHello | undefined): readonly string[] =>
  (hello === undefined ? [] : (extensionIn(hello, offeredPsks)?.identities ?? [])).map(({ identity }) =>
    toHex(identity),
  );

/** A host that sends a message otherwise than it is told. */
function altering<M>(changed: MessageType<M>, alter: (message: M) => M): MemoryHost {
  const host = new MemoryHost();
  // The type that is compared is the one of the message.
  host.alter = (type, message) => ((type as unknown) === changed ? (alter(message as never) as never) : message);
  return host;
}

/** A handshake with a pre-shared key alone between hosts of which one misbehaves. */
function misbehaving(
  client: Partial<ClientHandshakeSettings<string>>,
  server: Partial<ServerHandshakeSettings>,
  hosts: readonly [MemoryHost, MemoryHost],
) {
  return new Resuming().shake(
    { ...alone, externalPsks: [psk], sessions: undefined, ...client },
    { ...alone, externalPsks: [psk], tickets: undefined, ...server },
    hosts,
  );
}

/** A ClientHello whose pre_shared_key is changed. */
const changingPsks =
  (change: (psks: OfferedPsks) => OfferedPsks) =>
  (hello: ClientHello): ClientHello => ({
    ...hello,
    extensions: hello.extensions?.map((each) =>
      each.code === offeredPsks.code
        ? extension(offeredPsks, change(extensionIn(hello, offeredPsks) as OfferedPsks))
        : each,
    ),
  });

const without =
  (code: number) =>
  <M extends { readonly extensions?: readonly Extension[] | undefined }>(message: M): M => ({
    ...message,
    extensions: message.extensions?.filter((each) => each.code !== code),
  });

describe("a pre-shared key from outside", () => {
  // RFC 9846 §4.4.2#not-with-external-psk
  it.each([
    ["as it is", psk],
    ["for SHA-384", forSha384],
    ["imported", imported],
  ])("authenticates both ends without certificates: %s", (_how, key) => {
    const { clientHost, serverHost, atClient, atServer } = pskAlone([key], [key]);
    const [client, server] = [resultOf(atClient), resultOf(atServer)];
    for (const { negotiated, peer } of [client, server]) {
      expect(negotiated).toMatchObject({
        resumed: false,
        signatureScheme: undefined,
        serverCertificates: [],
        namedGroup: x25519,
        verifiedAt: 0,
      });
      expect(negotiated.externalPsk).toBe(key);
      expect(key.hashesAmong([negotiated.cipherSuite.hash])).toHaveLength(1);
      expect(peer).toBeUndefined();
    }
    expect(client.secrets.exporter.dangerouslyExpose()).toEqual(server.secrets.exporter.dangerouslyExpose());
    expect(told(serverHost).filter((event) => event.startsWith("sent"))).toEqual([
      "sent ServerHello (initial)",
      "sent EncryptedExtensions (handshake)",
      "sent Finished (handshake)",
    ]);
    expect(told(clientHost).filter((event) => event.startsWith("sent"))).toEqual([
      "sent ClientHello (initial)",
      "sent Finished (handshake)",
    ]);
  });

  it("is offered with an age of 0, and taken with any (RFC 9846 §4.3.11#external-age, RFC 8773 §5.1#age, §5.1)", () => {
    const ages: (number | undefined)[] = [];
    const host = altering(ClientHello, (hello) => {
      const aged = changingPsks(({ binders }) => ({
        identities: [{ identity: psk.identity, obfuscatedTicketAge: 0x1234_5678 }],
        binders,
      }))(hello);
      ages.push(...[hello, aged].map((each) => extensionIn(each, offeredPsks)?.identities[0]?.obfuscatedTicketAge));
      const key = psk.keyFor(nodeProvider, "SHA-256");
      const truncated = truncateBeforeBinders(
        encodeMessage(ClientHello, aged),
        extensionIn(aged, offeredPsks) as OfferedPsks,
      );
      const binder = EarlyStage.withPsk(key).binder(key.hash.digest(truncated));
      return changingPsks(({ identities }) => ({ identities, binders: [binder] }))(aged);
    });
    const { atServer } = misbehaving({}, {}, [host, new MemoryHost()]);
    expect(resultOf(atServer).negotiated.externalPsk).toBe(psk);
    expect(ages).toEqual([0, 0x1234_5678]);
  });

  it("isn't known to be right before its binder is: another key of the same name is refused", () => {
    const { atServer } = pskAlone([wrong(psk)], [psk]);
    expect(errorOf(atServer)).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
  });

  it("isn't one that is imported under the same name, nor the other way round", () => {
    const same = made("imported");
    for (const [atClient, atServer] of [
      [same, imported],
      [imported, same],
    ] as const) {
      expect(errorOf(pskAlone([atClient], [atServer]).atServer)).toMatchObject({ code: "bad_binder" });
    }
  });

  it.each([
    ["its context", { importContext: asciiBytes("another") }],
    ["its name", { identity: asciiBytes("Imported") }],
  ])("that is imported is another one by %s", (_what, changes) => {
    const changed = made("imported", { importContext: asciiBytes("context"), ...changes });
    expect(errorOf(pskAlone([changed], [imported]).atServer)).toMatchObject({ code: "bad_binder" });
  });

  it("influences the choice of a cipher suite (RFC 9846 §4.3.11#compatible)", () => {
    const suiteOf = (client: ExternalPsk, server = {}) =>
      resultOf(pskAlone([client], [client], {}, server).atServer).negotiated.cipherSuite;
    expect(suiteOf(forSha384)).toBe(TLS_AES_256_GCM_SHA384);
    const cipherSuites = [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256];
    expect(suiteOf(psk, { cipherSuites })).toBe(TLS_AES_128_GCM_SHA256);
    expect(suiteOf(imported, { cipherSuites })).toBe(TLS_AES_256_GCM_SHA384);
  });

  it("leaves a client with AES in hardware its AES, if it likes an AES with another hash best", () => {
    const cipherSuites = [TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256, TLS_AES_128_GCM_SHA256];
    const server = {
      cipherSuites: [TLS_AES_128_GCM_SHA256, ...cipherSuites.slice(0, 2)],
      followClientToChaCha20: true,
    };
    const suiteFor = (list: typeof cipherSuites) =>
      resultOf(pskAlone([psk], [psk], { cipherSuites: list }, server).atServer).negotiated.cipherSuite;
    expect(suiteFor(cipherSuites)).toBe(TLS_AES_128_GCM_SHA256);
    expect(suiteFor(cipherSuites.toSpliced(0, 1))).toBe(TLS_CHACHA20_POLY1305_SHA256);
  });

  it("can't be used with a suite of another hash", () => {
    const { atServer } = pskAlone([psk], [psk], {}, { cipherSuites: [TLS_AES_256_GCM_SHA384] });
    expect(errorOf(atServer)).toMatchObject({ code: "bad_binder" });
  });

  it("is used with a key exchange, unless both have the option that is called dangerous", () => {
    const ke = { dangerousPskWithoutKeyExchange: true };
    const groupOf = (client: object, server: object) =>
      resultOf(pskAlone([psk], [psk], client, server).atServer).negotiated.namedGroup;
    // What both have and can do is better.
    expect([groupOf(ke, {}), groupOf({}, ke), groupOf(ke, ke)]).toEqual([x25519, x25519, x25519]);
    expect(groupOf({ ...ke, keyShareGroups: [] }, { ...ke, namedGroups: [] })).toBeUndefined();
    expect(errorOf(pskAlone([psk], [psk], ke, { namedGroups: [] }).atServer)).toMatchObject({
      code: "no_common_group",
      alert: Alert.handshakeFailure,
    });
  });
});

describe("several keys", () => {
  it("are offered in their order, each for each hash that it is for", () => {
    const { clientHost } = pskAlone([imported, psk, forSha384], [psk]);
    expect(namesIn(hellosOf(clientHost)[0])).toEqual(
      [
        imported.identityFor("SHA-256"),
        imported.identityFor("SHA-384"),
        psk.identityFor("SHA-256"),
        forSha384.identityFor("SHA-384"),
      ].map(toHex),
    );
  });

  it("are taken in the server's order", () => {
    const chosen = (client: readonly ExternalPsk[], server: readonly ExternalPsk[]) =>
      resultOf(pskAlone(client, server).atClient).negotiated.externalPsk;
    expect(chosen([psk, other], [other, psk])).toBe(other);
    expect(chosen([other, psk], [other, psk])).toBe(other);
    expect(chosen([other, psk], [psk])).toBe(psk);
  });

  it("after a HelloRetryRequest are those of its cipher suite's hash, with new binders", () => {
    for (const key of [psk, forSha384, imported]) {
      const { clientHost, atClient, atServer } = pskAlone(
        [forSha384, imported, psk],
        [key],
        {},
        { namedGroups: [secp256r1] },
      );
      expect(resultOf(atServer).negotiated).toMatchObject({ helloRetryRequest: true, externalPsk: key });
      const { cipherSuite } = resultOf(atClient).negotiated;
      const [first, second] = hellosOf(clientHost);
      expect(namesIn(first)).toHaveLength(4);
      expect(namesIn(second)).toEqual(
        [forSha384, imported, psk].flatMap((each) =>
          each.hashesAmong([cipherSuite.hash]).map((hash) => toHex(each.identityFor(hash))),
        ),
      );
    }
  });
});

describe("a server", () => {
  // RFC 9846 §F.6
  it("without certificates answers an unknown name as a wrong binder", () => {
    const [unknown, known] = [pskAlone([other], [psk]), pskAlone([wrong(psk)], [psk])].map(({ atServer }) =>
      errorOf(atServer),
    );
    expect(unknown).toEqual(known);
    expect(unknown).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
  });

  it("without certificates answers both before it asks for another ClientHello, which would tell that a name is known", () => {
    const cipherSuites = [TLS_AES_256_GCM_SHA384, TLS_AES_128_GCM_SHA256];
    for (const key of [other, wrong(psk)]) {
      const { serverHost, atServer } = pskAlone([key], [psk], {}, { namedGroups: [secp256r1], cipherSuites });
      expect(errorOf(atServer)).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
      expect(told(serverHost)).toEqual([]);
    }
  });

  it("with certificates goes on with one if the name isn't known", () => {
    const { atClient, atServer } = shake({ externalPsks: [other] }, { externalPsks: [psk] });
    expect(resultOf(atServer).negotiated).toMatchObject({ externalPsk: undefined });
    expect(resultOf(atClient)).toMatchObject({ peer: "seen", negotiated: { externalPsk: undefined } });
  });

  it("with certificates takes a key that the client offers all the same", () => {
    const { atClient, atServer } = shake({ externalPsks: [psk] }, { externalPsks: [psk] });
    expect(resultOf(atServer).negotiated.externalPsk).toBe(psk);
    expect(resultOf(atClient)).toMatchObject({ peer: undefined, negotiated: { externalPsk: psk } });
  });

  it("without keys serves clients that offer some by its certificate", () => {
    expect(resultOf(shake({ externalPsks: [psk] }).atClient)).toMatchObject({ peer: "seen" });
  });

  it("without certificates refuses clients without keys", () => {
    const { atServer } = shake({}, { selectCredential: () => undefined, externalPsks: [psk] });
    expect(errorOf(atServer)).toMatchObject({ code: "no_certificate", alert: Alert.handshakeFailure });
  });

  it("finds a key by its name, as it came and as an importer's, at once or later", async () => {
    for (const key of [psk, imported]) {
      const asked: OfferedIdentity[] = [];
      const { atServer } = pskAlone([key], (offered) => {
        asked.push(offered);
        return toHex(offered.imported?.externalIdentity ?? offered.identity) === toHex(key.identity) ? key : undefined;
      });
      expect(resultOf(atServer).negotiated.externalPsk).toBe(key);
      expect(asked[0]?.identity).toEqual(key.identityFor("SHA-256"));
      // What it is asked about is its own.
      expect(asked[0]?.identity.byteOffset).toBe(0);
      expect(asked[0]?.imported?.context).toEqual(key.importContext);
    }
    const later = { then: (done: (found: ExternalPsk) => void) => done(psk) };
    expect(resultOf(pskAlone([psk], () => later).atServer).negotiated.externalPsk).toBe(psk);
  });

  it("without certificates refuses a client that lists no mode of its own", () => {
    const host = altering(ClientHello, (hello) => ({
      ...hello,
      extensions: hello.extensions?.map((each) =>
        each.code === pskKeyExchangeModes.code ? extension(pskKeyExchangeModes, [0x1a]) : each,
      ),
    }));
    const { atServer } = misbehaving({}, {}, [host, new MemoryHost()]);
    expect(errorOf(atServer)).toMatchObject({ code: "no_common_psk_mode", alert: Alert.handshakeFailure });
  });

  it("takes what was found only under the name that was asked for", () => {
    expect(errorOf(pskAlone([other], () => psk).atServer)).toMatchObject({ code: "bad_binder" });
    const stranger = made("imported", { importContext: asciiBytes("another") });
    expect(errorOf(pskAlone([stranger], () => imported).atServer)).toMatchObject({ code: "bad_binder" });
  });

  it("asks about the first four names, and no more", () => {
    const many = [1, 2, 3, 4, 5].map((length) => made("x".repeat(length)));
    const asked: number[] = [];
    const find: FindExternalPsk = ({ identity }) => {
      asked.push(identity.length);
      return identity.length === 5 ? many[4] : undefined;
    };
    expect(errorOf(pskAlone(many, find).atServer)).toMatchObject({ code: "bad_binder" });
    expect(asked).toEqual([1, 2, 3, 4]);
    expect(resultOf(pskAlone(many.slice(1), find).atServer).negotiated.externalPsk).toBe(many[4]);
  });

  it("lets what finds a key refuse the client, and takes nothing else from it", () => {
    const refusing = () => {
      throw peerError("locked", Alert.accessDenied, "this client is locked out");
    };
    expect(errorOf(pskAlone([psk], refusing).atServer)).toMatchObject({ alert: Alert.accessDenied });
    expect(errorOf(pskAlone([psk], () => ({ identity: psk.identity }) as never).atServer)).toMatchObject({
      code: "invalid_argument",
    });
  });

  it.each([
    ["has none", without(offeredPsks.code), "missing_extension"],
    [
      "has another",
      changingPsks(({ binders }) => ({ identities: [{ identity: other.identity, obfuscatedTicketAge: 0 }], binders })),
      "psk_withdrawn",
    ],
  ])("refuses a second ClientHello that %s for a key of the first (RFC 9846 §4.2.2)", (_what, alter, code) => {
    let hellos = 0;
    const host = altering(ClientHello, (hello) => {
      hellos += 1;
      return hellos === 2 ? alter(hello) : hello;
    });
    const { atServer } = misbehaving({}, { namedGroups: [secp256r1] }, [host, new MemoryHost()]);
    expect(errorOf(atServer)).toMatchObject({ code });
  });

  it("checks the binder of the second ClientHello", () => {
    let hellos = 0;
    const host = altering(ClientHello, (hello) => {
      hellos += 1;
      return hellos === 1
        ? hello
        : changingPsks(({ identities }) => ({ identities, binders: [new Uint8Array(32)] }))(hello);
    });
    const { atServer } = misbehaving({}, { namedGroups: [secp256r1] }, [host, new MemoryHost()]);
    expect(errorOf(atServer)).toMatchObject({ code: "bad_binder", alert: Alert.decryptError });
  });
});

describe("a client", () => {
  it("without trust in certificates asks for none", () => {
    const { clientHost } = pskAlone([psk], [psk]);
    expect(extensionCodes(hellosOf(clientHost)[0] as ClientHello)).not.toContain(signatureAlgorithms.code);
  });

  it("without trust in certificates refuses a ServerHello without a pre-shared key", () => {
    const { atClient } = misbehaving({}, {}, [new MemoryHost(), altering(ServerHello, without(selectedIdentity.code))]);
    expect(errorOf(atClient)).toMatchObject({ code: "missing_extension", alert: Alert.missingExtension });
  });

  it.each([
    ["an identity that it hasn't offered", 1, "psk_not_offered", [psk]],
    ["one for another hash", 1, "psk_hash", [psk, forSha384]],
  ])("refuses %s (RFC 9846 §4.3.11#selection-checked)", (_what, index, code, externalPsks) => {
    const altered = altering(ServerHello, (hello) => ({
      ...hello,
      extensions: hello.extensions?.map((each) =>
        each.code === selectedIdentity.code ? extension(selectedIdentity, index) : each,
      ),
    }));
    const { atClient } = misbehaving({ externalPsks }, {}, [new MemoryHost(), altered]);
    expect(errorOf(atClient)).toMatchObject({ code, alert: Alert.illegalParameter });
  });

  it("refuses a key without a key exchange", () => {
    const { atClient } = misbehaving({}, {}, [new MemoryHost(), altering(ServerHello, without(serverShare.code))]);
    expect(errorOf(atClient)).toMatchObject({ code: "psk_without_key_share", alert: Alert.illegalParameter });
  });

  it("gives up where a HelloRetryRequest settles a cipher suite that none of its keys is for", () => {
    const server = { cipherSuites: [TLS_AES_256_GCM_SHA384], namedGroups: [secp256r1] };
    const { clientHost, atClient } = shake({ externalPsks: [psk], certificateWithExternalPsk: true }, server);
    expect(hellosOf(clientHost)).toHaveLength(1);
    expect(errorOf(atClient)).toMatchObject({ code: "no_psk_left", alert: Alert.handshakeFailure });
  });

  // RFC 9258 §5.1#early-data, RFC 8773 §4#no-early-data
  it("offers no early data with one", () => {
    const { clientHost, atClient } = pskAlone([psk], [psk], { earlyDataLength: 10 });
    expect(extensionCodes(hellosOf(clientHost)[0] as ClientHello)).not.toContain(earlyDataIndication.code);
    expect(resultOf(atClient).negotiated.earlyData).toBeUndefined();
  });

  it("without trust and without keys is no client", () => {
    const { atClient } = shake({ verifyPeer: undefined });
    expect(errorOf(atClient)).toMatchObject({ kind: "caller", code: "no_authentication" });
    const both = { verifyPeer: undefined, externalPsks: [psk], certificateWithExternalPsk: true };
    expect(errorOf(shake(both).atClient)).toMatchObject({ kind: "caller", code: "no_authentication" });
  });
});

describe("a session that began with a pre-shared key", () => {
  const keys = { externalPsks: [psk] };

  it("is resumed as long as both have the key, and says which it was", () => {
    const world = new Resuming();
    const full = world.established({ ...alone, ...keys }, { ...alone, ...keys });
    expect(world.sessions).toHaveLength(2);
    world.now += 3_600_000;
    const { client, server, hosts } = world.established({ ...alone, ...keys }, { ...alone, ...keys });
    for (const { negotiated, peer } of [client, server]) {
      expect(negotiated).toMatchObject({ resumed: true, verifiedAt: begin, signatureScheme: undefined });
      expect(negotiated).toMatchObject({ serverCertificates: [], externalPsk: psk });
      expect(peer).toBeUndefined();
    }
    expect(full.client.negotiated.resumed).toBe(false);
    // RFC 9846 §4.3.11: a session to resume stands in front of keys from outside.
    const [first, second, ...more] = namesIn(hellosOf(hosts[0])[0]);
    expect([first === toHex(psk.identity), second, more]).toEqual([false, toHex(psk.identity), []]);
    expect(world.failures).toEqual([]);
  });

  it("is resumed with one that is imported, and one that is found later", () => {
    const world = new Resuming();
    const find: FindExternalPsk = (offered) => (offered.imported === undefined ? undefined : imported);
    for (const resumed of [false, true]) {
      const ended = world.established(
        { ...alone, externalPsks: [imported] },
        { ...alone, externalPsks: find, cipherSuites: [TLS_AES_256_GCM_SHA384] },
      );
      expect(ended.server.negotiated).toMatchObject({ resumed, externalPsk: imported });
    }
  });

  it.each([
    ["the client", [wrong(psk)], [psk]],
    ["the server", [psk], [wrong(psk)]],
  ])("isn't resumed when %s has another key of this name", (_whose, client, server) => {
    const world = new Resuming();
    world.established({ ...alone, ...keys }, { ...alone, ...keys });
    const session = world.sessions.at(-1);
    const sessions = resumption({ take: () => session?.bytes, keep: () => {} });
    const { atServer } = world.shake({ ...alone, externalPsks: client, sessions }, { ...alone, externalPsks: server });
    expect(errorOf(atServer)).toMatchObject({ code: "bad_binder" });
  });

  it("isn't resumed when the key is gone: there is a full handshake with what there is", () => {
    const world = new Resuming();
    world.established(keys, keys);
    expect(world.established({}, {}).server.negotiated).toMatchObject({ resumed: false, externalPsk: undefined });
    world.sessions.length = 0;
    world.established(keys, keys);
    const { client } = world.established(keys, { externalPsks: [] });
    expect(client).toMatchObject({ peer: "seen", negotiated: { resumed: false, externalPsk: undefined } });
  });

  it("isn't taken for one that began with a certificate, nor the other way round", () => {
    const world = new Resuming();
    world.established({}, {});
    const certified = world.sessions.at(-1)?.bytes;
    const sessions = resumption({ take: () => certified, keep: () => {} });
    const { client } = world.established({ ...alone, ...keys, sessions }, keys);
    expect(client.negotiated).toMatchObject({ resumed: false, externalPsk: psk });
  });

  it("keeps neither the key nor its name at the client", () => {
    const world = new Resuming();
    world.established({ ...alone, ...keys }, { ...alone, ...keys });
    const bytes = world.sessions.at(-1)?.bytes ?? new Uint8Array(0);
    expect(decodeClientSession(bytes)).toMatchObject({ certificate: new Uint8Array(0), signatureScheme: 0 });
    expect(toHex(bytes)).not.toContain("03".repeat(32));
  });
});

// RFC 8773
describe("a certificate besides a pre-shared key", () => {
  const both = { externalPsks: [psk], certificateWithExternalPsk: true };

  it.each([
    ["as it is", psk],
    ["imported", imported],
    // RFC 8773 §4#accompanied, §4#answer-accompanied, §5.1#psk-dhe-ke, §5.1#psk-dhe-ke-taken
  ])("is shown and verified, and the key is in all secrets: %s", (_how, key) => {
    const externalPsks = [key];
    const { serverHost, atClient, atServer } = shake({ ...both, externalPsks }, { ...both, externalPsks });
    const [client, server] = [resultOf(atClient), resultOf(atServer)];
    expect(client.peer).toBe("seen");
    for (const { negotiated } of [client, server]) {
      expect(negotiated).toMatchObject({ resumed: false, externalPsk: key, namedGroup: x25519 });
      expect(negotiated.signatureScheme).toBeDefined();
      expect(negotiated.serverCertificates).not.toEqual([]);
    }
    expect(told(serverHost)).toContain("sent CertificateVerify (handshake)");
    expect(client.secrets.exporter.dangerouslyExpose()).toEqual(server.secrets.exporter.dangerouslyExpose());
  });

  // RFC 8773 §4#accompanied, §4#answer-accompanied, §5#places, §5.1#psk-dhe-ke, §5.1#age
  it("is asked for and answered in the hellos, with all that belongs to it", () => {
    const { clientHost, serverHost } = shake(both, both);
    const [hello] = hellosOf(clientHost);
    if (hello === undefined) throw new RangeError("a client sends a hello");
    expect(extensionIn(hello, certWithExternPsk)).toBeNull();
    expect(extensionIn(hello, pskKeyExchangeModes)).toEqual([1]);
    expect(extensionIn(hello, offeredPsks)?.identities).toEqual([{ identity: psk.identity, obfuscatedTicketAge: 0 }]);
    expect(extensionCodes(hello)).toEqual(expect.arrayContaining([clientShares.code, signatureAlgorithms.code]));
    const extensions = serverHost.events.flatMap((event) =>
      event.type !== "sent"
        ? []
        : event.name === "ServerHello"
          ? extensionCodes(decodeMessage(ServerHello, event.bytes))
          : event.name === "EncryptedExtensions"
            ? extensionCodes(decodeMessage(EncryptedExtensions, event.bytes))
            : [],
    );
    const answers = [certWithExternPsk.code, serverShare.code, selectedIdentity.code];
    expect(extensions.filter((code) => answers.includes(code)).toSorted()).toEqual(answers.toSorted());
  });

  it("takes a HelloRetryRequest", () => {
    const { atClient } = shake(both, { ...both, namedGroups: [secp256r1] });
    expect(resultOf(atClient)).toMatchObject({
      peer: "seen",
      negotiated: { helloRetryRequest: true, externalPsk: psk },
    });
  });

  it("is what a client insists on: a server that does one of the two alone is refused", () => {
    for (const server of [{ externalPsks: [psk] }, {}, { ...both, externalPsks: [other] }]) {
      expect(errorOf(shake(both, server).atClient)).toMatchObject({
        code: "missing_extension",
        alert: Alert.missingExtension,
      });
    }
  });

  it("is for clients that ask for it: others have the key alone (RFC 8773 §5#asked-for)", () => {
    const { atClient } = shake({ externalPsks: [psk] }, both);
    expect(resultOf(atClient)).toMatchObject({ peer: undefined, negotiated: { externalPsk: psk } });
  });

  // RFC 8773 §5.1#external-alone, §4#no-early-data
  it("gives no tickets, and resumes no sessions", () => {
    const world = new Resuming();
    world.established({}, {});
    expect(world.sessions).toHaveLength(2);
    const { client, server } = world.established(both, both);
    expect([client.negotiated.resumed, server.negotiated.resumed]).toEqual([false, false]);
    expect(world.sessions).toHaveLength(2);
  });

  it("is refused with illegal_parameter where the binder is wrong (RFC 8773 §5.1#binder-checked)", () => {
    const { atServer } = shake({ ...both, externalPsks: [wrong(psk)] }, both);
    expect(errorOf(atServer)).toMatchObject({ code: "bad_binder", alert: Alert.illegalParameter });
  });

  const asking = (...more: readonly Extension[]) => {
    return altering(ClientHello, (hello) => ({
      ...hello,
      extensions: [...more, extension(certWithExternPsk, null), ...(hello.extensions ?? [])],
    }));
  };

  // RFC 8773 §5.1#external-alone-checked
  it("is refused where a session is offered too", () => {
    const world = new Resuming();
    world.established({}, {});
    const { atServer } = world.shake({}, both, [asking(), new MemoryHost()]);
    expect(errorOf(atServer)).toMatchObject({ code: "resumption_with_certificate", alert: Alert.illegalParameter });
  });

  // RFC 8773 §4
  it.each([["early data", asking(extension(earlyDataIndication, null)), "early_data_with_certificate"]])(
    "is refused with %s",
    (_what, host, code) => {
      const { atServer } = new Resuming().shake({ externalPsks: [psk], sessions: undefined }, both, [
        host,
        new MemoryHost(),
      ]);
      expect(errorOf(atServer)).toMatchObject({ code, alert: Alert.illegalParameter });
    },
  );

  it("is refused without a pre-shared key", () => {
    const { atServer } = new Resuming().shake({ sessions: undefined }, both, [asking(), new MemoryHost()]);
    expect(errorOf(atServer)).toMatchObject({ code: "missing_extension", alert: Alert.missingExtension });
  });

  it("is refused by a client that hasn't asked for it", () => {
    const answering = altering(ServerHello, (hello) => ({
      ...hello,
      extensions: [...(hello.extensions ?? []), extension(certWithExternPsk, null)],
    }));
    const { atClient } = misbehaving({}, {}, [new MemoryHost(), answering]);
    expect(errorOf(atClient)).toMatchObject({ code: "unsolicited_extension", alert: Alert.unsupportedExtension });
  });
});

describe("settings with keys", () => {
  const told = { ...common, random: () => new Uint8Array(0) };
  const clientError = (options: object) => {
    try {
      return clientSettings({ ...told, externalPskOffers, ...options });
    } catch (error) {
      return error;
    }
  };
  const serverError = (options: object) => {
    try {
      return serverSettings({ ...told, ...options });
    } catch (error) {
      return error;
    }
  };

  it.each([
    ["of one name", [psk, wrong(psk)], "duplicate_external_psk"],
    ["that are one key, imported and not", [made("imported"), imported], "duplicate"],
    ["for a hash that no cipher suite has", [forSha384], "unsupported_choice"],
  ])("refuse keys %s", (_what, externalPsks, code) => {
    const cipherSuites = [TLS_AES_128_GCM_SHA256];
    const expected = expect.objectContaining({
      kind: "caller",
      code: code === "duplicate" ? "external_psk_reused" : code,
    });
    expect(clientError({ externalPsks, cipherSuites })).toEqual(expected);
    expect(serverError({ externalPsks, cipherSuites })).toEqual(expected);
  });

  it("refuse more of them than fit into a ClientHello", () => {
    const each = 5 + 2 + 4 + 1 + 48;
    const named = (count: number) => Array.from({ length: count }, (_, i) => made(`${10_000 + i}`));
    const most = Math.floor(maxExternalPskBytes / each);
    const keys = named(most).map((key, i) => new ExternalPsk({ ...key, identity: key.identity, key: keyOf(i) }));
    const over = [...keys, new ExternalPsk({ identity: asciiBytes("more."), key: keyOf(9999) })];
    expect(clientError({ externalPsks: keys })).toHaveProperty("externalPsks");
    expect(clientError({ externalPsks: over })).toMatchObject({ kind: "caller", code: "out_of_range" });
    expect(serverError({ externalPsks: over })).toHaveProperty("externalPsks");
  });

  it("need keys for a certificate besides one", () => {
    expect(clientError({ certificateWithExternalPsk: true })).toMatchObject({ code: "no_external_psks" });
  });
});

const keyOf = (number: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, i) => (number >> (i % 4)) & 0xff);

// RFC 9846 §4.3.11#binder-checked
describe("the proof that a peer has a key", () => {
  const stage = (key?: ExternalPsk) => {
    const early =
      key === undefined ? EarlyStage.withoutPsk(sha256()) : EarlyStage.withPsk(key.keyFor(nodeProvider, "SHA-256"));
    return early.withSharedSecret(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2));
  };
  const sha256 = () => psk.keyFor(nodeProvider, "SHA-256").hash;
  const hash = new Uint8Array(32).fill(3);
  const finished = (of: ReturnType<typeof stage>) =>
    VerifiedFinished.verify({ verifyData: of.server.verifyData(hash) }, of.server, hash);

  it("is a Finished under secrets that come of it", () => {
    const handshake = stage(psk);
    const peer = AuthenticatedPeer.byExternalPsk("server", handshake, finished(handshake), 5);
    expect(peer).toMatchObject({ externalPsk: psk, verifiedAt: 5, evidence: undefined, signatureScheme: undefined });
    AuthenticatedPeer.check(peer);
  });

  it.each([
    ["secrets that come of none", () => AuthenticatedPeer.byExternalPsk("server", stage(), finished(stage()), 0)],
    ["a Finished under others", () => AuthenticatedPeer.byExternalPsk("server", stage(psk), finished(stage(psk)), 0)],
    [
      "the Finished of the other side",
      () => {
        const handshake = stage(psk);
        return AuthenticatedPeer.byExternalPsk("client", handshake, finished(handshake), 0);
      },
    ],
    [
      "what looks like a Finished",
      () => AuthenticatedPeer.byExternalPsk("server", stage(psk), { isMadeWith: () => true } as never, 0),
    ],
  ])("isn't %s", (_what, prove) => {
    expect(prove).toThrow(expect.objectContaining({ kind: "caller", code: "no_proof" }));
  });
});
