import { commandOutput } from "@tlskit/interop/command-output";
import { listed, yesOrNo } from "./questions.ts";
import { answersBy, type Readings, type Scanner } from "./scanner.ts";

/** In a virtual environment of Python's, say. */
const program = process.env["SSLYZE"] ?? "sslyze";

/** What is read of the results of its scans. */
interface Results {
  readonly certificate_info: {
    readonly certificate_deployments: readonly {
      readonly received_certificate_chain: readonly {
        readonly public_key: { readonly algorithm: string; readonly key_size: number };
      }[];
      readonly path_validation_results: readonly {
        readonly trust_store: { readonly name: string };
        readonly validation_error: string | null;
      }[];
      readonly ocsp_response: unknown;
    }[];
  };
  readonly tls_compression: { readonly supports_compression: boolean };
  readonly tls_1_3_early_data: { readonly supports_early_data: boolean };
  readonly openssl_ccs_injection: { readonly is_vulnerable_to_ccs_injection: boolean };
  readonly tls_fallback_scsv: { readonly supports_fallback_scsv: boolean };
  readonly heartbleed: { readonly is_vulnerable_to_heartbleed: boolean };
  readonly robot: { readonly robot_result: string };
  readonly session_renegotiation: {
    readonly supports_secure_renegotiation: boolean;
    readonly is_vulnerable_to_client_renegotiation_dos: boolean;
  };
  readonly session_resumption: {
    readonly session_id_resumption_result: string;
    readonly tls_ticket_resumption_result: string;
  };
  readonly elliptic_curves: { readonly supported_curves: readonly { readonly name: string }[] | null };
  readonly http_headers: {
    readonly http_error_trace: string | null;
    readonly strict_transport_security_header: { readonly max_age: number } | null;
  };
  readonly tls_extended_master_secret: { readonly supports_ems_extension: boolean };
}

interface Suites {
  readonly is_tls_version_supported: boolean;
  readonly accepted_cipher_suites: readonly {
    readonly cipher_suite: { readonly name: string };
    readonly ephemeral_key: { readonly type_name: string; readonly size: number } | null;
  }[];
}

type ScanName = keyof Results | `${"ssl" | "tls"}_${number}_${number}_cipher_suites`;

type Output = Readonly<Partial<Record<ScanName, { readonly status: string; readonly result: unknown }>>>;

function resultOf(output: Output, name: ScanName): unknown {
  const scan = output[name];
  return scan?.status === "COMPLETED" ? (scan.result ?? undefined) : undefined;
}

const result = <Name extends keyof Results>(output: Output, name: Name): Results[Name] | undefined =>
  resultOf(output, name) as Results[Name] | undefined;

const versions = ["ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1", "tls_1_2", "tls_1_3"] as const;

const suites = (output: Output, version: (typeof versions)[number]): Suites | undefined =>
  resultOf(output, `${version}_cipher_suites`) as Suites | undefined;

const acceptedSuites = (output: Output) =>
  versions.flatMap((version) => suites(output, version)?.accepted_cipher_suites ?? []);

const spoken =
  (version: (typeof versions)[number]) =>
  (output: Output): string | undefined =>
    optional(suites(output, version)?.is_tls_version_supported, yesOrNo);

const optional = <T>(value: T | undefined, read: (value: T) => string): string | undefined =>
  value === undefined ? undefined : read(value);

/** What it calls groups where IANA has another name. */
const groupNames: Readonly<Record<string, string>> = { prime256v1: "secp256r1", X25519: "x25519", X448: "x448" };

const keyNames: Readonly<Record<string, string>> = { RSAPublicKey: "RSA", ECPublicKey: "EC" };

/** Beginnings of what its verifier says after `validation failed: `; it says one thing at a time. */
const problems: readonly (readonly [string, string])[] = [
  ["cert is not valid at validation time", "expired"],
  ["leaf certificate has no matching subjectAltName", "another name"],
  ["candidates exhausted", "unknown authority"],
];

