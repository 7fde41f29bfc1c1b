import {
  availableTls12CipherSuites,
  ffdhe2048,
  ffdhe3072,
  type NamedGroup,
  TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
  TLS_RSA_WITH_AES_128_GCM_SHA256,
  type Tls12CipherSuite,
  tls12CipherSuites,
  x25519,
} from "@tlskit/ciphersuites";
import { type CryptoProvider, type Decrypter, decrypterFor, type RsaPrivateKey, signerFor } from "@tlskit/crypto";
import { toBytes, toInteger } from "@tlskit/crypto/integers";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  DheClientKeyExchange,
  DheServerKeyExchange,
  extension,
  RsaClientKeyExchange,
  type ServerDhParams,
  serverDhParams,
  supportedGroups,
} from "@tlskit/messages";
import { LateTasks, seededRandom } from "@tlskit/testing";
import { type CertificateWithKey, ownCertificates, ServerContext, tls12With } from "@tlskit/tls";
import { cbc } from "@tlskit/tls/cbc";
import { dhe } from "@tlskit/tls/dhe";
import { rsa } from "@tlskit/tls/rsa";
import { Alert, decode, encode } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import { changing, changingClientHello, type Edit, inTheMiddle } from "./helpers/middle12.ts";
import { expectData, expectEstablished } from "./helpers/scenarios.ts";
import { clientPki, connect, now, type Pair, type PairOptions, pair, providers, sharedPki } from "./helpers/world.ts";

const keyExchanges = [dhe, rsa];
const rsaCertificate = (): CertificateWithKey => sharedPki().certificateOf("rsaEncryption");

/** Two connections that have these suites alone, with a certificate of RSA's. */
function pairWith(cipherSuites: readonly Tls12CipherSuite[], { client, server, ...options }: PairOptions = {}): Pair {
  const versions = [tls12With({ cipherSuites, keyExchanges, cbc })];
  return pair({
    ...options,
    client: { versions, ...client },
    server: { versions, certificates: [rsaCertificate()], ...server },
  });
}

const withDhe = (options?: PairOptions): Pair => pairWith([TLS_DHE_RSA_WITH_AES_128_GCM_SHA256], options);
const withRsa = (options?: PairOptions): Pair => pairWith([TLS_RSA_WITH_AES_128_GCM_SHA256], options);

const sent = (side: Pair["atClient"] | Pair["atServer"]): readonly string[] =>
  side.traced.flatMap((event) =>
    event.direction === "sent" && event.type === "message" ? [event.messageType.name] : [],
  );

describe("every suite of these key exchanges", () => {
  const suites = availableTls12CipherSuites(nodeProvider, tls12CipherSuites).filter(
    ({ keyExchange }) => keyExchange === "DHE" || keyExchange === "RSA",
  );

  test.each(suites.map((suite) => [suite.name, suite] as const))("%s", (_, suite) => {
    const made = connect(pairWith([suite]));
    expectEstablished(made);
    expect([made.atClient.info?.cipherSuite, made.atServer.info?.cipherSuite]).toEqual([suite, suite]);
    expect(made.clientKeyLog).toEqual(made.serverKeyLog);
    expectData(made, 1000);
  });

  it("is refused without the key exchange, when the version is made", () => {
    for (const suite of suites) {
      expect(() => tls12With({ cipherSuites: [suite], cbc })).toThrow(
        expect.objectContaining({ code: "unsupported_choice" }),
      );
    }
  });

  it("shows and verifies clients' certificates too", () => {
    for (const made of [withDhe, withRsa].map((make) =>
      make({
        client: { certificates: ownCertificates([clientPki().certificateOf("P-256")]) },
        server: { clientCertificates: { demand: "required", anchors: clientPki().anchors } },
      }),
    )) {
      connect(made);
      expect([made.atClient.error, made.atServer.error]).toEqual([undefined, undefined]);
      expect(made.atServer.info?.clientCertificates).not.toEqual([]);
      expectData(made, 100);
    }
  });

  it("works where cryptography answers later", () => {
    for (const make of [withDhe, withRsa]) expectEstablished(connect(make({ tasks: new LateTasks() })));
  });

  it("asks the application whether a server is admitted", () => {
    for (const make of [withDhe, withRsa]) {
      const asked: unknown[] = [];
      expectEstablished(connect(make({ target: { checkServer: (chain) => void asked.push(chain) } })));
      expect(asked).toHaveLength(1);
    }
  });
});

