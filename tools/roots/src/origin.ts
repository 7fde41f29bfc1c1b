/** Where the roots come from. A Node doesn't say of when its roots are, so it is written down here. */
export interface Origin {
  /** The Node whose `tls.getCACertificates("bundled")` they are: the one in the root's devDependencies. */
  readonly node: string;
  /** The day on which that Node was published. */
  readonly date: string;
  /** Which version of NSS, Mozilla's library, had these roots first. */
  readonly nss: string;
}

export const origin: Origin = {
  node: "26.10.0",
  date: "2026-09-23",
  // nodejs/node#65495 took them over from NSS 3.126; 3.127 and 3.128 change no root for servers.
  nss: "3.126",
};
