import { describeInBun } from "./helpers/in-bun.ts";
import { cases as conformance } from "./programs/conformance.ts";
import { cases as listening } from "./programs/listening.ts";
import { cases as ownTls } from "./programs/own-tls.ts";

const program = (name: string): URL => new URL(`programs/${name}.ts`, import.meta.url);

describeInBun("what every transport is held to, in Bun", program("conformance"), conformance);
describeInBun("sockets and listeners, in Bun", program("listening"), listening);
describeInBun("Bun's own TLS at the other end", program("own-tls"), ownTls);