// RFC 5246 §7.4.3, RFC 7919
describe("DHE", () => {
  it("has the messages that ECDHE has", () => {
    const made = connect(withDhe());
    expect(sent(made.atServer)).toEqual([
      "ServerHello",
      "Certificate",
      "ServerKeyExchange",
      "ServerHelloDone",
      "Finished",
    ]);
    expect(made.atServer.info?.signatureScheme).toBe(made.atClient.info?.signatureScheme);
    expect(made.atClient.info?.signatureScheme).toBeDefined();
  });

  it("is in a group that both list, or where the client lists none in the server's first", () => {
    const groupOf = (client: readonly NamedGroup[], server: readonly NamedGroup[]): unknown => {
      const made = connect(withDhe({ client: { namedGroups: client }, server: { namedGroups: server } }));
      expectEstablished(made);
      expect(made.atServer.info?.namedGroup).toBe(made.atClient.info?.namedGroup);
      return made.atClient.info?.namedGroup;
    };
    expect(groupOf([x25519, ffdhe3072], [x25519, ffdhe2048, ffdhe3072])).toBe(ffdhe3072);
    expect(groupOf([x25519], [x25519, ffdhe3072])).toBe(ffdhe3072);
    expect(groupOf([x25519], [x25519])).toBe(ffdhe2048);
  });

  // RFC 7919 §4
  it("isn't had with a client that lists other groups only", () => {
    const groups = {
      client: { namedGroups: [x25519, ffdhe2048] },
      server: { namedGroups: [x25519, ffdhe3072] },
    };
    const made = connect(withDhe(groups));
    expect(made.atServer.error).toMatchObject({ code: "no_common_group", alert: Alert.insufficientSecurity });
    expect(made.atClient.error).toMatchObject({ kind: "alert", alert: Alert.insufficientSecurity });
    const other = connect(
      pairWith([TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], groups),
    );
    expectEstablished(other);
    expect(other.atClient.info?.namedGroup).toBe(x25519);
  });

  it("isn't had with a client that lists a group nobody knows", () => {
    const made = connect(
      withDhe({
        link: {
          intercept: inTheMiddle({
            client: changingClientHello(({ extensions = [] }) => ({
              extensions: [...extensions, extension(supportedGroups, [0x01ff])],
            })),
          }),
        },
      }),
    );
    expect(made.atServer.error).toMatchObject({ code: "no_common_group", alert: Alert.insufficientSecurity });
  });

  it("has keys of its own for each handshake", () => {
    const shares = [1, 2].map((seed) => {
      let share: Uint8Array | undefined;
      const server = changing(DheServerKeyExchange, (message) => {
        share = message.params.public;
        return message;
      });
      expectEstablished(connect(withDhe({ seed, link: { intercept: inTheMiddle({ server }) } })));
      return share;
    });
    expect(shares[0]).toHaveLength(256);
    expect(shares[1]).not.toEqual(shares[0]);
  });

  describe("a server's group that isn't safe, which it signs, is insufficient_security", () => {
    const { prime } = { prime: toBytes((1n << 2047n) + 1n, 256) };
    const wrong: readonly (readonly [string, Partial<Omit<ServerDhParams, "public">>])[] = [
      ["a prime of 1,024 bits", { p: new Uint8Array(128).fill(0xff) }],
      ["no safe prime", { p: prime }],
      ["too long a one", { p: new Uint8Array(1025).fill(0xff) }],
      ["a generator of 1", { g: Uint8Array.of(1) }],
    ];
    test.each(wrong)("%s", (_, change) => {
      const made = connect(withDhe({ server: { versions: [lying((params) => ({ ...params, ...change }))] } }));
      expect(made.atClient.error).toMatchObject({ code: "unsafe_group", alert: Alert.insufficientSecurity });
      expect(made.atServer.error).toMatchObject({ kind: "alert", alert: Alert.insufficientSecurity });
    });
  });

  // RFC 7919 §5.1
  describe("a share that isn't from 2 to p - 2 is illegal_parameter", () => {
    const p = (params: ServerDhParams): bigint => toInteger(params.p);
    const wrong: readonly (readonly [string, (params: ServerDhParams) => Uint8Array])[] = [
      ["0", () => Uint8Array.of(0)],
      ["1", () => Uint8Array.of(1)],
      ["p - 1", (params) => toBytes(p(params) - 1n, 256)],
      ["p", (params) => toBytes(p(params), 256)],
      ["p + 2", (params) => toBytes(p(params) + 2n, 256)],
      ["one that is longer", () => new Uint8Array(257).fill(1)],
    ];
    test.each(wrong)("of a server: %s", (_, share) => {
      const versions = [lying((params) => ({ ...params, public: share(params) }))];
      const made = connect(withDhe({ server: { versions } }));
      expect(made.atClient.error).toMatchObject({ code: "invalid_key_share", alert: Alert.illegalParameter });
      expect(made.atClient.info).toBeUndefined();
    });

    test.each(wrong)("of a client: %s", (_, share) => {
      let params: ServerDhParams | undefined;
      const server = changing(DheServerKeyExchange, (message) => {
        params = message.params;
        return message;
      });
      const client = changing(DheClientKeyExchange, (message) => ({
        public: params === undefined ? message.public : share(params),
      }));
      const made = connect(withDhe({ link: { intercept: inTheMiddle({ server, client }) } }));
      expect(made.atServer.error).toMatchObject({ code: "invalid_key_share", alert: Alert.illegalParameter });
    });
  });

  it("ends where somebody has changed what the server has signed", () => {
    const changes: readonly ((params: ServerDhParams) => Partial<ServerDhParams>)[] = [
      ({ p }) => ({ p: p.map((byte, at) => (at === 100 ? byte ^ 1 : byte)) }),
      () => ({ g: Uint8Array.of(3) }),
      ({ public: share }) => ({ public: share.map((byte, at) => (at === 100 ? byte ^ 1 : byte)) }),
    ];
    for (const change of changes) {
      const server = changing(DheServerKeyExchange, (message) => ({
        ...message,
        params: { ...message.params, ...change(message.params) },
      }));
      const made = connect(withDhe({ link: { intercept: inTheMiddle({ server }) } }));
      expect(made.atClient.error).toMatchObject({ code: "bad_signature", alert: Alert.decryptError });
    }
  });

  it("is refused with a provider that has no finite fields, when the context is made", () => {
    const provider: CryptoProvider = { ...nodeProvider, finiteField: undefined };
    for (const make of [{ client: { provider } }, { server: { provider } }]) {
      expect(() => withDhe(make)).toThrow(expect.objectContaining({ code: "unsupported_choice" }));
    }
  });

  /** TLS 1.2 of a server that says something else about its group, and signs it. */
  function lying(change: (params: ServerDhParams) => ServerDhParams) {
    const { serverMessage } = dhe;
    if (serverMessage === undefined) throw new RangeError("DHE without a ServerKeyExchange");
    return tls12With({
      cipherSuites: [TLS_DHE_RSA_WITH_AES_128_GCM_SHA256],
      keyExchanges: [
        {
          ...dhe,
          server: (context, hello) => {
            const exchange = dhe.server(context, hello);
            return (
              exchange && {
                ...exchange,
                *begin(credential) {
                  const begun = yield* exchange.begin(credential);
                  const { announcement } = begun;
                  if (announcement?.params === undefined) return begun;
                  const params = change(decode(serverDhParams, announcement.params));
                  return {
                    ...begun,
                    announcement: {
                      params: encode(serverDhParams, params),
                      send: (io, signedParams) => io.send(DheServerKeyExchange, { params, signedParams }),
                    },
                  };
                },
              }
            );
          },
        },
      ],
    });
  }
});

