import type { ClientPeer, ClientWishes, PeersSocket, PeersVersion, ServerPeer, ServerWishes } from "@tlskit/testing";
import { TlsError } from "@tlskit/tls";
import { asciiBytes, concat } from "@tlskit/wire";
import type { Case } from "../../suite.ts";
import type { Ends, Listening } from "./ends.ts";
import { type ClientOrder, type ClientOutcome, earlyAnswer, type Given, keyTypes } from "./given.ts";

const versions = ["TLS 1.3", "TLS 1.2"] as const;
const codes: Readonly<Record<PeersVersion, number>> = { "TLS 1.3": 0x0304, "TLS 1.2": 0x0303 };

/** Every combination of what is asked for on every runtime, with OpenSSL at the other end. */
export function opensslCases(ends: Ends, given: Given): readonly Case[] {
  const { listen } = ends;
  const servers =
    typeof listen === "string"
      ? [{ name: "a server of any version", cannot: listen, run: () => undefined }]
      : serverCases(given, listen);
  return [...clientCases(ends, given), ...servers];
}

function clientCases({ client }: Ends, { authority, clientAuthority, clients, ports }: Given): readonly Case[] {
  const to = (wishes: Partial<ClientWishes> = {}) => client({ host: "localhost", authorities: authority, ...wishes });
  const inVersion = (version: PeersVersion): readonly Case[] => [
    ...keyTypes.map(
      (keyType): Case => ({
        name: `${version}, a client of a server with a certificate of ${keyType}`,
        run: async () => {
          const connect = await to({ version });
          const peer = await connect(ports[keyType]);
          expectSame("the version", peer.info.version, codes[version]);
          await talk(peer);
        },
      }),
    ),
    {
      name: `${version}, a client resumes its session`,
      run: async () => {
        const connect = await to({ version });
        const first = await connect(ports["P-256"]);
        const session = await first.session();
        await talk(first);
        const second = await connect(ports["P-256"], { session });
        expectSame("resumed", [first.info.resumed, second.info.resumed].join(), "false,true");
        await talk(second);
      },
    },
    ...keyTypes.map(
      (keyType): Case => ({
        name: `${version}, a client shows a certificate of ${keyType}`,
        run: async () => {
          const connect = await to({ version, identity: clients[keyType] });
          await talk(await connect(ports.asking));
        },
      }),
    ),
    {
      name: `${version}, a client without a certificate is told what is missing`,
      run: async () => {
        const connect = await to({ version });
        const refused = async (): Promise<void> => {
          const peer = await connect(ports.asking);
          await expectTold(peer);
        };
        const code = version === "TLS 1.3" ? "alert_certificate_required" : "alert_handshake_failure";
        await expectFailure(refused(), code);
      },
    },
    {
      name: `${version}, a client refuses who certifies itself by somebody else`,
      run: async () => {
        const connect = await to({ version, authorities: clientAuthority });
        await expectFailure(connect(ports["P-256"]), /^certificate_/);
      },
    },
    {
      name: `${version}, a client refuses who certifies itself for another name`,
      run: async () => {
        const connect = await to({ version, host: "elsewhere.example" });
        await expectFailure(connect(ports["P-256"]), "certificate_name_mismatch");
      },
    },
  ];
  return [
    ...versions.flatMap(inVersion),
    {
      name: "TLS 1.3, a client's share isn't what the server wants",
      run: async () => talk(await (await to({ version: "TLS 1.3" }))(ports.retry)),
    },
    {
      name: "TLS 1.3, a client updates its keys, and asks for the server's",
      run: async () => {
        const peer = await (await to({ version: "TLS 1.3" }))(ports["P-256"]);
        peer.updateKeys(true);
        await talk(peer);
      },
    },
    {
      name: "TLS 1.3, a client's early data is taken, and is refused with a session that was used before",
      run: async () => {
        const connect = await to({ version: "TLS 1.3" });
        const first = await connect(ports.early);
        const session = await first.session();
        await hangUp(first);
        const earlyData = asciiBytes("asked early\n");
        const taken = await connect(ports.early, { session, earlyData });
        expectSame("the outcome", await taken.earlyData(), "accepted");
        expectSame("resumed", taken.info.resumed, true);
        expectSame("the answer", await readLine(taken), earlyAnswer);
        await hangUp(taken);
        const refused = await connect(ports.early, { session, earlyData });
        expectSame("the outcome", await refused.earlyData(), "rejected");
        expectSame("resumed", refused.info.resumed, false);
        await hangUp(refused);
      },
    },
  ];
}

