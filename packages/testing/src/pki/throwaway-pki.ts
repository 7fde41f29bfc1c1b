import type { CertificateKeyType } from "@tlskit/ciphersuites";
import { type CryptoProvider, type Random, runSync, type Steps } from "@tlskit/crypto";
import { callerError } from "@tlskit/wire";
import { type DeclaredPrivateKey, TrustAnchors } from "@tlskit/x509";
import { type BadChainName, badChains } from "./bad-chains.ts";
import {
  authority,
  type Issuer,
  issueLeaf,
  type LeafPurpose,
  type Pki,
  type Settings,
  type TestCertificate,
} from "./certify.ts";
import { testKey } from "./keys.ts";

/** What a throw-away PKI can be told. */
export interface ThrowawayPkiOptions {
  /** One certificate of each: P-256 unless told otherwise. */
  readonly keyTypes?: readonly CertificateKeyType[];
  /** The authorities' keys: P-256 unless told otherwise. With an RSA key certificates are signed by PKCS#1 v1.5. */
  readonly authorityKeyType?: Exclude<CertificateKeyType, "id-RSASSA-PSS">;
  /** Whose certificates they are: servers' unless told otherwise. */
  readonly purpose?: LeafPurpose;
}

/**
 * A root, an intermediate authority, and below it certificates for some hosts: for tests and demonstrations, made in
 * memory and gone with it.
 */
export class ThrowawayPki implements Pki {
  readonly provider: CryptoProvider;
  readonly random: Random;
  readonly hosts: readonly string[];
  readonly purpose: LeafPurpose;
  /** Milliseconds since 1970: certificates are good from a day before to thirty days after. */
  readonly now: number;
  readonly root: Issuer;
  readonly intermediate: Issuer;
  /** The root alone. */
  readonly anchors: TrustAnchors;
  /** Good ones, in the order of the key types. */
  readonly certificates: readonly TestCertificate[];
  readonly #bad = new Map<BadChainName, TestCertificate>();

  private constructor(
    settings: Settings,
    authorities: { readonly root: Issuer; readonly intermediate: Issuer },
    certificates: readonly TestCertificate[],
  ) {
    this.provider = settings.provider;
    this.random = settings.random;
    this.hosts = settings.hosts;
    this.purpose = settings.purpose;
    this.now = settings.now;
    this.root = authorities.root;
    this.intermediate = authorities.intermediate;
    this.anchors = TrustAnchors.of([authorities.root.certificate]);
    this.certificates = certificates;
  }

  /** As {@link throwawayPki}, for a provider that answers later. */
  static *make(
    provider: CryptoProvider,
    random: Random,
    hosts: string | readonly string[],
    now: number,
    options: ThrowawayPkiOptions = {},
  ): Steps<ThrowawayPki> {
    const { purpose = "serverAuth" } = options;
    const settings = { provider, random, hosts: typeof hosts === "string" ? [hosts] : hosts, purpose, now };
    const rootKey = yield* testKey(provider, random, options.authorityKeyType ?? "P-256");
    const root = yield* authority(settings, "Throw-away Root", rootKey, undefined);
    const intermediateKey = yield* testKey(provider, random, options.authorityKeyType ?? "P-256");
    const intermediate = yield* authority(settings, "Throw-away Intermediate", intermediateKey, root);
    const certificates: TestCertificate[] = [];
    for (const type of options.keyTypes ?? ["P-256"]) {
      const key = yield* testKey(provider, random, type);
      const leaf = yield* issueLeaf(settings, key, intermediate);
      certificates.push({ chain: [leaf, intermediate.certificate], key });
    }
    return new ThrowawayPki(settings, { root, intermediate }, certificates);
  }

  /** The first certificate. */
  get certificate(): TestCertificate {
    const [first] = this.certificates;
    if (first === undefined) throw callerError("no_certificates", "the PKI was made without certificates");
    return first;
  }

  /** The good certificate with a key of this type. */
  certificateOf(type: CertificateKeyType): TestCertificate {
    const found = this.certificates.find(({ key }) => keyTypeOf(key) === type);
    if (found === undefined) throw callerError("no_certificates", `the PKI was made without a certificate for ${type}`);
    return found;
  }

  /** A chain that must not be accepted; made when first asked for. */
  *bad(name: BadChainName): Steps<TestCertificate> {
    const known = this.#bad.get(name);
    if (known !== undefined) return known;
    const made = yield* badChains[name].make(this);
    this.#bad.set(name, made);
    return made;
  }
}

/** {@link ThrowawayPki}, at once, with a provider that answers at once. */
export function throwawayPki(
  provider: CryptoProvider,
  random: Random,
  hosts: string | readonly string[],
  now: number,
  options: ThrowawayPkiOptions = {},
): ThrowawayPki {
  return runSync(ThrowawayPki.make(provider, random, hosts, now, options));
}

function keyTypeOf(key: DeclaredPrivateKey): CertificateKeyType {
  const { type } = key.privateKey;
  if (type !== "RSA") return type;
  return key.algorithm === "id-RSASSA-PSS" ? "id-RSASSA-PSS" : "rsaEncryption";
}
