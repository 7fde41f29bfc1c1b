import {
  askingServerDeviations,
  authenticatingClientDeviations,
  certWithExternPskClientDeviations,
  certWithExternPskServerDeviations,
  clientDeviations,
  type Deviation,
  earlyDataClientDeviations,
  earlyDataServerDeviations,
  externalPskClientDeviations,
  externalPskServerDeviations,
  laterAskingServerDeviations,
  laterAuthenticatingClientDeviations,
  resumingClientDeviations,
  resumingServerDeviations,
  serverDeviations,
  tls12AuthenticatingClientDeviations,
  tls12BestDeviations,
  tls12ClientDeviations,
  tls12DheClientDeviations,
  tls12DheServerDeviations,
  tls12DowngradeDeviations,
  tls12EarlyTicketDeviations,
  tls12EncryptThenMacDeviations,
  tls12FallbackDeviations,
  tls12ResumingClientDeviations,
  tls12ResumingServerDeviations,
  tls12RsaClientDeviations,
  tls12ServerDeviations,
  tls12TicketDeviations,
  tls12UnaskedClientDeviations,
  tls12UnaskedTicketDeviations,
  tls12UncertifiedClientDeviations,
  tls12UnextendedServerDeviations,
} from "@tlskit/testing";
import { citationsIn } from "./citation.ts";
import type { Evidence } from "./evidence.ts";

type Clauses = Pick<Deviation<unknown>, "name" | "section">;

/** The tests that the deviations of the scripted peers go through, each with those that it finds. */
const tests: readonly {
  readonly file: string;
  readonly servers: readonly Clauses[];
  readonly clients: readonly Clauses[];
}[] = [
  { file: "packages/tls/test/misbehaviour.test.ts", servers: serverDeviations, clients: clientDeviations },
  {
    file: "packages/tls/test/resuming-misbehaviour.test.ts",
    servers: [...resumingServerDeviations, ...earlyDataServerDeviations],
    clients: [...resumingClientDeviations, ...earlyDataClientDeviations],
  },
  {
    file: "packages/tls/test/authenticating-misbehaviour.test.ts",
    servers: [...askingServerDeviations, ...laterAskingServerDeviations],
    clients: [...authenticatingClientDeviations, ...laterAuthenticatingClientDeviations],
  },
  {
    file: "packages/tls/test/external-psk-misbehaviour.test.ts",
    servers: [...externalPskServerDeviations, ...certWithExternPskServerDeviations],
    clients: [...externalPskClientDeviations, ...certWithExternPskClientDeviations],
  },
  {
    file: "packages/tls/test/tls12-scripted-servers.test.ts",
    servers: [
      ...tls12ServerDeviations,
      ...tls12DheServerDeviations,
      ...tls12DowngradeDeviations,
      ...tls12EncryptThenMacDeviations,
      ...tls12TicketDeviations,
      ...tls12EarlyTicketDeviations,
      ...tls12UnaskedTicketDeviations,
      ...tls12ResumingServerDeviations,
      ...tls12UnextendedServerDeviations,
    ],
    clients: [],
  },
  {
    file: "packages/tls/test/tls12-scripted-clients.test.ts",
    servers: [],
    clients: [
      ...tls12ClientDeviations,
      ...tls12DheClientDeviations,
      ...tls12RsaClientDeviations,
      ...tls12BestDeviations,
      ...tls12FallbackDeviations,
      ...tls12AuthenticatingClientDeviations,
      ...tls12UncertifiedClientDeviations,
      ...tls12UnaskedClientDeviations,
      ...tls12ResumingClientDeviations,
    ],
  },
];

/** What the scripted peers do wrong, each with the clause that says what has to come of it. */
export function deviationEvidence(): { readonly evidence: readonly Evidence[]; readonly stray: readonly string[] } {
  const all = tests.flatMap(({ file, servers, clients }) => [
    ...servers.map(({ name, section }) => ({ file, label: `server: ${name}`, section })),
    ...clients.map(({ name, section }) => ({ file, label: `client: ${name}`, section })),
  ]);
  const read = all.map(({ file, label, section }) => {
    const clauses = section
      .split(", ")
      .map((clause) => (/^([A-Z]{3,} |§)/.test(clause) ? clause : `RFC 9846 §${clause}`));
    const { citations, stray } = citationsIn(clauses.join(", "));
    return {
      evidence: citations.map((citation) => ({ citation, kind: "test" as const, file, line: 1, label })),
      stray,
    };
  });
  return { evidence: read.flatMap(({ evidence }) => evidence), stray: read.flatMap(({ stray }) => stray) };
}
