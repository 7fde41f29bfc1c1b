import { runSync } from "@tlskit/crypto";
import { nobleProvider } from "@tlskit/crypto-noble";
import { nodeProvider } from "@tlskit/crypto-node";
import { describeVectors } from "@tlskit/vectors";
import { describe, expect, test } from "vitest";
import { readAlgorithmIdentifier } from "../src/algorithm-identifier.ts";
import { decodeDer } from "../src/der-reader.ts";
import { decodeAuthorityKeyIdentifier } from "../src/extensions/key-identifiers.ts";
import {
  Certificate,
  Name,
  notChecked,
  type Purpose,
  SubjectPublicKeyInfo,
  TrustAnchors,
  verifyCertificateSync,
  X509Error,
} from "../src/index.ts";
import { verifySignature } from "../src/signature.ts";

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** Whether something could be read; anything thrown must be an X509Error. */
function reads(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof X509Error) return false;
    throw error;
  }
}

interface Chains {
  readonly cases: readonly {
    readonly name: string;
    readonly chain: readonly string[];
    readonly time: string;
    readonly keyPurpose: string;
    readonly lastCertificateTrust: string;
    readonly expected: { readonly valid: boolean };
  }[];
}

const purposes = new Map<string, Purpose>([
  ["ANY_EKU", "any"],
  ["SERVER_AUTH", "serverAuth"],
  ["CLIENT_AUTH", "clientAuth"],
]);
/** The meanings of "trusted" that are ours: what the anchor's certificate forbids counts, its dates don't. */
const trusts = new Set([
  "TRUSTED_ANCHOR",
  "TRUSTED_ANCHOR_WITH_CONSTRAINTS",
  "TRUSTED_ANCHOR_WITH_REQUIRE_BASIC_CONSTRAINTS",
]);

describeVectors<Chains>("verify-certificate-chain", "boringssl-pki/verify-certificate-chain.json", ({ cases }) => {
  const ours = cases.filter(
    ({ keyPurpose, lastCertificateTrust }) => purposes.has(keyPurpose) && trusts.has(lastCertificateTrust),
  );
  const verdictOf = ({ chain, time, keyPurpose }: Chains["cases"][number], provider = nodeProvider): string => {
    try {
      const certificates = chain.map((der) => Certificate.fromDer(bytes(der)));
      const [leaf, ...others] = certificates;
      const anchor = certificates.at(-1);
      if (leaf === undefined || anchor === undefined) throw new RangeError("an empty chain");
      const result = verifyCertificateSync({
        provider,
        leaf,
        intermediates: others,
        anchors: TrustAnchors.of([anchor]),
        at: new Date(time),
        purpose: purposes.get(keyPurpose) ?? "any",
        hostname: notChecked,
        revocation: notChecked,
        dangerousMinimumRsaBits: 1024,
      });
      return result.ok ? "ok" : result.reason.code;
    } catch (error) {
      if (error instanceof X509Error) return error.code;
      throw error;
    }
  };

  /** A self-issued certificate that is itself the anchor: ours accept those bytes, whoever signed them. */
  const pinned = new Set(["target-selfissued/trusted_anchor"]);

  test.each([nodeProvider, nobleProvider])("nothing invalid is accepted, by $name", (provider) => {
    const unsound = ours.filter(
      (vector) => !vector.expected.valid && !pinned.has(vector.name) && verdictOf(vector, provider) === "ok",
    );
    expect(unsound.map(({ name }) => name)).toEqual([]);
    expect(ours.filter(({ expected }) => !expected.valid).length).toBeGreaterThan(50);
  });

  /** Why what is valid is refused all the same: each for a reason of its own. */
  const differences: Readonly<Record<string, readonly RegExp[]>> = {
    // policies and name constraints can't be checked yet
    unsupported_critical_extension: [/^polic/, /^many-names\/ok/, /^target-msapplicationpolicies/],
    // SHA-1
    unsupported_algorithm: [/sha1/, /^issuer-and-subject-not-byte-for-byte-equal/],
    // what an anchor's certificate forbids counts here
    not_a_ca: [/^root-(lacks-)?basic-constraints/],
    extended_key_usage: [/^root-eku-clientauth/],
    path_length_exceeded: [/^violates-pathlen-1-from-root/],
    // keyCertSign for the anchor; digitalSignature for the leaf, which TLS 1.3 needs
    key_usage: [/^root-lacks-keycertsign/, /^target-not-end-entity/, /^target-serverauth-various-keyusages/],
  };

  test.each(ours.filter(({ expected }) => expected.valid).map((vector) => [vector.name, vector] as const))(
    "%s is accepted, or refused for a reason",
    (name, vector) => {
      const verdict = verdictOf(vector);
      if (verdict === "ok") return;
      expect(
        differences[verdict]?.some((pattern) => pattern.test(name)),
        `${name}: ${verdict}`,
      ).toBe(true);
    },
  );
});

