import { nodeProvider } from "@tlskit/crypto-node";
import { LateTasks, lateProvider, seededRandom } from "@tlskit/testing";
import {
  Alert,
  type CertificateWithKey,
  type ClientOptions,
  type FetchStaple,
  maxStapleLength,
  notChecked,
  type OcspResponseFor,
  ocspStaple,
  peerError,
  ServerContext,
  type StapleQuestion,
  type StapleSource,
  stapleRetryInterval,
  tls12,
  tls13,
} from "@tlskit/tls";
import {
  authorityInfoAccessExtension,
  createCertificateSync,
  createOcspErrorResponse,
  encodeSct,
  OcspRequest,
} from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import {
  hours,
  pki,
  plain,
  promising,
  revoked,
  staple,
  stapleOfIntermediate,
  timestampsOf,
  withKey,
} from "./helpers/attested.ts";
import { connect, host, now, pair } from "./helpers/world.ts";

const hour = 3_600_000;

/** A server whose clock is moved by hand. */
class Stapling {
  later: number;
  readonly failures: unknown[] = [];
  readonly asked: StapleQuestion[] = [];
  readonly context: ServerContext;

  /** @param later how much later it is than `now` when it is made. */
  constructor(
    source: StapleSource | readonly (Uint8Array | undefined)[] | undefined,
    more: Partial<CertificateWithKey> = {},
    later = 0,
  ) {
    this.later = later;
    const one = (given: StapleSource) =>
      ocspStaple(
        typeof given === "function"
          ? (question) => {
              this.asked.push(question);
              return given(question);
            }
          : given,
      );
    const isOne = source instanceof Uint8Array || typeof source === "function";
    const staples = isOne ? one(source) : source?.map((each) => each && one(each));
    this.context = new ServerContext({
      provider: nodeProvider,
      random: seededRandom(40),
      clock: () => now + this.later,
      certificates: [
        withKey(plain, { ocspStaple: staples, ocspStapleFailed: (error) => this.failures.push(error), ...more }),
      ],
    });
  }

  /** What a client that asks is shown beside the leaf. */
  shown(): Uint8Array | undefined {
    const made = pair({
      client: { anchors: pki.anchors, clock: () => now + this.later },
      server: { contextFor: () => this.context },
    });
    const { info, error } = connect(made).atClient;
    expect(error).toBeUndefined();
    return info?.serverAttestations[0]?.ocspResponse;
  }
}

/** What tests count on: an answer in each call, one behind the other. */
const answering = (...answers: readonly (() => Uint8Array | undefined)[]): FetchStaple => {
  let asked = 0;
  return () => {
    asked += 1;
    return answers[asked - 1]?.();
  };
};

const unsuitable = (message: RegExp) =>
  expect.objectContaining({ kind: "caller", code: "unsuitable_staple", message: expect.stringMatching(message) });

