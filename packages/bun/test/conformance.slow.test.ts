import { describeInBun } from "./helpers/in-bun.ts";
import { cases } from "./programs/conformance.ts";

describeInBun("what every transport is held to, in Bun", new URL("programs/conformance.ts", import.meta.url), cases);
