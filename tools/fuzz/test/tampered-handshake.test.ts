import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import type { Side } from "@tlskit/testing";
import { TlsError } from "@tlskit/tls";
import { Alert, toHex } from "@tlskit/wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Course, type CourseOptions, said, tamperedHandshake, type Witness } from "./tampered-handshake.ts";
import type { ByteEdit, RecordEdit, Tampering } from "./tampering.ts";

fc.configureGlobal({ seed: 9846 }); // the same values in every run

/** Milliseconds that a test of many handshakes may take where the machine is busy with others. */
const patience = 60_000;

const untouched: Tampering = { bytes: [], records: [] };

/** What a connection of these tests emits at most, in bytes, and does at most, in calls to its application. */
const maxEmitted = 4096;
const maxSteps = 100;
/** A record's header and body: what may be kept of one that is not there whole. */
const maxUnread = 5 + 2 ** 14 + 256;

function checkSide<Info>(witness: Witness<Info>, end: { readonly unread: number; readonly unsent: number }): void {
  const { outcome } = witness;
  expect(outcome, "it ends").toBeDefined();
  if (outcome !== "orderly") {
    expect(outcome).toBeInstanceOf(TlsError);
    const { kind, alert, code } = outcome as TlsError;
    expect(["peer", "alert", "truncation", "timeout"], code).toContain(kind);
    // RFC 9846 §6.1: nothing is sent behind a close_notify. Who gives up waiting says that.
    const closed = witness.alertsSent.includes(Alert.closeNotify);
    const said = witness.alertsSent.filter((description) => description !== Alert.closeNotify);
    const due = kind === "timeout" ? [Alert.userCanceled] : kind === "peer" && !closed ? [alert] : [];
    expect(said, code).toEqual(due);
  }
  expect(witness.callsAfterEnd).toBe(0);
  expect(witness.emitted).toBeLessThan(maxEmitted);
  expect(witness.steps).toBeLessThan(maxSteps);
  expect(end.unread).toBeLessThanOrEqual(maxUnread);
  expect(end.unsent).toBe(0);
}

/** Success with equal transcripts, or a clean end; which of the two. */
function check({ client, server, atClient, atServer }: Course): "accepted" | "refused" {
  checkSide(atClient, client);
  checkSide(atServer, server);
  // Whoever is done has verified the other side's Finished, which is made of the transcript: the exporter's secret is
  // made of the transcript up to the server's.
  if (atServer.info !== undefined) {
    expect(atClient.info).toBeDefined();
    const { role: _client, peer: _chain, sharedSignatureSchemes: _untold, ...ofClient } = atClient.info ?? {};
    // What the client offers besides what was chosen only its server can compare.
    const { role: _server, peer: _none, sharedSignatureSchemes: _shared, ...ofServer } = atServer.info;
    expect(ofServer).toEqual(ofClient);
  }
  if (atClient.info !== undefined) expect(atServer.keyLines.slice(0, 5)).toEqual(atClient.keyLines);
  for (const [witness, sent] of [
    [atClient, said.right],
    [atServer, said.left],
  ] as const) {
    if (witness.info === undefined) expect(witness.data).toHaveLength(0);
    else expect(toHex(sent).startsWith(toHex(witness.data)), "data is delivered as it was sent").toBe(true);
  }
  return atClient.outcome === "orderly" && atServer.outcome === "orderly" ? "accepted" : "refused";
}

function writtenBy(from: Side, options?: CourseOptions): readonly Uint8Array[] {
  return tamperedHandshake(untouched, options).link[from].written;
}

/** RFC 9846 §5.1: the bytes that are ignored for all purposes, the versions of records that are not protected. */
function harmlessOffsets(from: Side): readonly number[] {
  let offset = 0;
  return writtenBy(from).flatMap((record) => {
    const start = offset;
    offset += record.length;
    return record[0] === 23 ? [] : [start + 1, start + 2];
  });
}

test("a handshake that nobody touches succeeds", () => {
  const course = tamperedHandshake(untouched);
  expect(check(course)).toBe("accepted");
  expect([course.atServer.data, course.atClient.data]).toEqual([said.left, said.right]);
});

