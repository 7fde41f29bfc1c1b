import { fileURLToPath } from "node:url";
import type { CheckName, Facts, Outcome, VersionFact } from "@tlskit/scan";
import { listed, yesOrNo } from "./questions.ts";
import { answersBy, type Readings, type Scanner } from "./scanner.ts";

const main = fileURLToPath(new URL("../../../cli/src/main.ts", import.meta.url));

/** As often in a row as both try it counts as without limit. */
const timesOfUnlimited = 10;

/** What our report of a scan has of facts; octets are hexadecimal digits in it, and moments texts. */
type WrittenFacts = { readonly [Name in CheckName]: Outcome<Facts[Name]> };

function found<Name extends CheckName>(facts: WrittenFacts, name: Name): Facts[Name] | undefined {
  const outcome: Outcome<Facts[Name]> = facts[name];
  return outcome.state === "found" ? outcome.value : undefined;
}

const spoken =
  (version: VersionFact["version"]) =>
  (facts: WrittenFacts): string | undefined => {
    const fact = found(facts, "versions")?.find((each) => each.version === version);
    return fact && yesOrNo(fact.spoken);
  };

const flaw =
  (id: string) =>
  (facts: WrittenFacts): string | undefined => {
    const state = found(facts, "flaws")?.flaws.find((each) => each.id === id)?.state;
    return state === undefined || state === "unclear" ? undefined : yesOrNo(state === "vulnerable");
  };

const own = (facts: WrittenFacts) => found(facts, "certificates")?.find(({ shownTo }) => shownTo === "name");

const optionalYesOrNo = (value: boolean | undefined): string | undefined =>
  value === undefined ? undefined : yesOrNo(value);

const problems: Readonly<Record<string, string>> = {
  expired: "expired",
  name_mismatch: "another name",
  unknown_issuer: "unknown authority",
};

const readings: Readings<WrittenFacts> = {
  ssl2: spoken("SSL 2.0"),
  ssl3: spoken("SSL 3.0"),
  tls10: spoken("TLS 1.0"),
  tls11: spoken("TLS 1.1"),
  tls12: spoken("TLS 1.2"),
  tls13: spoken("TLS 1.3"),
  suites: (facts) => {
    const suites = found(facts, "cipherSuites");
    return suites && listed(suites.flatMap(({ accepted }) => accepted.map(({ name }) => name)));
  },
  order: (facts) => {
    const orders = found(facts, "cipherSuites")
      ?.filter(({ version, order }) => version !== "TLS 1.3" && order !== "only one")
      .map(({ order }) => (order === "client" ? "client's" : "server's"));
    return orders?.length === 0 ? undefined : orders && listed(orders);
  },
  groups: (facts) => {
    const groups = found(facts, "groups");
    return groups && listed(groups.flatMap(({ accepted }) => accepted.map(({ name }) => name)));
  },
  dhBits: (facts) => {
    const primes = found(facts, "diffieHellman")?.primes;
    return primes === undefined || primes.length === 0 ? undefined : listed(primes.map(({ bits }) => String(bits)));
  },
  certificate: (facts) => {
    const verdict = own(facts)?.verdict;
    if (verdict === undefined) return undefined;
    return verdict.problems.length === 0
      ? "nothing"
      : listed(verdict.problems.map(({ code }) => problems[code] ?? code));
  },
  key: (facts) => {
    const certificate = own(facts);
    return certificate && `${certificate.keyType} ${certificate.keyBits}`;
  },
  staple: (facts) => {
    const certificate = own(facts);
    return certificate && yesOrNo(certificate.staple.state !== "none");
  },
  compression: (facts) => optionalYesOrNo(found(facts, "extensions")?.compression.some(() => true)),
  fallbackScsv: (facts) => optionalYesOrNo(found(facts, "extensions")?.fallbackScsv),
  secureRenegotiation: (facts) => optionalYesOrNo(found(facts, "extensions")?.secureRenegotiation),
  clientRenegotiation: (facts) => {
    const renegotiation = found(facts, "renegotiation");
    return (
      renegotiation && yesOrNo(renegotiation.clientInitiated === "accepted" && renegotiation.times >= timesOfUnlimited)
    );
  },
  extendedMainSecret: (facts) => optionalYesOrNo(found(facts, "extensions")?.extendedMainSecret),
  ticket: (facts) => optionalYesOrNo(found(facts, "resumption")?.ticket?.resumed),
  identifier: (facts) => optionalYesOrNo(found(facts, "resumption")?.identifier?.resumed),
  earlyData: (facts) => optionalYesOrNo(found(facts, "earlyData")?.accepted),
  alpn: (facts) => {
    const protocols = found(facts, "alpn");
    return protocols && listed(protocols.accepted);
  },
  hsts: (facts) => {
    const http = found(facts, "http");
    return http && (http.hsts === undefined ? "none" : String(http.hsts.maxAgeSeconds));
  },
  heartbleed: flaw("heartbleed"),
  ccs: flaw("ccs-injection"),
  robot: flaw("robot"),
  ticketbleed: flaw("ticketbleed"),
};

export const tlskit: Scanner = {
  name: "tlskit scan",
  version: () => "this repository's",
  command: ({ port, rootFile, startTls }) => [
    ...[process.execPath, main, "scan", "--json", "--ca", rootFile, "--address", "127.0.0.1"],
    ...["--renegotiation", "--replay", "--flaws"],
    ...(startTls === undefined ? [] : ["--starttls", startTls]),
    `localhost:${port}`,
  ],
  answers: (output) => {
    const report = JSON.parse(output) as { readonly targets: readonly { readonly facts?: WrittenFacts }[] };
    const facts = report.targets[0]?.facts;
    return facts === undefined ? {} : answersBy(readings, facts);
  },
};
