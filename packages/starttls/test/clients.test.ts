import { describe, expect, it } from "vitest";
import * as starttls from "../src/index.ts";
import { client, octetsOf, pieces, saidBy } from "./helpers/dialogues.ts";
import { ldapAnswer, mysqlPacket, mysqlWith, transcripts, xmppFeatures, xmppStream } from "./helpers/transcripts.ts";

describe.each(transcripts)("a client of %s", (_, protocol, dialogue) => {
  const last = dialogue.findLastIndex(([by]) => by === "server");

  it.each(pieces)("comes to TLS, what it hears coming %s", (_how, cut) => {
    const { side, said, ends } = client(protocol);
    side.start();
    let expected = "";
    dialogue.forEach(([by, text], index) => {
      if (by === "client") {
        expected += text;
        expect(said()).toBe(expected);
      } else {
        for (const piece of cut(text)) {
          expect(ends).toEqual([]);
          side.receive(piece);
        }
        if (index < last) expect(ends).toEqual([]);
      }
    });
    expect(ends).toEqual(["ready"]);
    expect(side.isReady).toBe(true);
    expect(side.received).toEqual(octetsOf(saidBy("server", dialogue)));
  });

  // CVE-2011-0411, CVE-2021-23222
  it("refuses octets behind the agreement, and says nothing more", () => {
    const { side, said, ends } = client(protocol);
    side.start();
    dialogue.forEach(([by, text], index) => {
      if (by === "server") side.receive(octetsOf(index === last ? `${text}X` : text));
    });
    expect(ends).toEqual([expect.objectContaining({ kind: "peer", code: "plaintext_before_tls", alert: undefined })]);
    const before = dialogue.slice(0, last);
    expect(said()).toBe(saidBy("client", before));
    expect(side.isReady).toBe(false);
  });

  it("is told of a stream that ends before, wherever it does", () => {
    const heard = saidBy("server", dialogue);
    for (let length = 0; length < heard.length; length += 1) {
      const { side, ends } = client(protocol);
      side.start();
      side.receive(octetsOf(heard.slice(0, length)));
      side.receiveEnd();
      side.receiveEnd();
      side.receive(octetsOf(heard));
      expect(ends).toEqual([expect.objectContaining({ kind: "truncation", code: "truncated" })]);
    }
  });
});

const [no, bad] = ["no_starttls", "malformed_dialogue"];
const smtpHello = "220 mail\r\n";
const imapHello = "* OK hello\r\n";
const long = "x".repeat(starttls.maxLineLength);

