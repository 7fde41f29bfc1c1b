/**
 * IANA "TLS Application-Layer Protocol Negotiation (ALPN) Protocol IDs", and spdy/3.1, which servers had without it. What a
 * server takes beside HTTP is worth knowing: two protocols behind one certificate may be taken for each other (ALPACA).
 */
export const knownAlpnProtocols: readonly string[] = [
  ..."http/0.9 http/1.0 http/1.1 h2 h2c h3 spdy/1 spdy/2 spdy/3 spdy/3.1".split(" "),
  ..."imap pop3 managesieve ftp nntp nnsp irc xmpp-client xmpp-server sip/2 mqtt coap co".split(" "),
  ..."postgresql tds/8.0 dot doq ntske/1 smb sunrpc radius/1.0 radius/1.1 dicom".split(" "),
  ..."stun.turn stun.nat-discovery webrtc c-webrtc acme-tls/1".split(" "),
];
