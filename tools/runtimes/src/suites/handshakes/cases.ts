import {
  availableCipherSuites,
  availableNamedGroups,
  availableTls12CipherSuites,
  type CertificateKeyType,
  cipherSuites,
  namedGroups,
  secp256r1,
  tls12CipherSuites,
  x25519,
} from "@tlskit/ciphersuites";
import type { CryptoProvider } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { createWebProvider, webCryptoSigner } from "@tlskit/crypto-web";
import { GivenTicketKeys, SealedTickets } from "@tlskit/sessions";
import { type TestCertificate, type ThrowawayPki, throwawayPki } from "@tlskit/testing";
import {
  ClientContext,
  type ClientInfo,
  type ClientOptions,
  type ClientTarget,
  ownCertificates,
  resumption,
  ServerContext,
  type ServerInfo,
  type ServerOptions,
  TlsClient,
  TlsError,
  TlsServer,
  tls12,
  tls12With,
} from "@tlskit/tls";
import { asciiBytes, equalBytes } from "@tlskit/wire";
import { privateKeyToJwk } from "@tlskit/x509";
import type { Case, Cases } from "../../suite.ts";
import { misbehaviour } from "./misbehaviour.ts";
import { type Wired, wired } from "./wired.ts";

const host = "server.example";
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const keyTypes = ["P-256", "P-384", "P-521", "Ed25519", "rsaEncryption", "id-RSASSA-PSS"] as const;
/** Whose signatures suites of TLS 1.2 call RSA. */
const rsaKeys: readonly CertificateKeyType[] = ["rsaEncryption", "id-RSASSA-PSS"];

/** Both ends by WebCrypto alone. */
class World {
  readonly provider: CryptoProvider;
  readonly #servers: ThrowawayPki;
  readonly #clients: ThrowawayPki;
  readonly tickets: SealedTickets;

  constructor(provider: CryptoProvider) {
    const now = Date.now();
    this.provider = provider;
    this.#servers = throwawayPki(nobleProvider, random, host, now, { keyTypes });
    this.#clients = throwawayPki(nobleProvider, random, "client.example", now, { keyTypes, purpose: "clientAuth" });
    const keys = new GivenTicketKeys([{ name: random(16), secret: random(32) }]);
    this.tickets = new SealedTickets({ provider, random, keys });
  }

