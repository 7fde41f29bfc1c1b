import type { Protocol } from "./protocol.ts";
import { ftp } from "./protocols/ftp.ts";
import { imap } from "./protocols/imap.ts";
import { ldap } from "./protocols/ldap.ts";
import { mysql } from "./protocols/mysql.ts";
import { nntp } from "./protocols/nntp.ts";
import { pop3 } from "./protocols/pop3.ts";
import { postgres } from "./protocols/postgres.ts";
import { lmtp, smtp } from "./protocols/smtp.ts";
import { xmpp, xmppServer } from "./protocols/xmpp.ts";

/** Every protocol that is here, for whoever finds one by its name. Whoever knows which takes that one, and bundles no other. */
export const protocols: readonly Protocol[] = [
  smtp,
  lmtp,
  imap,
  pop3,
  ftp,
  nntp,
  postgres,
  mysql,
  ldap,
  xmpp,
  xmppServer,
];
