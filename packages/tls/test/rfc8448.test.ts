import { createECDH } from "node:crypto";
import { aeadOf, hashOf, keyExchangeOf, runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { EarlyStage, expandLabel, PresharedKey, type TrafficSecret, Transcript } from "@tlskit/keyschedule";
import {
  ClientHello,
  decodeMessage,
  encodeMessage,
  explainMessage,
  extensionIn,
  HelloRetryRequest,
  messageTypes,
  offeredPsks,
  ServerHello,
  truncateBeforeBinders,
  typeOfMessage,
} from "@tlskit/messages";
import {
  ContentType,
  type RecordKeys,
  RecordReader,
  RecordWriter,
  recordHeaderLength,
  tls13Opening,
  tls13Sealing,
  unprotectedSealing,
} from "@tlskit/record";
import { describeVectors } from "@tlskit/vectors";
import { leavesOf, toHex } from "@tlskit/wire";
import { describe, expect, test } from "vitest";

/** A step of a trace; its values are hexadecimal digits, and absent where the RFC says "same as". */
interface Step {
  readonly actor: "client" | "server";
  readonly kind: string;
  readonly messageType?: string;
  readonly message?: string;
  readonly label?: string;
  readonly prk?: string;
  readonly hash?: string;
  readonly expanded?: string;
  readonly finished?: string;
  readonly secretName?: string;
  readonly ikm?: string;
  readonly secret?: string;
  readonly direction?: "read" | "write";
  readonly epoch?: string;
  readonly keyExpanded?: string;
  readonly ivExpanded?: string;
  readonly contentType?: string;
  readonly payload?: string;
  readonly completeRecord?: string;
  readonly group?: "x25519" | "secp256r1";
  readonly privateKey?: string;
  readonly publicKey?: string;
}

interface Trace {
  readonly section: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

const files = [
  "section-3-simple-1rtt",
  "section-4-resumed-0rtt",
  "section-5-hello-retry-request",
  "section-6-client-authentication",
  "section-7-compatibility-mode",
];

const sha256 = hashOf(nobleProvider, "SHA-256");
const hex = (digits: string | undefined): Uint8Array => Uint8Array.from(Buffer.from(digits ?? "", "hex"));

describe.each(files)("RFC 8448, %s", (file) => {
  describeVectors<Trace>("its messages", `rfc8448/${file}.json`, ({ section, steps }) => {
    // A flight is one record; section 4's ClientHello is whole only in its record, since its message ends before the binders.
    const all = messagesOf({ section, steps });

    test("there are some", () => expect(all.length).toBeGreaterThan(5));

    test.each(all)(
      "$messageType decodes, is explained, and encodes back to the same bytes",
      ({ bytes, messageType }) => {
        const type = typeOfMessage(messageTypes, bytes);
        if (type === undefined) throw new TypeError(`no type for ${messageType}`);
        expect(type === HelloRetryRequest ? "ServerHello" : type.name).toBe(messageType);
        expect(toHex(encodeMessage(type, decodeMessage(type, bytes)))).toBe(toHex(bytes));
        const leaves = leavesOf(explainMessage(type, bytes));
        expect(leaves.map(({ name }) => name)).not.toContain("undecoded");
        expect(leaves.map(({ start }) => start)).toEqual([0, ...leaves.slice(0, -1).map(({ end }) => end)]);
        expect(leaves.at(-1)?.end).toBe(bytes.length);
      },
    );
  });

  describeVectors<Trace>("its derivations", `rfc8448/${file}.json`, ({ steps }) => {
    const derivations = steps.filter(({ label, expanded }) => label !== undefined && expanded !== undefined);

    test.each(derivations)("$actor: $label", ({ prk, label = "", hash, expanded = "" }) => {
      const derived = expandLabel(sha256, hex(prk), label.replace("tls13 ", ""), hex(hash), expanded.length / 2);
      expect(toHex(derived)).toBe(expanded);
    });
  });

  describeVectors<Trace>("its records", `rfc8448/${file}.json`, ({ steps }) => {
    test("are sealed to the same bytes from the trace's keys, and opened", () => {
      const count = replayRecords(steps, ({ keyExpanded, ivExpanded }) => ({
        key: hex(keyExpanded),
        iv: hex(ivExpanded),
      }));
      expect(count).toBe(steps.filter(({ kind, completeRecord }) => kind === "record" && completeRecord).length);
    });
  });
});

/** A trace's messages. A flight is one record; section 4's ClientHello is whole only in its record, since its message ends before the binders. */
function messagesOf({ section, steps }: Pick<Trace, "section" | "steps">) {
  const resumed = section === "4";
  const messages = steps
    .filter(({ kind, message }) => kind === "message" && message !== undefined)
    .filter(({ messageType }) => !(resumed && messageType === "ClientHello"))
    .map(({ messageType = "", message }) => ({ messageType, bytes: hex(message) }));
  const [first] = steps.filter(({ kind }) => kind === "record");
  return resumed ? [{ messageType: "ClientHello", bytes: hex(first?.payload) }, ...messages] : messages;
}

describe.each(files)("RFC 8448, %s, from its private keys", (file) => {
  describeVectors<Trace>("all that follows", `rfc8448/${file}.json`, ({ section, steps }) => {
    const messages = [...messagesOf({ section, steps })];
    const transcript = new Transcript();
    /** Adds messages up to and with the one of this type. */
    const advance = (isLast: (bytes: Uint8Array) => boolean): Uint8Array => {
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        transcript.add(next.bytes);
        if (isLast(next.bytes)) return next.bytes;
      }
      throw new RangeError("the trace has no such message");
    };
    const finished = (bytes: Uint8Array): boolean => bytes[0] === 20;
    transcript.useHash(sha256);
    const resumed = section === "4";
    const early = resumed
      ? EarlyStage.withPsk(
          PresharedKey.ofTicket(sha256, hex(steps.find(({ secretName }) => secretName === "early")?.ikm)),
        )
      : undefined;
    if (file.includes("retry")) {
      advance((bytes) => bytes[0] === 1);
      transcript.replaceClientHello1();
    }
    const binder = early?.binder(transcript.before(sha256, truncatedHello(messages[0]?.bytes)));
    if (resumed) advance((bytes) => bytes[0] === 1);
    const clientEarly = early?.clientEarly(transcript.current());
    const earlyExporter = early?.exporter(transcript.current());
    advance((bytes) => typeOfMessage([ServerHello], bytes) !== undefined);
    const handshake = (early ?? EarlyStage.withoutPsk(sha256)).withSharedSecret(
      sharedSecret(steps),
      transcript.current(),
    );

    // The transcript up to, but without, the server's Finished, which is made with it.
    const beforeServerFinished = (): Uint8Array => {
      advance((bytes) => bytes[0] === (resumed ? 8 : 15)); // EncryptedExtensions or CertificateVerify
      return transcript.current();
    };
    const serverVerifyData = handshake.server.verifyData(beforeServerFinished());
    const serverFinished = advance(finished);
    const main = handshake.atServerFinished(transcript.current());
    if (resumed) advance((bytes) => bytes[0] === 5); // EndOfEarlyData
    if (section === "6") advance((bytes) => bytes[0] === 15); // the client's CertificateVerify
    const clientVerifyData = handshake.client.verifyData(transcript.current());
    const clientFinished = advance(finished);
    const resumption = main.atClientFinished(transcript.current());
    const secrets: readonly TrafficSecret[] = [
      ...(clientEarly === undefined ? [] : [clientEarly]),
      handshake.client,
      handshake.server,
      main.client,
      main.server,
    ];

    const derived = (label: string): string | undefined =>
      steps.find((step) => step.label === `tls13 ${label}` && step.expanded !== undefined)?.expanded;

    test("the shared secret", () => {
      const extracted = steps.find(({ secretName, ikm }) => secretName === "handshake" && ikm !== undefined);
      expect(toHex(sharedSecret(steps))).toBe(extracted?.ikm);
    });

    test("the binder, and what comes before the handshake, if there is a pre-shared key", () => {
      const expected = steps.find(({ kind, finished }) => kind === "pskBinder" && finished !== undefined);
      expect(binder && toHex(binder)).toBe(expected?.finished);
      expect(clientEarly && toHex(clientEarly.dangerouslyExpose())).toBe(derived("c e traffic"));
      expect(earlyExporter && toHex(earlyExporter.dangerouslyExpose())).toBe(derived("e exp master"));
      expect(expected !== undefined).toBe(resumed);
    });

    test("every secret", () => {
      expect(toHex(handshake.client.dangerouslyExpose())).toBe(derived("c hs traffic"));
      expect(toHex(handshake.server.dangerouslyExpose())).toBe(derived("s hs traffic"));
      expect(toHex(main.client.dangerouslyExpose())).toBe(derived("c ap traffic"));
      expect(toHex(main.server.dangerouslyExpose())).toBe(derived("s ap traffic"));
      expect(toHex(main.exporter.dangerouslyExpose())).toBe(derived("exp master"));
      const ticket = steps.find(({ kind, expanded }) => kind === "resumption" && expanded !== undefined);
      if (ticket !== undefined) expect(toHex(resumption.presharedKey(hex(ticket.hash)))).toBe(ticket.expanded);
      else expect(derived("resumption")).toBeUndefined();
    });

    test("both Finished messages", () => {
      expect(toHex(serverVerifyData)).toBe(toHex(serverFinished.subarray(4)));
      expect(toHex(clientVerifyData)).toBe(toHex(clientFinished.subarray(4)));
    });

    const keysOf = ({ prk }: Step) => {
      const secret = secrets.find((each) => toHex(each.dangerouslyExpose()) === prk);
      if (secret === undefined) throw new RangeError("keys of a secret that is none of ours");
      return secret.keys(16, 12);
    };

    test("every key and IV", () => {
      const expected = steps.filter(({ kind, keyExpanded }) => kind === "trafficKeys" && keyExpanded !== undefined);
      expect(expected.length).toBeGreaterThanOrEqual(4);
      for (const step of expected) {
        const { key, iv } = keysOf(step);
        expect([toHex(key), toHex(iv)]).toEqual([step.keyExpanded, step.ivExpanded]);
      }
    });

    test("every record, both ways", () => {
      const count = replayRecords(steps, keysOf);
      expect(count).toBe(steps.filter(({ kind, completeRecord }) => kind === "record" && completeRecord).length);
    });
  });
});

function truncatedHello(hello: Uint8Array = new Uint8Array(0)): Uint8Array {
  if (hello[0] !== 1) return hello;
  const psks = extensionIn(decodeMessage(ClientHello, hello), offeredPsks);
  return psks === undefined ? hello : truncateBeforeBinders(hello, psks);
}

/** From the private key of one side and the public key of the other, which are the last that the trace makes. */
function sharedSecret(steps: readonly Step[]): Uint8Array {
  const [ours, theirs] = steps.filter(({ kind }) => kind === "keyPair").slice(-2);
  if (ours?.group === "secp256r1") {
    // The providers make a P-256 key out of randomness in ways of their own, so this one is computed beside them.
    const pair = createECDH("prime256v1");
    pair.setPrivateKey(hex(ours.privateKey));
    return new Uint8Array(pair.computeSecret(hex(theirs?.publicKey)));
  }
  const offer = keyExchangeOf(nobleProvider, "X25519").offer(() => hex(ours?.privateKey));
  if ("then" in offer) throw new TypeError("noble answers at once");
  expect(toHex(offer.share)).toBe(ours?.publicKey);
  const secret = offer.finish(hex(theirs?.publicKey));
  if (!(secret instanceof Uint8Array)) throw new TypeError("noble answers at once");
  return secret;
}

const contentTypes: Readonly<Record<string, ContentType>> = {
  handshake: ContentType.handshake,
  alert: ContentType.alert,
  application_data: ContentType.applicationData,
  change_cipher_spec: ContentType.changeCipherSpec,
};

/** Seals and opens every record of a trace with the keys that its steps put into use; gives how many there were. */
function replayRecords(
  steps: readonly Step[],
  keysOf: (step: Step) => { readonly key: Uint8Array; readonly iv: Uint8Array },
): number {
  const ends = { client: new End(), server: new End() };
  ends.client.writer.protect(unprotectedSealing(0x0301)); // of the first ClientHello alone
  let count = 0;
  for (const step of steps) {
    const end = ends[step.actor];
    const { writer, reader } = end;
    if (step.kind === "trafficKeys" && step.direction === "write") {
      const printed = step.keyExpanded === undefined ? sameKeys(steps, step) : step;
      const keys: RecordKeys = { ...keysOf(printed), aead: aeadOf(nobleProvider, "AES-128-GCM"), recordLimit: 1000 };
      writer.protect(tls13Sealing(keys));
      reader.protect(tls13Opening(keys, true));
      end.hasKeys = true;
    }
    if (step.kind !== "record" || step.completeRecord === undefined) continue;
    const type = contentTypes[step.contentType ?? ""];
    if (type === undefined) throw new RangeError(`a record of type ${step.contentType}`);
    const whole = step.completeRecord;
    if (type !== ContentType.changeCipherSpec) {
      expect(toHex(runSync(writer.record(type, hex(step.payload))))).toBe(whole);
      reader.push(hex(whole));
      expect(runSync(reader.next())).toEqual({ type, content: hex(step.payload) });
    } else {
      expect(toHex(runSync(writer.record(type, hex(whole).subarray(recordHeaderLength))))).toBe(whole);
    }
    if (!end.hasKeys) writer.protect(unprotectedSealing(0x0303));
    count += 1;
  }
  return count;
}

class End {
  readonly writer: RecordWriter = new RecordWriter();
  readonly reader: RecordReader = new RecordReader();
  hasKeys = false;
}

/** Where the RFC prints the keys that a step says are the same as the other side's. */
function sameKeys(steps: readonly Step[], { actor, epoch }: Step): Step {
  const printed = steps.find(
    (step) =>
      step.kind === "trafficKeys" &&
      step.keyExpanded !== undefined &&
      step.epoch === epoch &&
      step.actor !== actor &&
      step.direction === "read",
  );
  if (printed === undefined) throw new RangeError("keys that are printed nowhere");
  return printed;
}
