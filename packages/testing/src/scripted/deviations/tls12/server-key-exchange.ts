import { type NamedGroup, secp256r1, secp384r1, x25519 } from "@tlskit/ciphersuites";
import { Alert, concat, decode, encode } from "@tlskit/wire";
import { privateUse } from "../../../private-use.ts";
import { type Refusal, refused } from "../../../refusal.ts";
import { type Deviation, inHandshake } from "../../deviation.ts";
import { before, type Edit, edits, instantStep, instead, messageStep } from "../../script.ts";
import { incremented } from "../../spoil.ts";
import { RawDhParams, RawEcdhParams } from "../../tls12/raw-messages.ts";
import type { KeyExchangeOdds, ScriptedTls12Server } from "../../tls12/server.ts";
import { badPoints, dheShares } from "./shares.ts";

type Server = ScriptedTls12Server;

const nothing = new Uint8Array(0);
const badSignature = refused(Alert.decryptError, "bad_signature");
const syntax = refused(Alert.decodeError, "decode_error");
const notOffered = refused(Alert.illegalParameter, "signature_scheme_not_offered");
const mismatch = refused(Alert.illegalParameter, "signature_scheme_mismatch");
const badShare = refused(Alert.illegalParameter, "invalid_key_share");

const saying = (odds: KeyExchangeOdds): Edit<Server> =>
  instead<Server>(
    "ServerKeyExchange",
    messageStep("ServerKeyExchange", (server) => server.serverKeyExchange(odds)),
  );

const sayingOf = (make: (server: Server) => KeyExchangeOdds): Edit<Server> =>
  instead<Server>(
    "ServerKeyExchange",
    messageStep("ServerKeyExchange", (server) => server.serverKeyExchange(make(server))),
  );

const inGroup = (group: NamedGroup, edit: Edit<Server>): Edit<Server> =>
  edits(
    before<Server>(
      "ServerKeyExchange",
      instantStep("another group", (server) => {
        server.group = group;
      }),
    ),
    edit,
  );

/** How a ServerKeyExchange is signed: the same with ECDHE and DHE (RFC 5246 §7.4.3, RFC 8422 §5.4). */
const signatureDeviations: readonly Deviation<Server>[] = [
  ...(
    [
      ["other_parameters", (content) => incremented(content, -1)],
      ["another_client_random", (content) => incremented(content, 0)],
      ["another_server_random", (content) => incremented(content, 32)],
      ["no_randoms", (content) => content.subarray(64)],
      ["no_client_random", (content) => content.subarray(32)],
      [
        "the_randoms_the_other_way_round",
        (content) => concat(content.subarray(32, 64), content.subarray(0, 32), content.subarray(64)),
      ],
      ["no_parameters", (content) => content.subarray(0, 64)],
      ["nothing", () => nothing],
    ] as readonly (readonly [string, (content: Uint8Array) => Uint8Array])[]
  ).map(([word, signed]) =>
    inHandshake<Server>(
      `server_key_exchange_signed_over_${word}`,
      "RFC 5246 §7.4.3, RFC 8422 §2.1#signed",
      badSignature,
      saying({ signed }),
    ),
  ),
  inHandshake(
    "server_key_exchange_changed_when_it_was_signed",
    "RFC 5246 §7.4.3, RFC 8422 §2.1#signed",
    badSignature,
    saying({ afterwards: (params) => incremented(params, -1) }),
  ),
  ...(
    [
      ["changed_at_its_end", (signature) => incremented(signature, -1)],
      ["left_empty", () => nothing],
      ["without_its_last_byte", (signature) => signature.subarray(0, -1)],
      ["with_a_trailing_byte", (signature) => concat(signature, Uint8Array.of(0))],
      ["of_zeros", (signature) => new Uint8Array(signature.length)],
    ] as readonly (readonly [string, (signature: Uint8Array) => Uint8Array])[]
  ).map(([word, signature]) =>
    inHandshake<Server>(
      `server_key_exchange_whose_signature_is_${word}`,
      "RFC 5246 §7.4.3",
      badSignature,
      saying({ signature }),
    ),
  ),
  ...(
    [
      ["ecdsa_sha1", 0x0203, notOffered],
      ["rsa_pkcs1_sha1", 0x0201, notOffered],
      ["rsa_pkcs1_md5", 0x0101, notOffered],
      ["anonymous_sha256", 0x0400, notOffered],
      ["dsa_sha256", 0x0402, notOffered],
      ["grease", 0x0a0a, notOffered],
      ["something_unknown", privateUse.signatureScheme, notOffered],
    ] as readonly (readonly [string, number, Refusal])[]
  ).map(([word, scheme, expected]) =>
    inHandshake<Server>(
      `server_key_exchange_signed_by_${word}`,
      "RFC 5246 §7.4.3#algorithm-offered, RFC 9155 §4",
      expected,
      saying({ scheme }),
    ),
  ),
];

