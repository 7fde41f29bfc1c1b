import { nodeProvider } from "@tlskit/crypto-node";
import { toHex } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import {
  alteredBytes,
  certWithExternPskClientDeviations,
  certWithExternPskServerDeviations,
  clientDeviations,
  clientScript,
  type Deviation,
  earlyDataClientDeviations,
  earlyDataScript,
  earlyDataServerDeviations,
  externalPskClientDeviations,
  externalPskServerDeviations,
  InMemoryNetwork,
  LateTasks,
  lateProvider,
  leftOut,
  resumingClientDeviations,
  resumingScript,
  resumingServerDeviations,
  type Script,
  type ScriptedServer,
  scriptedClient,
  scriptedData,
  scriptedServer,
  seededRandom,
  serverDeviations,
  serverScript,
  throwawayPki,
  tls12AuthenticatingClientDeviations,
  tls12AuthenticatingScript,
  tls12BestDeviations,
  tls12ClientDeviations,
  tls12ClientScript,
  tls12DheClientDeviations,
  tls12DheServerDeviations,
  tls12DowngradeDeviations,
  tls12EarlyTicketDeviations,
  tls12EncryptThenMacDeviations,
  tls12FallbackDeviations,
  tls12ResumingClientDeviations,
  tls12ResumingClientScript,
  tls12ResumingServerDeviations,
  tls12ResumingServerScript,
  tls12RsaClientDeviations,
  tls12ServerDeviations,
  tls12ServerScript,
  tls12TicketDeviations,
  tls12TicketScript,
  tls12UnaskedClientDeviations,
  tls12UnaskedTicketDeviations,
  tls12UncertifiedClientDeviations,
  tls12UnextendedServerDeviations,
} from "../src/index.ts";

const now = Date.UTC(2026, 0, 1);
const pki = throwawayPki(nodeProvider, seededRandom(1), "host.example", now);

function converse(tasks?: LateTasks) {
  const network = new InMemoryNetwork({ now, ...(tasks === undefined ? {} : { tasks }) });
  const provider = tasks === undefined ? nodeProvider : lateProvider(nodeProvider, tasks);
  const { left, right } = network.link();
  const server = scriptedServer({ provider, random: seededRandom(2), pki, ciphertext: right.write, ended: right.end });
  const client = scriptedClient({
    provider,
    random: seededRandom(3),
    host: "host.example",
    ciphertext: left.write,
    ended: left.end,
  });
  left.attach(client);
  right.attach(server);
  server.start();
  client.start();
  network.run();
  return { client, server };
}

describe("a scripted server and a scripted client", () => {
  for (const [world, tasks] of [
    ["at once", undefined],
    ["late", new LateTasks("last in, first out")],
  ] as const) {
    it(`understand each other, with a provider that answers ${world}`, () => {
      const { client, server } = converse(tasks);
      for (const peer of [client, server]) {
        expect(peer.failure).toBeUndefined();
        expect(peer.finishedWasRight).toBe(true);
        expect(toHex(peer.data)).toBe(toHex(scriptedData));
        expect(peer.closeNotify).toBe(true);
        expect(peer.alert).toBeUndefined();
        expect(peer.unreadableRecords).toBe(0);
      }
      expect(client.messages).toEqual([
        "server_hello",
        "encrypted_extensions",
        "certificate",
        "certificate_verify",
        "finished",
      ]);
      expect(server.messages).toEqual(["client_hello", "finished"]);
    });
  }
});