// RFC 5246 §7.4.7.1
describe("RSA", () => {
  it("has no ServerKeyExchange and no signature, and the server is who its certificate says", () => {
    const made = connect(withRsa());
    expect(sent(made.atServer)).toEqual(["ServerHello", "Certificate", "ServerHelloDone", "Finished"]);
    for (const { info } of [made.atClient, made.atServer]) {
      expect([info?.namedGroup, info?.signatureScheme]).toEqual([undefined, undefined]);
      expect(info?.serverCertificates).toHaveLength(rsaCertificate().chain.length);
    }
    expect(made.atClient.info?.verifiedAt).toBeGreaterThanOrEqual(now);
  });

  it("is had with a decrypter beside a signer, wherever they are", () => {
    const { chain, key } = rsaCertificate();
    const signer = signerFor(nodeProvider, key, seededRandom(3));
    const asked: number[] = [];
    const here = decrypterFor(nodeProvider, rsaKeyOf(key));
    const decrypter: Decrypter = {
      modulusLength: here.modulusLength,
      decrypt: (ciphertext) => {
        asked.push(ciphertext.length);
        return here.decrypt(ciphertext);
      },
    };
    // With a decrypter the provider needs none.
    const made = connect(
      withRsa({ server: { provider: withoutDecrypter, certificates: [{ chain, key: signer, decrypter }] } }),
    );
    expectEstablished(made);
    expect(asked).toEqual([here.modulusLength]);
  });

  // RFC 5246 §7.4.2#rsa-encryption
  it("is refused where no certificate's key can decrypt, when the context is made", () => {
    const { chain, key } = rsaCertificate();
    const signer = signerFor(nodeProvider, key, seededRandom(3));
    const refused = expect.objectContaining({ code: "unsupported_choice" });
    for (const server of [
      { provider: withoutDecrypter },
      { provider: providers.noble },
      { certificates: [{ chain, key: signer }] },
      { certificates: [sharedPki().certificateOf("id-RSASSA-PSS")] },
      { certificates: [sharedPki().certificateOf("P-256")] },
    ]) {
      expect(() => withRsa({ server })).toThrow(refused);
    }
  });

  it("takes no decrypter for another key, or one that may not decrypt", () => {
    const decrypter: Decrypter = { modulusLength: 100, decrypt: () => new Uint8Array(100) };
    const contextWith = (certificate: CertificateWithKey): unknown =>
      new ServerContext({
        provider: nodeProvider,
        random: seededRandom(1),
        clock: () => now,
        certificates: [{ ...certificate, decrypter }],
      });
    expect(() => contextWith(rsaCertificate())).toThrow(expect.objectContaining({ code: "certificate_key_mismatch" }));
    for (const keyType of ["id-RSASSA-PSS", "P-256"] as const) {
      expect(() => contextWith(sharedPki().certificateOf(keyType))).toThrow(
        expect.objectContaining({ code: "unsuitable_certificate" }),
      );
    }
  });

  // RFC 5246 §7.4.2#key-exchange
  it("is not had with a certificate that is for PSS alone", () => {
    const both = [TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256];
    const made = connect(
      pairWith(both, { server: { certificates: [sharedPki().certificateOf("id-RSASSA-PSS"), rsaCertificate()] } }),
    );
    expectEstablished(made);
    expect(made.atClient.info?.cipherSuite.name).toMatch(/^TLS_(RSA|ECDHE_RSA)_WITH_AES_128_GCM_SHA256$/);
  });

  // RFC 5246 §7.4.7.1#no-oracle, §7.4.7.1#version-checked
  describe("whatever is wrong with what a client sends, the same is done", () => {
    type Class = readonly [what: string, block: (right: Uint8Array) => Uint8Array, cut?: number];
    const set =
      (at: number, ...bytes: readonly number[]) =>
      (right: Uint8Array): Uint8Array => {
        const made = Uint8Array.from(right);
        made.set(bytes, at < 0 ? made.length + at : at);
        return made;
      };
    const classes: readonly Class[] = [
      ["another secret", set(-1, 0x55)],
      ["another version", set(-47, 2)],
      ["an older version", set(-48, 2)],
      ["no zero in front", set(0, 1)],
      ["a signature's padding", set(1, 1)],
      ["a zero inside of the padding", set(11, 0)],
      ["no zero behind the padding", set(-49, 1)],
      ["zeros alone", (right) => new Uint8Array(right.length)],
      ["a message that is a byte longer", set(-50, 0)],
      ["a message that is a byte shorter", set(-49, 1, 0)],
      ["a ciphertext that is a byte shorter", (right) => right, -1],
      ["an empty ciphertext", (right) => right, 0],
    ];

    /** What a server does with such a secret: messages, alert, decryptions, random bytes asked for. */
    function done([, change, cut]: Class): unknown {
      const counted: string[] = [];
      const { chain, key } = rsaCertificate();
      const here = decrypterFor(nodeProvider, rsaKeyOf(key));
      const decrypter: Decrypter = {
        modulusLength: here.modulusLength,
        decrypt: (ciphertext) => {
          counted.push(`decrypt ${ciphertext.length}`);
          const block = here.decrypt(ciphertext);
          if (!(block instanceof Uint8Array)) throw new RangeError("node:crypto answers at once");
          return change(block);
        },
      };
      const random = seededRandom(5);
      const client: Edit = changing<RsaClientKeyExchange>(RsaClientKeyExchange, (message) => ({
        encryptedPreliminarySecret: message.encryptedPreliminarySecret.slice(0, cut),
      }));
      const made = connect(
        withRsa({
          link: { intercept: inTheMiddle({ client }) },
          server: {
            certificates: [{ chain, key, decrypter }],
            random: (length) => {
              counted.push(`random ${length}`);
              return random(length);
            },
          },
        }),
      );
      expect(made.atServer.info).toBeUndefined();
      const { code, alert } = made.atServer.error ?? {};
      return { counted, code, alert, sent: sent(made.atServer), received: made.atClient.error?.alert };
    }

    test.each(classes.map((one) => [one[0], one] as const))("%s", (_, one) => {
      const expected = done(["another secret", set(-1, 0x55)]);
      expect(done(one)).toEqual(expected);
      expect(expected).toMatchObject({ alert: Alert.badRecordMac, received: Alert.badRecordMac });
    });
  });

  const withoutDecrypter: CryptoProvider = {
    ...nodeProvider,
    rsaEncryption: nodeProvider.rsaEncryption && { encrypter: nodeProvider.rsaEncryption.encrypter },
  };

  function rsaKeyOf(key: CertificateWithKey["key"]): RsaPrivateKey {
    const privateKey = "privateKey" in key ? key.privateKey : undefined;
    if (privateKey?.type !== "RSA") throw new RangeError("the throw-away keys are declared ones");
    return privateKey;
  }
});
