import * as starttls from "../../src/index.ts";
import { host, type Line } from "./dialogues.ts";

const mysqlGreeting = (capabilities: string): string =>
  `\x0a8.4.3\0${"\x01\0\0\0"}${"saltsalt"}\0${capabilities}\x2d\x02\0\x0f\xd0\x15${"\0".repeat(10)}saltsaltsalt\0caching_sha2_password\0`;
export const mysqlPacket = (body: string, sequence = "\0"): string =>
  `${String.fromCharCode(body.length)}\0\0${sequence}${body}`;
export const mysqlWith = (capabilities: string): string => mysqlPacket(mysqlGreeting(capabilities));

const xmppOpen = (namespace: string): string =>
  `<?xml version='1.0'?><stream:stream to='${host}' version='1.0' xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams'>`;
export const xmppStream = `<?xml version="1.0"?><stream:stream from="${host}" id="a>b" version="1.0" xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams">`;
export const xmppFeatures = `<stream:features><starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"><required/></starttls><mechanisms xmlns="urn:ietf:params:xml:ns:xmpp-sasl"><mechanism>PLAIN</mechanism></mechanisms></stream:features>`;
const xmppStart = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

export const ldapAnswer = (code: string, id = "\x01"): string =>
  `\x30\x0c\x02\x01${id}\x78\x07\x0a\x01${code}\x04\0\x04\0`;

/** Dialogues as RFCs and documentation have them, or as servers were seen to have them, that end in TLS. */
export const transcripts: readonly [string, starttls.Protocol, readonly Line[]][] = [
  [
    "SMTP (RFC 3207 §5)",
    starttls.smtp,
    [
      ["server", "220 mail.imc.org SMTP service ready\r\n"],
      ["client", "EHLO me.example\r\n"],
      ["server", "250-mail.imc.org offers a warm hug of welcome\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 DSN\r\n"],
      ["client", "STARTTLS\r\n"],
      ["server", "220 Go ahead\r\n"],
    ],
  ],
  [
    "SMTP with a long greeting, and answers without text",
    starttls.smtp,
    [
      ["server", "220-mail\r\n220-\r\n220\r\n"],
      ["client", "EHLO me.example\r\n"],
      ["server", "250-mail\r\n250 starttls\r\n"],
      ["client", "STARTTLS\r\n"],
      ["server", "220\r\n"],
    ],
  ],
  [
    "LMTP",
    starttls.lmtp,
    [
      ["server", "220 mail\r\n"],
      ["client", "LHLO me.example\r\n"],
      ["server", "250-mail\r\n250 STARTTLS\r\n"],
      ["client", "STARTTLS\r\n"],
      ["server", "220 Go ahead\r\n"],
    ],
  ],
  [
    "IMAP (RFC 9051 §6.2.1)",
    starttls.imap,
    [
      ["server", "* OK [CAPABILITY IMAP4rev2 STARTTLS LOGINDISABLED] ready\r\n"],
      ["client", "a STARTTLS\r\n"],
      ["server", "* OK still here\r\na OK Begin TLS negotiation now\r\n"],
    ],
  ],
  [
    "POP3 (RFC 2595 §4)",
    starttls.pop3,
    [
      ["server", "+OK ready\r\n"],
      ["client", "STLS\r\n"],
      ["server", "+OK Begin TLS negotiation\r\n"],
    ],
  ],
  [
    "FTP (RFC 4217 §12)",
    starttls.ftp,
    [
      ["server", "120 in a minute\r\n220-hello\r\n 220 is not the end\r\nnor is this\r\n220 ready\r\n"],
      ["client", "AUTH TLS\r\n"],
      ["server", "234 go\r\n"],
    ],
  ],
  [
    "NNTP (RFC 4642 §2.2.3)",
    starttls.nntp,
    [
      ["server", "201 no posting\r\n"],
      ["client", "STARTTLS\r\n"],
      ["server", "382 Continue with TLS negotiation\r\n"],
    ],
  ],
  [
    "PostgreSQL",
    starttls.postgres,
    [
      ["client", "\0\0\0\x08\x04\xd2\x16\x2f"],
      ["server", "S"],
    ],
  ],
  [
    "MySQL",
    starttls.mysql,
    [
      ["server", mysqlWith("\xff\xff")],
      ["client", `\x20\0\0\x01\0\x8a\x08\0\xff\xff\xff\0\x2d${"\0".repeat(23)}`],
    ],
  ],
  [
    "LDAP (RFC 4511 §4.14)",
    starttls.ldap,
    [
      ["client", "\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"],
      ["server", ldapAnswer("\0")],
    ],
  ],
  [
    "LDAP with long lengths, as of Active Directory",
    starttls.ldap,
    [
      ["client", "\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"],
      ["server", "\x30\x84\0\0\0\x10\x02\x01\x01\x78\x84\0\0\0\x07\x0a\x01\0\x04\0\x04\0"],
    ],
  ],
  [
    "XMPP (RFC 6120 §9.1)",
    starttls.xmpp,
    [
      ["client", xmppOpen("jabber:client")],
      ["server", `${xmppStream}\n${xmppFeatures}`],
      ["client", xmppStart],
      ["server", "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
    ],
  ],
  [
    "XMPP between servers, with no declaration and another prefix",
    starttls.xmppServer,
    [
      ["client", xmppOpen("jabber:server")],
      ["server", "<s:stream xmlns:s='http://etherx.jabber.org/streams'><s:features><starttls/></s:features>"],
      ["client", xmppStart],
      ["server", "<proceed></proceed>"],
    ],
  ],
];
