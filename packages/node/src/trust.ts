import {
  callerError,
  describePassedOver,
  type PassedOver,
  type TrustAnchor,
  TrustAnchors,
  trustAnchorsFromPem,
} from "@tlskit/tls";
import { runtimeTls } from "./runtime-tls.ts";
import { type TrustSource, trustNamedIn } from "./trust-sources.ts";

/** Whom to trust, and what was passed over on the way. */
export interface Trust {
  readonly anchors: TrustAnchors;
  readonly passedOver: readonly PassedOver[];
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
  const own = runtimeSource("default") ?? [
    { name: "Node's roots", read: () => runtimeTls.rootCertificates.join("\n") },
  ];
  // With --use-openssl-ca Node leaves all to OpenSSL, and names nobody.
  return own.length > 0 ? own : (runtimeSource("system") ?? []);
}

/** What the runtime says, if it says anything and there is something. */
function runtimeSource(type: "default" | "system"): readonly TrustSource[] | undefined {
  const certificates = runtimeTls.getCACertificates?.(type);
  if (certificates === undefined) return undefined;
  const name = type === "default" ? "Node's roots" : "the system's store";
  return certificates.length === 0 ? [] : [{ name, read: () => certificates.join("\n") }];
}

/** Each certificate once. A file that can't be read, or a certificate in it, takes nothing from the others. */
function trustOf(sources: readonly TrustSource[]): Trust {
  const anchors = new Map<string, TrustAnchor>();
  const passedOver: PassedOver[] = [];
  for (const { name: source, read } of sources) {
    try {
      const found = trustAnchorsFromPem(read());
      for (const anchor of found.all) {
        if (anchor.certificate !== undefined)
          anchors.set(Buffer.from(anchor.certificate.der).toString("latin1"), anchor);
      }
      passedOver.push(...found.passedOver.map((one) => ({ source, reason: describePassedOver(one) })));
    } catch (error) {
      passedOver.push({ source, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  if (anchors.size === 0) {
    const why = passedOver.map(describePassedOver).slice(0, 5);
    throw callerError("no_trust_anchors", ["there is nobody to trust", ...why].join("; "));
  }
  return { anchors: TrustAnchors.of(anchors.values(), passedOver), passedOver };
}
