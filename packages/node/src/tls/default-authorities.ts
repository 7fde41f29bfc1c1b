import { type Certificate, describePassedOver, TrustAnchors, trustAnchorsFromPem } from "@tlskit/tls";
import { certificatesToPem, X509Error } from "@tlskit/x509";
import { type Pem, pemText } from "../options/pem.ts";
import { runtimeTls } from "../runtime-tls.ts";
import { defaultTrust, systemTrust } from "../trust.ts";
import { trustNamedIn } from "../trust-sources.ts";
import { argumentError, invalidArgumentType, invalidArgumentValue } from "./argument-errors.ts";
import { opensslError } from "./openssl-error.ts";
import { textOf } from "./pem-texts.ts";

/** Which authorities `getCACertificates` is asked for. */
export type AuthoritiesType = "default" | "bundled" | "system" | "extra";

/** Whom `setDefaultCACertificates` has named, and their certificates as texts. */
let named: TrustAnchors | undefined;
const texts = new Map<AuthoritiesType, readonly string[]>();

/** Whether somebody has said whom to trust where no `ca` is given. */
export function hasNamedAuthorities(): boolean {
  return named !== undefined;
}

/** Whom this module trusts where no `ca` is given. */
export function defaultAnchors(): TrustAnchors {
  return named ?? defaultTrust().anchors;
}

let ofTheWeb: ReadonlySet<string> | undefined;

/** Whether a certificate is that of an authority of the web, which Node brings along: also where somebody has named it. */
export function isOfTheWeb({ der }: Certificate): boolean {
  ofTheWeb ??= new Set(
    trustAnchorsFromPem(runtimeTls.rootCertificates.join("\n")).all.flatMap(({ certificate }) =>
      certificate === undefined ? [] : [Buffer.from(certificate.der).toString("latin1")],
    ),
  );
  return ofTheWeb.has(Buffer.from(der).toString("latin1"));
}

const read: Readonly<Record<AuthoritiesType, () => readonly string[]>> = {
  default: () => (named === undefined ? ofRuntime() : undefined) ?? pemTexts(defaultAnchors()),
  bundled: () => runtimeTls.rootCertificates,
  system: () => runtimeTls.getCACertificates?.("system") ?? pemTexts(systemTrust().anchors),
  extra: () => {
    const files = trustNamedIn(process.env, ["NODE_EXTRA_CA_CERTS"]).map((file) => pemText(file.read()));
    return files.length === 0 ? [] : pemTexts(trustAnchorsFromPem(files.join("\n")));
  },
};

/**
 * Certificates of authorities as PEM texts: `default`, whom this module trusts where no `ca` is given; `bundled`, whom Node brings
 * along; `system`, whom the system trusts; `extra`, whom `NODE_EXTRA_CA_CERTS` names.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
 */
export function getCACertificates(type: AuthoritiesType = "default"): readonly string[] {
  if (typeof type !== "string") throw invalidArgumentType("type", "of type string", type);
  if (!Object.hasOwn(read, type)) throw invalidArgumentValue("type", type);
  const known = texts.get(type) ?? Object.freeze(read[type]());
  texts.set(type, known);
  return known;
}

/**
 * Has whoever connects from now on without a `ca` trust these, and nobody else.
 * @param certs PEM texts, or their bytes.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`
 * @throws {Error} `ERR_CRYPTO_OPERATION_FAILED` if there is no certificate among them, `ERR_OSSL_PEM_ASN1_LIB` for one that
 *   can't be read
 */
export function setDefaultCACertificates(certs: readonly Pem[]): void {
  if (!Array.isArray(certs)) throw invalidArgumentType("certs", "an instance of Array", certs);
  for (const [index, one] of certs.entries()) {
    if (typeof one === "string" || ArrayBuffer.isView(one)) continue;
    throw invalidArgumentType(`certs[${index}]`, "of type string or an instance of ArrayBufferView", one);
  }
  named = anchorsIn(certs);
  texts.delete("default");
}

/** The runtime's own texts, where it is the runtime's authorities that are trusted: letter by letter, and as often as there. */
function ofRuntime(): readonly string[] | undefined {
  const others = trustNamedIn(process.env, ["SSL_CERT_FILE", "SSL_CERT_DIR"]);
  return others.length > 0 ? undefined : runtimeTls.getCACertificates?.("default");
}

function anchorsIn(certs: readonly Pem[]): TrustAnchors {
  if (certs.length === 0) return TrustAnchors.nobody();
  const anchors = readAnchors(certs);
  if (anchors.length === 0) {
    const message = "No valid certificates found in the provided array (there is no PEM in it)";
    throw argumentError(Error, "ERR_CRYPTO_OPERATION_FAILED", message);
  }
  return TrustAnchors.of(new Map(anchors.map((anchor) => [pemOf(anchor), anchor])).values());
}

/** One that can't be read is somebody whom nobody would miss until it is too late. */
function readAnchors(certs: readonly Pem[]): TrustAnchors["all"] {
  const unreadable = (why: string): Error => opensslError("PEM", [0x8000d, `ASN1 lib`], undefined, why);
  try {
    const { all, passedOver } = trustAnchorsFromPem(certs.map(textOf).join("\n"));
    const [first] = passedOver;
    if (first === undefined) return all;
    throw unreadable(describePassedOver(first));
  } catch (error) {
    throw error instanceof X509Error ? unreadable(error.message) : error;
  }
}

function pemTexts({ all }: TrustAnchors): readonly string[] {
  return all.map(pemOf).filter((pem) => pem !== "");
}

/** Empty where an anchor is no certificate. */
function pemOf({ certificate }: TrustAnchors["all"][number]): string {
  return certificate === undefined ? "" : certificatesToPem(certificate);
}