function serverCases(
  { servers, clientAuthority, control }: Given,
  listen: (wishes: ServerWishes) => Promise<Listening>,
): readonly Case[] {
  const order = async (wishes: ClientOrder): Promise<ClientOutcome> => {
    const response = await fetch(control, { method: "POST", body: JSON.stringify(wishes) });
    return await response.json();
  };
  const answeredTo = async (wishes: ClientOrder): Promise<ClientOutcome> => {
    const outcome = await order(wishes);
    if (!outcome.answered) throw new Error(`s_client says:\n${outcome.output}`);
    return outcome;
  };
  /** A server, clients of it one after the other, and what becomes of them: each has its answer. */
  const serve = async (
    wishes: ServerWishes,
    clients: readonly Omit<ClientOrder, "port">[],
    play: (peer: ServerPeer) => Promise<void>,
  ): Promise<readonly ClientOutcome[]> => {
    const listening = await listen(wishes);
    try {
      const outcomes: ClientOutcome[] = [];
      for (const client of clients) {
        const outcome = answeredTo({ ...client, port: listening.port });
        const played = (async () => play(await listening.next()))();
        // Of a client that doesn't come nothing else is heard.
        await Promise.race([played, outcome]);
        await played;
        outcomes.push(await outcome);
      }
      return outcomes;
    } finally {
      listening.close();
    }
  };
  const asking = (demand: "required" | "later") => ({ clients: { demand, authorities: clientAuthority } });
  const knows = ({ info }: ServerPeer): void =>
    expectSame("the client is known", info.clientCertificates.length > 0, true);

  const inVersion = (version: PeersVersion): readonly Case[] => [
    ...keyTypes.map(
      (keyType): Case => ({
        name: `${version}, a server with a certificate of ${keyType}`,
        run: async () => {
          const wishes = { identity: servers[keyType], version };
          await serve(wishes, [{ version }], async (peer) => {
            expectSame("the version", peer.info.version, codes[version]);
            await answer(peer);
          });
        },
      }),
    ),
    {
      name: `${version}, a server resumes its client's session`,
      run: async () => {
        const resumed: boolean[] = [];
        const session = `${version} ${control} ${crypto.randomUUID()}`;
        const wishes = { identity: servers["P-256"], version, resumption: true };
        const outcomes = await serve(
          wishes,
          [
            { version, session },
            { version, session },
          ],
          async (peer) => {
            resumed.push(peer.info.resumed);
            await answer(peer);
          },
        );
        expectSame("resumed", resumed.join(), "false,true");
        expectSame("resumed at the client", outcomes.map((one) => one.resumed).join(), "false,true");
      },
    },
    ...keyTypes.map(
      (keyType): Case => ({
        name: `${version}, a server demands a certificate, and gets one of ${keyType}`,
        run: async () => {
          const wishes = { identity: servers["P-256"], version, ...asking("required") };
          await serve(wishes, [{ version, client: keyType }], async (peer) => {
            knows(peer);
            await answer(peer);
          });
        },
      }),
    ),
    {
      name: `${version}, a server demands a certificate of a client that has none, and tells it so`,
      run: async () => {
        const listening = await listen({ identity: servers["P-256"], version, ...asking("required") });
        try {
          const outcome = order({ port: listening.port, version });
          await expectFailure(listening.next(), "certificate_required");
          const { answered, output } = await outcome;
          expectSame("answered", answered, false);
          if (!/alert/.test(output)) throw new Error(`s_client tells of no alert:\n${output}`);
        } finally {
          listening.close();
        }
      },
    },
  ];
  const early = async (wanted: "taken" | "declined"): Promise<void> => {
    const text = "asked early";
    const session = `early ${crypto.randomUUID()}`;
    const wishes = { identity: servers["P-256"], resumption: true, earlyData: wanted };
    const version = "TLS 1.3";
    const came: string[] = [];
    const outcomes = await serve(
      wishes,
      [
        { version, session },
        { version, session, early: text },
      ],
      async (peer) => {
        await answer(peer);
        came.push(String.fromCharCode(...peer.earlyData));
      },
    );
    expectSame("early data", came.join("|"), wanted === "taken" ? `|${text}` : "|");
    expectSame("at the client", outcomes[1]?.early, wanted === "taken" ? "accepted" : "rejected");
  };
  return [
    ...versions.flatMap(inVersion),
    { name: "TLS 1.3, a server takes early data", run: () => early("taken") },
    { name: "TLS 1.3, a server declines early data", run: () => early("declined") },
    {
      name: "TLS 1.3, a server asks for a certificate after the handshake",
      run: async () => {
        const wishes = { identity: servers["P-256"], ...asking("later") };
        const client = { version: "TLS 1.3", client: "P-256", postHandshakeAuth: true } as const;
        await serve(wishes, [client], async (peer) => {
          await peer.requestClientCertificate();
          knows(peer);
          await answer(peer);
        });
      },
    },
  ];
}

