import {
  type SignatureAlgorithm,
  type Signer,
  signatureKeysOf,
  signerFor,
  type Verifier,
  verifierFor,
} from "@tlskit/crypto";
import { nodeProvider } from "@tlskit/crypto-node";
import {
  KeyClientConnection,
  type KeyClientOptions,
  KeyServer,
  type KeyServerConnection,
  type KeyServerEvent,
  type KeyServerOptions,
  type ServedKey,
} from "@tlskit/keyless";
import { asciiBytes, concat, type TlsError } from "@tlskit/wire";

/** What CertificateVerify of a TLS 1.3 server signs (RFC 9846 §4.5.2), written down once more. */
export function certificateVerify(hashLength = 32, context = "TLS 1.3, server CertificateVerify"): Uint8Array {
  return concat(asciiBytes(" ".repeat(64)), asciiBytes(context), Uint8Array.of(0), new Uint8Array(hashLength).fill(7));
}

/** What ServerKeyExchange of TLS 1.2 signs (RFC 8422 §5.4), written down once more. */
export function serverKeyExchange(curve = 0x001d, point: Uint8Array = new Uint8Array(32).fill(9)): Uint8Array {
  const parameters = Uint8Array.of(3, curve >> 8, curve & 0xff, point.length);
  return concat(new Uint8Array(32).fill(1), new Uint8Array(32).fill(2), parameters, point);
}

const random = (length: number) => new Uint8Array(length);
const made = signatureKeysOf(nodeProvider, "P-256").generate(random);
if ("then" in made) throw new TypeError("node:crypto makes a key at once");
export const signer: Signer = signerFor(nodeProvider, made, random);
export const verifier: Verifier = verifierFor(nodeProvider, made);
export const algorithm: SignatureAlgorithm = "ECDSA/P-256/SHA-256";

/** A signer whose answers come when they are told to. */
export class SlowSigner implements Signer {
  readonly algorithms = signer.algorithms;
  readonly owed: { done(signature: Uint8Array): void; failed(error: unknown): void }[] = [];

  sign(): Promise<Uint8Array> {
    return new Promise((done, failed) => this.owed.push({ done, failed }));
  }
}

/** Keeps what it is given to sign. */
export class RecordingSigner implements Signer {
  readonly algorithms: readonly SignatureAlgorithm[] = [
    "ECDSA/P-256/SHA-256",
    "ECDSA/P-256/SHA-384",
    "RSA-PSS/SHA-256",
    "RSA-PKCS1/SHA-256",
    "Ed25519",
  ];
  readonly signed: { readonly algorithm: SignatureAlgorithm; readonly message: Uint8Array }[] = [];

  sign(by: SignatureAlgorithm, message: Uint8Array): Uint8Array {
    this.signed.push({ algorithm: by, message });
    return Uint8Array.of(1);
  }
}

export interface World {
  now: number;
  readonly events: KeyServerEvent<string>[];
  readonly toServer: Uint8Array[];
  readonly toClient: Uint8Array[];
  readonly client: KeyClientConnection;
  readonly server: KeyServerConnection<string>;
  readonly ended: { client?: TlsError | "orderly"; server?: TlsError | "orderly" };
  drained: number;
}

export interface WorldOptions {
  readonly keys?: Readonly<Record<string, ServedKey<string>>>;
  readonly server?: Partial<KeyServerOptions<string>>;
  readonly client?: Partial<KeyClientOptions>;
  /** Whether bytes reach the other end by themselves. */
  readonly wired?: boolean;
}

export const forAlice: ServedKey<string> = { signer, mayUse: (client) => client === "alice" };

/** A client and a server on one stream, at a time of their own. The client is alice. */
export function world({ keys = { www: forAlice }, server = {}, client = {}, wired = true }: WorldOptions = {}): World {
  const events: KeyServerEvent<string>[] = [];
  const ended: World["ended"] = {};
  const [toServer, toClient]: [Uint8Array[], Uint8Array[]] = [[], []];
  const clock = (): number => made.now;
  const keyServer = new KeyServer({ keys, clock, told: (event) => events.push(event), ...server });
  const serverEnd = keyServer.accept("alice", {
    bytes: (bytes) => {
      toClient.push(bytes);
      if (wired) clientEnd.receive(bytes);
    },
    closed: (error) => {
      ended.server = error ?? "orderly";
    },
    drained: () => {
      made.drained += 1;
    },
  });
  const clientEnd = new KeyClientConnection(
    { clock, ...client },
    {
      bytes: (bytes) => {
        toServer.push(bytes);
        if (wired) serverEnd.receive(bytes);
      },
      closed: (error) => {
        ended.client = error ?? "orderly";
      },
    },
  );
  const made: World = { now: 0, events, toServer, toClient, client: clientEnd, server: serverEnd, ended, drained: 0 };
  return made;
}