describe("a handshake with one byte changed, at every byte", () => {
  for (const from of ["left", "right"] as const) {
    test(
      `from the ${from === "left" ? "client" : "server"}, succeeds if that is a version of an unprotected record, and only then`,
      () => {
        const length = writtenBy(from).reduce((sum, { length }) => sum + length, 0);
        const accepted: number[] = [];
        for (let at = 0; at < length; at += 1) {
          // Each time other bits, from one to eight of them.
          const mask = 1 + ((at * 37) % 255);
          const course = tamperedHandshake({ bytes: [{ from, at, change: { type: "flip", mask } }], records: [] });
          if (check(course) === "accepted") accepted.push(at);
        }
        expect(accepted).toEqual(harmlessOffsets(from));
      },
      patience,
    );
  }
});

const side: fc.Arbitrary<Side> = fc.constantFrom("left", "right");
const few = fc.integer({ min: 1, max: 40 });
const change: fc.Arbitrary<ByteEdit["change"]> = fc.oneof(
  fc.record({ type: fc.constant("flip" as const), mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ type: fc.constant("delete" as const), count: few }),
  fc.record({ type: fc.constant("insert" as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 20 }) }),
  fc.record({ type: fc.constant("repeat" as const), count: few }),
  fc.record({ type: fc.constant("truncate" as const) }),
);
const byteEdit: fc.Arbitrary<ByteEdit> = fc.record({
  from: side,
  // Most of what is parsed without protection is at the beginning.
  at: fc.oneof(fc.nat(250), fc.nat(1500)),
  change,
});
const recordEdit: fc.Arbitrary<RecordEdit> = fc.record({
  from: side,
  record: fc.nat(5),
  change: fc.constantFrom("drop", "repeat", "behind the next"),
});
const tamperings: fc.Arbitrary<Tampering> = fc.record({
  bytes: fc.array(byteEdit, { maxLength: 3 }),
  records: fc.array(recordEdit, { maxLength: 2 }),
});

describe("a handshake with bytes changed, left out, added, repeated or cut off, and records out of order", () => {
  const worlds: readonly (readonly [string, CourseOptions])[] = [
    ["in one round trip", {}],
    [
      "in two round trips",
      {
        client: { namedGroups: [x25519, secp256r1], keyShareGroups: [x25519] },
        server: { namedGroups: [secp256r1] },
      },
    ],
    ["by providers that answer late", { late: true }],
    ["without middlebox compatibility", { client: { middleboxCompatibility: false } }],
  ];
  test.each(worlds)(
    "ends in success with equal transcripts or in a clean alert, %s",
    (_name, options) => {
      fc.assert(
        fc.property(tamperings, (tampering) => {
          check(tamperedHandshake(tampering, options));
        }),
        { numRuns: 300 },
      );
    },
    patience,
  );
});

describe("records", () => {
  /** What comes of it for each record of a side, in order. */
  const outcomes = (from: Side, change: RecordEdit["change"]): string[] =>
    writtenBy(from).map(([type], record) => {
      const outcome = check(tamperedHandshake({ bytes: [], records: [{ from, record, change }] }));
      return `${type} ${outcome}`;
    });

  // RFC 9846 §5: a change_cipher_spec is dropped without further processing. The last three are protected: a flight or
  // data, and close_notify, behind which nothing is read (§6.1).
  test("that are lost are missed, but for change_cipher_spec", () => {
    expect(outcomes("left", "drop")).toEqual(["22 refused", "20 accepted", "23 refused", "23 refused", "23 refused"]);
    expect(outcomes("right", "drop")).toEqual(["22 refused", "20 accepted", "23 refused", "23 refused", "23 refused"]);
  });

  test("that come twice are refused, but for change_cipher_spec, and what comes behind a close_notify", () => {
    expect(outcomes("left", "repeat")).toEqual([
      ...["22 refused", "20 accepted", "23 refused", "23 refused", "23 accepted"],
    ]);
    expect(outcomes("right", "repeat")).toEqual([
      ...["22 refused", "20 accepted", "23 refused", "23 refused", "23 accepted"],
    ]);
  });
});
