import { describe, expect, test } from "vitest";
import {
  type Certificate,
  checkRevocation,
  type FetchRevocation,
  OcspRequest,
  OcspResponse,
  type RevocationPolicy,
  type RevocationRequest,
  type VerificationInputs,
} from "../../src/index.ts";
import { maximumCrlBytes, maximumOcspBytes } from "../../src/limits.ts";
import {
  caExtensions,
  countingRandom,
  intermediate,
  intermediateCertificate,
  issue,
  leafCertificate,
  now,
  provider,
  root,
  verdict,
  verifyLater,
} from "../pki.ts";
import {
  crl,
  distributionPoints,
  freshest,
  hoursAgo,
  leafWith,
  messageBy,
  point,
  responderAt,
  response,
  revocationOf,
  revokedAnswer,
  rootCrl,
  url,
  verdictBy,
} from "./support.ts";

const crlUrl = "http://crl.example/1.crl";
const ocspUrl = "http://ocsp.example/";
const leaf = leafWith(responderAt(ocspUrl), distributionPoints(point({ urls: [crlUrl] })));
const about = { certificate: leaf, issuer: intermediateCertificate };

type Answer = Uint8Array | undefined | (() => Uint8Array);

/** Fetches from a table, and remembers what was asked. */
function web(answers: Readonly<Record<string, Answer | ((request: RevocationRequest) => Uint8Array)>>): {
  readonly fetch: FetchRevocation;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const fetch: FetchRevocation = (request) => {
    asked.push(`${request.type} ${request.url}`);
    const answer = answers[request.url];
    return typeof answer === "function" ? answer(request) : answer;
  };
  return { fetch, asked };
}

/** What comes of it, and what was asked. */
function fetching(
  answers: Parameters<typeof web>[0],
  policy: Partial<RevocationPolicy> = {},
  inputs: Partial<VerificationInputs> = {},
): readonly [string, ...(readonly string[])] {
  const { fetch, asked } = web(answers);
  return [verdictBy({ fetch, ...policy }, { leaf, ...inputs }), ...asked];
}

const good = response({ about }).der;
const revoked = response({ about, ...revokedAnswer }).der;
const unknown = response({ about, certStatus: { status: "unknown" } }).der;
const goodCrl = crl().der;
const revokingCrl = crl({ revoked: [revocationOf(leaf)] }).der;

