import { availableNamedGroups, byName, defaultNamedGroups, type NamedGroup, namedGroups } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { callerError } from "@tlskit/tls";
import { argumentError } from "./argument-errors.ts";

/** The groups of a list, in its order. */
export interface GroupList {
  readonly groups: readonly NamedGroup[];
  /** Those of which a client is to send a share at once, where the list says so. */
  readonly shares: readonly NamedGroup[];
}

/**
 * Reads a list of groups as OpenSSL does (SSL_CTX_set1_groups_list(3)): names with `:` or `/` between them, `?` before one
 * that may be unknown, `*` before one of which a share is sent at once, `-` before one that is taken out again. Nothing for
 * `auto`.
 * @throws {Error} `ERR_CRYPTO_OPERATION_FAILED`, as of `node:tls`, for a group that there isn't, and if none is left
 */
export function readGroupList(list: string): GroupList | undefined {
  if (list === "auto" || list === "") return undefined;
  let groups: readonly NamedGroup[] = [];
  let shares: readonly NamedGroup[] = [];
  for (const item of list.split(/[:/]/)) {
    const [, signs = "", name = ""] = /^([?*-]*)(.*)$/.exec(item) ?? [];
    const meant = name === "DEFAULT" ? unlessTold() : found(name, signs.includes("?"));
    const others = groups.filter((one) => !meant.includes(one));
    groups = signs.includes("-") ? others : [...groups, ...meant.filter((one) => !groups.includes(one))];
    if (signs.includes("*")) shares = [...shares, ...meant];
  }
  if (groups.length === 0) throw failed("there is no group in it");
  return { groups, shares: shares.filter((one) => groups.includes(one)) };
}

/** Groups that OpenSSL has and nobody here: lists with others have those. RFC 8422 §5.1.1 and RFC 9846 §4.3.7 dropped the first. */
const elsewhere: ReadonlySet<string> = new Set(["secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"]);

function unlessTold(): readonly NamedGroup[] {
  return availableNamedGroups(nodeProvider, defaultNamedGroups);
}

function found(name: string, mayBeUnknown: boolean): readonly NamedGroup[] {
  const group = byName(namedGroups, name);
  if (group !== undefined && availableNamedGroups(nodeProvider, [group]).length > 0) return [group];
  if (mayBeUnknown || elsewhere.has(name)) return [];
  throw failed(`there is no group ${JSON.stringify(name)}`);
}

function failed(reason: string): Error {
  const cause = callerError("unsupported_choice", reason);
  return argumentError(Error, "ERR_CRYPTO_OPERATION_FAILED", `Failed to set ECDH curve: ${reason}`, cause);
}
