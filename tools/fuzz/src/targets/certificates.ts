import { concat, equalBytes, toHex } from "@tlskit/wire";
import {
  Certificate,
  decodeSct,
  decodeSctList,
  encodeSct,
  encodeSctList,
  Name,
  notChecked,
  precertificateEntry,
  SubjectPublicKeyInfo,
  subjectPublicKeyInfoOf,
  TrustAnchors,
  type VerificationResult,
  verifyCertificateSync,
  X509Error,
} from "@tlskit/x509";
import { askEverything } from "../ask.ts";
import { der, derDictionary, oid, sequence } from "../der.ts";
import { itemsPieces, readItems, writeItems } from "../items.ts";
import { derPieces } from "../structure.ts";
import { promise, type Target } from "../target.ts";
import { host, now, pki, provider } from "../world.ts";
import { sampleCertificates, sampleNames, timestampList } from "./sample-certificates.ts";
import { sampleKeys } from "./sample-keys.ts";

/** How X.509 refuses. */
export function isX509Error(error: unknown): boolean {
  return error instanceof X509Error;
}

/** What all targets that read DER have. */
export const derTarget: Pick<Target, "dictionary" | "isRefusal" | "maxLength" | "parse"> = {
  maxLength: 8192,
  isRefusal: isX509Error,
  dictionary: derDictionary,
  parse: derPieces,
};

function verify(
  leaf: Certificate,
  intermediates: readonly Certificate[],
  anchors: TrustAnchors = pki().anchors,
): VerificationResult {
  const result = verifyCertificateSync({
    provider,
    leaf,
    intermediates,
    anchors,
    at: new Date(now),
    purpose: "serverAuth",
    hostname: host,
    revocation: notChecked,
  });
  if (!result.ok) for (const { message } of result.refusals) String(message);
  return result;
}

/** A certificate, in all its roles. */
export const certificateTarget: Target = {
  ...derTarget,
  name: "certificate",
  what: "a certificate: read, asked everything, verified as a leaf, an intermediate and an anchor",
  seeds: sampleCertificates,
  run(input) {
    const certificate = Certificate.fromDer(input);
    promise(equalBytes(certificate.der, input), "a certificate is the bytes that it was read from");
    askEverything(certificate);
    const [leaf = certificate] = pki().certificate.chain;
    const intermediate = pki().intermediate.certificate;
    // Nobody else has the keys of these authorities.
    promise(!verify(certificate, [intermediate]).ok || certificate.equals(leaf), "no certificate but ours verifies");
    promise(!verify(leaf, [certificate]).ok || certificate.equals(intermediate), "no intermediate but ours certifies");
    verify(leaf, [intermediate], TrustAnchors.of([certificate]));
    if (certificate.signedCertificateTimestamps !== undefined && !certificate.isPrecertificate) {
      precertificateEntry(provider, certificate, intermediate);
    }
  },
};

/** Certificates by the dozen: every path must come to an end. */
export const chainTarget: Target = {
  ...derTarget,
  name: "chain",
  what: "items: certificates; the first is the leaf, the others are intermediates, of even kind also trust anchors",
  maxLength: 6000,
  parse: (input) => itemsPieces(input, ({ content }) => derPieces(content)),
  seeds() {
    const { certificate, intermediate, root } = pki();
    const [leaf = root.certificate] = certificate.chain;
    const items = [leaf, intermediate.certificate, root.certificate].map((each, index) => ({
      kind: index === 2 ? 0 : 1,
      content: each.der,
    }));
    return [
      writeItems(...items),
      writeItems(...items, ...items),
      writeItems(...sampleCertificates().slice(0, 5).map(asItem)),
    ];
  },
  // Candidates are limited, and so are signatures; each costs its steps.
  budget: (length) => ({ steps: 2_000_000 + 100 * length, bytes: 1_000_000 + 100 * length }),
  run(input) {
    const certificates: { readonly kind: number; readonly certificate: Certificate }[] = [];
    for (const { kind, content } of readItems(input)) {
      try {
        certificates.push({ kind, certificate: Certificate.fromDer(content) });
      } catch (error) {
        if (!isX509Error(error)) throw error;
      }
    }
    const [leaf, ...others] = certificates;
    if (leaf === undefined) return;
    const anchors = others.flatMap(({ kind, certificate }) => (kind % 2 === 0 ? [certificate] : []));
    const result = verify(
      leaf.certificate,
      others.map(({ certificate }) => certificate),
      TrustAnchors.of(anchors),
    );
    if (result.ok) {
      const { chain } = result;
      promise(chain.certificates[0]?.equals(leaf.certificate) ?? false, "a verified chain begins with the leaf");
    }
  },
};

function asItem(content: Uint8Array): { readonly kind: number; readonly content: Uint8Array } {
  return { kind: 1, content };
}

/** Names. */
export const nameTarget: Target = {
  ...derTarget,
  name: "name",
  what: "items: names; each is compared with the first",
  parse: (input) => itemsPieces(input, ({ content }) => derPieces(content)),
  seeds: () => [writeItems(...[...sampleNames, ...sampleNames].map(asItem))],
  run(input) {
    const names = readItems(input).map(({ content }) => Name.fromDer(content));
    for (const name of names) {
      const [first = name] = names;
      askEverything(name);
      promise(name.equals(name) && name.isWithin(name), "a name is itself");
      promise(name.equals(first) === first.equals(name), "names are equal both ways or not at all");
      promise(name.equals(first) === (name.canonical === first.canonical), "names are equal if their texts are");
      promise(name.equals(first) === (name.isWithin(first) && first.isWithin(name)), "equal names are in each other");
    }
  },
};

/** Public keys. */
export const publicKeyTarget: Target = {
  ...derTarget,
  name: "public-key",
  what: "a SubjectPublicKeyInfo: read, asked everything, written from its parts and read again",
  maxLength: 2048,
  seeds: () => [
    ...sampleKeys().map((key) => key.subjectPublicKeyInfo.der),
    // RFC 8410 §4: X25519
    sequence(sequence(oid("1.3.101.110")), der(3, new Uint8Array(33))),
  ],
  run(input) {
    const info = SubjectPublicKeyInfo.fromDer(input);
    askEverything(info);
    if (info.publicKey === undefined) return;
    const again = subjectPublicKeyInfoOf(info.publicKey);
    promise(describe(again.publicKey) === describe(info.publicKey), "a key that is written is read again");
  },
};

/** Something with byte strings in it, as a text to compare. */
export function describe(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) => {
    if (part instanceof Uint8Array) return toHex(part);
    return typeof part === "bigint" ? String(part) : part;
  });
}

/** Signed certificate timestamps. */
export const timestampsTarget: Target = {
  ...derTarget,
  name: "timestamps",
  what: "a list of signed certificate timestamps: read, and written again",
  maxLength: 2048,
  seeds() {
    const list = timestampList(new Uint8Array(32).fill(3));
    return [list, concat(list, Uint8Array.of(0))];
  },
  run(input) {
    const list = decodeSctList(input);
    askEverything(list);
    if (list.length === 0) return;
    const written = encodeSctList(list);
    // Timestamps of other versions are left out.
    promise(written.length !== input.length || equalBytes(written, input), "a list that is read is written as it was");
    for (const each of list) promise(describe(decodeSct(encodeSct(each))) === describe(each), "so is each timestamp");
  },
};
