import { nodeProvider } from "@tlskit/crypto-node";
import { seededRandom } from "@tlskit/testing";
import { Alert, type OwnExtensionsOffer, peerError, type RawExtension, ServerContext } from "@tlskit/tls";
import { describe, expect, it } from "vitest";
import { alpnProtocols, connect, host, now, pair, sharedPki } from "./helpers/world.ts";

const own = (code: number, ...data: readonly number[]): RawExtension => ({ code, data: Uint8Array.from(data) });
const [first, second] = [own(0xff5c, 1, 2), own(0xff5d)];

describe("extensions of the application's own", () => {
  it("go out with a client's hello, come back as the server answers them, and are told to both", () => {
    const asked: OwnExtensionsOffer[] = [];
    const answerExtensions = (offer: OwnExtensionsOffer): readonly RawExtension[] => {
      asked.push(offer);
      return [second];
    };
    const made = connect(
      pair({
        client: { alpnProtocols, extensions: [first, second] },
        server: { alpnProtocols, answerExtensions },
      }),
    );
    expect(asked).toEqual([{ extensions: [first, second], serverName: host, alpnProtocol: "h2" }]);
    expect(made.atClient.info?.peerExtensions).toEqual([second]);
    expect(made.atServer.info?.peerExtensions).toEqual([first, second]);
  });

  it("are answered by the context that is chosen for a client", () => {
    const chosen = new ServerContext({
      provider: nodeProvider,
      random: seededRandom(3),
      clock: () => now,
      certificates: sharedPki().certificates.slice(0, 1),
      answerExtensions: () => [first],
    });
    const made = connect(
      pair({
        client: { extensions: [first] },
        server: { answerExtensions: () => [], contextFor: () => chosen },
      }),
    );
    expect(made.atClient.info?.peerExtensions).toEqual([first]);
  });

  it("are not the caller's to change once they were given", () => {
    const changed = { code: first.code, data: Buffer.from([5]) };
    const made = pair({
      client: { extensions: [changed] },
      server: { answerExtensions: ({ extensions }) => extensions },
    });
    changed.data.fill(0);
    expect(connect(made).atClient.info?.peerExtensions).toEqual([own(first.code, 5)]);
  });

  it("are refused where they are given if TLS owns them", () => {
    expect(() => pair({ client: { extensions: [own(16)] } })).toThrow(
      expect.objectContaining({ kind: "caller", code: "extension_not_own" }),
    );
  });

  it("let a server refuse a client with an alert; what else goes wrong is internal_error for it", () => {
    const refusing = connect(
      pair({
        server: {
          answerExtensions: () => {
            throw peerError("no_token", Alert.accessDenied, "the client has no token");
          },
        },
      }),
    );
    expect(refusing.atServer.outcome).toMatchObject({ code: "no_token" });
    expect(refusing.atClient.outcome).toMatchObject({ kind: "alert", alert: Alert.accessDenied });
    const wrong = connect(pair({ server: { answerExtensions: () => [first] } }));
    expect(wrong.atServer.outcome).toMatchObject({ kind: "caller", code: "extension_not_offered" });
    expect(wrong.atClient.outcome).toMatchObject({ kind: "alert", alert: Alert.internalError });
  });
});
