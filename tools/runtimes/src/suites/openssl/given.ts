import type { PeersVersion, PemIdentity } from "@tlskit/testing";

/** Keys of certificates, as `openssl` and every runtime's WebCrypto have them. */
export const keyTypes = ["P-256", "P-384", "RSA", "Ed25519"] as const;
export type KeyType = (typeof keyTypes)[number];

/** What the cases are given: `openssl` on this machine, and who everybody is. */
export interface Given {
  /** In PEM: who certified all servers, which are `localhost`. */
  readonly authority: string;
  readonly servers: Readonly<Record<KeyType, PemIdentity>>;
  /** In PEM: who certified all clients. */
  readonly clientAuthority: string;
  readonly clients: Readonly<Record<KeyType, PemIdentity>>;
  /** Ports of `openssl s_server`s. All but `early` send each line back in reverse. */
  readonly ports: Readonly<Record<KeyType, number>> & {
    /** Takes early data, and answers it with {@link earlyAnswer}. */
    readonly early: number;
    /** Asks for certificates, and demands them. */
    readonly asking: number;
    /** Has no group but P-384. */
    readonly retry: number;
  };
  /** Gets a {@link ClientOrder}, and answers with a {@link ClientOutcome} when `openssl s_client` has ended. */
  readonly control: string;
  /** A relay to the ports, for pages alone. */
  readonly relay?: string | undefined;
}

export const earlyAnswer = "answered early";

/** How `openssl s_client` is to connect. It sends a line, waits for it in reverse, and ends in order. */
export interface ClientOrder {
  readonly port: number;
  readonly version: PeersVersion;
  /** Whose certificate it shows if it is asked for one. */
  readonly client?: KeyType | undefined;
  /** Whether it says that it may be asked after the handshake. */
  readonly postHandshakeAuth?: boolean | undefined;
  /** Under which name it keeps its session, and takes the one that it has kept. */
  readonly session?: string | undefined;
  /** A line to be sent early. */
  readonly early?: string | undefined;
}

/** What became of it. */
export interface ClientOutcome {
  /** Whether it has had its answer, and has ended in order. */
  readonly answered: boolean;
  readonly resumed: boolean;
  readonly early: "accepted" | "rejected" | undefined;
  /** All that it has said. */
  readonly output: string;
}
