import { secp256r1, x25519 } from "@tlskit/ciphersuites";
import { HandshakeType, supportedGroups } from "@tlskit/messages";
import { Alert, concat } from "@tlskit/wire";
import { type Refusal, refused } from "../../../refusal.ts";
import { type Deviation, inHandshake } from "../../deviation.ts";
import { frame, RawClientHello, rawExtension } from "../../raw-messages.ts";
import { altered, alteredBytes, type Edit, edits, instead, messageStep } from "../../script.ts";
import { incremented, withExtensionData } from "../../spoil.ts";
import type { ScriptedTls12Client } from "../../tls12/client.ts";
import { badPoints, dheShares } from "./shares.ts";

type Client = ScriptedTls12Client;

const syntax = refused(Alert.decodeError, "decode_error");
const badShare = refused(Alert.illegalParameter, "invalid_key_share");

const sending = (change: (field: Uint8Array) => Uint8Array): Edit<Client> =>
  instead<Client>(
    "ClientKeyExchange",
    messageStep("ClientKeyExchange", (client) => client.clientKeyExchange(change)),
  );
const sendingBody = (...body: readonly number[]): Edit<Client> =>
  alteredBytes<Client>("ClientKeyExchange", () => frame(HandshakeType.clientKeyExchange, Uint8Array.from(body)));

const offering = (...groups: readonly number[]): Edit<Client> =>
  altered<Client, RawClientHello>("ClientHello", RawClientHello, (hello) =>
    withExtensionData(hello, rawExtension(supportedGroups, groups)),
  );

/** RFC 8422 §5.7: a client's point. */
export const tls12EcdheClientDeviations: readonly Deviation<Client>[] = [
  ...(
    [
      ["of_no_bytes", syntax, () => new Uint8Array(0)],
      ["of_31_bytes", badShare, (share) => share.subarray(1)],
      ["of_33_bytes", badShare, (share) => concat(share, Uint8Array.of(0))],
      ["of_zeros", badShare, () => new Uint8Array(32)],
      ["of_low_order", badShare, () => incremented(new Uint8Array(32), 0)],
      ["on_p_256", badShare, () => concat(Uint8Array.of(4), new Uint8Array(64).fill(1))],
    ] as readonly (readonly [string, Refusal, (share: Uint8Array) => Uint8Array])[]
  ).map(([word, expected, change]) =>
    inHandshake<Client>(
      `x25519_share_${word}`,
      "RFC 8422 §5.10#all-zero, §5.11#all-zero",
      expected,
      edits(offering(x25519.code, secp256r1.code), sending(change)),
    ),
  ),
  ...badPoints.map(([word, expected, change]) =>
    inHandshake<Client>(
      `p_256_point_${word}`,
      "RFC 8422 §5.11#on-curve",
      expected,
      edits(offering(secp256r1.code), sending(change)),
    ),
  ),
  inHandshake("share_that_is_announced_longer", "RFC 8422 §5.7", syntax, sendingBody(33, ...new Uint8Array(32))),
  inHandshake("share_that_is_announced_shorter", "RFC 8422 §5.7", syntax, sendingBody(31, ...new Uint8Array(32))),
  inHandshake("share_with_a_length_of_two_bytes", "RFC 8422 §5.7", syntax, sendingBody(0, 32, ...new Uint8Array(32))),
];

/** RFC 5246 §7.4.7.2: a client's number. */
export const tls12DheClientDeviations: readonly Deviation<Client>[] = [
  inHandshake("share_as_it_should_be", "RFC 5246 §7.4.7.2", "accepted", (script) => [...script]),
  inHandshake(
    "share_of_no_bytes",
    "RFC 5246 §7.4.7.2",
    syntax,
    sending(() => new Uint8Array(0)),
  ),
  inHandshake("share_without_a_length", "RFC 5246 §7.4.7.2", syntax, sendingBody()),
  inHandshake("share_that_is_announced_longer", "RFC 5246 §7.4.7.2", syntax, sendingBody(1, 1, ...new Uint8Array(256))),
  inHandshake(
    "share_that_is_announced_shorter",
    "RFC 5246 §7.4.7.2",
    syntax,
    sendingBody(0, 255, ...new Uint8Array(256)),
  ),
  ...dheShares.map(([word, share]) =>
    inHandshake<Client>(
      `share_of_${word}`,
      "RFC 5246 §F.1.1.3#subgroups, RFC 7919 §5.1",
      badShare,
      instead<Client>(
        "ClientKeyExchange",
        messageStep("ClientKeyExchange", (client) => client.clientKeyExchange(() => share(client.prime))),
      ),
    ),
  ),
];

/** RFC 5246 §7.4.7.1: whatever is wrong with what a client encrypts, its Finished is what doesn't fit. */
export const tls12RsaClientDeviations: readonly Deviation<Client>[] = [
  inHandshake("secret_as_it_should_be", "RFC 5246 §7.4.7.1", "accepted", (script) => [...script]),
  inHandshake("no_length", "RFC 5246 §7.4.7.1#length", syntax, sendingBody()),
  inHandshake(
    "secret_that_is_announced_longer",
    "RFC 5246 §7.4.7.1#length",
    syntax,
    sendingBody(1, 1, ...new Uint8Array(256)),
  ),
  inHandshake(
    "secret_that_is_announced_shorter",
    "RFC 5246 §7.4.7.1#length",
    syntax,
    sendingBody(0, 255, ...new Uint8Array(256)),
  ),
  ...(
    [
      ["changed", (field) => incremented(field, -1)],
      ["of_no_bytes", () => new Uint8Array(0)],
      ["of_a_byte_less", (field) => field.subarray(1)],
      ["of_a_byte_more", (field) => concat(Uint8Array.of(0), field)],
      ["of_zeros", (field) => new Uint8Array(field.length)],
      ["of_one", (field) => incremented(new Uint8Array(field.length), -1)],
      ["not_below_the_modulus", (field) => new Uint8Array(field.length).fill(0xff)],
    ] as readonly (readonly [string, (field: Uint8Array) => Uint8Array])[]
  ).map(([word, change]) =>
    inHandshake<Client>(
      `encrypted_secret_${word}`,
      "RFC 5246 §7.4.7.1#no-oracle",
      refused(Alert.badRecordMac, "bad_record_mac"),
      sending(change),
    ),
  ),
];
