import { runSync } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  type CertificateEntry,
  certificateStatus,
  extension,
  extensionCodes,
  signedCertificateTimestamps,
} from "@tlskit/messages";
import { seededRandom } from "@tlskit/testing";
import {
  type Certificate,
  ClientContext,
  type ClientOptions,
  ocspStaple,
  readClientHello,
  serverVerifier,
} from "@tlskit/tls";
import { Alert } from "@tlskit/wire";
import { checkRevocation, createCrlSync, encodeSct, notChecked, type SignedCertificateTimestamp } from "@tlskit/x509";
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
  transparency,
  withKey,
} from "./helpers/attested.ts";
import { Fleet } from "./helpers/fleet.ts";
import { host, now, pair } from "./helpers/world.ts";

type Options = Partial<ClientOptions>;

const checked = (policy: Partial<Parameters<typeof checkRevocation>[0]>) =>
  checkRevocation({ mode: "when_available", certificates: "chain", ...policy });
const whenAvailable = checked({});

const contextWith = (options: Options = {}): ClientContext =>
  new ClientContext({
    provider: nodeProvider,
    random: seededRandom(1),
    clock: () => now,
    anchors: pki.anchors,
    revocation: whenAvailable,
    ...options,
  });

/** What a server shows: a certificate, with a response and timestamps if there are any. */
function entry(
  { der }: Certificate,
  response?: Uint8Array,
  timestamps: readonly SignedCertificateTimestamp[] = [],
): CertificateEntry {
  const status = response && extension(certificateStatus, { statusType: 1, response });
  const list = extension(signedCertificateTimestamps, timestamps.map(encodeSct));
  return { certData: der, extensions: [...(status ? [status] : []), ...(timestamps.length > 0 ? [list] : [])] };
}

const intermediate = entry(pki.intermediate.certificate);
const chainOf = (leaf: CertificateEntry) => runSync(verifierWith({})([leaf, intermediate])).evidence;
const verifierWith = (options: Options) => serverVerifier(contextWith(options).trust, host);

/** What is known of the certificates' revocation, the leaf first; or why the server is refused. */
function verdict(options: Options, ...entries: readonly CertificateEntry[]): unknown {
  try {
    const { revocation } = runSync(verifierWith(options)(entries)).evidence;
    return revocation === notChecked ? "not checked" : revocation.map(({ status }) => status);
  } catch (error) {
    return error;
  }
}

const refusal = (code: string, alert: number) => expect.objectContaining({ kind: "peer", code, alert });
const badStaple = refusal("certificate_bad_staple", Alert.badCertificateStatusResponse);
const missingStaple = refusal("certificate_missing_staple", Alert.badCertificateStatusResponse);
const refusedAsRevoked = refusal("certificate_revoked", Alert.certificateRevoked);
const nothingKnown = refusal("certificate_revocation_unknown", Alert.certificateUnknown);

