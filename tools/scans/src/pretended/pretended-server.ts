import { randomBytes } from "node:crypto";
import type { ByteStream, Transport } from "@tlskit/scan";
import { concat } from "@tlskit/wire";
import { flawedAnswers } from "./flaws.ts";
import {
  alert,
  certificate,
  certificateRequest,
  certificateStatus,
  defaultDh,
  ecdhParameters,
  exportDh,
  handshakeRecord,
  message,
  record,
  shareLength,
  ssl2ServerHello,
  tls13ServerHello,
  vectors,
} from "./flight.ts";
import { OctetQueue, StreamOver } from "./octet-queue.ts";
import type { Pretence, PretendedTls13 } from "./pretence.ts";
import { codesIn, type ReceivedHello, type ReceivedSsl2Hello, receiveHello, sharesIn } from "./received-hello.ts";
import type { PretendedSuite } from "./suites.ts";

const Alert = {
  handshakeFailure: 40,
  protocolVersion: 70,
  inappropriateFallback: 86,
  unrecognizedName: 112,
  noApplicationProtocol: 120,
  unexpectedMessage: 10,
} as const;
const fallbackSignal = 0x5600;
const renegotiationSignal = 0x00ff;
const Extension = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  supportedVersions: 43,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/**
 * The first flight of a server, of TLS 1.3 its ServerHello, of which nothing is true: it negotiates as it is told, shows certificates
 * whose keys it hasn't, and signs nothing. That is all that a scan's hellos see of a server, so that it may pretend what no
 * library has any more. A client that goes on is refused.
 */
export class PretendedServer {
  readonly #pretence: Pretence;
  readonly #shares = new Map<string, Uint8Array>();

  constructor(pretence: Pretence) {
    this.#pretence = pretence;
  }

  /** Reaches it, in memory, whatever host and port are asked for. */
  readonly transport: Transport = {
    connect: (_to, signal) => {
      const toServer = new TransformStream<Uint8Array, Uint8Array>();
      const toClient = new TransformStream<Uint8Array, Uint8Array>();
      void this.serve({ readable: toServer.readable, writable: toClient.writable });
      // It may have ended before.
      signal.addEventListener("abort", () => void toServer.writable.abort(signal.reason).catch(() => undefined));
      return Promise.resolve({ readable: toClient.readable, writable: toServer.writable });
    },
  };

  /** One connection. */
  async serve({ readable, writable }: ByteStream): Promise<void> {
    const queue = new OctetQueue(readable);
    const writer = writable.getWriter();
    try {
      for (;;) {
        const answer = this.#answer(await receiveHello(queue));
        if (answer === "silence") await queue.take(Number.POSITIVE_INFINITY);
        if (typeof answer === "string") break;
        await writer.write(answer.octets);
        if (answer.then === "another hello") continue;
        if (answer.then === "more") await this.#goOn(queue, writer);
        break;
      }
      await writer.close();
    } catch (error) {
      if (!(error instanceof StreamOver)) await writer.abort(error).catch(() => undefined);
      else await writer.close().catch(() => undefined);
    }
  }

  /** What it says to a client that goes on: nothing but what its flaws have it say, and then that it can't. */
  async #goOn(queue: OctetQueue, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
    const answerTo = flawedAnswers(this.#pretence.flaws ?? {});
    for (;;) {
      const header = await queue.take(5);
      const answer = answerTo(header[0] ?? 0, await queue.take(((header[3] ?? 0) << 8) | (header[4] ?? 0)));
      if (answer === "nothing") continue;
      await writer.write(answer ?? alert(0x0303, Alert.unexpectedMessage));
      return;
    }
  }

