import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import {
  Alert,
  type ClientInfo,
  type ConnectionHandlers,
  type ServerInfo,
  TlsClient,
  TlsError,
  TlsServer,
} from "@tlskit/tls";
import { certificatesFromPem } from "@tlskit/x509";
import { clientContext, defaultHost, refuse, serverContext, serverCredentials } from "./contexts.ts";
import type { Config } from "./flags.ts";
import { Unexpected } from "./unexpected.ts";

const tls13 = 0x0304;

/** One connection: the handshake, what was asked for of it, and the echo. Rejects with whatever ended it badly. */
export async function exchange(config: Config, socket: Socket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const connection = open(config, {
      ciphertext: (bytes) => void socket.write(bytes),
      plaintext: (bytes) => {
        attempt(() => {
          if (config.keyUpdate) connection.updateKeys();
          connection.send(bytes.map((byte) => byte ^ 0xff));
          if (config.keyUpdateBeforeRead) connection.updateKeys();
        });
      },
      established: (info) => attempt(() => established(info)),
      ended: () => {
        if (!config.shimShutsDown) connection.close();
      },
      sendEnded: () => {
        // Whoever shuts down and doesn't care for the answer is done.
        if (config.shimShutsDown && !config.checkCloseNotify) finish();
      },
      closed: (error) => finish(error),
    });

    let over = false;
    const finish = (error?: unknown): void => {
      if (over) return;
      over = true;
      // What was said last is to arrive: the socket is drained until the runner has closed it, too.
      socket.end(() => {
        // Unless it is asked to care, a shim takes the end of the stream for the end of the data.
        const unclean = error instanceof TlsError && error.kind === "truncation" && connection.info !== undefined;
        if (error === undefined || (unclean && !config.checkCloseNotify)) resolve();
        else reject(error);
      });
    };
    const attempt = (step: () => void): void => {
      try {
        step();
      } catch (error) {
        finish(error);
      }
    };

    const established = (info: ClientInfo | ServerInfo): void => {
      check(config, info);
      if (config.sendAlert) {
        connection.abort(Alert.decompressionFailure);
        return;
      }
      if (config.exportKeyingMaterial > 0) {
        const context = Buffer.from(config.useExportContext ? config.exportContext : "", "latin1");
        connection.send(connection.exportKeyingMaterial(config.exportLabel, context, config.exportKeyingMaterial));
      }
      if (config.writeDifferentRecordSizes) {
        for (const size of [0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769]) {
          connection.send(new Uint8Array(size).fill(0x42));
        }
      } else if (config.shimWritesFirst) {
        for (let i = 0; i < config.repeatShimInitialWrite; i += 1) {
          connection.send(Buffer.from(config.shimInitialWrite, "latin1"));
        }
      }
      if (config.shimShutsDown) connection.close();
      else if (config.keyUpdateBeforeRead) connection.updateKeys();
    };

    socket.on("data", (bytes: Buffer) => connection.receive(new Uint8Array(bytes)));
    socket.on("end", () => connection.receiveEnd());
    socket.on("error", (error) => finish(error));
    connection.start();
  });
}

function open(config: Config, handlers: ConnectionHandlers<ClientInfo | ServerInfo>): TlsClient | TlsServer {
  return config.server
    ? new TlsServer(serverContext(config), handlers)
    : new TlsClient(
        clientContext(config),
        {
          host: config.hostName ?? defaultHost,
          sendServerName: config.hostName !== undefined,
          checkServer: config.verifyFail ? () => refuse(config) : undefined,
        },
        handlers,
      );
}

/** Holds what was negotiated against what the runner expects. */
function check(config: Config, info: ClientInfo | ServerInfo): void {
  const expected: readonly (readonly [what: string, wanted: unknown, got: unknown])[] = [
    ["version", config.expectVersion, info.version],
    ["curve", config.expectCurveId, info.namedGroup?.code],
    ["cipher", config.expectCipher, info.cipherSuite.code],
    ["ALPN", config.expectAlpn, info.alpnProtocol ?? ""],
    ["server name", config.expectServerName, info.serverName],
    ["signature algorithm", config.expectPeerSignatureAlgorithm, info.signatureScheme.code],
  ];
  for (const [what, wanted, got] of expected) {
    if (wanted !== undefined && wanted !== got) throw new Unexpected(`${what}: ${wanted} expected, got ${got}`);
  }
  // TLS 1.3 has what both stand for; of an earlier version it would have to be asked.
  if ((config.expectExtendedMasterSecret || config.expectSecureRenegotiation) && info.version < tls13) {
    throw new Unexpected("a version that has extended master secrets and secure renegotiation by extensions alone");
  }
  if (config.expectNoServerName && info.serverName !== undefined) throw new Unexpected("a server name");
  if (config.expectHrr && !info.helloRetryRequest) throw new Unexpected("no HelloRetryRequest");
  if (config.expectNoHrr && info.helloRetryRequest) throw new Unexpected("a HelloRetryRequest");
  if (config.expectSelectedCredential !== undefined) {
    // The runner counts from the first; -1 is the one beside the others, which comes last.
    const shown = serverCredentials(config).at(config.expectSelectedCredential);
    checkLeaf(info, shown?.certFile);
  }
  if (config.expectPeerCertFile !== undefined) checkLeaf(info, config.expectPeerCertFile);
}

function checkLeaf({ serverCertificates }: ClientInfo | ServerInfo, file: string | undefined): void {
  const [wanted] = file === undefined ? [] : certificatesFromPem(readFileSync(file)).certificates;
  const [leaf] = serverCertificates;
  if (leaf === undefined || wanted === undefined || Buffer.compare(leaf, wanted.der) !== 0) {
    throw new Unexpected("another certificate of the server");
  }
}