describe("an OCSP response beside a server's certificate", () => {
  // RFC 6066 §8#sent
  it("is asked for where revocation is checked", () => {
    const asks = (client: Options): boolean => {
      const made = pair({ client });
      made.client.start();
      const [hello] = made.link.left.written;
      const found = readClientHello(hello ?? new Uint8Array(0));
      return found !== undefined && extensionCodes(found.hello).includes(5);
    };
    expect(asks({ revocation: whenAvailable })).toBe(true);
    expect(asks({ revocation: undefined })).toBe(false);
    expect(asks({ revocation: notChecked })).toBe(false);
  });

  it("tells that the certificate is good, and the connection tells by what", () => {
    expect(verdict({}, entry(plain, staple()), intermediate)).toEqual(["good", "unknown"]);
    const { revocation } = chainOf(entry(plain, staple()));
    expect(revocation === notChecked ? undefined : revocation[0]).toMatchObject({
      evidence: { source: "ocsp", stapled: true },
    });
  });

  // RFC 6066 §8#checked, RFC 9325 §7.5#revocation
  it("that says that it was revoked ends the handshake with certificate_revoked", () => {
    expect(verdict({}, entry(plain, staple(plain, revoked)), intermediate)).toEqual(refusedAsRevoked);
  });

  // RFC 6066 §8#checked
  it.each<[string, Uint8Array]>([
    ["can't be read", Uint8Array.of(0x30, 0)],
    ["is about another certificate", staple(promising)],
    ["is stale", staple(plain, { nextUpdate: hours(-0.5) })],
    ["doesn't say until when it is good", staple(plain, { nextUpdate: undefined })],
    ["doesn't know the certificate", staple(plain, { certStatus: { status: "unknown" } })],
    ["is by an authority that didn't issue it", stapleOfIntermediate()],
  ])("that %s ends it with bad_certificate_status_response", (_, response) => {
    expect(verdict({}, entry(plain, response), intermediate)).toEqual(badStaple);
    expect(verdict({ revocation: checked({ mode: "required" }) }, entry(plain, response), intermediate)).toEqual(
      badStaple,
    );
  });

  it("is looked at beside every certificate of the path", () => {
    const by = (response: Uint8Array, options: Options = {}) =>
      verdict(options, entry(plain), entry(pki.intermediate.certificate, response));
    expect(by(stapleOfIntermediate())).toEqual(["unknown", "good"]);
    expect(by(stapleOfIntermediate(revoked))).toEqual(refusedAsRevoked);
    expect(by(staple())).toEqual(badStaple);
    expect(by(stapleOfIntermediate(revoked), { revocation: checked({ certificates: "leaf" }) })).toEqual([
      "unknown",
      "not_checked",
    ]);
  });

  it("isn't looked at beside others, or by who looks at nothing", () => {
    const root = entry(pki.root.certificate, Uint8Array.of(1));
    expect(verdict({}, entry(plain), intermediate, root)).toEqual(["unknown", "unknown"]);
    const unreadable = { ...entry(plain, Uint8Array.of(1)), certData: Uint8Array.of(0x30, 0) };
    expect(verdict({}, entry(plain), intermediate, unreadable)).toEqual(["unknown", "unknown"]);
    expect(verdict({ revocation: notChecked }, entry(plain, staple(plain, revoked)), intermediate)).toBe("not checked");
  });

  // RFC 6066 §11.6#no-response
  it("is required where that is asked, if nothing else is known", () => {
    const required = { mode: "required", certificates: "leaf" } as const;
    expect(verdict({ revocation: checked(required) }, entry(plain), intermediate)).toEqual(nothingKnown);
    expect(verdict({ revocation: checked(required) }, entry(plain, staple()), intermediate)).toEqual([
      "good",
      "not_checked",
    ]);
    const crl = createCrlSync({
      provider: nodeProvider,
      random: seededRandom(2),
      signer: pki.intermediate.key,
      issuer: pki.intermediate.certificate,
      thisUpdate: hours(-1),
      nextUpdate: hours(1),
      cRLNumber: 1,
      revoked: [],
    });
    const given = { revocation: checked({ ...required, crls: [crl] }) };
    expect(verdict(given, entry(plain), intermediate)).toEqual(["good", "not_checked"]);
  });

  it("may be fetched, by who is told to", () => {
    const asked: string[] = [];
    const fetch = ({ url }: { readonly url: string }) => {
      asked.push(url);
      return undefined;
    };
    // The certificates name nobody, so that there is nobody to ask.
    expect(verdict({ revocation: checked({ mode: "required", fetch }) }, entry(plain), intermediate)).toEqual(
      nothingKnown,
    );
    expect(asked).toEqual([]);
  });
});

describe("a certificate that promises an OCSP response (RFC 7633)", () => {
  // RFC 7633 §4.3.3#refused, §4.3.3#invalid, §4.2.3.1#staple-missed, §4.2.3.1#not-secure
  it("is refused without one, unless told not to look", () => {
    expect(verdict({}, entry(promising), intermediate)).toEqual(missingStaple);
    expect(verdict({ revocation: notChecked }, entry(promising), intermediate)).toBe("not checked");
  });

  it("is refused with one that doesn't count, and taken with a good one", () => {
    expect(verdict({}, entry(promising, staple(plain)), intermediate)).toEqual(badStaple);
    expect(verdict({}, entry(promising, staple(promising, revoked)), intermediate)).toEqual(refusedAsRevoked);
    expect(verdict({}, entry(promising, staple(promising)), intermediate)).toEqual(["good", "unknown"]);
  });
});