  #ssl2Answer({ cipherKinds }: ReceivedSsl2Hello): Answered | "close" {
    const kinds = this.#pretence.ssl2?.filter((kind) => cipherKinds.includes(kind)) ?? [];
    const [leaf = new Uint8Array()] = this.#pretence.chain;
    return kinds.length === 0 ? "close" : { octets: ssl2ServerHello(leaf, kinds), then: "more" };
  }

  #answer(hello: ReceivedHello | ReceivedSsl2Hello | undefined): Answered | "close" | "silence" {
    if (hello === undefined) return "close";
    if ("cipherKinds" in hello) return this.#ssl2Answer(hello);
    const intolerance = this.#pretence.intolerant?.(hello);
    if (typeof intolerance === "string") return intolerance;
    if (intolerance === undefined && this.#pretence.tls13 !== undefined && offersTls13(hello)) {
      return this.#tls13Answer(hello, this.#pretence.tls13);
    }
    const version = Math.max(...this.#pretence.versions.filter((known) => known <= hello.version));
    const failure = intolerance ?? this.#refusal(hello, version);
    const suite = this.#choose(hello, version);
    if (failure === undefined && suite !== undefined) {
      return { octets: this.#flight(hello, version, suite), then: "more" };
    }
    const sent = Number.isFinite(version) ? version : 0x0300;
    return { octets: alert(sent, failure ?? Alert.handshakeFailure), then: "end" };
  }

  /** RFC 9846 §4.2.3, §4.2.4 */
  #tls13Answer(hello: ReceivedHello, { cipherSuites, groups, retriesForPreferred }: PretendedTls13): Answered {
    const suite = cipherSuites.find((code) => hello.cipherSuites.includes(code));
    const offered = codesIn(hello.extensions.get(Extension.supportedGroups));
    const shares = sharesIn(hello.extensions.get(Extension.keyShare));
    const usable = groups.filter(({ code }) => offered.includes(code));
    const withShare = usable.find(({ code }) => shares.includes(code));
    const chosen = retriesForPreferred === true ? usable[0] : (withShare ?? usable[0]);
    if (suite === undefined || chosen === undefined) {
      return { octets: alert(0x0303, Alert.handshakeFailure), then: "end" };
    }
    const { code, shareLength: length } = chosen;
    if (!shares.includes(code)) {
      const retry = tls13ServerHello(hello.sessionId, suite, code, undefined);
      return { octets: handshakeRecord(0x0303, retry), then: "another hello" };
    }
    const answer = tls13ServerHello(hello.sessionId, suite, code, this.#share(`group ${code}`, length));
    const undecipherable = record(23, 0x0303, randomBytes(400));
    return { octets: concat(handshakeRecord(0x0303, answer), undecipherable), then: "more" };
  }

  #refusal(hello: ReceivedHello, version: number): number | undefined {
    if (!Number.isFinite(version)) return Alert.protocolVersion;
    const { versions, tls13, fallbackScsv, chainWithoutName } = this.#pretence;
    const isFallback =
      hello.cipherSuites.includes(fallbackSignal) && (tls13 !== undefined || version < Math.max(...versions));
    // RFC 6066 §3 has no alert for it; servers send this one.
    if (chainWithoutName === "refused" && !hello.extensions.has(Extension.serverName)) return Alert.unrecognizedName;
    if (isFallback && fallbackScsv === true) return Alert.inappropriateFallback;
    const offered = hello.extensions.get(Extension.alpn);
    const isStranger = offered !== undefined && this.#protocol(offered) === undefined;
    // RFC 7301 §3.2
    return this.#pretence.alpn !== undefined && isStranger ? Alert.noApplicationProtocol : undefined;
  }

  #choose(hello: ReceivedHello, version: number): PretendedSuite | undefined {
    const { cipherSuites, order = "server" } = this.#pretence;
    const usable = cipherSuites.filter(
      (suite) =>
        hello.cipherSuites.includes(suite.code) &&
        // RFC 8422 §4: without a group in common there is no such suite
        (!suite.exchange.startsWith("ECDH") || suite.exchange === "ECDH" || this.#group(hello) !== undefined) &&
        // RFC 5246 §1.2: GCM is TLS 1.2's
        (version === 0x0303 || suite.aead !== true),
    );
    if (order === "server") return usable[0];
    return usable.toSorted((a, b) => hello.cipherSuites.indexOf(a.code) - hello.cipherSuites.indexOf(b.code))[0];
  }

  #group(hello: ReceivedHello): number | undefined {
    const { groups = [23, 29] } = this.#pretence;
    const extension = hello.extensions.get(Extension.supportedGroups);
    return extension === undefined ? groups[0] : groups.find((group) => codesIn(extension).includes(group));
  }

  #flight(hello: ReceivedHello, version: number, suite: PretendedSuite): Uint8Array {
    const { staple, asksForCertificates } = this.#pretence;
    const isAnonymous = suite.exchange.endsWith("_anon");
    const messages = [this.#serverHello(hello, version, suite)];
    if (!isAnonymous) messages.push(certificate(this.#chainFor(hello)));
    if (!isAnonymous && staple !== undefined && hello.extensions.has(Extension.statusRequest)) {
      messages.push(certificateStatus(staple));
    }
    const exchange = this.#serverKeyExchange(hello, version, suite);
    if (exchange !== undefined) messages.push(exchange);
    if (!isAnonymous && asksForCertificates !== undefined)
      messages.push(certificateRequest(version, asksForCertificates));
    messages.push(message(14, () => undefined));
    return handshakeRecord(version, concat(...messages));
  }

  #chainFor(hello: ReceivedHello): readonly Uint8Array[] {
    const { chain, chainWithoutName = chain } = this.#pretence;
    return hello.extensions.has(Extension.serverName) || chainWithoutName === "refused" ? chain : chainWithoutName;
  }

  #serverHello(hello: ReceivedHello, version: number, suite: PretendedSuite): Uint8Array {
    const { compressionMethods = [] } = this.#pretence;
    const extensions = this.#extensions(hello, suite);
    return message(2, (writer) => {
      writer.u16(version);
      writer.bytes(randomBytes(32));
      writer.vector(1, (id) => {
        const { ticketbleed } = this.#pretence.flaws ?? {};
        id.bytes(
          ticketbleed === true ? concat(hello.sessionId, randomBytes(32 - hello.sessionId.length)) : randomBytes(32),
        );
      });
      writer.u16(suite.code);
      writer.u8(compressionMethods.find((method) => hello.compressionMethods.includes(method)) ?? 0);
      if (extensions.length === 0) return;
      writer.vector(2, (list) => {
        for (const [code, data] of extensions) {
          list.u16(code);
          list.vector(2, (body) => body.bytes(data));
        }
      });
    });
  }

  #extensions(hello: ReceivedHello, suite: PretendedSuite): readonly (readonly [number, Uint8Array])[] {
    const pretence = this.#pretence;
    const answers: (readonly [number, Uint8Array])[] = [];
    const signals =
      hello.cipherSuites.includes(renegotiationSignal) || hello.extensions.has(Extension.renegotiationInfo);
    if (pretence.secureRenegotiation === true && signals) answers.push([Extension.renegotiationInfo, Uint8Array.of(0)]);
    if (pretence.encryptThenMac === true && suite.cbc === true && hello.extensions.has(Extension.encryptThenMac)) {
      answers.push([Extension.encryptThenMac, new Uint8Array()]);
    }
    if (pretence.staple !== undefined && hello.extensions.has(Extension.statusRequest)) {
      answers.push([Extension.statusRequest, new Uint8Array()]);
    }
    const protocol = this.#protocol(hello.extensions.get(Extension.alpn));
    if (protocol !== undefined) answers.push([Extension.alpn, protocol]);
    for (const [code, data] of Object.entries(pretence.extensions ?? {})) {
      if (hello.extensions.has(Number(code))) answers.push([Number(code), data]);
    }
    return answers;
  }

  /** The answer to ALPN (RFC 7301 §3.1): a list of one. */
  #protocol(offered: Uint8Array | undefined): Uint8Array | undefined {
    const { alpn } = this.#pretence;
    if (offered === undefined || alpn === undefined) return undefined;
    const names: string[] = [];
    for (let at = 2; at < offered.length; at += 1 + (offered[at] ?? 0)) {
      names.push(Buffer.from(offered.subarray(at + 1, at + 1 + (offered[at] ?? 0))).toString("latin1"));
    }
    const chosen = alpn === "anything" ? names[0] : alpn.find((known) => names.includes(known));
    if (chosen === undefined) return undefined;
    const name = Buffer.from(chosen, "latin1");
    return concat(Uint8Array.of(0, name.length + 1, name.length), name);
  }

  #serverKeyExchange(hello: ReceivedHello, version: number, { exchange }: PretendedSuite): Uint8Array | undefined {
    const params = this.#parameters(hello, exchange);
    if (params === undefined) return undefined;
    return message(12, (writer) => {
      writer.bytes(params);
      if (exchange.endsWith("_anon")) return;
      if (version === 0x0303) {
        const offered = codesIn(hello.extensions.get(Extension.signatureAlgorithms));
        const { signatureSchemes = [0x0401] } = this.#pretence;
        writer.u16(signatureSchemes.find((scheme) => offered.includes(scheme)) ?? signatureSchemes[0] ?? 0);
      }
      writer.vector(2, (signature) => signature.bytes(randomBytes(256)));
    });
  }

  #parameters(hello: ReceivedHello, exchange: PretendedSuite["exchange"]): Uint8Array | undefined {
    switch (exchange) {
      case "ECDHE":
      case "ECDH_anon": {
        const group = this.#group(hello) ?? 23;
        return ecdhParameters(group, this.#share(`group ${group}`, shareLength(group)));
      }
      case "DHE":
      case "DHE_EXPORT":
      case "DH_anon": {
        const dh = exchange === "DHE_EXPORT" ? exportDh : (this.#pretence.dh ?? defaultDh);
        return vectors(dh.prime, dh.generator, this.#share("DH", dh.prime.length));
      }
      case "RSA_EXPORT":
        // RFC 2246 §F.1.1.2: an RSA key of 512 bits, for a day
        return vectors(this.#share("RSA", 64), Uint8Array.of(1, 0, 1));
      default:
        return undefined;
    }
  }

  /** A public value that looks like one. */
  #share(name: string, length: number): Uint8Array {
    const known = this.#shares.get(name);
    if (known !== undefined && this.#pretence.reusesShares === true) return known;
    const share = randomBytes(length);
    share[0] = 0x04; // of a curve: uncompressed; of a finite field: less than the prime
    this.#shares.set(name, share);
    return share;
  }
}

function offersTls13({ extensions }: ReceivedHello): boolean {
  const [, ...octets] = extensions.get(Extension.supportedVersions) ?? [];
  return octets.some((octet, at) => at % 2 === 0 && octet === 0x03 && octets[at + 1] === 0x04);
}

interface Answered {
  readonly octets: Uint8Array;
  /** What it waits for behind it: with what a handshake would go on it can't do anything. */
  readonly then: "another hello" | "more" | "end";
}
