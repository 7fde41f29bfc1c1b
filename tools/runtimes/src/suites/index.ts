import type { HostedSuite } from "../hosted-suite.ts";
import { cloudflareSockets } from "./cloudflare-sockets/suite.ts";
import { cryptoWeb } from "./crypto-web/suite.ts";
import { handshakes } from "./handshakes/suite.ts";
import { node } from "./node/suite.ts";
import { web } from "./web/suite.ts";
export const suites: readonly HostedSuite[] = [];
