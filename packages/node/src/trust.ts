import * as tls from "node:tls";
import { callerError, type TrustAnchor, TrustAnchors, X509Error } from "@tlskit/tls";
import { type TrustSource, trustNamedIn } from "./trust-sources.ts";

/** Something that was to be trusted and can't be: a file, or a certificate that breaks the rules of X.509. */
export interface PassedOver {
  /** Where it comes from: a path, or what of Node's. */
  readonly source: string;
  readonly reason: string;
}

/** Whom to trust, and what was passed over on the way. */
export interface Trust {
  readonly anchors: TrustAnchors;
  readonly passedOver: readonly PassedOver[];
}

/** What newer runtimes have: Node from 22.15 and 23.10 on. */
interface CaCertificates {
  getCACertificates?(type: "default" | "system"): readonly string[];
}

let trust: Trust | undefined;

/**
 * Whom this process trusts where nothing else is said:
 * - if `SSL_CERT_FILE` or `SSL_CERT_DIR` is set, the certificates there, as with OpenSSL, Go and curl;
 * - else whom Node's own `tls` trusts: the roots that Node brings along or, with `--use-system-ca` or
 *   `--use-openssl-ca`, the system's;
 * - and in either case the certificates of `NODE_EXTRA_CA_CERTS`.
 *
 * Read once for each process, when it is first needed. What can't be read is passed over.
 * @throws {TlsError} `no_trust_anchors` (the caller's fault) if nothing is left, with what was passed over
 */
export function defaultTrust(): Trust {
  trust ??= trustOf([...chosenSources(), ...trustNamedIn(process.env, ["NODE_EXTRA_CA_CERTS"])]);
  return trust;
}

/**
 * Whom the system trusts, by Node's own interface (`tls.getCACertificates("system")`): the keychain, the certificate
 * stores of Windows, or the files that OpenSSL reads. Read anew at each call, which takes a while.
 * @throws {TlsError} `no_trust_anchors` (the caller's fault), also where the runtime doesn't tell
 */
export function systemTrust(): Trust {
  return trustOf(runtimeSource("system") ?? []);
}

function chosenSources(): readonly TrustSource[] {
  const named = trustNamedIn(process.env, ["SSL_CERT_FILE", "SSL_CERT_DIR"]);
  if (named.length > 0) return named;
  const own = runtimeSource("default") ?? [{ name: "Node's roots", read: () => tls.rootCertificates.join("\n") }];
  // With --use-openssl-ca Node leaves all to OpenSSL, and names nobody.
  return own.length > 0 ? own : (runtimeSource("system") ?? []);
}

/** What the runtime says, if it says anything and there is something. */
function runtimeSource(type: "default" | "system"): readonly TrustSource[] | undefined {
  const { getCACertificates }: CaCertificates = tls;
  const certificates = getCACertificates?.(type);
  if (certificates === undefined) return undefined;
  const name = type === "default" ? "Node's roots" : "the system's store";
  return certificates.length === 0 ? [] : [{ name, read: () => certificates.join("\n") }];
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Each certificate once, and by itself: one that is damaged takes no others with it. */
function trustOf(sources: readonly TrustSource[]): Trust {
  const anchors: TrustAnchor[] = [];
  const passedOver: PassedOver[] = [];
  const seen = new Set<string>();
  for (const { name: source, read } of sources) {
    try {
      for (const pem of read().match(pemCertificate) ?? []) {
        const key = pem.replaceAll(/\s/g, "");
        if (seen.has(key)) continue;
        seen.add(key);
        try {
          anchors.push(...TrustAnchors.fromPem(pem).all);
        } catch (error) {
          if (!(error instanceof X509Error)) throw error;
          passedOver.push({ source, reason: error.message });
        }
      }
    } catch (error) {
      passedOver.push({ source, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (anchors.length === 0) {
    const why = passedOver.map(({ source, reason }) => `${source}: ${reason}`).slice(0, 5);
    throw callerError("no_trust_anchors", ["there is nobody to trust", ...why].join("; "));
  }
  return { anchors: TrustAnchors.of(anchors), passedOver };
}
