import { describe, expect, it } from "vitest";
import * as starttls from "../src/index.ts";
import { client, host, type Line, latin1, octetsOf, pieces, saidBy, server } from "./helpers/dialogues.ts";

const sslRequest = "\0\0\0\x08\x04\xd2\x16\x2f";
const gssEncRequest = "\0\0\0\x08\x04\xd2\x16\x30";
const smtpHello = "220 mail.example.com ESMTP\r\n";
const imapCapability = "CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED";
const imapHello = `* OK [${imapCapability}] mail.example.com\r\n`;

const transcripts: readonly [string, starttls.Protocol, readonly Line[]][] = [
  [
    "SMTP",
    starttls.smtp,
    [
      ["server", smtpHello],
      ["client", "EHLO me\r\n"],
      ["server", "250-mail.example.com\r\n250 STARTTLS\r\n"],
      ["client", "helo me\r\n"],
      ["server", "250 mail.example.com\r\n"],
      ["client", "NOOP\r\n"],
      ["server", "250 OK\r\n"],
      // RFC 3207 §4: everything else is refused before TLS.
      ["client", "MAIL FROM:<me@example.com>\r\n"],
      ["server", "530 Must issue a STARTTLS command first\r\n"],
      ["client", "AUTH PLAIN AG1lAG15IHBhc3N3b3Jk\r\n"],
      ["server", "530 Must issue a STARTTLS command first\r\n"],
      ["client", "constructor\r\n"],
      ["server", "530 Must issue a STARTTLS command first\r\n"],
      ["client", "STARTTLS now\r\n"],
      ["server", "530 Must issue a STARTTLS command first\r\n"],
      ["client", "starttls\r\n"],
      ["server", "220 Ready to start TLS\r\n"],
    ],
  ],
  [
    "IMAP",
    starttls.imap,
    [
      ["server", imapHello],
      ["client", "a1 capability\r\n"],
      ["server", `* ${imapCapability}\r\na1 OK done\r\n`],
      ["client", "a2 NOOP\r\n"],
      ["server", "a2 OK done\r\n"],
      ["client", "a3 LOGIN me password\r\n"],
      ["server", "a3 NO [PRIVACYREQUIRED] STARTTLS first\r\n"],
      ["client", "a4 STARTTLS\r\n"],
      ["server", "a4 OK Begin TLS negotiation now\r\n"],
    ],
  ],
  [
    "PostgreSQL",
    starttls.postgres,
    [
      ["client", sslRequest],
      ["server", "S"],
    ],
  ],
  [
    "PostgreSQL, asked for GSSAPI first",
    starttls.postgres,
    [
      ["client", gssEncRequest],
      ["server", "N"],
      ["client", sslRequest],
      ["server", "S"],
    ],
  ],
];

describe.each(transcripts)("a server of %s", (_, protocol, dialogue) => {
  it.each(pieces)("comes to TLS, what it hears coming %s", (_how, cut) => {
    const { side, said, ends } = server(protocol);
    side.start();
    let expected = "";
    for (const [by, text] of dialogue) {
      if (by === "client") {
        for (const piece of cut(text)) {
          expect(ends).toEqual([]);
          side.receive(piece);
        }
      } else {
        expected += text;
        expect(said()).toBe(expected);
      }
    }
    expect(ends).toEqual(["ready"]);
  });

  // RFC 3207 §4.1, CVE-2011-0411, CVE-2021-23214
  it("refuses octets behind the request, without agreeing to it", () => {
    const { side, said, ends } = server(protocol);
    side.start();
    const last = dialogue.findLastIndex(([by]) => by === "client");
    dialogue.forEach(([by, text], index) => {
      if (by === "client") side.receive(octetsOf(index === last ? `${text}\x16\x03\x01` : text));
    });
    expect(ends).toEqual([expect.objectContaining({ kind: "peer", code: "plaintext_before_tls" })]);
    expect(said()).toBe(saidBy("server", dialogue.slice(0, last)));
  });

  it("is told of a stream that ends before, wherever it does", () => {
    const heard = saidBy("client", dialogue);
    for (let length = 0; length < heard.length; length += 1) {
      const { side, ends } = server(protocol);
      side.start();
      side.receive(octetsOf(heard.slice(0, length)));
      side.receiveEnd();
      expect(ends).toEqual([expect.objectContaining({ kind: "truncation", code: "truncated" })]);
    }
  });
});