describe("a client refuses", () => {
  it.each<[string, starttls.Protocol, string, string]>([
    ["SMTP: a server that is not at our service", starttls.smtp, no, "554 no\r\n"],
    ["SMTP: a server without EHLO", starttls.smtp, no, `${smtpHello}502 what?\r\n`],
    ["SMTP: a server without STARTTLS", starttls.smtp, no, `${smtpHello}250-mail\r\n250 DSN\r\n`],
    ["SMTP: a server whose name is STARTTLS", starttls.smtp, no, `${smtpHello}250 STARTTLS\r\n`],
    ["SMTP: a keyword that only begins so", starttls.smtp, no, `${smtpHello}250-mail\r\n250 STARTTLSX\r\n`],
    ["SMTP: no for an answer", starttls.smtp, no, `${smtpHello}250-mail\r\n250 STARTTLS\r\n454 not now\r\n`],
    ["SMTP: 250 for an answer", starttls.smtp, no, `${smtpHello}250-mail\r\n250 STARTTLS\r\n250 OK\r\n`],
    ["SMTP: a reply with two codes", starttls.smtp, bad, "220-mail\r\n250 mail\r\n"],
    ["SMTP: what is no reply", starttls.smtp, bad, "hello\r\n"],
    ["SMTP: four digits", starttls.smtp, bad, "2200 mail\r\n"],
    ["SMTP: a line that ends with LF alone", starttls.smtp, bad, "220 mail\n"],
    ["SMTP: a CR in a line", starttls.smtp, bad, "220 ma\ril\r\n"],
    ["LMTP: a server without STARTTLS", starttls.lmtp, no, `${smtpHello}250 mail\r\n`],
    ["IMAP: a session that is authenticated already", starttls.imap, no, "* PREAUTH welcome\r\n"],
    ["IMAP: a server that says BYE", starttls.imap, no, "* BYE\r\n"],
    ["IMAP: another greeting", starttls.imap, bad, "a OK\r\n"],
    ["IMAP: NO", starttls.imap, no, `${imapHello}a NO not here\r\n`],
    ["IMAP: BAD", starttls.imap, no, `${imapHello}a BAD what?\r\n`],
    ["IMAP: the answer to another command", starttls.imap, bad, `${imapHello}b OK\r\n`],
    ["IMAP: an answer without a status", starttls.imap, bad, `${imapHello}a MAYBE\r\n`],
    ["IMAP: a request to continue", starttls.imap, bad, `${imapHello}+ go on\r\n`],
    ["POP3: a greeting of another kind", starttls.pop3, bad, "220 mail\r\n"],
    ["POP3: -ERR for a greeting", starttls.pop3, no, "-ERR busy\r\n"],
    ["POP3: -ERR", starttls.pop3, no, "+OK\r\n-ERR what?\r\n"],
    ["POP3: +OKAY", starttls.pop3, bad, "+OK\r\n+OKAY\r\n"],
    ["FTP: a server that is busy", starttls.ftp, no, "421 later\r\n"],
    ["FTP: a server without AUTH", starttls.ftp, no, "220 hello\r\n500 what?\r\n"],
    ["FTP: an intermediate answer", starttls.ftp, no, "220 hello\r\n334 security data\r\n"],
    ["FTP: what is no reply", starttls.ftp, bad, "hello\r\n"],
    ["FTP: a code alone", starttls.ftp, bad, "220\r\n"],
    ["NNTP: a server that is closed", starttls.nntp, no, "502 no\r\n"],
    ["NNTP: no for an answer", starttls.nntp, no, "200 hello\r\n580 no\r\n"],
    ["PostgreSQL: N", starttls.postgres, no, "N"],
    // CVE-2024-10977
    ["PostgreSQL: an error", starttls.postgres, no, "E"],
    ["PostgreSQL: anything else", starttls.postgres, bad, "s"],
    ["MySQL: a server without TLS", starttls.mysql, no, mysqlWith("\xff\xf7")],
    ["MySQL: an error", starttls.mysql, no, mysqlPacket("\xff\x69\x04Host is blocked")],
    ["MySQL: an older protocol", starttls.mysql, bad, mysqlPacket("\x093.20\0")],
    ["MySQL: an empty packet", starttls.mysql, bad, mysqlPacket("")],
    ["MySQL: a packet that is cut short", starttls.mysql, bad, mysqlPacket("\x0a8.4.3\0\x01\0")],
    ["MySQL: a version without an end", starttls.mysql, bad, mysqlPacket("\x0a8.4.3")],
    ["MySQL: a packet out of sequence", starttls.mysql, bad, mysqlPacket("\x0a8.4.3\0", "\x01")],
    ["MySQL: a packet that is too long", starttls.mysql, "message_too_long", "\x01\x20\0\0"],
    ["LDAP: a result that is an error", starttls.ldap, no, ldapAnswer("\x02")],
    ["LDAP: a notice of disconnection", starttls.ldap, no, ldapAnswer("\0", "\0")],
    ["LDAP: the answer to another request", starttls.ldap, bad, ldapAnswer("\0", "\x02")],
    ["LDAP: a number of two octets", starttls.ldap, bad, "\x30\x04\x02\x02\x01\x01"],
    ["LDAP: another response", starttls.ldap, bad, "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\0\x04\0\x04\0"],
    ["LDAP: a result without a code", starttls.ldap, bad, "\x30\x05\x02\x01\x01\x78\0"],
    ["LDAP: a code of no octets", starttls.ldap, bad, "\x30\x07\x02\x01\x01\x78\x02\x0a\0"],
    ["LDAP: a code of two octets", starttls.ldap, bad, "\x30\x09\x02\x01\x01\x78\x04\x0a\x02\0\0"],
    ["LDAP: a length inside that is too long", starttls.ldap, bad, "\x30\x05\x02\x01\x01\x78\x20"],
    ["LDAP: an indefinite length", starttls.ldap, bad, "\x30\x80"],
    ["LDAP: a length of five octets", starttls.ldap, bad, "\x30\x85"],
    ["LDAP: a message that is too long", starttls.ldap, "message_too_long", "\x30\x82\x20\x01"],
    ["LDAP: the longest length there is", starttls.ldap, "message_too_long", "\x30\x84\xff\xff\xff\xff"],
    ["LDAP: no message", starttls.ldap, bad, "H"],
    ["XMPP: features without starttls", starttls.xmpp, no, `${xmppStream}<stream:features></stream:features>`],
    ["XMPP: an error instead of features", starttls.xmpp, no, `${xmppStream}<stream:error>`],
    ["XMPP: a failure", starttls.xmpp, no, `${xmppStream}${xmppFeatures}<failure/>`],
    ["XMPP: another answer", starttls.xmpp, bad, `${xmppStream}${xmppFeatures}<success/>`],
    ["XMPP: a proceed with content", starttls.xmpp, bad, `${xmppStream}${xmppFeatures}<proceed><a/></proceed>`],
    ["XMPP: no stream", starttls.xmpp, bad, "<html>"],
    ["XMPP: a declaration of types", starttls.xmpp, bad, "<!DOCTYPE a>"],
    ["XMPP: a comment", starttls.xmpp, bad, `${xmppStream}<stream:features><!-- a -->`],
    ["XMPP: a tag without a name", starttls.xmpp, bad, "< >"],
    ["XMPP: a tag inside a tag", starttls.xmpp, bad, "<stream:stream <"],
    ["XMPP: a tag that is too long", starttls.xmpp, "message_too_long", `<${long}x`],
  ])("%s", (_, protocol, code, heard) => {
    const { side, ends } = client(protocol);
    side.start();
    side.receive(octetsOf(heard));
    expect(ends).toEqual([expect.objectContaining({ name: "TlsError", kind: "peer", code, alert: undefined })]);
    // Nothing is told behind it.
    side.receive(octetsOf(heard));
    side.receiveEnd();
    expect(ends).toHaveLength(1);
  });

  it("shows nothing of what the server said in its errors: anybody can have written it", () => {
    for (const heard of ["554 SECRET\r\n", "SECRET\r\n", "220-SECRET\r\n250 SECRET\r\n"]) {
      const { side, ends } = client(starttls.smtp);
      side.start();
      side.receive(octetsOf(heard));
      expect(String(ends[0])).not.toContain("SECRET");
    }
  });
});

