import { randomFillSync } from "node:crypto";
import type { Random } from "@tlskit/crypto";

export const random: Random = (length) => randomFillSync(new Uint8Array(length));
