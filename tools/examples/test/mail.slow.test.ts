import { identity } from "@tlskit/interop/certificates";
import { describeUnless } from "@tlskit/interop/describe-unless";
import { DovecotServer, dovecot, dovecotPassword } from "@tlskit/interop/dovecot";
import { PostfixServer, postfix } from "@tlskit/interop/postfix";
import { identityFiles } from "@tlskit/interop/scratch";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runExample, startExample } from "./helpers/example.ts";

const certificate = identity("P-256");
const stranger = identity("P-256", "under Ed25519");

describeUnless(typeof postfix === "string" ? postfix : undefined, "the example of SMTP", () => {
  let server: PostfixServer<"submission">;
  beforeAll(async () => {
    if (typeof postfix === "string") return;
    server = await PostfixServer.start(postfix, certificate, { submission: { implicit: false } });
  });
  afterAll(() => server?.stop());

  const args = (ca = identityFiles(certificate).root): readonly string[] => [
    "localhost",
    String(server.ports.submission),
    ca,
    "alice@example.com",
    "bob@example.com",
  ];

  it("hands a mail to Postfix, over TLS", async () => {
    const program = startExample("smtp/main.ts", args());
    program.write("Subject: a mail\n\n.a line that begins with a dot\nthe last line\n");
    program.endInput();
    expect(await program.ended()).toBe(0);
    const [, id = ""] = /^250 2\.0\.0 Ok: queued as (\S+)$/.exec(program.lines.join("\n")) ?? [];
    const mail = server.mail(id);
    expect(mail).toMatch(/using TLSv1\.3/);
    expect(mail).toContain("\n.a line that begins with a dot\nthe last line\n");
  });

  it("hands nothing to a server that isn't verified", async () => {
    const { exitCode, lines } = await runExample("smtp/main.ts", args(identityFiles(stranger).root));
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/TlsError/);
  });
});

describeUnless(typeof dovecot === "string" ? dovecot : undefined, "the example of IMAP", () => {
  let server: DovecotServer;
  beforeAll(async () => {
    if (typeof dovecot === "string") return;
    server = await DovecotServer.start(dovecot, certificate);
  });
  afterAll(() => server?.stop());

  const run = (password: string, ca = identityFiles(certificate).root) =>
    runExample("imap/main.ts", ["localhost", String(server.startTlsPort), ca, "alice"], {
      environment: { PASSWORD: password },
    });

  it("asks Dovecot what is in a mailbox, over TLS", async () => {
    expect(await run(dovecotPassword)).toEqual({ exitCode: 0, lines: ["* STATUS INBOX (MESSAGES 0 UNSEEN 0)"] });
  });

  it("is refused with another password", async () => {
    const { exitCode, lines } = await run("another");
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/the server says NO \[AUTHENTICATIONFAILED\]/);
  });

  it("tells a server that isn't verified no password", async () => {
    const { exitCode, lines } = await run(dovecotPassword, identityFiles(stranger).root);
    expect(exitCode).toBe(1);
    expect(lines.join("\n")).toMatch(/TlsError/);
  });
});
