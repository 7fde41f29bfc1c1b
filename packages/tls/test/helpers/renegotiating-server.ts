import { Driver, runSync, type Steps, type Waitable } from "@tlskit/crypto";
import { type EarlierKeys, type Established, type HandshakeIo, type Received, received } from "@tlskit/handshake";
import {
  type ClientHello,
  ClientHello as ClientHelloType,
  encodeMessage,
  extension,
  Finished as FinishedType,
  HelloRequest,
  MessageAssembler,
  type MessageType,
  renegotiationInfo,
  type ServerHello,
  ServerHello as ServerHelloType,
} from "@tlskit/messages";
import { ContentType, decodeAlert, RecordReader, RecordWriter } from "@tlskit/record";
import type { Endpoint, LinkEnd } from "@tlskit/testing";
import type { ServerContext, TlsVersion } from "@tlskit/tls";
import { concat } from "@tlskit/wire";
import { clientVerifier } from "../../src/client-verifier.ts";
import { ServerRole, settingsByContext } from "../../src/server.ts";

/** What a server does otherwise than it should, or besides. */
export interface Deviations {
  /** What of the first ServerHello is otherwise. */
  readonly firstServerHello?: (hello: ServerHello) => Partial<ServerHello>;
  /** What of a ServerHello is otherwise, in a handshake behind the first. */
  readonly serverHello?: (hello: ServerHello) => Partial<ServerHello>;
  /** What renegotiation_info says there, of the last handshake's verify_data. */
  readonly info?: (clientVerifyData: Uint8Array, serverVerifyData: Uint8Array) => Uint8Array | undefined;
  /** The context of handshakes behind the first. */
  readonly laterContext?: ServerContext;
  /** Called in front of each message and change_cipher_spec that is sent in a handshake behind the first. */
  readonly before?: (name: string, server: RenegotiatingServer) => void;
}

/**
 * A server of TLS 1.2 that asks for other handshakes, which ours doesn't: its generator, several times in one connection,
 * with renegotiation_info put in. It has each message in a record of its own, and it answers at once.
 */
export class RenegotiatingServer implements Endpoint {
  readonly deadline = undefined;
  readonly data: Uint8Array[] = [];
  /** What the client sent, in order: names of messages, `change_cipher_spec`, `data`, and alerts' numbers. */
  readonly log: (string | number)[] = [];
  /** ClientHellos as they came. */
  readonly hellos: ClientHello[] = [];
  readonly rounds: Established<unknown>[] = [];
  error: unknown;
  readonly #end: LinkEnd;
  readonly #context: ServerContext;
  readonly #deviations: Deviations;
  readonly #reader = new RecordReader();
  readonly #writer = new RecordWriter();
  readonly #assembler = new MessageAssembler();
  readonly #driver: Driver<void>;
  #verifyData: Record<"client" | "server", Uint8Array> = { client: new Uint8Array(0), server: new Uint8Array(0) };
  #arrival: ((value: undefined) => void) | undefined;

