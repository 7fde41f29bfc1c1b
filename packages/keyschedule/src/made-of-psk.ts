import type { ExternalPsk } from "./external-psk.ts";
import type { MainSecret } from "./main-secret.ts";

/** What main secrets came of. Only who has made one says so. */
const externalPsks = /* @__PURE__ */ new WeakMap<MainSecret, ExternalPsk>();

/** @internal To be said by who has made it. */
export function isMadeOf(main: MainSecret, psk: ExternalPsk): void {
  externalPsks.set(main, psk);
}

/** The pre-shared key from outside that a main secret was made of in this very handshake, if it was made of one. */
export function externalPskOf(main: MainSecret): ExternalPsk | undefined {
  return externalPsks.get(main);
}
