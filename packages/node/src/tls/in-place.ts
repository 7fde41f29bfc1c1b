import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import runtime, * as names from "node:tls";
import { callerError } from "@tlskit/tls";
import { connectOverTlsSockets } from "./http2-client.ts";
import ours, { type Defaults, Server } from "./index.ts";

/**
 * Puts this module in place of `node:tls`, for everybody who asks for it from now on, by `import` or `require`: `https`, whose
 * agents call its `connect`, `http2` and the runtime's `fetch` among them. The servers of `https` and `http2` are classes that
 * inherit from `tls.Server`, and inherit from ours then.
 * @returns what is not in force, in words: nothing if all is
 */
export function putInPlace(): readonly string[] {
  const failed: string[] = [];
  const attempt = (what: string, done: () => boolean): void => {
    try {
      if (done()) return;
    } catch {
      // It is as it was, which is told.
    }
    failed.push(what);
  };
  for (const [name, value] of members()) {
    // A getter that can't be replaced; it has the same certificates.
    if (name !== "rootCertificates") attempt(`tls.${name}`, () => put(name, value));
  }
  attempt("https.Server", () => inherit(https.Server, Server));
  attempt("http2.createSecureServer", () => inherit(http2.createSecureServer({}).constructor, Server));
  attempt("http2.connect", () => Reflect.set(http2, "connect", connectOverTlsSockets(http2.connect)));
  syncBuiltinESMExports();
  attempt("imports of node:tls", () => Object.is(names.connect, ours.connect));
  return failed;
}

/** Ours; and what `node:tls` has besides, as something that fails: it would be the other TLS. */
function* members(): Generator<readonly [string, unknown]> {
  yield* Object.entries(ours);
  for (const [name, value] of Object.entries(runtime)) {
    if (typeof value === "function" && !Object.hasOwn(ours, name)) yield [name, () => absent(name)];
  }
}

/** What programs assign to its defaults is to hold here, and so is a function of theirs that makes contexts. */
function put(name: string, value: unknown): boolean {
  if (!isAssigned(name)) return Reflect.set(runtime, name, value);
  return Reflect.defineProperty(runtime, name, {
    get: () => ours[name],
    set: (told) => Reflect.set(ours, name, told),
    enumerable: true,
    configurable: true,
  });
}

function isAssigned(name: string): name is keyof Defaults | "createSecureContext" {
  return name === "createSecureContext" || /^(DEFAULT|CLIENT)_/.test(name);
}

function absent(name: string): never {
  throw callerError("unsupported", `there is no tls.${name} in @tlskit/node/tls`);
}

function inherit(heir: { readonly prototype: object }, parent: { readonly prototype: object }): boolean {
  return Reflect.setPrototypeOf(heir, parent) && Reflect.setPrototypeOf(heir.prototype, parent.prototype);
}
