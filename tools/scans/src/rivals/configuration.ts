/** What goes before TLS, by the name that all scanners have for it. */
export type StartTls = "postgres";

export const configurationNames = [
  "nginx as Mozilla recommends it",
  "nginx of TLS 1.3 alone, with early data",
  "nginx as it comes",
  "s_server as it comes",
  "s_server with all that it has",
  "s_server of TLS 1.0 and 1.1 alone",
  "node:https as it comes",
  "node:https with an expired certificate",
  "node:https with another name's certificate",
  "tlskit as it comes",
  "gnutls-serv with RC4 and Triple DES",
  "PostgreSQL by STARTTLS",
] as const;

export type ConfigurationName = (typeof configurationNames)[number];

/** A server on this machine that every scanner is pointed at. */
export interface Configuration {
  readonly name: ConfigurationName;
  readonly startTls?: StartTls;
  start(): Promise<StartedConfiguration>;
}

export interface StartedConfiguration {
  readonly port: number;
  /** A file with the root by which its certificate is to be judged, in PEM. */
  readonly rootFile: string;
  stop(): Promise<void> | void;
}
