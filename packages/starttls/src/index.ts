/**
 * What goes before TLS in protocols that begin in the clear: STARTTLS and its like. Bytes in, bytes out.
 * @module
 */
export { clientLeft, type Dialogue, Lines, malformed, nextOctet, noTls, octets, type Part, say } from "./dialogue.ts";
export { maxLineLength, maxLines, maxOctets } from "./limits.ts";
export type { ClientNames, Protocol, ServerNames } from "./protocol.ts";
export { ftp } from "./protocols/ftp.ts";
export { imap } from "./protocols/imap.ts";
export { ldap } from "./protocols/ldap.ts";
export { mysql } from "./protocols/mysql.ts";
export { nntp } from "./protocols/nntp.ts";
export { pop3 } from "./protocols/pop3.ts";
export { postgres } from "./protocols/postgres.ts";
export { lmtp, smtp } from "./protocols/smtp.ts";
export { xmpp, xmppServer } from "./protocols/xmpp.ts";
export { protocols } from "./protocols.ts";
export { StartTls, type StartTlsHandlers, startTlsClient, startTlsServer } from "./start-tls.ts";
