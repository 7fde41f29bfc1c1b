import { stripVTControlCharacters } from "node:util";
import { commandOutput } from "@tlskit/interop/command-output";
import { knownCipherSuite } from "@tlskit/scan";
import { listed, yesOrNo } from "./questions.ts";
import { answersBy, type Readings, type Scanner } from "./scanner.ts";

/** What it found, by its identifiers. */
type Output = ReadonlyMap<string, string>;

/** What it says by an identifier, if it says something and `read` finds the answer in it. */
const said =
  (id: string, read: (finding: string) => string | undefined) =>
  (output: Output): string | undefined => {
    const finding = output.get(id);
    return finding === undefined ? undefined : read(finding);
  };

const offered = (finding: string): string => yesOrNo(/^(?:offered|supported|yes)/i.test(finding));

const vulnerable = (finding: string): string | undefined => {
  if (/^(?:likely )?not vulnerable|^no session ticket/i.test(finding)) return "no";
  return /^(?:likely )?vulnerable/i.test(finding) ? "yes" : undefined;
};

/** What it calls groups where IANA has another name. */
const groupNames: Readonly<Record<string, string>> = { prime256v1: "secp256r1", X25519: "x25519", X448: "x448" };

const items = (finding: string | undefined): readonly string[] =>
  finding?.split(" ").filter((item) => item !== "") ?? [];

const readings: Readings<Output> = {
  ssl2: said("SSLv2", offered),
  ssl3: said("SSLv3", offered),
  tls10: said("TLS1", offered),
  tls11: said("TLS1_1", offered),
  tls12: said("TLS1_2", offered),
  tls13: said("TLS1_3", offered),
  suites: (output) => {
    const codes = [...output.keys()].flatMap((id) => /^cipher_x([0-9a-f]+)$/.exec(id)?.[1] ?? []);
    return listed(codes.map((code) => knownCipherSuite(Number.parseInt(code, 16))?.name ?? `0x${code}`)) || undefined;
  },
  order: said("cipher_order", (finding) =>
    /TLS 1\.3/.test(finding) ? undefined : /^not/i.test(finding) ? "client's" : "server's",
  ),
  groups: (output) => {
    const groups = [...items(output.get("PFS_ECDHE_curves")), ...items(output.get("DH_groups"))];
    return listed(groups.filter((name) => /\d/.test(name)).map((name) => groupNames[name] ?? name)) || undefined;
  },
  dhBits: (output) => /(\d+) bits/.exec(`${output.get("DH_groups")} ${output.get("LOGJAM-common_primes")}`)?.[1],
  certificate: (output) => {
    if (!output.has("cert_chain_of_trust")) return undefined;
    const problems = [
      /^expired/.test(output.get("cert_expirationStatus") ?? "") ? "expired" : "",
      /^Ok/i.test(output.get("cert_trust") ?? "") ? "" : "another name",
      /expired/.test(output.get("cert_chain_of_trust") ?? "passed") ? "expired" : "",
      /incomplete|self signed|not trusted/.test(output.get("cert_chain_of_trust") ?? "") ? "unknown authority" : "",
    ];
    return listed(problems.filter((problem) => problem !== "")) || "nothing";
  },
  key: said("cert_keySize", (finding) => /^(\S+ \d+) bits/.exec(finding)?.[1]),
  staple: said("OCSP_stapling", offered),
  compression: said("CRIME_TLS", vulnerable),
  fallbackScsv: said("fallback_SCSV", (finding) => (/^(?:no |some|only)/.test(finding) ? undefined : offered(finding))),
  secureRenegotiation: said("secure_renego", (finding) =>
    /^(?:supported|vulnerable)/i.test(finding) ? offered(finding) : undefined,
  ),
  clientRenegotiation: said("secure_client_renego", vulnerable),
  ticket: said("sessionresumption_ticket", offered),
  identifier: said("sessionresumption_ID", offered),
  alpn: said("ALPN", (finding) => (finding === "not offered" ? "" : listed(items(finding)))),
  hsts: (output) => {
    const seconds = /(\d+) seconds/.exec(output.get("HSTS_time") ?? "")?.[1];
    return seconds ?? (output.has("HSTS") ? "none" : undefined);
  },
  heartbleed: said("heartbleed", vulnerable),
  ccs: said("CCS", vulnerable),
  robot: said("ROBOT", vulnerable),
  ticketbleed: said("ticketbleed", vulnerable),
};

export const testssl: Scanner = {
  name: "testssl.sh",
  version: () => {
    const printed = stripVTControlCharacters(commandOutput("testssl", "--version") ?? "");
    return /testssl(?:\.sh)?\s+(\S+) from/.exec(printed)?.[1];
  },
  command: ({ port, rootFile, startTls }, out) => [
    "testssl",
    ...["--quiet", "--color", "0", "--warnings", "batch", "--nodns", "none", "--ip", "127.0.0.1"],
    ...["--add-ca", rootFile, "--jsonfile", out],
    ...(startTls === undefined ? [] : ["--starttls", startTls]),
    `localhost:${port}`,
  ],
  answers: (output) => {
    const findings = JSON.parse(output) as readonly { readonly id: string; readonly finding: string }[];
    return answersBy(readings, new Map(findings.map(({ id, finding }) => [id, finding])));
  },
};
