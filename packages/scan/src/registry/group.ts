import { namedGroupName } from "@tlskit/ciphersuites/names";

/** A group of the key exchange. */
export interface KnownGroup {
  readonly code: number;
  /** IANA's name. */
  readonly name: string;
  readonly kind: "curve" | "finite field" | "post-quantum" | "hybrid";
  /** Of its elements, where that says how strong it is: 255 of x25519, 2048 of ffdhe2048. */
  readonly bits?: number | undefined;
  /** Versions in which it can be negotiated. */
  readonly versions: "all" | "TLS 1.3" | "before TLS 1.3";
}

const curve = (code: number, name: string, bits: number, versions: KnownGroup["versions"] = "all"): KnownGroup => ({
  code,
  name,
  kind: "curve",
  bits,
  versions,
});
/** RFC 9846 §4.3.7 took them out. */
const oldCurve = (code: number, name: string, bits: number): KnownGroup => curve(code, name, bits, "before TLS 1.3");
const finiteField = (code: number, bits: number): KnownGroup => ({
  code,
  name: `ffdhe${bits}`,
  kind: "finite field",
  bits,
  versions: "all",
});
const postQuantum = (code: number, name: string, kind: "post-quantum" | "hybrid" = "hybrid"): KnownGroup => ({
  code,
  name,
  kind,
  versions: "TLS 1.3",
});

/**
 * IANA "TLS Supported Groups", and the drafts of post-quantum groups that were in use. In the order in which they are
 * offered: that of no server, so that one with an order of its own shows it.
 */
export const knownGroups: readonly KnownGroup[] = [
  oldCurve(0x0001, "sect163k1", 163),
  oldCurve(0x0002, "sect163r1", 163),
  oldCurve(0x0003, "sect163r2", 163),
  oldCurve(0x0004, "sect193r1", 193),
  oldCurve(0x0005, "sect193r2", 193),
  oldCurve(0x0006, "sect233k1", 233),
  oldCurve(0x0007, "sect233r1", 233),
  oldCurve(0x0008, "sect239k1", 239),
  oldCurve(0x0009, "sect283k1", 283),
  oldCurve(0x000a, "sect283r1", 283),
  oldCurve(0x000b, "sect409k1", 409),
  oldCurve(0x000c, "sect409r1", 409),
  oldCurve(0x000d, "sect571k1", 571),
  oldCurve(0x000e, "sect571r1", 571),
  oldCurve(0x000f, "secp160k1", 160),
  oldCurve(0x0010, "secp160r1", 160),
  oldCurve(0x0011, "secp160r2", 160),
  oldCurve(0x0012, "secp192k1", 192),
  oldCurve(0x0013, "secp192r1", 192),
  oldCurve(0x0014, "secp224k1", 224),
  oldCurve(0x0015, "secp224r1", 224),
  oldCurve(0x0016, "secp256k1", 256),
  finiteField(0x0104, 8192),
  finiteField(0x0103, 6144),
  finiteField(0x0102, 4096),
  finiteField(0x0101, 3072),
  finiteField(0x0100, 2048),
  // RFC 9189 §8.4: for every version.
  curve(0x0022, "GC256A", 256),
  curve(0x0023, "GC256B", 256),
  curve(0x0024, "GC256C", 256),
  curve(0x0025, "GC256D", 256),
  curve(0x0026, "GC512A", 512),
  curve(0x0027, "GC512B", 512),
  curve(0x0028, "GC512C", 512),
  // RFC 8998
  curve(0x0029, "curveSM2", 256, "TLS 1.3"),
  // RFC 7027
  oldCurve(0x001c, "brainpoolP512r1", 512),
  oldCurve(0x001b, "brainpoolP384r1", 384),
  oldCurve(0x001a, "brainpoolP256r1", 256),
  // RFC 8734
  curve(0x0021, "brainpoolP512r1tls13", 512, "TLS 1.3"),
  curve(0x0020, "brainpoolP384r1tls13", 384, "TLS 1.3"),
  curve(0x001f, "brainpoolP256r1tls13", 256, "TLS 1.3"),
  curve(0x001e, "x448", 448),
  curve(0x0019, "secp521r1", 521),
  curve(0x0018, "secp384r1", 384),
  curve(0x0017, "secp256r1", 256),
  curve(0x001d, "x25519", 255),
  postQuantum(0x0200, "MLKEM512", "post-quantum"),
  postQuantum(0x0201, "MLKEM768", "post-quantum"),
  postQuantum(0x0202, "MLKEM1024", "post-quantum"),
  postQuantum(0x639a, "SecP256r1Kyber768Draft00"),
  postQuantum(0x6399, "X25519Kyber768Draft00"),
  postQuantum(0x11ee, "curveSM2MLKEM768"),
  postQuantum(0x11ed, "SecP384r1MLKEM1024"),
  postQuantum(0x11eb, "SecP256r1MLKEM768"),
  postQuantum(0x11ec, "X25519MLKEM768"),
];

const byCode: ReadonlyMap<number, KnownGroup> = new Map(knownGroups.map((group) => [group.code, group]));

export function knownGroup(code: number): KnownGroup | undefined {
  return byCode.get(code);
}

/** IANA's name, or the number. */
export function groupName(code: number): string {
  return byCode.get(code)?.name ?? namedGroupName(code) ?? `group ${code}`;
}
