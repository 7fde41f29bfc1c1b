import type { Socket } from "node:net";
import { decodeClientSession } from "@tlskit/sessions";
import {
  Alert,
  type ClientCredentialRequest,
  type ConnectionHandlers,
  DangerousTlsClient,
  type EarlyDataOutcome,
  PskClient,
  PskClientContext,
  TlsClient,
  TlsError,
  TlsServer,
} from "@tlskit/tls";
import { acceptsUnverified, clientContext, defaultHost, refuse, refuseStaple, serverContext } from "./contexts.ts";
import { check, checkNewSession, checkRequest, checkResumption, type Info } from "./expected.ts";
import type { Config } from "./flags.ts";
import type { Sessions } from "./sessions.ts";
import { Unexpected } from "./unexpected.ts";

/** One connection of the shim's. */
export interface Turn {
  readonly config: Config;
  /** What counts from where a client's early data has been rejected. */
  readonly retry: Config;
  /** Whether there was a connection before it, whose session it is to resume. */
  readonly isResume: boolean;
  readonly sessions: Sessions;
}

/** One connection: the handshake, what was asked for of it, and the echo. Rejects with whatever ended it badly. */
export async function exchange({ config: first, retry, isResume, sessions }: Turn, socket: Socket): Promise<void> {
  let config = first;
  const offered = config.server || config.noTicket ? undefined : sessions.take();
  let earlyData: EarlyDataOutcome | undefined;
  let verifications = 0;
  let renegotiations = 0;
  /** The peer has asked for a renegotiation that there isn't to be. */
  let refusedRenegotiation = false;
  let request: ClientCredentialRequest | undefined;
  await new Promise<void>((resolve, reject) => {
    const echo = (bytes: Uint8Array): void => connection.send(bytes.map((byte) => byte ^ 0xff));
    const handlers: ConnectionHandlers<Info> = {
      ciphertext: (bytes) => void socket.write(bytes),
      plaintext: (bytes) => {
        attempt(() => {
          if (config.shimShutsDown && config.checkCloseNotify) throw new Unexpected("data behind our close_notify");
          if (config.keyUpdate) connection.updateKeys();
          echo(bytes);
          if (config.keyUpdateBeforeRead) connection.updateKeys();
        });
      },
      ...(config.enableEarlyData ? { earlyPlaintext: (bytes) => attempt(() => echo(bytes)) } : {}),
      ...(config.noTicket ? {} : { session: (session) => sessions.keep(session) }),
      earlyDataOutcome: (outcome) => {
        earlyData = outcome;
        if (outcome === "rejected" && config.expectRejectEarlyData) config = retry;
      },
      established: (info) => attempt(() => established(info)),
      // Unless it is told otherwise, BoringSSL ends a connection for a wish like that.
      trace: (event) => {
        if (event.type !== "message" || event.direction !== "received" || connection.info === undefined) return;
        if (!["HelloRequest", "ClientHello"].includes(event.messageType.name) || mayRenegotiate()) return;
        refusedRenegotiation = true;
        connection.abort(Alert.noRenegotiation);
      },
      renegotiated: () => {
        renegotiations += 1;
      },
      ended: () => {
        if (!config.shimShutsDown) connection.close();
      },
      sendEnded: () => {
        // Whoever shuts down and doesn't care for the answer is done.
        if (config.shimShutsDown && !config.checkCloseNotify) finish();
      },
      closed: (error) => finish(refusedRenegotiation ? new Unexpected("the peer wants a renegotiation") : error),
    };
    const mayRenegotiate = (): boolean =>
      config.renegotiateIgnore ||
      (!config.shimShutsDown &&
        (config.renegotiateFreely || config.renegotiateExplicit || (config.renegotiateOnce && renegotiations === 0)));
    const connection = open();

    function open(): TlsClient | DangerousTlsClient | PskClient | TlsServer {
      if (config.server) return new TlsServer(serverContext(config, sessions), handlers);
      const target = {
        host: config.hostName ?? defaultHost,
        sendServerName: config.hostName !== undefined,
        session: offered,
        // Before its session is offered, the server is asked about as well.
        checkServer: () => {
          verifications += 1;
          const current = first.expectRejectEarlyData && verifications > 1 ? retry : first;
          if (current.verifyFail) refuse(current);
          if (current.failOcspCallback) refuseStaple();
        },
      };
      const context = clientContext(config, sessions, (asked) => {
        request = asked;
      });
      if (context instanceof PskClientContext) return new PskClient(context, target, handlers);
      // What the runner shows as an OCSP response isn't one: whoever wants to see it refuses nobody for it.
      if (acceptsUnverified(config) || (config.enableOcspStapling && !config.verifyFail && !config.failOcspCallback)) {
        const { checkServer, ...whom } = target;
        return new DangerousTlsClient(context, whom, handlers);
      }
      return new TlsClient(context, target, handlers);
    }

    let over = false;
    const finish = (error?: unknown): void => {
      if (over) return;
      over = true;
      // What was said last is to arrive: the socket is drained until the runner has closed it, too.
      const settle = (): void => {
        // Unless it is asked to care, a shim takes the end of the stream for the end of the data.
        const unclean = error instanceof TlsError && error.kind === "truncation" && connection.info !== undefined;
        if (error === undefined || (unclean && !config.checkCloseNotify)) resolve();
        else reject(error);
      };
      if (socket.closed) settle();
      else socket.once("close", settle);
      socket.end();
    };
    const attempt = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        finish(error);
      }
    };

    const writes = (): readonly Uint8Array[] =>
      config.shimWritesFirst || config.readWithUnfinishedWrite
        ? Array.from({ length: config.repeatShimInitialWrite }, () => Buffer.from(config.shimInitialWrite, "latin1"))
        : [];
    // What is written first goes early where it may: from a client as much as its session allows, from a server as an
    // answer to early data.
    const session = offered && decodeClientSession(offered);
    const early = config.enableEarlyData && isResume ? Buffer.concat(writes()) : Buffer.alloc(0);
    const earlyLength = config.server ? early.length : Math.min(early.length, session?.maxEarlyData ?? 0);

    const established = (info: Info): void => {
      check(config, info);
      // RFC 7627 §5.4: there is no channel binding without it.
      if (config.expectExtendedMasterSecret) connection.channelBinding("tls-exporter");
      if (!config.server) checkRequest(config, request);
      checkResumption(config, { isResume, session }, info, earlyData);
      if (config.sendAlert) {
        connection.abort(Alert.decompressionFailure);
        return;
      }
      if (config.exportKeyingMaterial > 0) {
        const context = config.useExportContext ? Buffer.from(config.exportContext, "latin1") : undefined;
        connection.send(connection.exportKeyingMaterial(config.exportLabel, context, config.exportKeyingMaterial));
      }
      if (config.tlsUnique) connection.send(connection.channelBinding("tls-unique"));
      if (config.writeDifferentRecordSizes) {
        for (const size of [0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769]) {
          connection.send(new Uint8Array(size).fill(0x42));
        }
      } else {
        const hasBegun = earlyLength > 0 && (config.server || earlyData === "accepted");
        for (const bytes of hasBegun ? [early.subarray(earlyLength)] : writes()) connection.send(bytes);
      }
      if (config.shimShutsDown) connection.close();
      else if (config.keyUpdateBeforeRead) connection.updateKeys();
    };

    socket.on("data", (bytes: Buffer) => connection.receive(new Uint8Array(bytes)));
    socket.on("end", () => connection.receiveEnd());
    socket.on("error", (error) => finish(error));
    if (!(connection instanceof TlsServer) && earlyLength > 0) connection.sendEarly(early.subarray(0, earlyLength));
    connection.start();
    if (connection instanceof TlsServer) connection.send(early);
  });
  const { expectTotalRenegotiations: total = renegotiations } = config;
  if (total !== renegotiations) throw new Unexpected(`${renegotiations} renegotiations`);
  if (!config.server) checkNewSession(config, sessions.newest, offered && decodeClientSession(offered));
}