describe("what is not at hand", () => {
  test("is asked of the responder first, then of the distribution points", () => {
    expect(fetching({ [ocspUrl]: good })).toEqual(["ok", `ocsp ${ocspUrl}`]);
    expect(fetching({ [ocspUrl]: revoked })).toEqual(["revoked", `ocsp ${ocspUrl}`]);
    expect(fetching({ [crlUrl]: goodCrl })).toEqual(["ok", `ocsp ${ocspUrl}`, `crl ${crlUrl}`]);
    expect(fetching({ [crlUrl]: revokingCrl })).toEqual(["revoked", `ocsp ${ocspUrl}`, `crl ${crlUrl}`]);
    expect(fetching({ [ocspUrl]: unknown, [crlUrl]: goodCrl })[0]).toBe("ok");
    expect(fetching({})).toEqual(["revocation_unknown", `ocsp ${ocspUrl}`, `crl ${crlUrl}`]);
  });

  test("isn't asked if it is, or if nobody gives a way to", () => {
    expect(fetching({ [ocspUrl]: revoked }, { crls: [crl()] })).toEqual(["ok"]);
    expect(fetching({ [ocspUrl]: revoked }, { ocspResponses: [response({ about })] })).toEqual(["ok"]);
    expect(fetching({ [ocspUrl]: good }, { crls: [crl({ revoked: [revocationOf(leaf)] })] })).toEqual(["revoked"]);
    expect(verdictBy({}, { leaf })).toBe("revocation_unknown");
  });

  test("isn't asked for a certificate that is refused anyway, or whom nobody asks about", () => {
    expect(fetching({ [ocspUrl]: good }, {}, { hostname: "example.com" })).toEqual(["name_mismatch"]);
    const ca = issue(intermediate, root, { extensions: [...caExtensions, responderAt("http://ca.example/")] });
    expect(fetching({ [ocspUrl]: good }, { certificates: "leaf" }, { intermediates: [ca] })).toEqual([
      "ok",
      `ocsp ${ocspUrl}`,
    ]);
    expect(fetching({ [ocspUrl]: good }, { certificates: "chain" }, { intermediates: [ca] })).toEqual([
      "revocation_unknown",
      `ocsp ${ocspUrl}`,
      "ocsp http://ca.example/",
    ]);
  });

  test("is asked for with all that it takes", () => {
    const requests: RevocationRequest[] = [];
    const fetch: FetchRevocation = (request) => {
      requests.push(request);
      return undefined;
    };
    verdictBy({ fetch }, { leaf });
    const [ocsp, list] = requests;
    if (ocsp?.type !== "ocsp") throw new RangeError("no request");
    const { requests: singles, nonce } = OcspRequest.fromDer(ocsp.body);
    expect(singles.map(({ certId }) => certId.serialNumber)).toEqual([leaf.serialNumber]);
    expect(nonce).toBeUndefined();
    expect(ocsp.maximumBytes).toBe(maximumOcspBytes);
    expect(list).toEqual({ type: "crl", url: crlUrl, maximumBytes: maximumCrlBytes });
  });

  test("may be somewhere else too: each address is asked, once", () => {
    const many = leafWith(
      responderAt("http://1.example/", "http://2.example/", "http://1.example/"),
      distributionPoints(point({ urls: ["http://3.example/", "http://4.example/"] })),
    );
    const [, ...asked] = fetching({}, {}, { leaf: many });
    expect(asked).toEqual([
      "ocsp http://1.example/",
      "ocsp http://2.example/",
      "crl http://3.example/",
      "crl http://4.example/",
    ]);
  });

  test("is asked on where the first place tells nothing", () => {
    const two = leafWith(distributionPoints(point({ urls: ["http://1.example/", "http://2.example/"] })));
    const answers = {
      "http://1.example/": rootCrl().der,
      "http://2.example/": crl({ revoked: [revocationOf(two)] }).der,
    };
    expect(fetching(answers, {}, { leaf: two })).toEqual(["revoked", "crl http://1.example/", "crl http://2.example/"]);
    const three = leafWith(responderAt("http://1.example/", "http://2.example/"));
    const unhelpful = {
      "http://1.example/": unknown,
      "http://2.example/": response({ about: { ...about, certificate: three } }).der,
    };
    expect(fetching(unhelpful, {}, { leaf: three })[0]).toBe("ok");
  });

  test("is asked by SHA-256 where there is no SHA-1", () => {
    const without = { ...provider, hashes: provider.hashes.filter(({ name }) => name !== "SHA-1") };
    const hashes: unknown[] = [];
    const fetch: FetchRevocation = (request) => {
      if (request.type === "ocsp") hashes.push(OcspRequest.fromDer(request.body).requests[0]?.certId.hash);
      return undefined;
    };
    verdictBy({ fetch }, { leaf, provider: without });
    verdictBy({ fetch }, { leaf });
    expect(hashes).toEqual(["SHA-256", "SHA-1"]);
  });

  test("is asked over HTTP alone", () => {
    const addresses = [
      ...["ldap://a.example/", "file:///etc/passwd", "ftp://a.example/", "javascript:1", "//a.example/", "http://"],
      ...["http://a.example/\r\nHost: b.example", "http://a.example/ ", `http://a.example/${"a".repeat(2048)}`],
    ];
    const odd = leafWith(responderAt(...addresses), distributionPoints(point({ urls: addresses })));
    expect(fetching({}, {}, { leaf: odd })).toEqual(["revocation_unknown"]);
    const longest = `http://a.example/${"a".repeat(2048 - 17)}`;
    expect(fetching({}, {}, { leaf: leafWith(responderAt(longest)) }).length).toBe(2);
    expect(fetching({}, {}, { leaf: leafWith(responderAt("HTTPS://a.example/")) })).toEqual([
      "revocation_unknown",
      "ocsp HTTPS://a.example/",
    ]);
  });
});

