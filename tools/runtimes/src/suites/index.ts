import type { HostedSuite } from "../hosted-suite.ts";
import { bun } from "./bun/suite.ts";
import { cloudflareSockets } from "./cloudflare-sockets/suite.ts";
import { cryptoWeb } from "./crypto-web/suite.ts";
import { deno } from "./deno/suite.ts";
import { handshakes } from "./handshakes/suite.ts";
import { messagePort } from "./message-port/suite.ts";
import { node } from "./node/suite.ts";
import { opensslBun } from "./openssl-bun/suite.ts";
import { opensslDeno } from "./openssl-deno/suite.ts";
import { opensslNode } from "./openssl-node/suite.ts";
import { opensslWeb } from "./openssl-web/suite.ts";
import { relay } from "./relay/suite.ts";
import { scan } from "./scan/suite.ts";
import { web } from "./web/suite.ts";
import { webSocket } from "./web-socket/suite.ts";
import { webSocketStreams } from "./web-socket-stream/suite.ts";
import { webTransport } from "./web-transport/suite.ts";
import { wycheproof } from "./wycheproof/suite.ts";

/** All, in the order of the tables. */
export const suites: readonly HostedSuite[] = [
  cryptoWeb,
  wycheproof,
  handshakes,
  web,
  messagePort,
  relay,
  webSocket,
  webSocketStreams,
  webTransport,
  cloudflareSockets,
  opensslWeb,
  node,
  opensslNode,
  deno,
  opensslDeno,
  bun,
  opensslBun,
  scan,
];
