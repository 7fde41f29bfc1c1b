import { nodeProvider as provider } from "@tlskit/crypto-node";
import {
  Certificate,
  createCertificateSync,
  type DeclaredPrivateKey,
  type GeneralName,
  generatePrivateKeySync,
  nameConstraintsExtension,
  notChecked,
  TrustAnchors,
  verifyCertificateSync,
} from "@tlskit/x509";
import { random } from "../random.ts";
import type { Contender, Row } from "../row.ts";
import { ownTime } from "../stopwatch.ts";

const at = new Date();
const validity = { from: at, days: 30 };
const newKey = (): DeclaredPrivateKey => generatePrivateKeySync({ provider, random });

/** A root, a CA under it, and what an attacker shows with a leaf of that CA. */
class World {
  readonly #rootKey = newKey();
  readonly #caKey = newKey();
  readonly #leafKey = newKey();
  readonly #byRoot = { provider, random, validity, signer: this.#rootKey };
  readonly #root = createCertificateSync({
    ...this.#byRoot,
    publicKey: this.#rootKey,
    subject: { commonName: "Root" },
    ca: {},
  });
  readonly #anchors = TrustAnchors.of([this.#root]);
  readonly ca = this.#issueCa(this.#caKey);
  readonly sameName: readonly Uint8Array[] = Array.from({ length: 1000 }, () => this.#issueCa(newKey()).der);

  #issueCa(publicKey: DeclaredPrivateKey, excluded: readonly GeneralName[] = []): Certificate {
    const extensions = excluded.length === 0 ? [] : [nameConstraintsExtension({ excluded })];
    const subject = { commonName: "CA" };
    return createCertificateSync({ ...this.#byRoot, issuer: this.#root, publicKey, subject, ca: {}, extensions });
  }

  /** The CA with as many name constraints as fit into a certificate of 64 KB. */
  constrainedCa(): Uint8Array {
    const names = Array.from(
      { length: nameConstraints },
      (_, i): GeneralName => ({ type: "dNSName", value: (i + 12_960).toString(36) }),
    );
    return this.#issueCa(this.#caKey, names).der;
  }

  leaf(names: number): Uint8Array {
    const dnsNames = ["example.org", ...Array.from({ length: names - 1 }, (_, i) => `h${i}.example.org`)];
    const signed = { ...this.#byRoot, signer: this.#caKey, issuer: this.ca };
    return createCertificateSync({ ...signed, publicKey: this.#leafKey, dnsNames }).der;
  }

  /** `good`, or the code of the reason why not. */
  verify(leaf: Uint8Array, others: readonly Uint8Array[]): string {
    const result = verifyCertificateSync({
      provider,
      leaf: Certificate.fromDer(leaf),
      intermediates: others.map((der) => Certificate.fromDer(der)),
      anchors: this.#anchors,
      at,
      purpose: "serverAuth",
      hostname: "example.org",
      revocation: notChecked,
    });
    return result.ok ? "good" : result.reason.code;
  }
}

const nameConstraints = 9_000;

interface WorstCase {
  readonly name: string;
  /** What comes of it. */
  readonly outcome: string;
  /** Gives what is measured. */
  make(world: World): () => string;
}

const manyNames = (names: number, outcome: string): WorstCase => ({
  name: `${nameConstraints} name constraints, ${names} names`,
  outcome,
  make(world) {
    const [leaf, ca] = [world.leaf(names), world.constrainedCa()];
    return () => world.verify(leaf, [ca]);
  },
});

const worst: readonly [WorstCase, ...WorstCase[]] = [
  {
    name: "1,000 CAs of the issuer's name, all signed by the anchor, the right one told by its key",
    outcome: "good",
    make(world) {
      const leaf = world.leaf(2);
      return () => world.verify(leaf, [...world.sameName, world.ca.der]);
    },
  },
  {
    name: "1,000 CAs of the issuer's name, none signed by the anchor",
    outcome: "budget_exhausted",
    make(world) {
      const [leaf, unsigned] = [world.leaf(2), world.sameName.map(spoilt)];
      return () => world.verify(leaf, unsigned);
    },
  },
  manyNames(1, "good"),
  manyNames(20, "good"),
  manyNames(2000, "budget_exhausted"),
];

/** The certificate with another signature: its last octet changed. */
function spoilt(der: Uint8Array): Uint8Array {
  const changed = new Uint8Array(der);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}

let world: World | undefined;

const contender = ({ name, outcome, make }: WorstCase): Contender => ({
  name: `${name}: ${outcome}`,
  async prepare() {
    world ??= new World();
    const verify = make(world);
    return async () => {
      const start = ownTime();
      const found = verify();
      const milliseconds = ownTime() - start;
      if (found !== outcome) throw new Error(`${name}: ${found}, not ${outcome}`);
      return milliseconds;
    };
  },
});

const [first, ...others] = worst;

export const worstCases: Row = {
  about: "What an attacker can make a verification cost, reading included.",
  comparisons: [
    {
      what: "worst cases of verifying certificates",
      unit: "ms",
      processes: "one",
      withoutRatios: true,
      contenders: [contender(first), ...others.map(contender)],
    },
  ],
};