describe("a fetch", () => {
  test("that fails, or brings something else, is as good as none, and is told", () => {
    const fails = () => {
      throw new RangeError("no route");
    };
    expect(fetching({ [ocspUrl]: fails, [crlUrl]: goodCrl })[0]).toBe("ok");
    const { fetch } = web({ [ocspUrl]: fails, [crlUrl]: Uint8Array.of(0x30, 0) });
    expect(messageBy({ fetch }, { leaf })).toMatch(
      /nothing was to be had from "http:\/\/ocsp\.example\/": no route; what came from "http:\/\/crl\.example\/1\.crl" is no CRL/,
    );
    const bad = web({ [ocspUrl]: Uint8Array.of(0x30, 0), [crlUrl]: undefined });
    expect(messageBy({ fetch: bad.fetch }, { leaf })).toMatch(/is no OCSP response; nothing was to be had from/);
    const others = web({ [ocspUrl]: response().der });
    expect(messageBy({ fetch: others.fetch }, { leaf })).toMatch(/the response is about other certificates/);
  });

  test("that fails accepts, where what is available was asked for", () => {
    expect(fetching({}, { mode: "when_available" })[0]).toBe("ok");
    expect(fetching({ [ocspUrl]: revoked }, { mode: "when_available" })[0]).toBe("revoked");
  });

  test("may answer later", async () => {
    const later: FetchRevocation = async ({ url: from }) => await Promise.resolve(from === ocspUrl ? good : undefined);
    const revocation = checkRevocation({ mode: "required", certificates: "leaf", fetch: later });
    expect((await verifyLater({ leaf, revocation })).ok).toBe(true);
    expect(() => verdict({ leaf, revocation })).toThrow("answers later");
    const fails: FetchRevocation = async () => await Promise.reject(new RangeError("no route"));
    const refused = await verifyLater({
      leaf,
      revocation: checkRevocation({ mode: "required", certificates: "leaf", fetch: fails }),
    });
    expect(refused.ok ? "ok" : refused.reason.message).toMatch(/no route/);
  });

  test("isn't made more often than it may be", () => {
    const addresses = Array.from({ length: 5 }, (_, index) => `http://${index}.example/`);
    const many = leafWith(responderAt(...addresses));
    const lastGood = {
      "http://4.example/": response({ about: { certificate: many, issuer: intermediateCertificate } }).der,
    };
    expect(fetching(lastGood, { limits: { fetches: 5 } }, { leaf: many })[0]).toBe("ok");
    const [found, ...asked] = fetching(lastGood, { limits: { fetches: 4 } }, { leaf: many });
    expect([found, asked.length]).toEqual(["revocation_unknown", 4]);
  });

  test("of a CRL is made once in a verification, for all that it is about", () => {
    const sharded = "http://shared.example/";
    const points = distributionPoints(point({ urls: [sharded] }));
    const ca = issue(intermediate, root, { extensions: [...caExtensions, points] });
    const [found, ...asked] = fetching(
      { [sharded]: goodCrl },
      { certificates: "chain", crls: [rootCrl()] },
      { leaf: leafWith(points), intermediates: [ca, intermediateCertificate] },
    );
    expect([found, asked]).toEqual(["ok", [`crl ${sharded}`]]);
    const both = fetching(
      { [sharded]: rootCrl().der },
      { certificates: "chain" },
      { leaf: leafWith(points), intermediates: [ca] },
    );
    expect(both.filter((each) => each === `crl ${sharded}`).length).toBe(1);
  });

  test("is made once for a certificate that stands on several paths", () => {
    const crossSigned = () => issue(intermediate, root, { extensions: caExtensions });
    const bad = crossSigned();
    const [found, ...asked] = fetching(
      { [ocspUrl]: good },
      { certificates: "chain", crls: [rootCrl({ revoked: [revocationOf(bad)] })] },
      { intermediates: [bad, crossSigned()] },
    );
    expect([found, asked]).toEqual(["ok", [`ocsp ${ocspUrl}`]]);
    const [, ...askedInVain] = fetching(
      {},
      { certificates: "chain" },
      { intermediates: [bad, crossSigned(), crossSigned()] },
    );
    expect(askedInVain).toEqual([`ocsp ${ocspUrl}`, `crl ${crlUrl}`]);
  });

  test("brings delta CRLs too, from where the CRL says they are or else the certificate", () => {
    const deltaUrl = "http://crl.example/delta.crl";
    const delta = crl({ cRLNumber: 6, baseCRLNumber: 5, revoked: [revocationOf(leaf)] }).der;
    const saying = crl({ freshestCRL: [point({ urls: [deltaUrl] })] }).der;
    expect(fetching({ [crlUrl]: saying, [deltaUrl]: delta })).toEqual([
      "revoked",
      `ocsp ${ocspUrl}`,
      `crl ${crlUrl}`,
      `crl ${deltaUrl}`,
    ]);
    const own: Certificate = leafWith(
      distributionPoints(point({ urls: [crlUrl] })),
      freshest(point({ urls: [deltaUrl] })),
    );
    const ofOwn = crl({ cRLNumber: 6, baseCRLNumber: 5, revoked: [revocationOf(own)] }).der;
    expect(fetching({ [crlUrl]: goodCrl, [deltaUrl]: ofOwn }, {}, { leaf: own })[0]).toBe("revoked");
    expect(fetching({ [crlUrl]: goodCrl }, {}, { leaf: own })[0]).toBe("ok");
  });

  test("of a CRL that isn't the certificate's proves nothing", () => {
    const other = crl({ issuingDistributionPoint: { distributionPoint: url("http://other.example/") } }).der;
    expect(fetching({ [crlUrl]: other })[0]).toBe("revocation_unknown");
    expect(messageBy({ fetch: web({ [crlUrl]: other }).fetch }, { leaf })).toMatch(/is for another distribution point/);
  });
});