const rests = new WeakMap<PeersSocket, string>();

/** The next line, of what comes in whatever pieces. */
async function readLine(peer: PeersSocket): Promise<string> {
  let text = rests.get(peer) ?? "";
  while (!text.includes("\n")) {
    const bytes = await peer.read();
    if (bytes === undefined) throw new Error(`the data ended behind ${JSON.stringify(text)}`);
    text += String.fromCharCode(...bytes);
  }
  const at = text.indexOf("\n");
  rests.set(peer, text.slice(at + 1));
  return text.slice(0, at);
}

const reversed = (line: string): string => [...line].toReversed().join("");

/** A client: lines there and back in reverse, as many as fill several records, and an orderly end. */
async function talk(peer: ClientPeer): Promise<void> {
  const lines = Array.from({ length: 6 }, (_, at) => `${at} ${"hello openssl ".repeat(400)}`);
  for (const line of lines) {
    await peer.write(concat(asciiBytes(line), asciiBytes("\n")));
    expectSame("the answer", await readLine(peer), reversed(line));
  }
  await hangUp(peer);
}

/** What a client writes to somebody who has refused it fails, or is answered with the alert. */
async function expectTold(peer: ClientPeer): Promise<void> {
  const told = peer.read();
  await peer.write(asciiBytes("hello\n")).catch(() => undefined);
  await told;
}

async function hangUp(peer: PeersSocket): Promise<void> {
  await peer.end();
  while ((await peer.read()) !== undefined);
  peer.destroy();
}

/** A server: sends each line back in reverse, to the end. */
async function answer(peer: ServerPeer): Promise<void> {
  const line = await readLine(peer);
  await peer.write(asciiBytes(`${reversed(line)}\n`));
  while ((await peer.read()) !== undefined);
  await peer.end();
  peer.destroy();
}

function expectSame(what: string, got: unknown, expected: unknown): void {
  if (got !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(got)}`);
}

async function expectFailure(promise: Promise<unknown>, code: string | RegExp): Promise<void> {
  try {
    await promise;
  } catch (error) {
    const got = error instanceof TlsError ? error.code : String(error);
    if (typeof code === "string" ? got === code : code.test(got)) return;
    throw error;
  }
  throw new Error(`it had to fail with ${String(code)}`);
}
