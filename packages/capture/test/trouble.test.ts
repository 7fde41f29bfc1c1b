import {
  type CaptureEvent,
  KeyLog,
  maxBytesPassedOver,
  maxClientHellos,
  maxWaitingBytes,
  TlsDecrypter,
  type TlsEvent,
} from "@tlskit/capture";
import { nodeProvider } from "@tlskit/crypto-node";
import { ClientHello, ServerHello } from "@tlskit/messages";
import { ethernetFrame, pcapFile, RecordedConnection, type RecordedPacket, TcpFlag, tcpPacket } from "@tlskit/testing";
import { concat } from "@tlskit/wire";
import { describe, expect, it, test } from "vitest";
import {
  bytesOf,
  dataOf,
  decrypted,
  decryptedPackets,
  messagesOf,
  type Recording,
  undecrypted,
  World,
} from "./helpers/recording.ts";

/** Bytes of Ethernet, IPv4 and TCP in front of the data. */
const headers = 14 + 20 + 20;
const moment = { packet: 1, at: undefined };

/** The packets of a connection, and their places among those that have data. */
function packetsOf(world: World, segmentLength = 1460): { packets: RecordedPacket[]; withData: number[] } {
  const { packets } = world.record({ connection: { segmentLength } }).connection;
  return { packets, withData: packets.flatMap(({ bytes }, at) => (bytes.length > headers ? [at] : [])) };
}

const told = (packets: readonly RecordedPacket[], keyLog: string): readonly CaptureEvent[] =>
  decrypted(pcapFile(packets), keyLog);

describe("packets", () => {
  test("in another order than they were sent in make the same connection", () => {
    const world = new World();
    const { packets } = packetsOf(world, 200);
    const inPairs = packets.map((_, at) => packets[at ^ 1] ?? packets[at]).filter((each) => each !== undefined);
    const events = told([...packets.slice(0, 4), ...inPairs.slice(4)], world.keyLog);
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
    expect(undecrypted(events)).toEqual([]);
  });

  test("that come twice, all of them, make the same connection", () => {
    const world = new World();
    const { packets } = packetsOf(world);
    const events = told(
      packets.flatMap((packet) => [packet, packet]),
      world.keyLog,
    );
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
    expect(events.filter(({ type }) => type === "tls")).toHaveLength(1);
  });

  test("of the server in front of the client's: the connection is read all the same", () => {
    const world = new World();
    const { packets } = packetsOf(world);
    const fromServer = (at: number) => packets[at]?.bytes[14 + 15] === 2;
    const data = packets.map((_, at) => at).slice(3);
    const order = [0, 1, 2, ...data.filter(fromServer), ...data.filter((at) => !fromServer(at))];
    const events = told(
      order.flatMap((at) => packets[at] ?? []),
      world.keyLog,
    );
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
  });

  test("of one byte each make the same connection", () => {
    const world = new World();
    const { packets } = packetsOf(world, 1);
    const events = told(packets, world.keyLog);
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
  });

  test("that are missing end what is told of the end that sent them, and of no other", () => {
    const world = new World();
    const { packets } = packetsOf(world, 700);
    const ofServer = packets.map((_, at) => at).filter((at) => at > 2 && packets[at]?.bytes[14 + 15] === 2);
    // The first two have the ServerHello.
    const events = told(packets.toSpliced(ofServer[2] ?? 0, 1), world.keyLog);
    expect(undecrypted(events)).toEqual(["server: gap"]);
    expect(events).toContainEqual(expect.objectContaining({ type: "gap", from: "responder" }));
    expect(dataOf(events, "client")).toBe("ping");
  });

  test("that make no sense are told of, and spoil nothing", () => {
    const world = new World();
    const { packets } = packetsOf(world);
    const [{ at } = { at: 0n }] = packets;
    const malformed = [[], [1], new Array(20).fill(0xff), [...new Uint8Array(12), 8, 0, 0x45, 0]];
    const bad = malformed.map((bytes) => ({ at, bytes: Uint8Array.from(bytes) }));
    const events = told(
      packets.flatMap((packet, index) => [packet, bad[index % bad.length] ?? packet]),
      world.keyLog,
    );
    expect(events.filter((event) => event.type === "damage").map(({ code }) => code)).toContain("malformed_packet");
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
  });
});