describe("a nonce", () => {
  const answer =
    (nonceOf: (sent: Uint8Array | undefined) => Uint8Array | undefined) =>
    (request: RevocationRequest): Uint8Array => {
      if (request.type !== "ocsp") throw new RangeError("no CRLs here");
      const { nonce, requests } = OcspRequest.fromDer(request.body);
      const [single] = requests;
      if (single === undefined) throw new RangeError("an empty request");
      return response({ about: single.certId }, { nonce: nonceOf(nonce) }).der;
    };
  const by = (nonceOf: (sent: Uint8Array | undefined) => Uint8Array | undefined, required: boolean): string =>
    fetching({ [ocspUrl]: answer(nonceOf) }, { nonce: { random: countingRandom(), required } })[0];

  test("has 32 octets, and comes back", () => {
    let sent: Uint8Array | undefined;
    const echo = (nonce: Uint8Array | undefined) => {
      sent = nonce;
      return nonce;
    };
    expect(by(echo, true)).toBe("ok");
    expect(sent?.length).toBe(32);
  });

  test("of another request is refused, and none only if one is required", () => {
    expect(by(() => new Uint8Array(32), false)).toBe("revocation_unknown");
    expect(by(() => undefined, false)).toBe("ok");
    expect(by(() => undefined, true)).toBe("revocation_unknown");
  });

  test("isn't asked of what is at hand", () => {
    const nonce = { random: countingRandom(), required: true };
    expect(verdictBy({ nonce, ocspResponses: [response()] }, { leaf: leafCertificate })).toBe("ok");
    expect(OcspResponse.fromDer(response({}, { nonce: new Uint8Array(32) }).der).basic?.nonce?.length).toBe(32);
  });
});

test("what is fetched is held to the time like what is at hand", () => {
  const late = response({ about, nextUpdate: hoursAgo(1) }).der;
  expect(fetching({ [ocspUrl]: late })[0]).toBe("revocation_unknown");
  const old = crl({ nextUpdate: new Date(now.getTime() - 1000) }).der;
  expect(fetching({ [crlUrl]: old })[0]).toBe("revocation_unknown");
});
