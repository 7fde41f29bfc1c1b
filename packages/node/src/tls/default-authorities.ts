import { describePassedOver, TrustAnchors } from "@tlskit/tls";
import { certificatesToPem } from "@tlskit/x509";
import { type Pem, pemText } from "../options/pem.ts";
import { runtimeTls } from "../runtime-tls.ts";
import { defaultTrust, systemTrust } from "../trust.ts";
import { trustNamedIn } from "../trust-sources.ts";
import { argumentError, invalidArgumentType, invalidArgumentValue } from "./argument-errors.ts";

/** Which authorities `getCACertificates` is asked for. */
export type AuthoritiesType = "default" | "bundled" | "system" | "extra";

/** Whom `setDefaultCACertificates` has named, and their certificates as texts. */
let named: TrustAnchors | undefined;
const texts = new Map<AuthoritiesType, readonly string[]>();

/** Whom this module trusts where no `ca` is given. */
export function defaultAnchors(): TrustAnchors {
  return named ?? defaultTrust().anchors;
}

const read: Readonly<Record<AuthoritiesType, () => readonly string[]>> = {
  default: () => pemTexts(defaultAnchors()),
  bundled: () => runtimeTls.rootCertificates,
  system: () => pemTexts(systemTrust().anchors),
  extra: () => {
    const files = trustNamedIn(process.env, ["NODE_EXTRA_CA_CERTS"]).map((file) => pemText(file.read()));
    return files.length === 0 ? [] : pemTexts(TrustAnchors.fromPem(files.join("\n")));
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
 * @throws {Error} `ERR_CRYPTO_OPERATION_FAILED` if none of them can be read
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

function anchorsIn(certs: readonly Pem[]): TrustAnchors {
  if (certs.length === 0) return TrustAnchors.nobody();
  const { all, passedOver } = TrustAnchors.fromPem(certs.map(pemText).join("\n"));
  if (all.length === 0) {
    const reasons = passedOver.map(describePassedOver).slice(0, maxReasons).join("; ");
    const message = `No valid certificates found in the provided array (${reasons || "there is no PEM in it"})`;
    throw argumentError(Error, "ERR_CRYPTO_OPERATION_FAILED", message);
  }
  return TrustAnchors.of(new Map(all.map((anchor) => [pemOf(anchor), anchor])).values(), passedOver);
}

/** Certificates that can't be read of which an error tells. */
const maxReasons = 3;

function pemTexts({ all }: TrustAnchors): readonly string[] {
  return all.map(pemOf).filter((pem) => pem !== "");
}

/** As Node writes them: without the last line's end. Empty where an anchor is no certificate. */
function pemOf({ certificate }: TrustAnchors["all"][number]): string {
  return certificate === undefined ? "" : certificatesToPem(certificate).trimEnd();
}