describe("what a peer can make grow", () => {
  const after = (heard: string): unknown => {
    const { side, ends } = client(starttls.imap);
    side.start();
    side.receive(octetsOf(heard));
    return ends[0];
  };
  const filler = (lines: number): string => `${imapHello}${"* OK\r\n".repeat(lines)}`;

  it("is a line of maxLineLength octets, its end included", () => {
    const line = (length: number): string => `* OK${"x".repeat(length - 6)}\r\n`.replace("OK", "OK ").replace("x", "");
    const done = "a OK\r\n";
    expect(line(starttls.maxLineLength)).toHaveLength(starttls.maxLineLength);
    expect(after(`${imapHello}${line(starttls.maxLineLength)}${done}`)).toBe("ready");
    expect(after(`${imapHello}${line(starttls.maxLineLength + 1)}${done}`)).toMatchObject({ code: "message_too_long" });
  });

  it("is maxLines lines", () => {
    expect(after(`${filler(starttls.maxLines - 2)}a OK\r\n`)).toBe("ready");
    expect(after(`${filler(starttls.maxLines - 1)}a OK\r\n`)).toMatchObject({ code: "too_many_lines" });
  });

  it("is maxOctets octets", () => {
    const begun = `${xmppStream}<stream:features>`;
    const spaces = (count: number): string => begun + " ".repeat(count - begun.length);
    for (const [count, code] of [
      [starttls.maxOctets, undefined],
      [starttls.maxOctets + 1, "message_too_long"],
    ] as const) {
      const { side, ends } = client(starttls.xmpp);
      side.start();
      for (const octet of octetsOf(spaces(count))) side.receive(Uint8Array.of(octet));
      expect(ends).toEqual(code === undefined ? [] : [expect.objectContaining({ code })]);
    }
  });
});

describe("the table", () => {
  it("has each protocol once, by its own name", () => {
    const names = starttls.protocols.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(transcripts.map(([, { name }]) => name))).toEqual(new Set(names));
  });

  it("takes a row of somebody else's", () => {
    const irc: starttls.Protocol = {
      name: "irc",
      specification: "https://ircv3.net/specs/deprecated/tls",
      port: 6667,
      *client() {
        yield* starttls.say("STARTTLS\r\n");
        const line = yield* new starttls.Lines().next();
        if (!/^:\S+ 670 /.test(line)) throw starttls.noTls("doesn't answer with 670");
      },
    };
    const { side, said, ends } = client(irc);
    side.start();
    side.receive(octetsOf(":irc.example 670 me :go on\r\n"));
    expect([said(), ends]).toEqual(["STARTTLS\r\n", ["ready"]]);
  });

  it("fails with what a row of somebody else's fails with, as our own fault", () => {
    const cause = new RangeError("a bug");
    const broken: starttls.Protocol = {
      name: "broken",
      specification: "",
      port: 1,
      // biome-ignore lint/correctness/useYield: it doesn't come to that
      *client() {
        throw cause;
      },
    };
    const { side, ends } = client(broken);
    side.start();
    expect(ends).toEqual([expect.objectContaining({ kind: "internal", code: "dialogue_failed", cause })]);
  });
});