function describeDeviations<P>(role: string, deviations: readonly Deviation<P>[], script: Script<P>): void {
  describe(`the deviations of a ${role}`, () => {
    it("each have a name of their own, in lower case", () => {
      const names = deviations.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(name).toMatch(/^[a-z0-9_]+$/);
    });

    it("each name a clause", () => {
      const clause = "[A-F1-9][0-9.]*(#[a-z0-9-]+)?";
      const clauses = new RegExp(`^(${clause}|(RFC|FIPS) \\d+( §${clause})?)(, ((RFC \\d+ )?§)?${clause})*$`);
      for (const { section } of deviations) expect(section).toMatch(clauses);
    });

    it("each can be applied, and change the script", () => {
      const asItIs = script.map(({ name }) => name);
      for (const { name, needs, apply } of deviations) {
        const edited = apply(script);
        // With a group that a side needs, the script as it is is what is odd.
        if (name !== "nothing_odd" && needs?.keyShare === undefined) expect(edited === script, name).toBe(false);
      }
      expect(script.map(({ name }) => name)).toEqual(asItIs);
    });
  });
}

describeDeviations("server", serverDeviations, serverScript);
describeDeviations("client", clientDeviations, clientScript);
describeDeviations("server that resumes", resumingServerDeviations, resumingScript);
describeDeviations("client that resumes", resumingClientDeviations, clientScript);
describeDeviations("server that is offered an external PSK", externalPskServerDeviations, resumingScript);
describeDeviations("client with an external PSK", externalPskClientDeviations, clientScript);
describeDeviations("server that shows a certificate besides", certWithExternPskServerDeviations, resumingScript);
describeDeviations("client that asks for a certificate besides", certWithExternPskClientDeviations, clientScript);
describeDeviations("server that is offered early data", earlyDataServerDeviations, resumingScript);
describeDeviations("client with early data", earlyDataClientDeviations, earlyDataScript);

it("a script can't be edited where it has no such step", () => {
  const edit = leftOut<ScriptedServer>("ServerHelo");
  expect(() => edit(serverScript)).toThrow(expect.objectContaining({ code: "no_such_step" }));
  const altering = alteredBytes<ScriptedServer>("handshake keys", (message) => message);
  expect(() => altering(serverScript)).toThrow(expect.objectContaining({ code: "not_a_message" }));
});

const tls12Servers = {
  "": [tls12ServerDeviations, tls12ServerScript],
  " with DHE": [tls12DheServerDeviations, tls12ServerScript],
  " for a client with block ciphers": [tls12EncryptThenMacDeviations, tls12ServerScript],
  " for a client with TLS 1.3": [tls12DowngradeDeviations, tls12ServerScript],
  " that gives tickets": [tls12TicketDeviations, tls12TicketScript],
  " that gives tickets too early": [tls12EarlyTicketDeviations, tls12ServerScript],
  " that gives tickets unasked": [tls12UnaskedTicketDeviations, tls12TicketScript],
  " that resumes": [tls12ResumingServerDeviations, tls12ResumingServerScript],
  " that resumes without extended main secret": [tls12UnextendedServerDeviations, tls12ResumingServerScript],
} as const;
for (const [what, [deviations, script]] of Object.entries(tls12Servers)) {
  describeDeviations(`server of TLS 1.2${what}`, deviations, script);
}

const tls12Clients = {
  "": [tls12ClientDeviations, tls12ClientScript],
  " with DHE": [tls12DheClientDeviations, tls12ClientScript],
  " with RSA": [tls12RsaClientDeviations, tls12ClientScript],
  " for a server without TLS 1.3": [tls12BestDeviations, tls12ClientScript],
  " for a server with TLS 1.3": [tls12FallbackDeviations, tls12ClientScript],
  " that shows a certificate": [tls12AuthenticatingClientDeviations, tls12AuthenticatingScript],
  " that may show a certificate": [tls12UncertifiedClientDeviations, tls12AuthenticatingScript],
  " that shows a certificate unasked": [tls12UnaskedClientDeviations, tls12AuthenticatingScript],
  " that resumes": [tls12ResumingClientDeviations, tls12ResumingClientScript],
} as const;
for (const [what, [deviations, script]] of Object.entries(tls12Clients)) {
  describeDeviations(`client of TLS 1.2${what}`, deviations, script);
}
