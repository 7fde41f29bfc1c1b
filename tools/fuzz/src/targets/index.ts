import type { Target } from "../target.ts";
import { certificateTarget, chainTarget, nameTarget, publicKeyTarget, timestampsTarget } from "./certificates.ts";
import { hostTarget, pemTarget, privateKeyTarget } from "./files.ts";
import { fragmentsTarget, messageTarget } from "./messages.ts";
import { clientTarget, serverTarget } from "./peers.ts";
import { protectedRecordsTarget, recordsTarget } from "./records.ts";
import { clientStreamTarget, serverStreamTarget } from "./streams.ts";

/** Everything that is fuzzed. */
export const targets: readonly Target[] = [
  messageTarget,
  fragmentsTarget,
  recordsTarget,
  protectedRecordsTarget,
  clientStreamTarget,
  serverStreamTarget,
  clientTarget,
  serverTarget,
  certificateTarget,
  chainTarget,
  nameTarget,
  publicKeyTarget,
  privateKeyTarget,
  timestampsTarget,
  pemTarget,
  hostTarget,
];
