import {
  availableCipherSuites,
  availableNamedGroups,
  availableSignatureSchemes,
  defaultCipherSuites,
  defaultNamedGroups,
  defaultSignatureSchemes,
} from "@tlskit/ciphersuites";
import { Driver, runSync, type Steps } from "@tlskit/crypto";
import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  clientHandshake,
  clientSettings,
  type Established,
  type HandshakeIo,
  received,
  serverHandshake,
  serverSettings,
} from "@tlskit/handshake";
import { encodeMessage, MessageAssembler, type MessageType } from "@tlskit/messages";
import { ContentType, RecordReader, RecordWriter, tls13Opening, tls13Sealing } from "@tlskit/record";
import { seededRandom } from "@tlskit/testing";
import {
  Alert,
  CertificateCredential,
  peerError,
  recordKeys,
  type ServerTrust,
  selectCredential,
  serverVerifier,
  VerifiedChain,
} from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { host, now, sharedPki } from "./helpers/world.ts";

/** A host that is no connection of ours: records, and nothing more. */
class RecordHost implements HandshakeIo {
  readonly reader = new RecordReader();
  readonly writer = new RecordWriter();
  other: RecordHost | undefined;
  readonly #assembler = new MessageAssembler();
  #waiting: (() => void) | undefined;

  constructor() {
    this.reader.changeCipherSpec = "drop";
  }

  *receive<const Types extends readonly MessageType<unknown>[]>(...accept: Types) {
    for (;;) {
      const found = this.#assembler.next(accept);
      if (found !== undefined) return received(found.type, found.bytes);
      const record = yield* this.reader.next();
      if (record !== undefined) this.#assembler.push(record.content);
      else
        yield {
          then: (done: (value: undefined) => void) => {
            this.#waiting = () => done(undefined);
          },
        };
    }
  }

  send<Message>(type: MessageType<Message>, message: Message): Uint8Array {
    const bytes = encodeMessage(type, message);
    this.write(ContentType.handshake, bytes);
    return bytes;
  }

  write(type: ContentType, content: Uint8Array): void {
    this.other?.reader.push(runSync(this.writer.record(type, content)));
  }

  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.();
  }

  changeCipherSpec(): void {
    this.write(ContentType.changeCipherSpec, Uint8Array.of(1));
  }

  readonly installRead: HandshakeIo["installRead"] = (_epoch, cipherSuite, secret) =>
    this.reader.protect(tls13Opening(recordKeys(provider, { cipherSuite, secret }), true));
  readonly installWrite: HandshakeIo["installWrite"] = (_epoch, cipherSuite, secret) =>
    this.writer.protect(tls13Sealing(recordKeys(provider, { cipherSuite, secret })));

  endOfFlight(): void {}
  skipEarlyData(): void {}
}

const random = seededRandom(1);
const common = {
  provider,
  random,
  clock: () => now,
  cipherSuites: availableCipherSuites(provider, defaultCipherSuites),
  namedGroups: availableNamedGroups(provider, defaultNamedGroups),
  signatureSchemes: availableSignatureSchemes(provider, defaultSignatureSchemes),
  alpnProtocols: [],
  keyLog: undefined,
};
const trust: ServerTrust = { provider, clock: () => now, anchors: sharedPki().anchors };
const credentials = sharedPki().certificates.map(
  (certificate) => new CertificateCredential(serverSettings(common), certificate),
);

/** Both sides, until neither can go on. */
function shake(verifyPeer = serverVerifier(trust, host)) {
  const [client, server] = [new RecordHost(), new RecordHost()];
  client.other = server;
  server.other = client;
  const outcome: { client?: Established<VerifiedChain>; error?: unknown } = {};
  const start = <T>(steps: Steps<T>, done: (value: T) => void): void =>
    new Driver(steps, {
      done,
      failed: (error) => {
        outcome.error ??= error;
      },
    }).start();
  start(
    clientHandshake(client, {
      ...clientSettings({ ...common, middleboxCompatibility: false }),
      serverName: host,
      verifyPeer,
    }),
    (established) => {
      outcome.client = established;
    },
  );
  start(
    serverHandshake(server, {
      ...serverSettings(common),
      selectCredential: (request) => selectCredential(credentials, request),
    }),
    () => {},
  );
  for (let rounds = 0; rounds < 10; rounds += 1) for (const end of [client, server]) end.wake();
  return { clientHost: client, serverHost: server, ...outcome };
}

describe("another host of the handshake than a connection", () => {
  it("verifies the server, chooses the credential, and protects records as a connection does", () => {
    const made = shake();
    expect(made.error).toBeUndefined();
    expect(made.client?.negotiated.serverCertificates).toEqual(credentials[0]?.certificates);
    expect(made.client?.peer).toBeInstanceOf(VerifiedChain);
    made.clientHost.write(ContentType.applicationData, Uint8Array.of(1, 2, 3));
    expect(runSync(made.serverHost.reader.next())?.content).toEqual(Uint8Array.of(1, 2, 3));
    made.serverHost.write(ContentType.applicationData, Uint8Array.of(4));
    expect(runSync(made.clientHost.reader.next())?.content).toEqual(Uint8Array.of(4));
  });
});

describe("the verifier", () => {
  it("refuses a server that is for another host, with the alert for it", () => {
    expect(shake(serverVerifier(trust, "other.example")).error).toMatchObject({
      code: "certificate_name_mismatch",
      alert: Alert.badCertificate,
    });
  });

  it("asks the caller about a server that was verified", () => {
    const refusal = peerError("not_ours", Alert.certificateUnknown, "it is not one of ours");
    const chains: VerifiedChain[] = [];
    const { error } = shake(
      serverVerifier(trust, host, (chain) => {
        chains.push(chain);
        throw refusal;
      }),
    );
    expect(error).toBe(refusal);
    expect(chains).toHaveLength(1);
  });

  it("is not made without a host, which would verify nobody in particular", () => {
    for (const nobody of ["", "no host"]) {
      expect(() => serverVerifier(trust, nobody)).toThrow(
        expect.objectContaining({ kind: "caller", code: "invalid_host" }),
      );
    }
  });
});
