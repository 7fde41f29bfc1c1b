import { availableNamedGroups, defaultNamedGroups, type NamedGroup, type SignatureScheme } from "@tlskit/ciphersuites";
import { nodeProvider } from "@tlskit/crypto-node";
import { defaults } from "./defaults.ts";
import { groupForDhParameters } from "./dh-parameters.ts";
import { readGroupList } from "./group-list.ts";
import { readSignatureAlgorithmList } from "./signature-algorithm-list.ts";
import { type Means, type VersionChoice, type VersionOptions, versionChoice } from "./versions.ts";

/** What there is to choose from in a handshake, in the words of `node:tls`. */
export interface ChoiceOptions extends VersionOptions {
  readonly ecdhCurve?: string | null | undefined;
  readonly sigalgs?: string | null | undefined;
  readonly dhparam?: string | Uint8Array | null | undefined;
}

/** The same in the words of `@tlskit/node`; nothing where it is as it is unless told otherwise. */
export interface ChoiceSettings extends VersionChoice {
  readonly namedGroups: readonly NamedGroup[] | undefined;
  readonly signatureSchemes: readonly SignatureScheme[] | undefined;
}

/** The same of clients. */
export interface ClientChoiceSettings extends ChoiceSettings {
  readonly keyShareGroups: readonly NamedGroup[] | undefined;
}

/** What a context's options say there is to choose from, read once and for both roles. */
export class Choices {
  readonly #options: VersionOptions;
  readonly #groups: readonly NamedGroup[] | undefined;
  readonly #shares: readonly NamedGroup[] | undefined;
  readonly #hasDhParameters: boolean;
  readonly #dhGroup: NamedGroup | undefined;
  readonly #signatureSchemes: readonly SignatureScheme[] | undefined;

  /** @throws {Error} as of `node:tls`: what `versionChoice` and the readers of lists throw */
  constructor(options: ChoiceOptions) {
    const { ecdhCurve, sigalgs, dhparam } = options;
    this.#options = options;
    // Wrong versions and lists are found here, whatever the context will be for.
    versionChoice(options, { certificates: true, decryption: true, psks: true, finiteFields: true });
    const list = readGroupList(ecdhCurve ?? defaults.DEFAULT_ECDH_CURVE);
    this.#groups = list?.groups;
    this.#shares = list === undefined || list.shares.length === 0 ? undefined : list.shares;
    this.#signatureSchemes = typeof sigalgs === "string" ? readSignatureAlgorithmList(sigalgs) : undefined;
    this.#dhGroup = dhparam === undefined || dhparam === null ? undefined : groupForDhParameters(dhparam);
    // Parameters that can't be read are as none.
    this.#hasDhParameters = dhparam === "auto" || this.#dhGroup !== undefined;
  }

  /** @param psks whether the client has pre-shared keys. */
  forClient(psks: boolean): ClientChoiceSettings {
    const means = { certificates: true, decryption: true, psks, finiteFields: true };
    return { ...this.#settings(means), namedGroups: this.#groups, keyShareGroups: this.#shares };
  }

  /** As in `node:tls`, there is Diffie-Hellman in finite fields where there is `dhparam`. */
  forServer(own: Omit<Means, "finiteFields">): ChoiceSettings {
    const means = { ...own, finiteFields: this.#hasDhParameters };
    const dhGroup = this.#dhGroup;
    if (dhGroup === undefined) return { ...this.#settings(means), namedGroups: this.#groups };
    const groups = this.#groups ?? availableNamedGroups(nodeProvider, defaultNamedGroups);
    const namedGroups = groups.includes(dhGroup) ? groups : [...groups, dhGroup];
    return { ...this.#settings(means), namedGroups };
  }

  #settings(means: Means): Omit<ChoiceSettings, "namedGroups"> {
    return { ...versionChoice(this.#options, means), signatureSchemes: this.#signatureSchemes };
  }
}