  constructor(end: LinkEnd, context: ServerContext, deviations: Deviations = {}) {
    this.#end = end;
    this.#context = context;
    this.#deviations = deviations;
    this.#driver = new Driver(this.#run(), {
      done: () => {},
      failed: (error) => {
        this.error = error;
      },
    });
    end.attach(this);
    this.#driver.start();
  }

  receive(bytes: Uint8Array): void {
    this.#reader.push(bytes.slice());
    const arrival = this.#arrival;
    this.#arrival = undefined;
    arrival?.(undefined);
  }

  receiveEnd(): void {}
  checkDeadline(): void {}

  ask(): void {
    this.write(ContentType.handshake, encodeMessage(HelloRequest, null));
  }

  send(text: string): void {
    this.write(ContentType.applicationData, new TextEncoder().encode(text));
  }

  alert(description: number, level = 1): void {
    this.write(ContentType.alert, Uint8Array.of(level, description));
  }

  write(type: ContentType, content: Uint8Array): void {
    this.#end.write(runSync(this.#writer.record(type, content)));
  }

  /** A record without the protection that there is. */
  inTheClear(type: ContentType, content: Uint8Array): void {
    this.#end.write(concat(Uint8Array.of(type, 3, 3, content.length >> 8, content.length & 0xff), content));
  }

  get text(): string {
    return new TextDecoder().decode(concat(...this.data));
  }

  *#run(): Steps<void> {
    for (;;) {
      const role = new ServerRole(this.#contextNow, settingsByContext(clientVerifier));
      const established = yield* role.handshake(this.#io(), {
        earlyDataLength: undefined,
        session: undefined,
        keyLog: undefined,
        findExternalPsk: undefined,
      });
      this.rounds.push(established);
      // What comes between the handshakes.
      while (this.#assembler.isEmpty) {
        const { type, content } = yield* this.#record();
        if (type === ContentType.handshake) this.#assembler.push(content);
        else this.#other(type, content);
      }
    }
  }

  get #contextNow(): ServerContext {
    return this.rounds.length > 0 ? (this.#deviations.laterContext ?? this.#context) : this.#context;
  }

  #other(type: ContentType, content: Uint8Array): void {
    if (type === ContentType.alert) this.log.push(decodeAlert(content).description);
    else {
      this.log.push("data");
      this.data.push(content.slice());
    }
  }

  *#record(): Steps<{ readonly type: ContentType; readonly content: Uint8Array }> {
    for (;;) {
      const record = yield* this.#reader.next();
      if (record !== undefined) return record;
      const arrival: Waitable<undefined> = {
        then: (done) => {
          this.#arrival = done;
        },
      };
      yield arrival;
    }
  }

  *#receive<const Types extends readonly MessageType<unknown>[]>(...accept: Types): Steps<Received<Types[number]>> {
    for (;;) {
      const found = this.#assembler.next(accept);
      if (found !== undefined) {
        this.log.push(found.type.name);
        return received(found.type, found.bytes);
      }
      const { type, content } = yield* this.#record();
      if (type === ContentType.handshake) this.#assembler.push(content);
      else this.#other(type, content);
    }
  }

  #before(name: string): void {
    if (this.rounds.length > 0) this.#deviations.before?.(name, this);
  }

  #send<Message>(type: MessageType<Message>, message: Message): Uint8Array {
    this.#before(type.name);
    const bytes = encodeMessage(type, message);
    this.write(ContentType.handshake, bytes);
    return bytes;
  }

  /** RFC 5746 §3.7: what the first handshake's generator doesn't know of. */
  #withRenegotiation(hello: ServerHello): ServerHello {
    const { info = concat, serverHello, firstServerHello } = this.#deviations;
    if (this.rounds.length === 0) return { ...hello, ...firstServerHello?.(hello) };
    const told = info(this.#verifyData.client, this.#verifyData.server);
    const others = (hello.extensions ?? []).filter(({ code }) => code !== renegotiationInfo.code);
    const extensions = told === undefined ? others : [...others, extension(renegotiationInfo, told)];
    const changed = { ...hello, extensions };
    return { ...changed, ...serverHello?.(changed) };
  }

  #recordsOf({ version }: EarlierKeys) {
    const versions: readonly TlsVersion[] = this.#contextNow.settings.versions;
    const found = versions.find(({ code }) => code === version)?.connection;
    if (found === undefined) throw new TypeError("the version is earlier than TLS 1.3");
    return found.records;
  }

  #io(): HandshakeIo {
    const never = (): never => {
      throw new TypeError("TLS 1.2 has no such thing");
    };
    const finished: Partial<Record<"client" | "server", Uint8Array>> = {};
    const both = (): void => {
      const { client, server } = finished;
      if (client !== undefined && server !== undefined) this.#verifyData = { client, server };
    };
    const { provider, random } = this.#context.settings;
    const server = this;
    return {
      *receive(...accept) {
        const got = yield* server.#receive(...accept);
        // Their types belong together, which TypeScript can't see.
        const named: { readonly name: string; readonly message: unknown } = got;
        if (named.name === ClientHelloType.name) {
          const hello = named.message as ClientHello;
          server.hellos.push(hello);
          const extensions = hello.extensions?.map((each) =>
            each.code === renegotiationInfo.code ? extension(renegotiationInfo, new Uint8Array(0)) : each,
          );
          return { ...got, message: { ...hello, extensions } };
        }
        if (named.name === FinishedType.name) {
          finished.client = (named.message as { readonly verifyData: Uint8Array }).verifyData;
          both();
        }
        return got;
      },
      send: (type, message) => {
        if (type.code === ServerHelloType.code) {
          return this.#send(ServerHelloType, this.#withRenegotiation(message as ServerHello));
        }
        if (type.code === FinishedType.code) {
          finished.server = (message as { readonly verifyData: Uint8Array }).verifyData;
          both();
        }
        return this.#send(type, message);
      },
      endOfFlight: () => {},
      changeCipherSpec: () => {
        this.#before("change_cipher_spec");
        this.write(ContentType.changeCipherSpec, Uint8Array.of(1));
      },
      installRead: never,
      installWrite: never,
      skipEarlyData: never,
      earlier: {
        begin: () => {},
        receiveChangeCipherSpec: function* () {
          server.#reader.changeCipherSpec = "expect";
          for (;;) {
            const { type, content } = yield* server.#record();
            if (type === ContentType.changeCipherSpec) break;
            if (type === ContentType.handshake) throw new TypeError("the client left its change_cipher_spec out");
            server.#other(type, content);
          }
          server.#reader.changeCipherSpec = "refuse";
          server.log.push("change_cipher_spec");
        },
        installRead: (keys) => this.#reader.protect(this.#recordsOf(keys).opening(provider, keys)),
        installWrite: (keys) => this.#writer.protect(this.#recordsOf(keys).sealing(provider, keys, random)),
      },
    };
  }
}
