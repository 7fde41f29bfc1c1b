import type { Register } from "./register.ts";
import { rfc4279 } from "./rfc4279.ts";
import { rfc5077 } from "./rfc5077.ts";
import { rfc5246 } from "./rfc5246/index.ts";
import { rfc5288 } from "./rfc5288.ts";
import { rfc5289 } from "./rfc5289.ts";
import { rfc5746 } from "./rfc5746.ts";
import { rfc6066 } from "./rfc6066.ts";
import { rfc6962 } from "./rfc6962.ts";
import { rfc7366 } from "./rfc7366.ts";
import { rfc7507 } from "./rfc7507.ts";
import { rfc7627 } from "./rfc7627.ts";
import { rfc7633 } from "./rfc7633.ts";
import { rfc7905 } from "./rfc7905.ts";
import { rfc8422 } from "./rfc8422.ts";
import { rfc8773 } from "./rfc8773.ts";
import { rfc8996 } from "./rfc8996.ts";
import { rfc9258 } from "./rfc9258.ts";
import { rfc9325 } from "./rfc9325.ts";
import { rfc9846 } from "./rfc9846/index.ts";
import { rfc9963 } from "./rfc9963.ts";

/** Every RFC that is held to. Another is a data file more. */
export const registers: readonly Register[] = [
  rfc9846,
  rfc9258,
  rfc8773,
  rfc7633,
  rfc9963,
  rfc5246,
  rfc5746,
  rfc7627,
  rfc7366,
  rfc5077,
  rfc7507,
  rfc4279,
  rfc8422,
  rfc5288,
  rfc5289,
  rfc7905,
  rfc6066,
  rfc6962,
  rfc9325,
  rfc8996,
];