const point = (change: (point: Uint8Array, server: Server) => Uint8Array): Edit<Server> =>
  sayingOf((server) => ({
    params: (params) => {
      const said = decode(RawEcdhParams, params);
      return encode(RawEcdhParams, { ...said, public: change(said.public, server) });
    },
  }));

/** RFC 8422 §5.4: what a server says of elliptic curves, and signs. It has a key on P-256. */
export const tls12EcdheServerDeviations: readonly Deviation<Server>[] = [
  ...signatureDeviations,
  inHandshake(
    "server_key_exchange_signed_by_another_key",
    "RFC 5246 §7.4.3, RFC 8422 §2.1#signed",
    badSignature,
    instead<Server>(
      "ServerKeyExchange",
      messageStep("ServerKeyExchange", function* (server) {
        return yield* server.serverKeyExchange({ certificate: yield* server.pki.bad("self-signed") });
      }),
    ),
  ),
  ...(
    [
      ["rsa_pss_rsae_sha256", 0x0804],
      ["rsa_pss_pss_sha256", 0x0809],
      ["rsa_pkcs1_sha256", 0x0401],
      ["ed25519", 0x0807],
    ] as const
  ).map(([word, scheme]) =>
    inHandshake<Server>(
      `server_key_exchange_signed_by_${word}_with_a_key_of_ecdsa`,
      "RFC 5246 §7.4.3#algorithm-of-key",
      mismatch,
      saying({ scheme }),
    ),
  ),
  inHandshake(
    "server_key_exchange_that_names_another_hash",
    "RFC 5246 §7.4.3",
    badSignature,
    saying({ scheme: 0x0503 }),
  ),
  ...(
    [
      ["p_384", secp384r1.code],
      ["a_finite_field", 0x0100],
      ["x25519mlkem768", 0x11ec],
      ["grease", 0x0a0a],
      ["something_unknown", privateUse.namedGroup],
      ["zero", 0],
    ] as const
  ).map(([word, namedCurve]) =>
    inHandshake<Server>(
      `curve_${word}_that_was_not_offered`,
      "RFC 8422 §5.4",
      refused(Alert.illegalParameter, "group_not_offered"),
      saying({ params: (params) => encode(RawEcdhParams, { ...decode(RawEcdhParams, params), namedCurve }) }),
    ),
  ),
  inHandshake(
    "curve_p_384_with_its_share_that_was_not_offered",
    "RFC 8422 §5.4",
    refused(Alert.illegalParameter, "group_not_offered"),
    inGroup(secp384r1, saying({})),
  ),
  inHandshake("curve_p_256", "RFC 8422 §5.4", "accepted", inGroup(secp256r1, saying({}))),
  ...[0, 1, 2, 4, 255].map((curveType) =>
    inHandshake<Server>(
      `curve_of_type_${curveType}`,
      "RFC 8422 §5.4",
      refused(Alert.illegalParameter, "curve_type"),
      saying({ params: (params) => encode(RawEcdhParams, { ...decode(RawEcdhParams, params), curveType }) }),
    ),
  ),
  ...(
    [
      ["of_no_bytes", syntax, () => nothing],
      ["of_31_bytes", badShare, (share) => share.subarray(1)],
      ["of_33_bytes", badShare, (share) => concat(share, Uint8Array.of(0))],
      ["of_zeros", badShare, () => new Uint8Array(32)],
      ["of_low_order", badShare, () => incremented(new Uint8Array(32), 0)],
      ["on_p_256", badShare, () => concat(Uint8Array.of(4), new Uint8Array(64).fill(1))],
    ] as readonly (readonly [string, Refusal, (share: Uint8Array) => Uint8Array])[]
  ).map(([word, expected, change]) =>
    inHandshake<Server>(
      `x25519_share_${word}`,
      "RFC 8422 §5.10#all-zero, §5.11#all-zero",
      expected,
      inGroup(x25519, point(change)),
    ),
  ),
  ...badPoints.map(([word, expected, change]) =>
    inHandshake<Server>(`p_256_point_${word}`, "RFC 8422 §5.11#on-curve", expected, inGroup(secp256r1, point(change))),
  ),
];