describe("a record that was changed", () => {
  it("is told of with its number, and the other end is read on", () => {
    const world = new World();
    const { packets, withData } = packetsOf(world);
    const last = withData.at(-3) ?? 0; // the server's pong, in front of the two alerts
    const bytes = packets[last]?.bytes.slice() ?? new Uint8Array(0);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const events = told(
      packets.map((packet, at) => (at === last ? { ...packet, bytes } : packet)),
      world.keyLog,
    );
    expect(undecrypted(events)).toEqual(["server: bad_record_mac"]);
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", ""]);
    expect(events.filter((event) => event.type === "alert").map(({ from }) => from)).toEqual(["client"]);
  });
});

describe("a capture that begins in the middle of a connection", () => {
  it("says so once", () => {
    const world = new World();
    const { packets, withData } = packetsOf(world);
    const events = told(packets.slice(withData[4]), world.keyLog);
    expect(undecrypted(events)).toEqual([expect.stringContaining(": begins_in_the_middle")]);
  });

  it("is read if the hellos are there", () => {
    const world = new World();
    const { packets } = packetsOf(world);
    const events = told(packets.slice(3), world.keyLog);
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
    expect(events[0]).toMatchObject({ type: "opened", fromBeginning: false });
  });

  it("says that a ServerHello has no ClientHello", () => {
    const world = new World();
    const { packets } = packetsOf(world);
    expect(undecrypted(told(packets.slice(4), world.keyLog))).toEqual(["server: no_client_hello"]);
  });
});

describe("a capture that ends in the middle of a connection", () => {
  it("says that a ClientHello was never answered, if something waits for that", () => {
    const world = new World();
    world.record({ server: { earlyData: { maxSize: 1000, guard: { admit: () => true } } } });
    const { connection } = world.record({ early: "early" });
    const { packets } = connection;
    const answer = packets.findIndex(({ bytes }, at) => at > 2 && bytes[14 + 15] === 2);
    const events = told(packets.slice(0, answer), world.keyLog);
    expect(undecrypted(events)).toEqual(["client: no_server_hello"]);
    expect(events.at(-1)).toMatchObject({ type: "closed", how: "capture_ended" });
  });

  it("says that a record isn't there whole", () => {
    const world = new World();
    const { packets } = packetsOf(world, 400);
    const answer = packets.findIndex(({ bytes }, at) => at > 2 && bytes[14 + 15] === 2);
    expect(undecrypted(told(packets.slice(0, answer + 1), world.keyLog))).toEqual(["server: truncated"]);
  });
});

