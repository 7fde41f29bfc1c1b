import { ClientHello, encodeMessage, extension, ServerHello, supportedVersions } from "@tlskit/messages";
import { Alert, tls12, tls13 } from "@tlskit/tls";
import { asciiBytes, concat } from "@tlskit/wire";
import { describe, expect, it } from "vitest";
import { pair } from "./helpers/world.ts";

const random = new Uint8Array(32).fill(7);

/** A message in a record of SSL 3.0. */
function ssl3(message: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(22, 3, 0, message.length >> 8, message.length & 0xff), message);
}

const ssl3ClientHello = (legacyVersion = 0x0300): Uint8Array =>
  ssl3(
    encodeMessage(ClientHello, {
      legacyVersion,
      random,
      legacySessionId: new Uint8Array(0),
      cipherSuites: [0x000a, 0x002f],
      legacyCompressionMethods: Uint8Array.of(0),
      extensions: legacyVersion === 0x0300 ? undefined : [extension(supportedVersions, [0x0300])],
    }),
  );

const ssl3ServerHello = ssl3(
  encodeMessage(ServerHello, {
    legacyVersion: 0x0300,
    random,
    legacySessionIdEcho: new Uint8Array(0),
    cipherSuite: 0x002f,
    legacyCompressionMethod: 0,
    extensions: undefined,
  }),
);

const ssl2 = Uint8Array.of(0x80, 0x2e, 1, 3, 1, 0, 0x15, 0, 0, 0, 0x10);

for (const versions of [[tls13], [tls13, tls12], [tls12]]) {
  const names = versions.map(({ name }) => name).join(" and ");

  /** What an end that has just begun makes of this, and what it sends for it. */
  const play = (role: "client" | "server", received: Uint8Array) => {
    const made = pair({ client: { versions }, server: { versions } });
    const [own, at] = role === "client" ? [made.client, made.atClient] : [made.server, made.atServer];
    own.start();
    for (const byte of received) own.receive(Uint8Array.of(byte));
    const alerts = at.traced.flatMap((event) =>
      event.type === "alert" && event.direction === "sent" ? [event.description] : [],
    );
    return { error: at.error, alerts };
  };

  describe(`where ${names} is expected`, () => {
    for (const role of ["client", "server"] as const) {
      it.each([
        ["GET / HTTP/1.1\r\n\r\n", "http_request"],
        ["CONNECT host.example:443 HTTP/1.1\r\n\r\n", "http_proxy_request"],
        ["HTTP/1.1 400 Bad Request\r\n\r\n", "http_response"],
        ["SSH-2.0-OpenSSH_9.9\r\n", "ssh_identification"],
        ["220 mail.example ESMTP\r\n", "smtp_greeting"],
        ["* OK IMAP4rev2\r\n", "imap_greeting"],
        ["+OK POP3\r\n", "pop3_greeting"],
      ])(`a ${role} names %j, and sends no alert`, (text, code) => {
        expect(play(role, asciiBytes(text))).toMatchObject({ error: { kind: "peer", code }, alerts: [] });
      });

      it(`a ${role} refuses a hello in the form of SSL 2.0 with protocol_version`, () => {
        const { error, alerts } = play(role, ssl2);
        expect(error).toMatchObject({ kind: "peer", code: "ssl_2_client_hello" });
        expect(alerts).toEqual([Alert.protocolVersion]);
      });
    }

    // RFC 9325 §3.1.1#no-ssl, RFC 5246 §E.1#older-version
    it.each([
      ["legacy_version", ssl3ClientHello()],
      ["supported_versions", ssl3ClientHello(0x0303)],
    ])("a server refuses a client of SSL 3.0 by name, which its %s says", (_where, hello) => {
      const { error, alerts } = play("server", hello);
      expect(error).toMatchObject({ kind: "peer", code: "protocol_version" });
      expect(error?.message).toContain("SSL 3.0");
      expect(alerts).toEqual([Alert.protocolVersion]);
    });

    // RFC 9325 §3.1.1#no-ssl, RFC 5246 §E.1#version-checked
    it("a client refuses a server that chooses SSL 3.0 by name", () => {
      const { error, alerts } = play("client", ssl3ServerHello);
      expect(error).toMatchObject({ kind: "peer", code: "protocol_version" });
      expect(error?.message).toContain("the server chose SSL 3.0");
      expect(alerts).toEqual([Alert.protocolVersion]);
    });
  });
}