interface SignedData {
  readonly cases: readonly {
    readonly name: string;
    readonly subjectPublicKeyInfo: string;
    readonly algorithm: string;
    readonly data: string;
    readonly signature: string;
    readonly expected: boolean;
  }[];
}

// RFC 9846 §4.3.3#pss-salt
describeVectors<SignedData>("verify-signed-data", "boringssl-pki/verify-signed-data.json", ({ cases }) => {
  /** Broken, or not here yet. */
  const unsupported = /sha1|mldsa|ml-dsa/i;
  /** BoringSSL has no keys that are declared for PSS; one whose parameters are the signature's may make it. */
  const supportedHere = new Set(["rsa-pss-sha256-using-pss-key-with-params"]);

  describe.each([nodeProvider, nobleProvider])("by $name", (provider) => {
    test.each(cases.map((vector) => [vector.name, vector] as const))("%s", (name, vector) => {
      let good = false;
      reads(() => {
        const algorithm = decodeDer(bytes(vector.algorithm), "the algorithm", (reader) =>
          readAlgorithmIdentifier(reader, "the algorithm"),
        );
        const signature = decodeDer(bytes(vector.signature), "the signature", (reader) =>
          reader.bitStringOctets("the signature"),
        );
        const signer = SubjectPublicKeyInfo.fromDer(bytes(vector.subjectPublicKeyInfo));
        const verdict = runSync(verifySignature({ provider, signer, algorithm, data: bytes(vector.data), signature }));
        good = verdict.verdict === "good";
      });
      expect(good).toBe((vector.expected && !unsupported.test(name)) || supportedHere.has(name));
    });
  });
});

interface Parsed {
  readonly cases: readonly {
    readonly kind: string;
    readonly name: string;
    readonly certificate?: string;
    readonly extensionValue?: string;
    readonly expected: { readonly valid: boolean };
  }[];
}

describeVectors<Parsed>("parse-certificate", "boringssl-pki/parse-certificate.json", ({ cases }) => {
  const differences = new Map<string, string>([
    // refused here, by RFC 5280 §4.1.2.2
    ["serial_negative", "a negative serial number"],
    ["serial_37_bytes", "a serial number of more than 20 octets"],
    // refused here, by X.690 §11.5
    ["basic_constraints_ca_false", "a default that is encoded"],
    ["failed_signature_algorithm", "an algorithm with a tag of several octets"],
    // read here: RFC 5280 §4.2.1.6 binds whoever issues, and an alternative name is always understood here
    ["subject_blank_subjectaltname_not_critical", "no subject and an alternative name that is not critical"],
    // BoringSSL's own limit is 255
    ["basic_constraints_pathlen_256", "path lengths have no bound"],
  ]);

  test.each(cases.filter(({ kind }) => kind === "parsedCertificate").map((vector) => [vector.name, vector] as const))(
    "%s",
    (name, { certificate = "", expected }) => {
      const read = reads(() => Certificate.fromDer(bytes(certificate)));
      expect(read).toBe(differences.has(name) ? !expected.valid : expected.valid);
    },
  );

  test.each(
    cases.filter(({ kind }) => kind === "authorityKeyIdentifier").map((vector) => [vector.name, vector] as const),
  )("authority key identifier, %s", (_, { extensionValue = "", expected }) => {
    expect(reads(() => decodeAuthorityKeyIdentifier(bytes(extensionValue)))).toBe(expected.valid);
  });
});

interface NameMatches {
  readonly names: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly name: string;
    readonly operation: string;
    readonly a: string;
    readonly b: string;
    readonly expected: boolean;
  }[];
}

describeVectors<NameMatches>("verify-name-match", "boringssl-pki/verify-name-match.json", ({ names, cases }) => {
  test("names are equal as expected; one that is malformed equals nothing but its own bytes", () => {
    const nameOf = (key: string): Name | undefined => {
      let name: Name | undefined;
      reads(() => {
        name = Name.fromDer(bytes(names[key] ?? ""));
      });
      return name;
    };
    let compared = 0;
    for (const { name, operation, a, b, expected } of cases) {
      if (operation !== "equal") continue;
      const [one, other] = [nameOf(a), nameOf(b)];
      const equal = one !== undefined && other !== undefined && one.equals(other);
      expect(equal, name).toBe(expected || (a === b && one !== undefined));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);
  });
});