describe("TLS in a connection", () => {
  it("is found behind other data, as STARTTLS has it", () => {
    const world = new World();
    const plain = new RecordedConnection();
    plain.send("server", bytesOf("220 mail.example\r\n"));
    plain.send("client", bytesOf("STARTTLS\r\n"));
    plain.send("server", bytesOf("220 go ahead\r\n"));
    const tls = world.record({ connection: { sequenceNumbers: { client: 1010, server: 2032 } } }).connection;
    const events = told([...plain.packets, ...tls.packets.slice(3)], world.keyLog);
    expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
  });

  it("is found where the end that didn't open the connection is the client", () => {
    const world = new World();
    const recording = world.record();
    const events = told(recording.connection.packets.slice(3), world.keyLog);
    const swapped = new RecordedConnection();
    const decrypter = new TlsDecrypter({ provider: nodeProvider, keyLog: new KeyLog(world.keyLog) });
    expect(events.filter(({ type }) => type === "tls")).toHaveLength(1);
    expect(decrypter.end()).toEqual([]);
    for (const { bytes } of recording.connection.packets.slice(3)) {
      const from = bytes[14 + 15] === 1 ? "server" : "client";
      swapped.send(from, bytes.subarray(headers));
    }
    const told2 = told(swapped.packets, world.keyLog);
    expect(told2).toContainEqual(expect.objectContaining({ type: "tls", client: { address: "192.0.2.2", port: 443 } }));
    expect([dataOf(told2, "client"), dataOf(told2, "server")]).toEqual(["ping", "pong"]);
  });

  it("isn't found where there is none", () => {
    const plain = new RecordedConnection();
    plain.send("client", bytesOf("GET / HTTP/1.1\r\n\r\n"));
    plain.send("server", bytesOf("HTTP/1.1 200 OK\r\n\r\n"));
    plain.send("client", Uint8Array.of(22, 3, 1));
    plain.send("client", Uint8Array.of(0, 9, 7, 0));
    const events = told(plain.packets, "");
    expect(events.map(({ type }) => type)).toEqual(["opened", "closed"]);
  });

  it("that a server answers with something else is told as what it is", () => {
    const world = new World();
    const { packets } = packetsOf(world);
    const plain = new RecordedConnection();
    plain.send("client", packets[3]?.bytes.subarray(headers) ?? new Uint8Array(0));
    plain.send("server", bytesOf("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(undecrypted(told(plain.packets, ""))).toEqual(["server: http_response"]);
  });

  it("is told apart by the connections, whatever the order of their packets", () => {
    const world = new World();
    const made: Recording[] = [1, 2, 3].map((number) =>
      world.record({ connection: { client: { address: Uint8Array.of(192, 0, 2, 1), port: 50_000 + number } } }),
    );
    const longest = Math.max(...made.map(({ connection }) => connection.packets.length));
    const mixed = Array.from({ length: longest }, (_, at) =>
      made.flatMap(({ connection }) => connection.packets[at] ?? []),
    );
    const events = told(mixed.flat(), world.keyLog);
    for (const stream of [0, 1, 2]) {
      const own = events.filter((event) => "stream" in event && event.stream === stream);
      expect([dataOf(own, "client"), dataOf(own, "server")]).toEqual(["ping", "pong"]);
    }
  });

  it("is told apart from an earlier connection between the same ports", () => {
    const world = new World();
    const two = [
      world.record(),
      world.record({ connection: { sequenceNumbers: { client: 5_000_000, server: 7_000_000 } } }),
    ];
    const events = decryptedPackets(two, world.keyLog);
    expect(events.flatMap((event) => (event.type === "tls" ? [event.stream] : []))).toEqual([0, 1]);
    expect(dataOf(events, "client")).toBe("pingping");
  });
});

describe("an end that sends and sends while the other end's answer is missing", () => {
  const clientHello = (): Uint8Array => {
    const { packets } = packetsOf(new World());
    return packets[3]?.bytes.subarray(headers) ?? new Uint8Array(0);
  };

  it.each([
    ["at the limit", 0, []],
    ["one byte over", 1, ["too_much_waits"]],
  ])("is heard up to a limit: %s", (_, over, codes) => {
    const decrypter = new TlsDecrypter({ provider: nodeProvider, keyLog: new KeyLog() });
    const waiting = new Uint8Array(maxWaitingBytes + over);
    const events = [...decrypter.push("client", clientHello(), moment), ...decrypter.push("client", waiting, moment)];
    expect(events.flatMap((event) => (event.type === "undecrypted" ? [event.code] : []))).toEqual(codes);
  });

  it("is given up if it is a server without a client", () => {
    const record = concat(Uint8Array.of(22, 3, 3, 64, 0, 2), new Uint8Array(16_383));
    const connection = new RecordedConnection();
    const times = Math.floor(maxWaitingBytes / record.length) + 1;
    for (let time = 0; time < times; time += 1) connection.send("server", record);
    const events = told(connection.packets, "");
    expect(undecrypted(events)).toEqual(["server: no_client_hello"]);
    expect(events.at(-2)).toMatchObject({ type: "undecrypted" });
  });
});

describe("what an end may do again and again", () => {
  const codesOf = (events: readonly TlsEvent[]): readonly string[] =>
    events.flatMap((event) => (event.type === "undecrypted" ? [event.code] : []));

  /** What each end of a connection sent, as one. */
  function streamsOf(world: World): Readonly<Record<"client" | "server", Uint8Array>> {
    const { packets } = packetsOf(world);
    const dataFrom = (last: number): Uint8Array =>
      concat(...packets.filter(({ bytes }) => bytes[14 + 15] === last).map(({ bytes }) => bytes.subarray(headers)));
    return { client: dataFrom(1), server: dataFrom(2) };
  }

  it.each([
    ["at the limit", 0, []],
    ["one over", 1, ["too_many_handshakes"]],
  ])("is to begin a handshake, up to a limit: %s", (_, over, codes) => {
    const hello = (type: typeof ClientHello | typeof ServerHello, body: Uint8Array): Uint8Array =>
      concat(Uint8Array.of(22, 3, 3, 0, body.length + 4, type.code, 0, 0, body.length), body);
    const random = new Uint8Array(32);
    const clientHello = hello(
      ClientHello,
      concat(Uint8Array.of(3, 3), random, Uint8Array.of(0, 0, 2, 0xc0, 0x2f, 1, 0)),
    );
    const serverHello = hello(ServerHello, concat(Uint8Array.of(3, 3), random, Uint8Array.of(0, 0xc0, 0x2f, 0)));
    const decrypter = new TlsDecrypter({ provider: nodeProvider, keyLog: new KeyLog() });
    const events = Array.from({ length: maxClientHellos + over }, () => [
      ...decrypter.push("client", clientHello, moment),
      ...decrypter.push("server", serverHello, moment),
    ]).flat();
    expect(codesOf(events)).toEqual(codes);
  });

  it.each([
    ["at the limit", 0, []],
    ["one over", 1, ["too_much_early_data"]],
  ])("is to send what there is no secret for, up to a limit: %s", (_, over, codes) => {
    const world = new World();
    const { client, server } = streamsOf(world);
    const keyLog = new KeyLog(world.keyLog.replaceAll(/^.*_HANDSHAKE_TRAFFIC.*$/gm, ""));
    const decrypter = new TlsDecrypter({ provider: nodeProvider, keyLog });
    decrypter.push("client", client.subarray(0, 5 + ((client[3] ?? 0) << 8) + (client[4] ?? 0)), moment);
    const serverHello = 5 + ((server[3] ?? 0) << 8) + (server[4] ?? 0);
    expect(codesOf(decrypter.push("server", server.subarray(0, serverHello), moment))).toEqual([
      "no_secret",
      "no_secret",
    ]);
    const record = (length: number): Uint8Array =>
      concat(Uint8Array.of(23, 3, 3, length >> 8, length & 0xff), new Uint8Array(length));
    const whole = 2 ** 14;
    const count = maxBytesPassedOver / whole - 1;
    const records = [...Array.from({ length: count }, () => record(whole - 5)), record(whole - 5 + over)];
    expect(codesOf(records.flatMap((each) => decrypter.push("server", each, moment)))).toEqual(codes);
  });
});

test("alerts in the clear are told", () => {
  const connection = new RecordedConnection();
  const { packets } = packetsOf(new World());
  connection.send("client", packets[3]?.bytes.subarray(headers) ?? new Uint8Array(0));
  connection.send("server", Uint8Array.of(21, 3, 3, 0, 2, 2, 40));
  const events = told(connection.packets, "");
  expect(events).toContainEqual(expect.objectContaining({ type: "alert", from: "server", level: 2, description: 40 }));
  expect(messagesOf(events, "client")).toEqual(["ClientHello"]);
});

test("a segment that was sent to spoil a connection and has no place in it is told of, and spoils nothing", () => {
  const world = new World();
  const { packets } = packetsOf(world);
  const source = { address: Uint8Array.of(192, 0, 2, 2), port: 443 };
  const destination = { address: Uint8Array.of(192, 0, 2, 1), port: 50_000 };
  const forged = [TcpFlag.rst, TcpFlag.ack].map((flags) => ({
    at: 0n,
    bytes: ethernetFrame(
      tcpPacket({ source, destination, sequenceNumber: 3_000_000_000, flags, payload: bytesOf("forged") }),
    ),
  }));
  const events = told([...packets.slice(0, 5), ...forged, ...packets.slice(5)], world.keyLog);
  expect(events.filter(({ type }) => type === "outOfWindow")).toHaveLength(2);
  expect([dataOf(events, "client"), dataOf(events, "server")]).toEqual(["ping", "pong"]);
});
