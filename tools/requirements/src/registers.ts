import type { Register } from "./register.ts";
import { rfc9846 } from "./rfc9846/index.ts";

/** Every RFC that is held to. Another is a data file more. */
export const registers: readonly Register[] = [rfc9846];
