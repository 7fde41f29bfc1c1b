import {
  type CertificateKeyType,
  defaultSignatureSchemes,
  ecdsa_secp256r1_sha256,
  ecdsa_secp384r1_sha384,
  ed448,
  ed25519,
  rsa_pkcs1_sha256_legacy,
} from "@tlskit/ciphersuites";
import { runSync, signerFor } from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom, throwawayPki } from "@tlskit/testing";
import {
  Alert,
  alertName,
  type Certificate,
  type CertificateWithKey,
  type ClientCertificates,
  type ClientCredentialRequest,
  type ClientOptions,
  type DangerousServerInfo,
  DangerousTlsServer,
  ownCertificates,
  peerError,
  ServerContext,
  type ServerOptions,
  TrustAnchors,
  UnverifiedPeer,
  VerifiedChain,
} from "@tlskit/tls";
import { type CertifiedPurpose, createCertificateSync, generatePrivateKeySync, Oid } from "@tlskit/x509";
import { describe, expect, it } from "vitest";
import { Recorder } from "./helpers/under-test.ts";
import { clientPki, connect, now, pair, sharedPki } from "./helpers/world.ts";

const asking = (changes: Partial<ClientCertificates> = {}): Partial<ServerOptions> => ({
  clientCertificates: { demand: "required", anchors: clientPki().anchors, ...changes },
});
const showing = (type: CertificateKeyType = "P-256"): Partial<ClientOptions> => ({
  certificates: ownCertificates([clientPki().certificateOf(type)]),
});
const shaken = (client: Partial<ClientOptions>, server: Partial<ServerOptions>) => connect(pair({ client, server }));

const making = { provider: nodeProvider, random: seededRandom(77) };
const validity = { from: new Date(now - 1000), days: 2 };
const strangersKey = generatePrivateKeySync(making);

/** An authority whom nobody has to do with, unless it is said. */
const stranger = createCertificateSync({
  ...making,
  publicKey: strangersKey,
  signer: strangersKey,
  subject: { commonName: "Stranger" },
  validity,
  ca: {},
});
const strangers = TrustAnchors.of([stranger]);

/** A certificate of that authority. */
function createdBy(issuer: Certificate, purposes: readonly CertifiedPurpose[] = ["clientAuth"]): CertificateWithKey {
  const key = generatePrivateKeySync(making);
  const subject = { commonName: "somebody" };
  const contents = { publicKey: key, signer: strangersKey, issuer, subject, validity, purposes };
  return { chain: [createCertificateSync({ ...making, ...contents })], key };
}

const reversed = (bytes: Uint8Array): Uint8Array => bytes.toReversed();

/** What a server refused a client with, and what the client was told. */
function refusal(client: Partial<ClientOptions>, server: Partial<ServerOptions>) {
  const made = pair({ client, server });
  made.client.send(new Uint8Array(9));
  made.server.send(new Uint8Array(9));
  const { atServer, atClient } = connect(made);
  expect(atServer.info, "established at the server").toBeUndefined();
  expect(atServer.data, "data that was handed out").toHaveLength(0);
  expect(atClient.data, "data that was sent").toHaveLength(0);
  // A client of TLS 1.3 is connected before its certificate is judged.
  expect(atClient.info, "established at the client").toBeDefined();
  expect(atClient.error?.kind).toBe("alert");
  expect(atClient.error?.alert).toBe(atServer.error?.alert);
  return `${atServer.error?.code}: ${alertName(atClient.error?.alert ?? 255)}`;
}