  /** A certificate of a server, or of a client. */
  certificates(keyType: CertificateKeyType): readonly [TestCertificate] {
    return [this.#servers.certificateOf(keyType)];
  }

  /** A client that shows a certificate, and a server that asks for it. */
  mutual(keyType: CertificateKeyType): [client: Partial<ClientOptions>, server: Partial<ServerOptions>] {
    const clientCertificates = { demand: "required", anchors: this.#clients.anchors } as const;
    return [{ certificates: ownCertificates([this.#clients.certificateOf(keyType)]) }, { clientCertificates }];
  }

  open(
    client: Partial<ClientOptions> = {},
    server: Partial<ServerOptions> = {},
    target: Partial<ClientTarget> = {},
    early?: Uint8Array,
  ): Wired<ClientInfo, ServerInfo> {
    const common = { provider: this.provider, random, clock: Date.now };
    const clientContext = new ClientContext({ ...common, resumption, anchors: this.#servers.anchors, ...client });
    const serverContext = new ServerContext({ ...common, certificates: this.certificates("P-256"), ...server });
    return wired<ClientInfo, ServerInfo>(
      (handlers) => {
        const made = new TlsClient(clientContext, { host, ...target }, handlers);
        if (early !== undefined) made.sendEarly(early);
        return made;
      },
      (handlers) => new TlsServer(serverContext, handlers),
    );
  }
}

function expectSame(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(got)}`);
}

function expectBytes(what: string, got: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(got, expected)) throw new Error(`${what}: ${expected.length} bytes were sent, ${got.length} came`);
}

/** So many bytes there and back, and an orderly end. */
async function talk(
  { client, server, atClient, atServer }: Wired<ClientInfo, ServerInfo>,
  size: number,
): Promise<void> {
  const sent = Uint8Array.from({ length: size }, (_, at) => at % 251);
  client.send(sent);
  server.send(sent);
  expectBytes("at the server", await atServer.until(size), sent);
  expectBytes("at the client", await atClient.until(size), sent);
  client.close();
  server.close();
  for (const { closed } of [atClient, atServer]) expectSame("the end", await closed, undefined);
}

function tls13Cases(world: World): readonly Case[] {
  const suites = availableCipherSuites(world.provider, cipherSuites);
  return availableNamedGroups(world.provider, namedGroups).flatMap((group, index) =>
    keyTypes.flatMap((keyType, other): readonly Case[] => {
      const suite = suites[(index + other) % suites.length];
      if (suite === undefined) return [];
      const only = { cipherSuites: [suite], namedGroups: [group] };
      return [
        {
          name: `TLS 1.3, ${suite.name}, ${group.name}, ${keyType}`,
          run: async () => {
            const made = world.open(only, { ...only, certificates: world.certificates(keyType) });
            for (const { established } of [made.atClient, made.atServer]) {
              const info = await established;
              expectSame("the suite", info.cipherSuite, suite);
              expectSame("the group", info.namedGroup, group);
              expectSame("the key", info.signatureScheme?.keyType, keyType);
            }
            await talk(made, 1000);
          },
        },
      ];
    }),
  );
}

function tls12Cases(world: World): readonly Case[] {
  const suites = availableTls12CipherSuites(world.provider, tls12CipherSuites).filter(({ name }) =>
    /^TLS_ECDHE_(ECDSA|RSA)_.*_GCM_/.test(name),
  );
  return keyTypes.flatMap((keyType) =>
    suites
      .filter(({ certificateKey }) => (certificateKey === "RSA") === rsaKeys.includes(keyType))
      .map(
        (suite): Case => ({
          name: `TLS 1.2, ${suite.name}, certificates of ${keyType} at both ends`,
          run: async () => {
            const versions = [tls12With({ cipherSuites: [suite] })];
            const [client, server] = world.mutual(keyType);
            const certificates = world.certificates(keyType);
            const made = world.open({ versions, ...client }, { versions, ...server, certificates });
            for (const { established } of [made.atClient, made.atServer]) {
              expectSame("the suite", (await established).cipherSuite, suite);
            }
            expectSame("the client's chain", (await made.atServer.established).clientCertificates.length > 0, true);
            await talk(made, 40_000);
          },
        }),
      ),
  );
}

/** Sessions by tickets that WebCrypto seals, and what goes with them. */
function sessionCases(world: World): readonly Case[] {
  const { tickets } = world;
  const server = { tickets, earlyData: { maxSize: 1000, guard: { admit: () => true } } };
  const early = asciiBytes("asked early");
  const session = async (common: Partial<ClientOptions & ServerOptions> = {}): Promise<Uint8Array> => {
    const made = world.open(common, { ...server, ...common });
    const session = await made.atClient.sessions.take();
    await talk(made, 10);
    return session;
  };
  return [
    ...(["TLS 1.3", "TLS 1.2"] as const).map(
      (version): Case => ({
        name: `${version}, a session is resumed`,
        run: async () => {
          const common = version === "TLS 1.2" ? { versions: [tls12] } : {};
          const made = world.open(common, { ...server, ...common }, { session: await session(common) });
          for (const { established } of [made.atClient, made.atServer]) {
            expectSame("resumed", (await established).resumed, true);
          }
          await talk(made, 1000);
        },
      }),
    ),
    {
      name: "TLS 1.3, early data is taken",
      run: async () => {
        const made = world.open({}, server, { session: await session() }, early);
        expectSame("the outcome", await made.atClient.outcomes.take(), "accepted");
        await made.atServer.established;
        expectBytes("early data", made.atServer.early, early);
        await talk(made, 1000);
      },
    },
    {
      name: "TLS 1.3, early data is passed over by a server that asks for another share",
      run: async () => {
        const groups = { namedGroups: [x25519, secp256r1] };
        const known = await session(groups);
        const made = world.open(groups, { ...server, namedGroups: [secp256r1] }, { session: known }, early);
        expectSame("the outcome", await made.atClient.outcomes.take(), "rejected");
        await made.atServer.established;
        expectSame("early data", made.atServer.early.length, 0);
        await talk(made, 1000);
      },
    },
  ];
}

function otherCases(world: World): readonly Case[] {
  return [
    ...keyTypes.map(
      (keyType): Case => ({
        name: `TLS 1.3, a client shows a certificate of ${keyType}`,
        run: async () => {
          const made = world.open(...world.mutual(keyType));
          const { clientCertificates, clientSignatureScheme } = await made.atServer.established;
          expectSame("the client's chain", clientCertificates.length > 0, true);
          expectSame("the client's key", clientSignatureScheme?.keyType, keyType);
          await talk(made, 1000);
        },
      }),
    ),
    {
      name: "TLS 1.3, half a megabyte both ways while keys are updated",
      run: async () => {
        const made = world.open();
        await Promise.all([made.atClient.established, made.atServer.established]);
        made.client.updateKeys(true);
        made.server.updateKeys();
        await talk(made, 500_000);
      },
    },
    {
      name: "TLS 1.3, a record that was changed ends the connection",
      run: async () => {
        const made = world.open();
        await Promise.all([made.atClient.established, made.atServer.established]);
        made.toClient.send(Uint8Array.of(23, 3, 3, 0, 20, ...random(20)));
        expectSame("at the client", (await made.atClient.closed)?.code, "bad_record_mac");
        expectSame("at the server", (await made.atServer.closed)?.code, "alert_bad_record_mac");
        expectSame("data", made.atClient.received.length, 0);
      },
    },
    {
      name: "TLS 1.3, X25519MLKEM768 and ChaCha20-Poly1305 by noble besides",
      run: async () => {
        const provider = await createWebProvider(crypto.subtle, nobleProvider);
        const suites = availableCipherSuites(provider, cipherSuites).filter(({ name }) => name.includes("CHACHA20"));
        const made = world.open({ provider, cipherSuites: suites }, { provider, cipherSuites: suites });
        expectSame("the group", (await made.atClient.established).namedGroup?.name, "X25519MLKEM768");
        await talk(made, 1000);
      },
    },
  ];
}

/** Keys as WebCrypto has them, each tied to one way of signing if it is RSA's, and what that is called in a handshake. */
const tied = [
  ["P-256", { name: "ECDSA", namedCurve: "P-256" }, "ecdsa_secp256r1_sha256"],
  ["P-384", { name: "ECDSA", namedCurve: "P-384" }, "ecdsa_secp384r1_sha384"],
  ["P-521", { name: "ECDSA", namedCurve: "P-521" }, "ecdsa_secp521r1_sha512"],
  ["Ed25519", { name: "Ed25519" }, "ed25519"],
  ["rsaEncryption", { name: "RSA-PSS", hash: "SHA-256" }, "rsa_pss_rsae_sha256"],
  ["rsaEncryption", { name: "RSA-PSS", hash: "SHA-512" }, "rsa_pss_rsae_sha512"],
] as const;

/** Keys that nobody can have out of WebCrypto any more. */
function tiedKeyCases(world: World): readonly Case[] {
  const inWebCrypto = async (
    keyType: CertificateKeyType,
    algorithm: EcKeyImportParams | RsaHashedImportParams | Algorithm,
  ): Promise<ServerOptions["certificates"]> => {
    const [{ chain, key }] = world.certificates(keyType);
    // The DOM's type has members that may be changed.
    const jwk = privateKeyToJwk(key) as JsonWebKey;
    const tiedKey = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
    return [{ chain, key: webCryptoSigner(crypto.subtle, tiedKey) }];
  };
  return [
    ...tied.map(
      ([keyType, algorithm, scheme]): Case => ({
        name: `TLS 1.3, a server signs by ${scheme} with a CryptoKey that can't be extracted`,
        run: async () => {
          const made = world.open({}, { certificates: await inWebCrypto(keyType, algorithm) });
          expectSame("the scheme", (await made.atClient.established).signatureScheme?.name, scheme);
          await talk(made, 1000);
        },
      }),
    ),
    {
      name: "TLS 1.2, a server signs by rsa_pkcs1_sha384 with a CryptoKey that is for that alone, which TLS 1.3 refuses",
      run: async () => {
        const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" };
        const certificates = await inWebCrypto("rsaEncryption", algorithm);
        let code: unknown;
        try {
          world.open({}, { certificates });
        } catch (error) {
          code = error instanceof TlsError ? error.code : error;
        }
        expectSame("the context", code, "unsupported_choice");
        const made = world.open({ versions: [tls12] }, { versions: [tls12], certificates });
        expectSame("the scheme", (await made.atClient.established).signatureScheme?.name, "rsa_pkcs1_sha384");
        await talk(made, 1000);
      },
    },
  ];
}

export const cases: Cases = async () => {
  const world = new World(await createWebProvider(crypto.subtle));
  return [
    ...tls13Cases(world),
    ...tls12Cases(world),
    ...sessionCases(world),
    ...otherCases(world),
    ...tiedKeyCases(world),
    ...misbehaviour(await createWebProvider(crypto.subtle, nobleProvider)),
  ];
};