describe("an OCSP response that a server is given", () => {
  it("is shown to clients that ask, as long as it is good", () => {
    const response = staple();
    const server = new Stapling(response);
    expect(server.shown()).toEqual(response);
    server.later = 24 * hour;
    expect(server.shown()).toEqual(response);
    server.later += 1;
    expect(server.shown()).toBeUndefined();
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["can't be read", Uint8Array.of(0x30, 0), /it can't be read/],
    ["is about another certificate", staple(promising), /about other certificates/],
    ["says that it was revoked", staple(plain, revoked), /was revoked/],
    ["is stale", staple(plain, { nextUpdate: hours(-0.5) }), /was to be replaced/],
    ["doesn't say until when it is good", staple(plain, { nextUpdate: undefined }), /when it will be replaced/],
    ["is by another authority", stapleOfIntermediate(), /about other certificates/],
    ["says that there is no answer", createOcspErrorResponse("tryLater").der, /tryLater/],
    ["is too long", new Uint8Array(maxStapleLength + 1), /up to 65531 bytes/],
  ])("is an error if it %s", (_, response, message) => {
    expect(() => new Stapling(response)).toThrow(unsuitable(message));
  });

  it("is checked later with a provider that answers later, and what is wrong is told", async () => {
    const failures: unknown[] = [];
    const tasks = new LateTasks();
    const contextWith = (response: Uint8Array) =>
      new ServerContext({
        provider: lateProvider(nodeProvider, tasks),
        random: seededRandom(41),
        clock: () => now,
        certificates: [
          withKey(plain, { ocspStaple: ocspStaple(response), ocspStapleFailed: (error) => failures.push(error) }),
        ],
      });
    const [good, bad] = [contextWith(staple()), contextWith(staple(promising))];
    const shown = ({ credentials }: ServerContext) => credentials[0]?.attestations[0]?.ocspResponse;
    expect(shown(good)).toBeUndefined();
    do await Promise.resolve();
    while (tasks.step() || failures.length === 0);
    expect(shown(good)).toBeDefined();
    expect(shown(bad)).toBeUndefined();
    expect(failures).toEqual([unsuitable(/about other certificates/)]);
  });

  it("is checked when a client asks, if there was no time yet when it was given: at the top of a Worker's module", () => {
    const response = staple();
    const server = new Stapling(response, {}, -now);
    server.later = 0;
    expect(server.shown()).toEqual(response);
    const wrong = new Stapling(staple(promising), {}, -now);
    wrong.later = 0;
    expect([wrong.shown(), wrong.shown()]).toEqual([undefined, undefined]);
    expect(wrong.failures).toEqual([unsuitable(/about other certificates/)]);
  });

  it("has to be checked by its issuer, whose certificate is in the chain or given", () => {
    const chain = [plain];
    const { issuer, ...alone } = { ...withKey(plain), chain, issuer: pki.intermediate.certificate };
    expect(() => new Stapling(staple(), alone)).toThrow(unsuitable(/of the issuer of .* is missing/));
    const { context } = new Stapling(staple(), { ...alone, issuer });
    expect(context.credentials[0]?.attestations[0]?.ocspResponse).toBeDefined();
    expect(() => new Stapling(staple(), { ...alone, issuer: plain })).toThrow(unsuitable(/is not known/));
  });

  it("may be one for each certificate of the chain", () => {
    const root = pki.root.certificate;
    const server = new Stapling([undefined, stapleOfIntermediate()], { issuer: root });
    expect(server.shown()).toBeUndefined();
    expect(server.context.credentials[0]?.attestations[1]?.ocspResponse).toBeDefined();
    expect(() => new Stapling([undefined, undefined, staple()])).toThrow(unsuitable(/3 OCSP responses for 2/));
  });
});

describe("a function that gets OCSP responses", () => {
  it("is told what to ask, and of whom", () => {
    const certificate = createCertificateSync({
      provider: nodeProvider,
      random: seededRandom(42),
      signer: pki.intermediate.key,
      issuer: pki.intermediate.certificate,
      publicKey: pki.certificate.key,
      dnsNames: [host],
      validity: { from: new Date(now - hour), days: 10 },
      extensions: [authorityInfoAccessExtension({ ocsp: ["http://ocsp.example/"] })],
    });
    const server = new Stapling(() => staple(certificate), { chain: [certificate, pki.intermediate.certificate] });
    expect(server.shown()).toBeDefined();
    const [question] = server.asked;
    expect(question).toMatchObject({
      certificate,
      issuer: pki.intermediate.certificate,
      urls: ["http://ocsp.example/"],
    });
    const [asked] = OcspRequest.fromDer(question?.request ?? new Uint8Array(0)).requests;
    expect(asked?.certId.serialNumber).toEqual(certificate.serialNumber);
  });

  it("is called when half of the response's time is over, and the old one is shown until there is another", () => {
    const [first, second] = [
      staple(plain, { thisUpdate: hours(0), nextUpdate: hours(10) }),
      staple(plain, { thisUpdate: hours(5), nextUpdate: hours(15) }),
    ];
    const server = new Stapling(
      answering(
        () => first,
        () => undefined,
        () => second,
      ),
    );
    expect(server.shown()).toEqual(first);
    server.later = 5 * hour - 1;
    expect(server.shown()).toEqual(first);
    expect(server.asked).toHaveLength(1);
    server.later += 1;
    expect(server.shown()).toEqual(first);
    expect(server.failures).toEqual([expect.objectContaining({ code: "no_staple" })]);
    server.later += stapleRetryInterval - 1;
    expect(server.shown()).toEqual(first);
    expect(server.asked).toHaveLength(2);
    server.later += 1;
    expect(server.shown()).toEqual(second);
  });

  it("is not waited for", async () => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const server = new Stapling(() => promise);
    expect(server.shown()).toBeUndefined();
    const response = staple();
    resolve(response);
    server.later = stapleRetryInterval;
    await server.context.renewStaples();
    expect(server.shown()).toEqual(response);
  });

  it("is called ahead of the first client by who asks the context to", async () => {
    const response = staple();
    const server = new Stapling(async () => response);
    await server.context.renewStaples();
    expect(server.shown()).toEqual(response);
    await server.context.renewStaples();
    expect(server.asked).toHaveLength(1);
  });

  it("isn't called for clients that don't ask, nor for a response of which nothing newer is known sooner than in a minute", () => {
    const old = staple(plain, { thisUpdate: hours(-10), nextUpdate: hours(1) });
    const server = new Stapling(() => old);
    for (let count = 0; count < 3; count += 1) expect(server.shown()).toEqual(old);
    expect(server.asked).toHaveLength(1);
  });

  // RFC 7633 §4.3.2#told
  it.each<[string, FetchStaple, unknown]>([
    [
      "throws",
      () => {
        throw new RangeError("no network");
      },
      expect.any(RangeError),
    ],
    ["gives nothing", () => undefined, expect.objectContaining({ code: "no_staple" })],
    ["gives what isn't good", () => staple(plain, revoked), unsuitable(/was revoked/)],
    ["gives what is no response", () => Uint8Array.of(1), unsuitable(/it can't be read/)],
  ])("that %s is told to the certificate's handler, and no client", (_, source, failure) => {
    const server = new Stapling(source);
    expect(server.shown()).toBeUndefined();
    expect(server.failures).toEqual([failure]);
  });

  it("may fail under a handler that throws: no client, and nobody who asked for it, is told", async () => {
    const ocspStapleFailed = (): never => {
      throw new RangeError("the log is full");
    };
    const [atOnce, late] = [() => undefined, async () => undefined].map(
      (source) => new Stapling(source, { ocspStapleFailed }),
    );
    expect(atOnce?.shown()).toBeUndefined();
    await expect(late?.context.renewStaples()).resolves.toBeUndefined();
  });

  it("and gives two late is taken at the one that is good for longer", async () => {
    const [long, short] = [staple(plain, { nextUpdate: hours(20) }), staple(plain, { nextUpdate: hours(2) })];
    const answers = [Promise.withResolvers<Uint8Array>(), Promise.withResolvers<Uint8Array>()];
    let asked = 0;
    const server = new Stapling(() => {
      asked += 1;
      return answers[asked - 1]?.promise;
    });
    const first = server.context.renewStaples();
    server.later = stapleRetryInterval;
    const second = server.context.renewStaples();
    answers[1]?.resolve(long);
    await second;
    answers[0]?.resolve(short);
    await first;
    expect(server.shown()).toEqual(long);
  });
});

describe("whoever is asked for an OCSP response in each handshake", () => {
  const junk = Uint8Array.of(1, 2, 3);
  const unchecked: Partial<ClientOptions> = { anchors: pki.anchors, revocation: notChecked, requestOcspResponse: true };

  /** A server that asks this one. */
  const asking = (ocspResponseFor: OcspResponseFor, more: Partial<CertificateWithKey> = {}) => ({
    certificates: [withKey(plain, more)],
    ocspResponseFor,
  });

  it.each([
    ["TLS 1.3", tls13],
    ["TLS 1.2", tls12],
  ])("is told the certificate and its issuer, and what it gives is shown as it is, in %s", (_, version) => {
    const asked: unknown[] = [];
    const server = asking((...about) => {
      asked.push(about);
      return junk;
    });
    const made = connect(
      pair({ client: { ...unchecked, versions: [version] }, server: { ...server, versions: [version] } }),
    );
    expect(asked).toEqual([[plain, pki.intermediate.certificate]]);
    expect(made.atClient.info?.serverAttestations[0]?.ocspResponse).toEqual(junk);
  });

  it("is waited for", async () => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const made = connect(pair({ client: { anchors: pki.anchors }, server: asking(() => promise) }));
    expect([made.client.info, made.server.info]).toEqual([undefined, undefined]);
    const response = staple();
    resolve(response);
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    made.network.run();
    expect(made.atClient.info?.serverAttestations[0]?.ocspResponse).toEqual(response);
  });

  it("isn't asked for a client that wants none", () => {
    const server = asking(() => {
      throw new RangeError("nobody asked");
    });
    const made = connect(pair({ client: { anchors: pki.anchors, revocation: notChecked }, server }));
    expect(made.atClient.info?.serverAttestations[0]?.ocspResponse).toBeUndefined();
  });

  it("may have none: then it is what the certificate has", () => {
    const response = staple();
    const made = connect(
      pair({ client: { anchors: pki.anchors }, server: asking(() => undefined, { ocspStaple: ocspStaple(response) }) }),
    );
    expect(made.atClient.info?.serverAttestations[0]?.ocspResponse).toEqual(response);
  });

  it("may refuse the client, and what it throws besides is the server's own failure", () => {
    const error = (ocspResponseFor: OcspResponseFor) =>
      connect(pair({ client: { anchors: pki.anchors }, server: asking(ocspResponseFor) })).atClient.error;
    const refused = error(() => {
      throw peerError("busy", Alert.accessDenied, "not now");
    });
    expect(refused).toMatchObject({ kind: "alert", alert: Alert.accessDenied });
    const failed = error(() => {
      throw new RangeError("no network");
    });
    expect(failed).toMatchObject({ kind: "alert", alert: Alert.internalError });
    expect(error(() => "response" as never)).toMatchObject({ kind: "alert", alert: Alert.internalError });
  });
});

describe("promises of logs that a server is given", () => {
  it("are shown beside the leaf to clients that ask", () => {
    const signedCertificateTimestamps = timestampsOf(plain);
    const { context } = new Stapling(undefined, { signedCertificateTimestamps });
    const [leaf, issuer] = context.credentials[0]?.attestations ?? [];
    expect(leaf?.signedCertificateTimestamps).toEqual(signedCertificateTimestamps.map(encodeSct));
    expect(issuer?.signedCertificateTimestamps).toBeUndefined();
  });
});