const readings: Readings<Output> = {
  ssl2: spoken("ssl_2_0"),
  ssl3: spoken("ssl_3_0"),
  tls10: spoken("tls_1_0"),
  tls11: spoken("tls_1_1"),
  tls12: spoken("tls_1_2"),
  tls13: spoken("tls_1_3"),
  suites: (output) => listed(acceptedSuites(output).map(({ cipher_suite }) => cipher_suite.name)) || undefined,
  groups: (output) =>
    optional(result(output, "elliptic_curves")?.supported_curves ?? undefined, (curves) =>
      listed(curves.map(({ name }) => groupNames[name] ?? name)),
    ),
  dhBits: (output) => {
    const keys = acceptedSuites(output).map(({ ephemeral_key }) => ephemeral_key);
    return listed(keys.flatMap((key) => (key?.type_name === "DH" ? [String(key.size)] : []))) || undefined;
  },
  certificate: (output) => {
    const [deployment] = result(output, "certificate_info")?.certificate_deployments ?? [];
    const path = deployment?.path_validation_results.find(({ trust_store }) => trust_store.name === "Supplied CA file");
    return optional(path, ({ validation_error }) => {
      if (validation_error === null) return "nothing";
      return (
        problems.find(([begins]) => validation_error.startsWith(`validation failed: ${begins}`))?.[1] ??
        validation_error
      );
    });
  },
  key: (output) => {
    const [deployment] = result(output, "certificate_info")?.certificate_deployments ?? [];
    return optional(
      deployment?.received_certificate_chain[0]?.public_key,
      ({ algorithm, key_size }) => `${keyNames[algorithm] ?? algorithm} ${key_size}`,
    );
  },
  staple: (output) =>
    optional(result(output, "certificate_info")?.certificate_deployments[0], ({ ocsp_response }) =>
      yesOrNo(ocsp_response !== null),
    ),
  compression: (output) => optional(result(output, "tls_compression")?.supports_compression, yesOrNo),
  fallbackScsv: (output) => optional(result(output, "tls_fallback_scsv")?.supports_fallback_scsv, yesOrNo),
  secureRenegotiation: (output) =>
    optional(result(output, "session_renegotiation")?.supports_secure_renegotiation, yesOrNo),
  clientRenegotiation: (output) =>
    optional(result(output, "session_renegotiation")?.is_vulnerable_to_client_renegotiation_dos, yesOrNo),
  extendedMainSecret: (output) =>
    optional(result(output, "tls_extended_master_secret")?.supports_ems_extension, yesOrNo),
  ticket: (output) =>
    optional(result(output, "session_resumption")?.tls_ticket_resumption_result, (said) =>
      yesOrNo(said === "FULLY_SUPPORTED"),
    ),
  identifier: (output) =>
    optional(result(output, "session_resumption")?.session_id_resumption_result, (said) =>
      yesOrNo(said === "FULLY_SUPPORTED"),
    ),
  earlyData: (output) => optional(result(output, "tls_1_3_early_data")?.supports_early_data, yesOrNo),
  hsts: (output) => {
    const http = result(output, "http_headers");
    if (http === undefined || http.http_error_trace !== null) return undefined;
    return String(http.strict_transport_security_header?.max_age ?? "none");
  },
  heartbleed: (output) => optional(result(output, "heartbleed")?.is_vulnerable_to_heartbleed, yesOrNo),
  ccs: (output) => optional(result(output, "openssl_ccs_injection")?.is_vulnerable_to_ccs_injection, yesOrNo),
  robot: (output) => optional(result(output, "robot")?.robot_result, (said) => yesOrNo(/^VULNERABLE/.test(said))),
};

export const sslyze: Scanner = {
  name: "sslyze",
  version: () => /SSLyze version (\S+)/i.exec(commandOutput(program, "--help") ?? "")?.[1],
  command: ({ port, rootFile, startTls }) => [
    ...[program, "--json_out", "-", "--certinfo_ca_file", rootFile, "--mozilla_config", "disable"],
    ...["--sslv2", "--sslv3", "--tlsv1", "--tlsv1_1", "--tlsv1_2", "--tlsv1_3", "--certinfo", "--resum", "--robot"],
    ...["--openssl_ccs", "--reneg", "--ems", "--compression", "--fallback", "--early_data", "--heartbleed"],
    ...["--http_headers", "--elliptic_curves"],
    ...(startTls === undefined ? [] : ["--starttls", startTls]),
    `localhost:${port}`,
  ],
  answers: (output) => {
    const report = JSON.parse(output) as {
      readonly server_scan_results: readonly { readonly scan_result: Output | null }[];
    };
    return answersBy(readings, report.server_scan_results[0]?.scan_result ?? {});
  },
};