const startup = "\0\0\0\x11\0\x03\0\0user\0me\0\0";
const refusal = "E\0\0\0\x2bSFATAL\0VFATAL\0C28000\0MTLS is required\0\0";

describe("a server refuses", () => {
  it.each<[string, starttls.Protocol, string, string, string]>([
    ["SMTP: a client that leaves", starttls.smtp, "no_starttls", "QUIT\r\n", `${smtpHello}221 Bye\r\n`],
    ["SMTP: a line that ends with LF alone", starttls.smtp, "malformed_dialogue", "NOOP\n", smtpHello],
    ["IMAP: a client that leaves", starttls.imap, "no_starttls", "a LOGOUT\r\n", `${imapHello}* BYE\r\na OK done\r\n`],
    ["IMAP: a line without a tag", starttls.imap, "malformed_dialogue", "STARTTLS\r\n", imapHello],
    ["IMAP: a tag that would be a response", starttls.imap, "malformed_dialogue", "* STARTTLS\r\n", imapHello],
    ["IMAP: a tag that would end a line", starttls.imap, "malformed_dialogue", "\x85 STARTTLS\r\n", imapHello],
    ["PostgreSQL: a client in the clear", starttls.postgres, "no_starttls", startup, refusal],
    ["PostgreSQL: a cancellation", starttls.postgres, "no_starttls", "\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\0\0\0\0\0", ""],
    ["PostgreSQL: another length", starttls.postgres, "malformed_dialogue", "\0\0\0\x09\x04\xd2\x16\x2f\0", ""],
    ["PostgreSQL: another request", starttls.postgres, "malformed_dialogue", "GET / HT", ""],
    ["PostgreSQL: GSSAPI twice", starttls.postgres, "malformed_dialogue", gssEncRequest + gssEncRequest, "N"],
  ])("%s", (_, protocol, code, heard, answer) => {
    const { side, said, ends } = server(protocol);
    side.start();
    side.receive(octetsOf(heard));
    expect(ends).toEqual([expect.objectContaining({ kind: "peer", code, alert: undefined })]);
    expect(said()).toBe(answer);
  });

  it("more than maxLines commands", () => {
    const { side, ends } = server(starttls.smtp);
    side.start();
    for (let line = 0; line < starttls.maxLines; line += 1) side.receive(octetsOf("NOOP\r\n"));
    expect(ends).toEqual([]);
    side.receive(octetsOf("NOOP\r\n"));
    expect(ends).toEqual([expect.objectContaining({ code: "too_many_lines" })]);
  });
});

describe("both sides", () => {
  it.each(starttls.protocols.filter(({ server: part }) => part !== undefined))(
    "of $name understand each other",
    (protocol) => {
      const [one, other] = [client(protocol), server(protocol)];
      one.side.start();
      other.side.start();
      let [heardByOne, heardByOther] = [0, 0];
      while (one.ends.length === 0 || other.ends.length === 0) {
        const [forOther, forOne] = [one.said().slice(heardByOther), other.said().slice(heardByOne)];
        expect(forOther + forOne).not.toBe("");
        [heardByOther, heardByOne] = [heardByOther + forOther.length, heardByOne + forOne.length];
        if (forOther !== "") other.side.receive(octetsOf(forOther));
        if (forOne !== "") one.side.receive(octetsOf(forOne));
      }
      expect([one.ends, other.ends]).toEqual([["ready"], ["ready"]]);
      expect(latin1(other.side.received)).toBe(one.said());
    },
  );

  it("tell once how it ended, also where the answer comes in the very call", () => {
    const told: string[] = [];
    const one = starttls.startTlsClient(
      starttls.smtp,
      { host },
      {
        bytes: (bytes) => {
          const said = latin1(bytes);
          if (said.startsWith("EHLO")) one.receive(octetsOf("250-mail\r\n250 STARTTLS\r\n"));
          if (said.startsWith("STARTTLS")) one.receive(octetsOf("220 go\r\n"));
        },
        ready: () => void told.push("ready"),
        failed: ({ code }) => void told.push(code),
      },
    );
    one.start();
    one.receive(octetsOf("220 mail\r\n"));
    expect(told).toEqual(["ready"]);
  });
});