/** RFC 5246 §7.4.3: what a server says of finite fields, and signs. It has an RSA key. */
export const tls12DheServerDeviations: readonly Deviation<Server>[] = [
  ...signatureDeviations,
  inHandshake(
    "server_key_exchange_signed_by_another_key",
    "RFC 5246 §7.4.3",
    badSignature,
    sayingOf(({ pki, scheme }) => ({ certificate: pki.certificateOf("id-RSASSA-PSS"), scheme: scheme.code })),
  ),
  ...(
    [
      ["ecdsa_secp256r1_sha256", 0x0403],
      ["ed25519", 0x0807],
      ["rsa_pss_pss_sha256", 0x0809],
    ] as const
  ).map(([word, scheme]) =>
    inHandshake<Server>(
      `server_key_exchange_signed_by_${word}_with_a_key_of_rsa`,
      "RFC 5246 §7.4.3#algorithm-of-key",
      mismatch,
      saying({ scheme }),
    ),
  ),
  ...(
    [
      ["prime_of_1024_bits", { p: new Uint8Array(128).fill(0xff) }],
      ["prime_of_2047_bits", { p: new Uint8Array(256).fill(0xff).fill(0x7f, 0, 1) }],
      ["prime_of_8193_bits", { p: concat(Uint8Array.of(1), new Uint8Array(1024).fill(0xff)) }],
      ["even_modulus", { p: new Uint8Array(256).fill(0xfe) }],
      ["modulus_that_is_no_prime", { p: new Uint8Array(256).fill(0xff) }],
      // 2^2048 - 1557 is prime, and half of it, without its last bit, is a multiple of three.
      ["prime_that_is_not_safe", { p: concat(new Uint8Array(254).fill(0xff), Uint8Array.of(0xf9, 0xeb)) }],
      ["modulus_of_zero", { p: new Uint8Array(256) }],
      ["generator_of_zero", { g: Uint8Array.of(0) }],
      ["generator_of_one", { g: Uint8Array.of(1) }],
      ["generator_as_long_as_the_prime", { g: new Uint8Array(256).fill(0xfe) }],
    ] as readonly (readonly [string, Partial<RawDhParams>])[]
  ).map(([word, change]) =>
    inHandshake<Server>(
      word,
      "RFC 5246 §F.1.1.3#subgroups, §F.1.1.3#exponent-size, RFC 9325 §4.5",
      refused(Alert.insufficientSecurity, "unsafe_group"),
      saying({ params: (params) => encode(RawDhParams, { ...decode(RawDhParams, params), ...change }) }),
    ),
  ),
  ...(["p", "g", "public"] as const).map((field) =>
    inHandshake<Server>(
      `empty_${field}`,
      "RFC 5246 §7.4.3",
      syntax,
      saying({ params: (params) => encode(RawDhParams, { ...decode(RawDhParams, params), [field]: nothing }) }),
    ),
  ),
  ...dheShares.map(([word, share]) =>
    inHandshake<Server>(
      `share_of_${word}`,
      "RFC 5246 §F.1.1.3#subgroups, RFC 7919 §5.1",
      badShare,
      saying({
        params: (params) => {
          const said = decode(RawDhParams, params);
          return encode(RawDhParams, { ...said, public: share(said.p) });
        },
      }),
    ),
  ),
];
