import type { TransportLacks, TransportSocket } from "./transport.ts";

/** Versions by name. */
export type PeersVersion = "TLS 1.3" | "TLS 1.2";

/** A certificate with what certifies it, the leaf first, and its key: PEM, as programs for every runtime take it. */
export interface PemIdentity {
  readonly certificates: string;
  readonly key: string;
}

/** What a client is to be. What is left out is as the transport has it. */
export interface ClientWishes {
  /** Whom it asks for, and verifies. */
  readonly host: string;
  /** Whom it trusts, in PEM. */
  readonly authorities: string;
  /** The only one that it has. */
  readonly version?: PeersVersion;
  readonly alpnProtocols?: readonly string[];
  /** What it shows to a server that asks. */
  readonly identity?: PemIdentity;
  /** Whether it may be asked after the handshake. */
  readonly postHandshakeAuth?: boolean;
  /** Milliseconds. */
  readonly handshakeTimeout?: number;
}

/** What a server is to be. */
export interface ServerWishes {
  readonly identity: PemIdentity;
  /** The only one that it has. */
  readonly version?: PeersVersion;
  readonly alpnProtocols?: readonly string[];
  /** Whom it asks who they are: all, or those whom it is told to ask, by whose authorities (in PEM). */
  readonly clients?: { readonly demand: "required" | "later"; readonly authorities: string };
  /** Whether clients get sessions to resume. They don't unless told otherwise. */
  readonly resumption?: boolean;
  /** Whether clients may send early data, and what becomes of it; not unless told. With `resumption` alone. */
  readonly earlyData?: "taken" | "declined";
  /** Milliseconds. */
  readonly handshakeTimeout?: number;
}

/** A client and a server, made once, for any number of connections. */
export interface PeersWishes {
  readonly client: ClientWishes;
  readonly server: ServerWishes;
}

/** What the wire makes of bytes that it gets from one end: what the other gets, which may be nothing. */
export type Wire = (from: "client" | "server", bytes: Uint8Array) => Uint8Array;

/** What one connection is to be. */
export interface Attempt {
  /** What the client resumes. */
  readonly session?: Uint8Array;
  /** What the client sends early, with a session. */
  readonly earlyData?: Uint8Array;
  /** What lies between the two; they get each other's bytes unless told otherwise. */
  readonly wire?: Wire;
}

/** What was negotiated: what `info` of `@tlskit/tls` has, and whoever else says as much. */
export interface PeersInfo {
  /** 0x0304 is TLS 1.3. */
  readonly version: number;
  readonly cipherSuite: { readonly code: number };
  readonly alpnProtocol: string | undefined;
  readonly resumed: boolean;
  /** DER, the leaf first. */
  readonly serverCertificates: readonly Uint8Array[];
  readonly clientCertificates: readonly Uint8Array[];
}

/** One end, after its handshake. */
export interface PeersSocket extends TransportSocket {
  readonly info: PeersInfo;
  exportKeyingMaterial(label: string, context: Uint8Array | undefined, length: number): Uint8Array;
  /** `tls-exporter` of RFC 9266. */
  channelBinding(): Uint8Array;
  /** @param request whether the peer is asked to do the same. */
  updateKeys(request: boolean): void;
}

/** A client's end. */
export interface ClientPeer extends PeersSocket {
  /** The next session that came, or comes. */
  session(): Promise<Uint8Array>;
  /** What became of the early data, once it is known. */
  earlyData(): Promise<"accepted" | "rejected">;
}

/** A server's end. */
export interface ServerPeer extends PeersSocket {
  /** What came early. */
  readonly earlyData: Uint8Array;
  /** Asks the client who it is, and settles when it has answered; `info` tells it from then on. */
  requestClientCertificate(): Promise<void>;
}

/** A connection that was begun. */
export interface Attempted {
  /** Settles when the handshake is done at this end; fails with what ended it there, as its reads do. */
  readonly client: Promise<ClientPeer>;
  readonly server: Promise<ServerPeer>;
  /** Cuts the transport beneath TLS. */
  cut(): void;
}

/** A client and a server that are what was wished for. */
export interface Peers {
  connect(attempt?: Attempt): Attempted;
  /** Ends whatever listens. Connections are ended by whoever made them. */
  close(): Promise<void>;
}

/** Makes a client and a server. */
export type OpenPeers = (wishes: PeersWishes) => Promise<Peers>;

/** What both ends may lack. */
export type PeersFeature =
  | PeersVersion
  | "client certificates after the handshake"
  | "client certificates"
  | "early data"
  | "key updates"
  | "keying material"
  | "resumption"
  | "time limits"
  | "wires";

/** What a transport can't do, each with a sentence that says why. */
export type PeersLacks = TransportLacks & { readonly [feature in PeersFeature]?: string | undefined };