describe("a server that requires a certificate", () => {
  // RFC 9846 §4.4.2#position, §4.4.2#context-empty, §4.4.2#signature-algorithms, §4.5.2#sent-by-client
  it.each<CertificateKeyType>(["P-256", "P-384", "P-521", "Ed25519", "Ed448", "rsaEncryption", "id-RSASSA-PSS"])(
    "takes one with a key of type %s",
    (type) => {
      const { atClient, atServer } = shaken(showing(type), asking());
      const { chain } = clientPki().certificateOf(type);
      expect(atServer.info?.peer).toBeInstanceOf(VerifiedChain);
      expect(atServer.info?.peer?.certificates[0]).toEqual(chain[0]);
      const shown = { clientCertificates: chain.map(({ der }) => der), clientSignatureScheme: { keyType: type } };
      expect(atServer.info).toMatchObject(shown);
      expect(atClient.info).toMatchObject(shown);
    },
  );

  it("refuses a client that shows none", () => {
    expect(refusal({}, asking())).toBe("certificate_required: certificate_required");
  });

  it("refuses a chain that leads to nobody whom it trusts", () => {
    expect(refusal(showing(), asking({ anchors: strangers, certificateAuthorities: [] }))).toBe(
      "certificate_unknown_issuer: unknown_ca",
    );
  });

  it("refuses a certificate that isn't for clients", () => {
    expect(
      refusal({ certificates: ownCertificates([sharedPki().certificate]) }, asking({ anchors: sharedPki().anchors })),
    ).toBe("certificate_extended_key_usage: unsupported_certificate");
  });

  it.each([
    ["expired", "certificate_expired: certificate_expired"],
    ["not yet valid", "certificate_not_yet_valid: certificate_expired"],
    ["expired intermediate", "certificate_expired: certificate_expired"],
    ["wrong signature", "certificate_bad_signature: bad_certificate"],
  ] as const)("refuses a chain: %s", (name, expected) => {
    const bad = runSync(clientPki().bad(name));
    expect(refusal({ certificates: ownCertificates(() => bad) }, asking())).toBe(expected);
  });

  it("asks the application about a client that is verified, which may refuse it", () => {
    const asked: VerifiedChain[] = [];
    const checkClient = (chain: VerifiedChain): void => {
      asked.push(chain);
      throw peerError("not_on_the_list", Alert.accessDenied, "nobody of that name is known");
    };
    expect(refusal(showing(), asking({ checkClient }))).toBe("not_on_the_list: access_denied");
    expect(asked).toHaveLength(1);
    expect(refusal({}, asking({ checkClient }))).toBe("certificate_required: certificate_required");
    expect(asked).toHaveLength(1);
  });

  it("waits for the application's answer, and hands nothing out before", async () => {
    let answer = (): void => {};
    const checkClient = () => new Promise<void>((resolve) => (answer = resolve));
    const made = pair({ client: showing(), server: asking({ checkClient }) });
    made.client.send(Uint8Array.of(1, 2, 3));
    made.server.send(Uint8Array.of(4, 5));
    connect(made);
    expect(made.atServer.events).toEqual([]);
    expect(made.atClient.data).toHaveLength(0);
    answer();
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    made.network.run();
    expect(made.atServer.data).toEqual(Uint8Array.of(1, 2, 3));
    expect(made.atClient.data).toEqual(Uint8Array.of(4, 5));
  });

  it("is told of a failure of the application's own as such", () => {
    const checkClient = (): never => {
      throw new RangeError("the list is lost");
    };
    expect(refusal(showing(), asking({ checkClient }))).toBe("internal_error: internal_error");
  });
});