describe("promises of logs (RFC 6962)", () => {
  const counted = (...entries: readonly CertificateEntry[]): unknown => {
    try {
      const { timestamps } = runSync(verifierWith({ transparency })(entries)).evidence;
      return timestamps === notChecked ? "not checked" : timestamps.map(({ log }) => log.operator);
    } catch (error) {
      return error;
    }
  };
  const tooFew = refusal("certificate_too_few_scts", Alert.certificateUnknown);

  // RFC 6962 §3.3#all-ways
  it("are counted where they are asked for, and the connection tells of which logs", () => {
    expect(counted(entry(plain, undefined, timestampsOf(plain)), intermediate)).toEqual(["First", "Second"]);
    expect(counted(entry(plain), intermediate)).toEqual(tooFew);
    expect(counted(entry(plain, undefined, timestampsOf(promising)), intermediate)).toEqual(tooFew);
  });

  // RFC 6962 §3.3#all-ways
  it("come in an OCSP response too", () => {
    const scts = timestampsOf(plain);
    expect(counted(entry(plain, staple(plain, { scts })), intermediate)).toEqual(["First", "Second"]);
    const one = staple(plain, { scts: scts.slice(1) });
    expect(counted(entry(plain, one, scts.slice(0, 1)), intermediate)).toEqual(["First", "Second"]);
    expect(counted(entry(plain, one), intermediate)).toEqual(tooFew);
  });

  it("aren't looked for beside other certificates", () => {
    const timestamps = timestampsOf(plain);
    expect(counted(entry(plain), entry(pki.intermediate.certificate, undefined, timestamps))).toEqual(tooFew);
  });
});

describe("limits on what a server shows", () => {
  it("are how many certificates", () => {
    const shown = (count: number) => [entry(plain), ...Array.from({ length: count - 1 }, () => intermediate)];
    expect(verdict({}, ...shown(32))).toEqual(["unknown", "unknown"]);
    expect(verdict({}, ...shown(33))).toEqual(refusal("too_many_certificates", Alert.badCertificate));
    expect(verdict({ maxCertificates: 2 }, ...shown(2))).toEqual(["unknown", "unknown"]);
    expect(verdict({ maxCertificates: 2 }, ...shown(3))).toEqual(
      refusal("too_many_certificates", Alert.badCertificate),
    );
  });

  it("and how long the path is", () => {
    expect(verdict({ maxChainLength: 3 }, entry(plain), intermediate)).toEqual(["unknown", "unknown"]);
    expect(verdict({ maxChainLength: 2 }, entry(plain), intermediate)).toEqual(
      refusal("certificate_chain_too_long", Alert.badCertificate),
    );
  });

  it("are numbers from 1 on", () => {
    for (const wrong of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const name of ["maxCertificates", "maxChainLength"]) {
        expect(() => contextWith({ [name]: wrong })).toThrow(expect.objectContaining({ code: "out_of_range" }));
      }
    }
  });
});

describe("a session", () => {
  const connected = (response: Uint8Array | undefined, leaf = plain) => {
    const fleet = new Fleet();
    const certificate = withKey(leaf, response === undefined ? {} : { ocspStaple: ocspStaple(response) });
    const server = { certificates: [certificate] };
    const client = { anchors: pki.anchors };
    fleet.connected(client, server);
    return { fleet, client, server };
  };

  it("keeps what was shown beside the certificate, which is looked at again when it is resumed", () => {
    const response = staple(promising);
    const { fleet, client, server } = connected(response, promising);
    expect(fleet.resumed({ ...client, revocation: checked({ mode: "required", certificates: "leaf" }) }, server)).toBe(
      true,
    );
    const { atClient } = fleet.connected(client, server);
    expect(atClient.info?.serverAttestations[0]?.ocspResponse).toEqual(response);
    expect(atClient.info?.peer.revocation).toMatchObject([{ status: "good", evidence: { stapled: true } }, {}]);
  });

  it("is over when its OCSP response is: the full handshake brings a newer one", () => {
    const { fleet, client, server } = connected(staple(plain, { nextUpdate: hours(2) }));
    expect(fleet.resumed(client, server)).toBe(true);
    fleet.later = 3 * 3_600_000;
    expect(fleet.resumed(client, { certificates: [withKey(plain)] })).toBe(false);
  });

  // RFC 6962 §3.3.1#with-session
  it("is offered by a hello that asks for all that a full handshake would need", () => {
    const fleet = new Fleet();
    const client = { anchors: pki.anchors, transparency };
    const server = { certificates: [withKey(plain, { signedCertificateTimestamps: timestampsOf(plain) })] };
    fleet.connected(client, server);
    const { atClient, link } = fleet.connected(client, server);
    expect(atClient.info).toMatchObject({ resumed: true, peer: { timestamps: [{}, {}] } });
    const found = readClientHello(link.left.written[0] ?? new Uint8Array(0));
    const codes = found === undefined ? [] : extensionCodes(found.hello);
    expect([5, 18, 41].filter((code) => codes.includes(code))).toEqual([5, 18, 41]);
  });

  it("that has less than is asked for now is not resumed", () => {
    const { fleet, client, server } = connected(undefined);
    expect(
      fleet.resumed(
        { ...client, transparency },
        { ...server, certificates: [withKey(plain, { signedCertificateTimestamps: timestampsOf(plain) })] },
      ),
    ).toBe(false);
  });
});
