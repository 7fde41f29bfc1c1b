/** Asks a PostgreSQL from a page: through a relay that sees nothing of it, and verified by the authority that is given. */
import { createWebProvider } from "@tlskit/crypto-web";
import { certificatesFromPem, ownCertificates, privateKeyFromPem, trustAnchorsFromPem } from "@tlskit/tls";
import { connect, createClientContext, relayStream } from "@tlskit/web";
import { Postgres, requestTls } from "./postgres.ts";

/** What the form says. */
type Field = "relay" | "host" | "port" | "user" | "database" | "authority" | "certificate" | "key" | "sql";

/** Begun at once, and waited for when it is used: the form works from the start. */
const providing = createWebProvider(crypto.subtle);

async function ask(given: (field: Field) => string): Promise<string> {
  const provider = await providing;
  const { certificates: chain } = certificatesFromPem(given("certificate"));
  const context = await createClientContext({
    provider,
    anchors: trustAnchorsFromPem(given("authority")),
    certificates: ownCertificates([{ chain, key: privateKeyFromPem(given("key"), { provider }) }]),
  });
  const [host, port] = [given("host"), Number(given("port"))];
  const stream = await relayStream(given("relay"), { host, port });
  await requestTls(stream);
  const socket = connect(stream, context, { host });
  try {
    const postgres = await Postgres.start(socket, given("user"), given("database"));
    const rows = await postgres.query(given("sql"));
    await postgres.end();
    return rows.map((row) => row.join(" | ")).join("\n");
  } finally {
    await socket.close();
  }
}

const form = document.querySelector("form");
const output = document.querySelector("output");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (output === null) return;
  output.value = "";
  const data = new FormData(form);
  try {
    output.value = await ask((field) => String(data.get(field)));
  } catch (error) {
    output.value = String(error);
  }
});
