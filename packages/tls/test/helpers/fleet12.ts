import type { Extension } from "@tlskit/messages";
import { type ClientSession, decodeClientSession } from "@tlskit/sessions";
import type { LinkOptions } from "@tlskit/testing";
import { type ClientOptions, type ClientTarget, type ServerOptions, type TlsVersion, tls12 } from "@tlskit/tls";
import { Fleet, run, type Two } from "./fleet.ts";
import { type Edit, inTheMiddle } from "./middle12.ts";

export interface Edits {
  readonly client?: Edit;
  readonly server?: Edit;
}

/** A fleet that has TLS 1.2 alone, unless told otherwise. */
export class Fleet12 extends Fleet {
  override made(
    client: Partial<ClientOptions> = {},
    server: Partial<ServerOptions> = {},
    target?: Partial<ClientTarget>,
    link?: LinkOptions,
  ): Two {
    const versions = [tls12];
    return super.made({ versions, ...client }, { versions, ...server }, target, link);
  }

  /** A connection that somebody in the middle spoils. */
  spoilt(edits: Edits, client?: Partial<ClientOptions>, server?: Partial<ServerOptions>): Two {
    return run(this.made(client, server, {}, { intercept: inTheMiddle(edits) }));
  }

  /** A session that no store has. */
  session(): ClientSession {
    const [bytes] = this.connected({ sessions: undefined }).atClient.sessions;
    const session = bytes && decodeClientSession(bytes);
    if (session === undefined) throw new TypeError("no session");
    return session;
  }
}

/** One whose client has a session. */
export function fresh(client?: Partial<ClientOptions>, server?: Partial<ServerOptions>): Fleet12 {
  const fleet = new Fleet12();
  fleet.connected(client, server);
  return fleet;
}

/** A hello without an extension. */
export const withoutExtension =
  ({ code }: { readonly code: number }) =>
  ({ extensions }: { readonly extensions: readonly Extension[] | undefined }) => ({
    extensions: extensions?.filter((each) => each.code !== code),
  });

/** Notes the types of the handshake messages that go by; of one that is protected the first byte, which is 0 of its nonce. */
export function noting(list: number[]): Edit {
  return (passing) => {
    for (const { type, body } of passing) if (type === 22) list.push(body[0] ?? 0);
    return passing;
  };
}

/** TLS 1.2 as clients had it that knew some of its extensions not yet. */
export const tls12Without = (...unknown: readonly { readonly code: number }[]) => offeringNone(tls12, ...unknown);

/** A version before TLS 1.3 without some of the extensions that a client offers for it. */
export function offeringNone(version: TlsVersion, ...unknown: readonly { readonly code: number }[]): TlsVersion {
  const { earlier } = version;
  if (earlier === undefined) throw new TypeError("it has no lines of its own");
  const codes = unknown.map(({ code }) => code);
  return {
    ...version,
    earlier: {
      ...earlier,
      offer: (...given) => {
        const offer = earlier.offer(...given);
        return { ...offer, extensions: offer.extensions.filter(({ code }) => !codes.includes(code)) };
      },
    },
  };
}