describe("a server for which a certificate is optional", () => {
  it("takes a client that shows one, and one that shows none", () => {
    expect(shaken(showing(), asking({ demand: "optional" })).atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    const { atClient, atServer } = shaken({}, asking({ demand: "optional" }));
    for (const { info, error } of [atClient, atServer]) {
      expect(error).toBeUndefined();
      expect(info).toMatchObject({ clientCertificates: [], clientSignatureScheme: undefined });
    }
    expect(atServer.info?.peer).toBeUndefined();
  });

  it("refuses one that it can't verify all the same", () => {
    expect(refusal(showing(), asking({ demand: "optional", anchors: strangers, certificateAuthorities: [] }))).toBe(
      "certificate_unknown_issuer: unknown_ca",
    );
  });
});

describe("a server that asks nobody, or later", () => {
  it.each([{}, asking({ demand: "later" })])("gets no certificate of a client that has one", (server) => {
    const { atServer, atClient } = shaken(showing(), server);
    expect(atServer.info?.peer).toBeUndefined();
    expect(atClient.info?.clientCertificates).toEqual([]);
  });
});

describe("what a client shows", () => {
  const leafOf = (info: { readonly clientCertificates: readonly Uint8Array[] } | undefined) =>
    info?.clientCertificates[0];
  const der = (type: CertificateKeyType) => clientPki().certificateOf(type).chain[0]?.der;
  const all = (): Partial<ClientOptions> => ({ certificates: ownCertificates(clientPki().certificates) });

  // RFC 9846 §4.5.2#scheme-requested
  it("is what signs by a scheme that the server asks for", () => {
    const { atServer } = shaken(all(), { ...asking(), clientSignatureSchemes: [ed25519, ecdsa_secp256r1_sha256] });
    expect(leafOf(atServer.info)).toEqual(der("P-256"));
    const other = shaken(all(), { ...asking(), clientSignatureSchemes: [ed448, ecdsa_secp256r1_sha256] });
    expect(other.atServer.info?.clientSignatureScheme).toBe(ecdsa_secp256r1_sha256);
    const last = shaken(all(), { ...asking(), clientSignatureSchemes: [ed448, ecdsa_secp384r1_sha384] });
    expect(leafOf(last.atServer.info)).toEqual(der("P-384"));
  });

  it("has its chain signed by what the server can verify, if there is one", () => {
    const chains = [clientPki().certificateOf("Ed25519"), clientPki().certificateOf("P-256")];
    const { atServer } = shaken(
      { certificates: ownCertificates(chains) },
      { ...asking(), clientSignatureSchemes: [ed25519] },
    );
    // It says that it can't verify how these chains are signed, and gets one all the same.
    expect(leafOf(atServer.info)).toEqual(der("Ed25519"));
  });

  it("is issued, directly or not, by one whom the server names; or nothing is shown", () => {
    const others = throwawayPki(nodeProvider, seededRandom(5), "other.example", now, { purpose: "clientAuth" });
    const own = createdBy(stranger);
    const certificates = [own, others.certificate];
    const asked = asking({ demand: "optional", anchors: TrustAnchors.of([stranger, others.root.certificate]) });
    const names = (...named: readonly Certificate[]) => named.map(({ subject }) => subject.der);
    const shownTo = (certificateAuthorities: readonly Uint8Array[]) => {
      const { clientCertificates } = asked;
      const server = { clientCertificates: { ...clientCertificates, certificateAuthorities } as ClientCertificates };
      return leafOf(shaken({ certificates: ownCertificates(certificates) }, server).atServer.info);
    };
    expect(shownTo(names(others.root.certificate))).toEqual(others.certificate.chain[0]?.der);
    expect(shownTo(names(others.intermediate.certificate))).toEqual(others.certificate.chain[0]?.der);
    expect(shownTo(names(stranger))).toEqual(own.chain[0]?.der);
    expect(shownTo([])).toEqual(own.chain[0]?.der);
    expect(shownTo([...names(sharedPki().root.certificate).map(reversed), Uint8Array.of(0x30, 0)])).toBeUndefined();
  });

  it("is told the names of the server's anchors, unless it has other names to tell", () => {
    const told: (readonly Uint8Array[])[] = [];
    const chooseCertificate = ({ certificateAuthorities }: ClientCredentialRequest): undefined => {
      told.push(certificateAuthorities);
    };
    shaken({ certificates: ownCertificates(chooseCertificate) }, asking({ demand: "optional" }));
    shaken(
      { certificates: ownCertificates(chooseCertificate) },
      asking({ demand: "optional", certificateAuthorities: [stranger.subject.der] }),
    );
    shaken(
      { certificates: ownCertificates(chooseCertificate) },
      asking({ demand: "optional", certificateAuthorities: [] }),
    );
    const long = Array.from({ length: 700 }, () => new Uint8Array(100).fill(1));
    shaken(
      { certificates: ownCertificates(chooseCertificate) },
      asking({ demand: "optional", certificateAuthorities: long }),
    );
    expect(told).toEqual([[clientPki().root.certificate.subject.der], [stranger.subject.der], [], []]);
  });

  // RFC 9846 §4.3.5#place, §4.3.5#filters-kept, §4.5.1.2#filters-matched
  it("is good for what the server wants it for", () => {
    const signing = createdBy(stranger, ["clientAuth", "codeSigning"]);
    const certificates = [createdBy(stranger), signing];
    const usages = { keyUsage: ["digitalSignature"], extendedKeyUsage: [Oid.clientAuth, Oid.codeSigning] } as const;
    const { atServer } = shaken(
      { certificates: ownCertificates(certificates) },
      asking({ anchors: strangers, usages }),
    );
    expect(leafOf(atServer.info)).toEqual(signing.chain[0]?.der);
    const none = shaken(
      { certificates: ownCertificates(certificates.slice(0, 1)) },
      asking({ demand: "optional", anchors: strangers, usages }),
    );
    expect(none.atServer.info?.peer).toBeUndefined();
    const chooseCertificate = () => certificates[0];
    expect(refusal({ certificates: ownCertificates(chooseCertificate) }, asking({ anchors: strangers, usages }))).toBe(
      "certificate_not_wanted: unsupported_certificate",
    );
  });

  it("may be chosen by what is asked for, and later", async () => {
    let asked: ClientCredentialRequest | undefined;
    let answer = (_: CertificateWithKey | undefined): void => {};
    const chooseCertificate = (request: ClientCredentialRequest) => {
      asked = request;
      return new Promise<CertificateWithKey | undefined>((resolve) => (answer = resolve));
    };
    const made = connect(pair({ client: { certificates: ownCertificates(chooseCertificate) }, server: asking() }));
    expect(asked).toMatchObject({
      certificateAuthorities: [clientPki().root.certificate.subject.der],
      oidFilters: [],
      context: new Uint8Array(0),
    });
    expect(asked?.signatureSchemes.map(({ name }) => name)).toContain("ecdsa_secp256r1_sha256");
    expect(asked?.signatureSchemesInCertificates).toContain(0x0401);
    expect(made.atClient.events).toEqual([]);
    answer(clientPki().certificate);
    for (let turn = 0; turn < 10; turn += 1) await undefined;
    made.network.run();
    expect(leafOf(made.atServer.info)).toEqual(der("P-256"));
  });

  it("is a failure of the client's own if it can't sign by what is asked for", () => {
    const chooseCertificate = () => clientPki().certificateOf("Ed448");
    const { atClient, atServer } = shaken(
      { certificates: ownCertificates(chooseCertificate) },
      { ...asking(), clientSignatureSchemes: [ed25519] },
    );
    expect(atClient.error).toMatchObject({ kind: "caller", code: "no_common_signature_scheme" });
    expect(atServer.error).toMatchObject({ kind: "alert", alert: Alert.internalError });
  });

  it("is checked when the context is made", () => {
    const mismatched = { ...clientPki().certificate, key: sharedPki().certificate.key };
    expect(() => pair({ client: { certificates: ownCertificates([mismatched]) } })).toThrow(
      expect.objectContaining({ code: "certificate_key_mismatch" }),
    );
  });
});

// RFC 9963
describe("a client whose RSA key signs by PKCS#1 v1.5 alone", () => {
  const { chain, key } = clientPki().certificateOf("rsaEncryption");
  const { sign } = signerFor(nodeProvider, key.privateKey, seededRandom(1));
  const old = { chain, key: { algorithms: ["RSA-PKCS1/SHA-256"] as const, sign } };
  const clientSignatureSchemes = [...defaultSignatureSchemes, rsa_pkcs1_sha256_legacy];

  // RFC 9963 §3#asked-for, §4#rfc8017
  it("is taken where both sides list that", () => {
    const client = { certificates: ownCertificates([old]), clientSignatureSchemes };
    const { atServer } = shaken(client, { ...asking(), clientSignatureSchemes });
    expect(atServer.info?.clientSignatureScheme).toBe(rsa_pkcs1_sha256_legacy);
    expect(refusal(client, asking())).toBe("certificate_required: certificate_required");
    expect(() => pair({ client: { certificates: ownCertificates([old]) } })).toThrow(
      expect.objectContaining({ code: "unsupported_choice" }),
    );
  });

  // RFC 9963 §3#pss-first
  it("uses PSS where its key can", () => {
    const clientFirst = [rsa_pkcs1_sha256_legacy, ...defaultSignatureSchemes];
    const client = { certificates: ownCertificates([{ chain, key }]), clientSignatureSchemes };
    const { atServer } = shaken(client, { ...asking(), clientSignatureSchemes: clientFirst });
    expect(atServer.info?.clientSignatureScheme?.name).toBe("rsa_pss_rsae_sha256");
  });

  // RFC 9963 §3#not-offered, §3#not-taken
  it("is no server: the schemes are none of theirs", () => {
    for (const options of [
      { client: { signatureSchemes: clientSignatureSchemes } },
      { server: { signatureSchemes: clientSignatureSchemes } },
    ]) {
      expect(() => pair(options)).toThrow(
        expect.objectContaining({
          code: "unsupported_choice",
          message: expect.stringContaining("clientSignatureSchemes"),
        }),
      );
    }
  });
});

describe("a server that accepts whatever certificate it is shown", () => {
  function accepting(client: Partial<ClientOptions>, options: Partial<ServerOptions>) {
    const made = pair({ client });
    const atServer = new Recorder<DangerousServerInfo>(made.link.right.write, made.link.right.end);
    const context = new ServerContext({
      provider: nodeProvider,
      random: seededRandom(3),
      clock: () => now,
      certificates: sharedPki().certificates.slice(0, 1),
      ...options,
    });
    const server = new DangerousTlsServer(context, atServer);
    made.link.right.attach(server);
    server.start();
    made.client.start();
    made.network.run();
    return { ...made, atServer };
  }

  it("says whether it was verified, and why not", () => {
    const { atServer, atClient } = accepting(showing(), asking({ anchors: strangers, certificateAuthorities: [] }));
    expect(atClient.error).toBeUndefined();
    const { peer } = atServer.info ?? {};
    expect(peer).toBeInstanceOf(UnverifiedPeer);
    expect(peer).toMatchObject({ refusal: { code: "certificate_unknown_issuer" } });
    expect(peer?.certificates[0]).toEqual(clientPki().certificate.chain[0]);
    expect(accepting(showing(), asking()).atServer.info?.peer).toBeInstanceOf(VerifiedChain);
    const usages = { extendedKeyUsage: [Oid.codeSigning] };
    const unwanted = accepting({ certificates: ownCertificates(() => clientPki().certificate) }, asking({ usages }));
    expect(unwanted.atServer.info?.peer).toMatchObject({ refusal: { code: "certificate_not_wanted" } });
  });

  it("still refuses none where one is required, and a verified one that the application refuses", () => {
    expect(accepting({}, asking()).atServer.error).toMatchObject({ code: "certificate_required" });
    const checkClient = (): never => {
      throw peerError("not_on_the_list", Alert.accessDenied, "nobody of that name is known");
    };
    expect(accepting(showing(), asking({ checkClient })).atServer.error).toMatchObject({ code: "not_on_the_list" });
    const anonymous = accepting({}, asking({ demand: "optional", checkClient })).atServer;
    expect(anonymous.info?.peer).toBeUndefined();
    expect(anonymous.error).toBeUndefined();
  });
});

describe("a context that is chosen by the client's hello", () => {
  const context = (options: Partial<ServerOptions>) =>
    new ServerContext({
      provider: nodeProvider,
      random: seededRandom(3),
      clock: () => now,
      certificates: sharedPki().certificates.slice(0, 1),
      ...options,
    });

  it("has its own rules for clients' certificates", () => {
    expect(refusal({}, { contextFor: () => context(asking()) })).toBe("certificate_required: certificate_required");
    expect(refusal({}, { ...asking(), contextFor: () => context(asking()) })).toMatch(/^certificate_required/);
    const { atServer } = shaken({}, { ...asking(), contextFor: () => context({}) });
    expect(atServer.info).toBeDefined();
  });
});

describe("what a server is told about clients' certificates", () => {
  it("is checked when the context is made", () => {
    const refused: readonly (readonly [object, string])[] = [
      [{ demand: "sometimes", anchors: strangers }, "invalid_argument"],
      [{ demand: "required" }, "invalid_argument"],
      [{ demand: "required", anchors: TrustAnchors.of([]) }, "no_trust_anchors"],
      [{ demand: "required", anchors: strangers, mandatory: true }, "unknown_option"],
      [
        { demand: "required", anchors: strangers, usages: { extendedKeyUsage: [Oid.anyExtendedKeyUsage] } },
        "invalid_argument",
      ],
    ];
    for (const [clientCertificates, code] of refused) {
      // what a caller without a compiler may give
      const server = { clientCertificates: clientCertificates as ClientCertificates };
      expect(() => pair({ server }), code).toThrow(expect.objectContaining({ code }));
    }
  });
});
